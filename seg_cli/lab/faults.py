"""What can be broken in a lab: a table of names, what each breaks, and the change it makes.

A fault changes a value of the spec; the servers go by the changed spec from their next connection
on, so what an appliance meets is real. `lab break` and the `faults` of a world both use this table.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType

from seg_cli.errors import UserError
from seg_cli.lab import changes
from seg_cli.lab.changes import Change
from seg_cli.lab.dnssec import Dnssec
from seg_cli.lab.finding import domain_of, mail_hosts_of
from seg_cli.lab.spec import (
    Answering,
    Breakage,
    Certificate,
    Chain,
    ClientCertificate,
    Domain,
    Issuer,
    LabSpec,
    MailHost,
    Pace,
    PolicyHost,
    Reach,
    Starttls,
    TlsVersion,
)
from seg_cli.policy.facts import MxHost
from seg_cli.printable import printable
from seg_cli.standards.mta_sts import MAX_BODY


class Hides(StrEnum):
    """What the appliance may still know, so that a change does not show yet."""

    TXT = "TXT"
    MX = "MX"
    ADDRESSES = "addresses"
    TLSA = "TLSA"
    POLICY = "policy"
    CONNECTION = "connection"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing to break; the sentence may name {domain}, {policy_host} and {hosts}."""

    sentence: str
    change: Change
    hides: tuple[Hides, ...] = ()

    def of(self, spec: LabSpec, domain: Domain) -> str:
        """What is broken, for one domain."""
        hosts = " and ".join(host.name for host in mail_hosts_of(spec, domain))
        policy_host = f"mta-sts.{domain.name}"
        return self.sentence.format(domain=domain.name, policy_host=policy_host, hosts=hosts)


def present(spec: LabSpec) -> LabSpec:
    """The lab as it is now: as it is meant to be, with its faults, in the order they came."""
    now = spec
    for one in spec.broken:
        now = FAULTS[one.fault].change(now, domain_of(now, one.domain))
    return now


def break_domain(spec: LabSpec, name: str, fault: str) -> LabSpec:
    """The lab with one more fault; UserError says that there is no such domain or fault, or that
    the domain has nothing that could be broken so."""
    domain = domain_of(spec, name)
    if fault not in FAULTS:
        raise UserError(f"There is no fault {printable(fault)}; lab break lists the faults.")
    broken = replace(spec, broken=(*spec.broken, Breakage(domain.name, fault)))
    present(broken)
    return broken


def mend(spec: LabSpec, domain: Domain | None) -> LabSpec:
    """The lab without the faults of one domain, or without any."""
    left = [one for one in spec.broken if domain is not None and one.domain != domain.name]
    return replace(spec, broken=tuple(left))


def zone(sentence: str, answering: Answering) -> Fault:
    return Fault(
        sentence,
        changes.in_domain(lambda one: replace(one, dns=answering)),
        (Hides.TXT, Hides.MX, Hides.ADDRESSES, Hides.POLICY),
    )


def dnssec(sentence: str, manner: Dnssec) -> Fault:
    """The zone of the domain is bogus, for whoever validates."""
    return Fault(sentence, changes.in_signed_domain(manner), (Hides.TXT, Hides.MX, Hides.ADDRESSES))


def record(sentence: str, change: Change) -> Fault:
    return Fault(sentence, change, (Hides.TXT, Hides.POLICY))


def policy(sentence: str, alter: Callable[[PolicyHost], PolicyHost]) -> Fault:
    return Fault(sentence, changes.in_policy(alter), (Hides.POLICY,))


def hosts(sentence: str, alter: Callable[[MailHost], MailHost]) -> Fault:
    return Fault(sentence, changes.in_hosts(alter), (Hides.CONNECTION,))


def certificate(sentence: str, alter: Callable[[Certificate], Certificate]) -> Fault:
    return Fault(sentence, changes.in_certificates(alter), (Hides.CONNECTION,))


