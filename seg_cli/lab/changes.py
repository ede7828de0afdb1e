"""Changes of a spec, as functions: to a domain, its TXT record, its policy host, its mail hosts.

Each raises UserError, in one sentence, where the domain has nothing that it could change.
"""

import re
from collections.abc import Callable
from dataclasses import replace

from seg_cli.errors import UserError
from seg_cli.lab.dnssec import Dnssec
from seg_cli.lab.finding import mail_hosts_of, policy_host_of
from seg_cli.lab.spec import Certificate, Domain, LabSpec, MailHost, PolicyHost
from seg_cli.lab.tlsa_words import MISMATCH

Change = Callable[[LabSpec, Domain], LabSpec]


def in_domain(alter: Callable[[Domain], Domain]) -> Change:
    """A change of the domain itself."""

    def change(spec: LabSpec, domain: Domain) -> LabSpec:
        changed = alter(domain)
        domains = tuple(changed if one is domain else one for one in spec.domains)
        return replace(spec, domains=domains)

    return change


def in_record(alter: Callable[[tuple[str, ...]], tuple[str, ...]]) -> Change:
    """A change of the MTA-STS TXT records, which there must be."""

    def change(spec: LabSpec, domain: Domain) -> LabSpec:
        if not domain.mta_sts_txt:
            raise UserError(f"{domain.name} has no MTA-STS TXT record that could be broken.")
        texts = alter(domain.mta_sts_txt)
        return in_domain(lambda one: replace(one, mta_sts_txt=texts))(spec, domain)

    return change


def in_policy(alter: Callable[[PolicyHost], PolicyHost]) -> Change:
    """A change of the policy host, which there must be."""

    def change(spec: LabSpec, domain: Domain) -> LabSpec:
        policy = policy_host_of(spec, domain)
        if policy is None:
            raise UserError(f"{domain.name} has no policy host that could be broken.")
        changed = alter(policy)
        policies = tuple(changed if one is policy else one for one in spec.policies)
        return replace(spec, policies=policies)

    return change


def in_hosts(alter: Callable[[MailHost], MailHost]) -> Change:
    """A change of every mail host of the domain, of which there must be one."""

    def change(spec: LabSpec, domain: Domain) -> LabSpec:
        found = mail_hosts_of(spec, domain)
        if not found:
            raise UserError(f"{domain.name} has no mail host that could be broken.")
        hosts = tuple(alter(one) if one in found else one for one in spec.hosts)
        return replace(spec, hosts=hosts)

    return change


def in_signed_domain(manner: Dnssec) -> Change:
    """Another manner of signing the zone of the domain, which must be signed."""

    def change(spec: LabSpec, domain: Domain) -> LabSpec:
        if domain.dnssec is Dnssec.UNSIGNED:
            raise UserError(f"{domain.name} is not a signed zone that could be broken.")
        return in_domain(lambda one: replace(one, dnssec=manner))(spec, domain)

    return change


def in_tlsa(alter: Callable[[MailHost], MailHost]) -> Change:
    """A change of the mail hosts of the domain that have TLSA records: one at least must be."""

    def change(spec: LabSpec, domain: Domain) -> LabSpec:
        if not any(host.tlsa for host in mail_hosts_of(spec, domain)):
            raise UserError(f"{domain.name} has no mail host with a TLSA record to be broken.")
        return in_hosts(lambda host: alter(host) if host.tlsa else host)(spec, domain)

    return change


def matching_nothing(host: MailHost) -> MailHost:
    """The host with as many TLSA records, none of which is of anything it shows."""
    return replace(host, tlsa=tuple(replace(one, data=MISMATCH) for one in host.tlsa))


def in_certificates(alter: Callable[[Certificate], Certificate]) -> Change:
    """A change of the certificate of every mail host of the domain."""
    return in_hosts(lambda host: replace(host, certificate=alter(host.certificate)))


def with_next_id(texts: tuple[str, ...]) -> tuple[str, ...]:
    """The records with another id each, as after a change of the policy (RFC 8461 s3.1)."""
    return tuple(re.sub(r"(?<=id=)[A-Za-z0-9]+", lambda at: next_id(at[0]), text) for text in texts)


def next_id(old: str) -> str:
    """An id that was not there before: `lab1` behind the old one, then `lab2`, and so on."""
    stem, mark, number = old.rpartition("lab")
    if mark and number.isdecimal():
        return f"{stem}lab{int(number) + 1}"
    return f"{old[:24]}lab1"


def for_another_name(certificate: Certificate) -> Certificate:
    """A certificate that is sound and names somebody else."""
    return replace(certificate, names=("other.example",), common_name="other.example")


def in_testing_mode(policy: PolicyHost) -> PolicyHost:
    """The policy in testing mode, its id as it was."""
    return replace(policy, text=re.sub(r"(?m)^mode:.*$", "mode: testing", policy.text))


def withdrawn(policy: PolicyHost) -> PolicyHost:
    """The policy in mode none and for an hour only (RFC 8461 s8.3), its id as it was."""
    text = re.sub(r"(?m)^mode:.*$", "mode: none", policy.text)
    return replace(policy, text=re.sub(r"(?m)^max_age:.*$", "max_age: 3600", text))


def naming_another_host(policy: PolicyHost) -> PolicyHost:
    """The policy with a mail host that the domain does not have, its id as it was."""
    others = re.sub(r"(?m)^mx:.*\n", "", policy.text)
    return replace(policy, text=f"{others.rstrip()}\nmx: mail.other.example\n")