FAULTS: Mapping[str, Fault] = MappingProxyType(
    {
        # DNS
        "dns-servfail": zone(
            "questions about {domain} and all names below it are answered SERVFAIL",
            Answering.SERVFAIL,
        ),
        "dns-timeout": zone(
            "questions about {domain} and all names below it are not answered", Answering.SILENT
        ),
        "dns-nxdomain": zone(
            "{domain} and all names below it do not exist (NXDOMAIN)", Answering.NXDOMAIN
        ),
        "null-mx": Fault(
            "{domain} says by a null MX that it takes no mail",
            changes.in_domain(lambda one: replace(one, mx=(MxHost(0, "."),))),
            (Hides.MX,),
        ),
        # The TXT record
        "txt-servfail": record(
            "questions about the TXT record _mta-sts.{domain} are answered SERVFAIL",
            changes.in_domain(lambda one: replace(one, txt_dns=Answering.SERVFAIL)),
        ),
        "txt-timeout": record(
            "questions about the TXT record _mta-sts.{domain} are not answered",
            changes.in_domain(lambda one: replace(one, txt_dns=Answering.SILENT)),
        ),
        "no-txt": record(
            "there is no TXT record _mta-sts.{domain}", changes.in_record(lambda _: ())
        ),
        "two-txt": record(
            "there are two TXT records _mta-sts.{domain}",
            changes.in_record(lambda texts: (*texts[:1], *changes.with_next_id(texts[:1]))),
        ),
        "txt-invalid": record(
            "the TXT record _mta-sts.{domain} has no id",
            changes.in_record(lambda _: ("v=STSv1;",)),
        ),
        "txt-id": Fault(
            "the TXT record _mta-sts.{domain} has a new id",
            changes.in_record(changes.with_next_id),
            (Hides.TXT,),
        ),
        # DNSSEC and TLSA
        "dnssec-expired": dnssec(
            "the signatures of the zone {domain} have expired", Dnssec.BOGUS_EXPIRED
        ),
        "dnssec-ds": dnssec(
            "the DS record of {domain} is of a key that the zone does not have", Dnssec.BOGUS_DS
        ),
        "dnssec-stripped": dnssec(
            "the signatures of the zone {domain} are lost on the way", Dnssec.BOGUS_STRIPPED
        ),
        "tlsa-mismatch": Fault(
            "the TLSA records of {hosts} match nothing that is shown there",
            changes.in_tlsa(changes.matching_nothing),
            (Hides.TLSA,),
        ),
        "tlsa-servfail": Fault(
            "questions about the TLSA records of {hosts} are answered SERVFAIL",
            changes.in_tlsa(lambda one: replace(one, tlsa_dns=Answering.SERVFAIL)),
            (Hides.TLSA,),
        ),
        # The policy and its host
        "policy-500": policy(
            "{policy_host} answers with status 500", lambda one: replace(one, status=500)
        ),
        "policy-404": policy(
            "{policy_host} answers with status 404", lambda one: replace(one, status=404)
        ),
        "policy-refused": policy(
            "{policy_host} refuses connections", lambda one: replace(one, reach=Reach.REFUSED)
        ),
        "policy-timeout": policy(
            "{policy_host} answers nobody", lambda one: replace(one, reach=Reach.SILENT)
        ),
        "policy-redirect": policy(
            "{policy_host} redirects to another host",
            lambda one: replace(one, status=302, location="https://www.other.example/mta-sts.txt"),
        ),
        "policy-invalid": policy(
            "{policy_host} serves a page that is no policy",
            lambda one: replace(one, text="under construction\n"),
        ),
        "policy-media-type": policy(
            "{policy_host} serves the policy as text/html",
            lambda one: replace(one, content_type="text/html"),
        ),
        "policy-large": policy(
            "{policy_host} serves a policy of 64 KiB and one octet",
            lambda one: replace(one, size=MAX_BODY + 1),
        ),
        "policy-slow": policy(
            "{policy_host} sends the policy octet by octet",
            lambda one: replace(one, pace=Pace.DRIP),
        ),
        "policy-certificate": policy(
            "{policy_host} shows a certificate for other.example",
            lambda one: replace(one, certificate=changes.for_another_name(one.certificate)),
        ),
        "policy-expired-certificate": policy(
            "{policy_host} shows a certificate that has expired",
            lambda one: replace(
                one, certificate=replace(one.certificate, days_old=90, days_left=-1)
            ),
        ),
        "policy-testing": policy(
            "the policy of {domain} is in testing mode", changes.in_testing_mode
        ),
        "policy-none": policy(
            "the policy of {domain} says none and holds for an hour", changes.withdrawn
        ),
        "policy-mx": policy(
            "the policy of {domain} names mail.other.example only", changes.naming_another_host
        ),
        # The way to the mail hosts
        "mx-down": hosts(
            "connections to {hosts} are refused", lambda one: replace(one, reach=Reach.REFUSED)
        ),
        "mx-timeout": hosts(
            "connections to {hosts} are not answered", lambda one: replace(one, reach=Reach.SILENT)
        ),
        # STARTTLS
        "no-starttls": hosts(
            "STARTTLS is not offered by {hosts}", lambda one: replace(one, tls=())
        ),
        "starttls-454": hosts(
            "STARTTLS is refused with 454 by {hosts}",
            lambda one: replace(one, starttls=Starttls.REFUSES),
        ),
        "inject": hosts(
            "a line in clear text follows the 220 of STARTTLS from {hosts}",
            lambda one: replace(one, starttls=Starttls.INJECTS),
        ),
        "cut-handshake": hosts(
            "connections are cut in the handshake by {hosts}",
            lambda one: replace(one, starttls=Starttls.CUTS),
        ),
        "tls-1.1": hosts(
            "nothing newer than TLS 1.1 is offered by {hosts}",
            lambda one: replace(one, tls=(TlsVersion.V1_1,)),
        ),
        "client-certificate": hosts(
            "a client certificate of the lab's authority is demanded by {hosts}",
            lambda one: replace(one, client_certificate=ClientCertificate.DEMANDED),
        ),
        # Certificates of mail hosts
        "expired-certificate": certificate(
            "the certificate of {hosts} has expired",
            lambda one: replace(one, days_old=90, days_left=-1),
        ),
        "future-certificate": certificate(
            "the certificate of {hosts} is not yet valid",
            lambda one: replace(one, days_old=-1, days_left=90),
        ),
        "wrong-certificate": certificate(
            "the certificate of {hosts} is for other.example", changes.for_another_name
        ),
        "common-name": certificate(
            "the certificate of {hosts} has a common name only",
            lambda one: replace(one, names=()),
        ),
        "untrusted-ca": certificate(
            "the certificate of {hosts} comes from an authority that nobody knows",
            lambda one: replace(one, issuer=Issuer.PRIVATE),
        ),
        "missing-intermediate": certificate(
            "the intermediate certificate is not sent by {hosts}",
            lambda one: replace(one, issuer=Issuer.INTERMEDIATE, chain=Chain.LEAF),
        ),
        "self-signed": certificate(
            "the certificate of {hosts} is self-signed",
            lambda one: replace(one, issuer=Issuer.SELF),
        ),
        # Recipients
        "defer": hosts(
            "every recipient is deferred with 451 by {hosts}",
            lambda one: replace(one, recipients="451 4.7.1 Greylisted, please try again later"),
        ),
        "refuse": hosts(
            "every recipient is refused with 550 by {hosts}",
            lambda one: replace(one, recipients="550 5.1.1 User unknown"),
        ),
    }
)
