"""Faults: what each changes in the spec, and what a foreign client meets of it in a running lab."""

import ssl
from functools import partial

import dns.exception
import dns.message
import dns.query
import dns.rcode
import pytest

from seg_cli.errors import UserError
from seg_cli.lab.changes import next_id
from seg_cli.lab.faults import FAULTS, break_domain, mend, present
from seg_cli.lab.finding import domain_of
from seg_cli.lab.internet import Lab
from seg_cli.lab.reading import load_spec, parse_spec
from seg_cli.lab.spec import Breakage
from tests.lab import foreign_checks as met
from tests.lab.chain import BOGUS, SECURE, Validator
from tests.lab.conftest import NOTE, NOW, OpenLab, dial, trusting
from tests.lab.foreign_checks import DAY, Check
from tests.lab.test_nameserver import ask, records

SOUND = "sound.example"
WORLD: dict[str, object] = {
    "domains": {
        SOUND: {"mx": f"10 mx.{SOUND}", "mta_sts_txt": "v=STSv1; id=1;", "dnssec": "signed"}
    },
    "policies": {SOUND: {"addresses": "198.51.100.250"}},
    "hosts": {f"mx.{SOUND}": {"addresses": "192.0.2.250", "tlsa": "3 1 1 own"}},
}


def has_txt(texts: list[str], lab: Lab, domain: str) -> None:
    assert records(ask(lab, f"_mta-sts.{domain}", "TXT")) == texts


def txt_fails(lab: Lab, domain: str) -> None:
    assert ask(lab, f"_mta-sts.{domain}", "TXT").rcode() == dns.rcode.SERVFAIL
    assert met.mx_of(lab, domain)


def txt_is_silent(lab: Lab, domain: str) -> None:
    assert met.mx_of(lab, domain)
    host, port = lab.where("10.10.5.61", 53)
    query = dns.message.make_query(f"_mta-sts.{domain}", "TXT")
    with pytest.raises(dns.exception.Timeout):
        dns.query.udp(query, host, timeout=0.2, port=port)


def answers_status(status: int, lab: Lab, domain: str) -> None:
    assert met.policy_of(lab, domain)[0] == status


def policy_host_is(error: type[OSError], lab: Lab, domain: str) -> None:
    address = met.address_of(lab, f"mta-sts.{domain}")
    with pytest.raises(error):
        dial(lab, address, 443, 0.1).close()


def serves_no_policy(lab: Lab, domain: str) -> None:
    assert met.policy_of(lab, domain) == (200, "text/plain", "under construction\n")


def policy_certificate_is_expired(lab: Lab, domain: str) -> None:
    name = f"mta-sts.{domain}"
    sock = dial(lab, met.address_of(lab, name), 443)
    with sock, trusting(lab).wrap_socket(sock, server_hostname=name) as tls:
        certificate = tls.getpeercert()
    assert certificate is not None
    ends = ssl.cert_time_to_seconds(str(certificate["notAfter"]))
    assert ends < NOW.timestamp()


def standing(lab: Lab, domain: str) -> str:
    return Validator(lab, lab._authority._directory, NOW).standing(domain, "MX")


def is_bogus(lab: Lab, domain: str) -> None:
    assert standing(lab, domain) == BOGUS


def is_silent(lab: Lab, domain: str) -> None:
    address = met.address_of(lab, f"mx.{domain}")
    with pytest.raises(TimeoutError):
        dial(lab, address, 25, 0.1).close()


CHECKS: dict[str, Check] = {
    "dns-servfail": partial(met.answers, dns.rcode.SERVFAIL),
    "dns-timeout": met.is_silent,
    "dns-nxdomain": partial(met.answers, dns.rcode.NXDOMAIN),
    "null-mx": met.has_a_null_mx,
    "txt-servfail": txt_fails,
    "txt-timeout": txt_is_silent,
    "no-txt": partial(has_txt, []),
    "two-txt": met.has_two_records,
    "txt-invalid": partial(has_txt, ['"v=STSv1;"']),
    "txt-id": partial(has_txt, ['"v=STSv1; id=1lab1;"']),
    "dnssec-expired": is_bogus,
    "dnssec-ds": is_bogus,
    "dnssec-stripped": is_bogus,
    "tlsa-mismatch": met.publishes_tlsa_of_nobody,
    "tlsa-servfail": met.fails_for_tlsa_alone,
    "policy-500": partial(answers_status, 500),
    "policy-404": partial(answers_status, 404),
    "policy-refused": partial(policy_host_is, ConnectionRefusedError),
    "policy-timeout": partial(policy_host_is, TimeoutError),
    "policy-redirect": partial(answers_status, 302),
    "policy-invalid": serves_no_policy,
    "policy-media-type": met.serves_a_web_page,
    "policy-large": met.serves_too_much,
    "policy-slow": met.drips,
    "policy-certificate": met.shows_the_wrong_certificate,
    "policy-expired-certificate": policy_certificate_is_expired,
    "policy-testing": partial(met.serves, ("mode: testing",)),
    "policy-none": partial(met.serves, ("mode: none",)),
    "policy-mx": partial(
        met.serves, ("mode: enforce", "max_age: 604800", "mx: mail.other.example")
    ),
    "mx-down": met.is_down,
    "mx-timeout": is_silent,
    "no-starttls": met.offers_no_starttls,
    "starttls-454": met.refuses_starttls,
    "inject": met.injects,
    "cut-handshake": met.cuts_the_handshake,
    "tls-1.1": met.speaks_tls_1_1_only,
    "client-certificate": partial(met.demands_a_certificate, "(?i)certificate required"),
    "expired-certificate": partial(met.is_dated, -90 * DAY, -DAY),
    "future-certificate": partial(met.is_dated, DAY, 90 * DAY),
    "wrong-certificate": partial(met.is_not_verified, "Hostname mismatch"),
    "common-name": met.has_a_common_name_only,
    "untrusted-ca": partial(met.is_not_verified, "self-signed certificate in certificate chain"),
    "missing-intermediate": partial(met.is_not_verified, "unable to get local issuer"),
    "self-signed": partial(met.is_not_verified, "self-signed certificate"),
    "defer": partial(met.answers_recipients, (451, 451)),
    "refuse": partial(met.answers_recipients, (550, 550)),
}


def test_each_fault_is_looked_at() -> None:
    assert FAULTS.keys() == CHECKS.keys()


def is_sound(lab: Lab) -> None:
    assert standing(lab, SOUND) == SECURE
    met.publishes_tlsa(("own",), lab, SOUND)
    assert records(ask(lab, f"_mta-sts.{SOUND}", "TXT")) == ['"v=STSv1; id=1;"']
    assert met.policy_of(lab, SOUND)[:2] == (200, "text/plain")
    with met.client_of(lab, SOUND) as client:
        met.secured(client, trusting(lab))
        client.sendmail("me@example.com", [f"user@{SOUND}"], "Subject: hello\r\n\r\n")


@pytest.mark.parametrize("fault", FAULTS)
def test_a_running_lab_is_broken_and_mended(open_lab: OpenLab, fault: str) -> None:
    lab = open_lab(**WORLD)
    is_sound(lab)
    lab.adopt(break_domain(lab.spec, SOUND, fault))
    CHECKS[fault](lab, SOUND)
    lab.adopt(mend(lab.spec, domain_of(lab.spec, SOUND)))
    is_sound(lab)


def test_hosts_that_share_an_address_break_apart(open_lab: OpenLab) -> None:
    shared: dict[str, object] = {**WORLD, "policies": {SOUND: {"addresses": "10.1.1.4"}}}
    lab = open_lab(**shared)
    lab.adopt(break_domain(lab.spec, "domain.com", "policy-refused"))
    assert met.policy_of(lab, SOUND)[0] == 200
    lab.adopt(break_domain(lab.spec, SOUND, "policy-refused"))
    policy_host_is(ConnectionRefusedError, lab, SOUND)


def test_a_domain_alone_is_broken(open_lab: OpenLab) -> None:
    lab = open_lab(**WORLD)
    spec = lab.spec
    for fault in ("dns-servfail", "policy-500", "mx-down"):
        spec = break_domain(spec, "domain.com", fault)
    lab.adopt(spec)
    is_sound(lab)


def test_an_id_is_new_each_time() -> None:
    spec = parse_spec({"like": NOTE, "faults": {"domain.com": ["txt-id", "txt-id"]}})
    assert domain_of(present(spec), "domain.com").mta_sts_txt == ("v=STSv1; id=12345678598Zlab2;",)
    assert len(next_id("x" * 32)) <= 32


def test_a_world_may_be_broken_from_the_beginning() -> None:
    spec = parse_spec({"like": NOTE, "faults": {"Domain.com": "policy-500"}})
    assert spec.broken == (Breakage("domain.com", "policy-500"),)
    assert present(spec).policies[0].status == 500
    assert spec.policies[0].status == 200


@pytest.mark.parametrize(
    ("domain", "fault", "sentence"),
    [
        ("mars.example", "no-txt", "There is no domain mars.example in the lab"),
        ("domain.com", "rust", "There is no fault rust; lab break lists the faults."),
        ("plain.example", "no-txt", "plain.example has no MTA-STS TXT record"),
        ("plain.example", "policy-500", "plain.example has no policy host"),
        ("plain.example", "dnssec-ds", "plain.example is not a signed zone"),
        ("plain.example", "tlsa-mismatch", "plain.example has no mail host with a TLSA record"),
        ("null-mx.example", "mx-down", "null-mx.example has no mail host"),
    ],
)
def test_what_cannot_be_broken_is_one_sentence(domain: str, fault: str, sentence: str) -> None:
    with pytest.raises(UserError) as refusal:
        break_domain(load_spec(NOTE), domain, fault)
    assert str(refusal.value).startswith(sentence)
    assert str(refusal.value).endswith(".")


def test_each_sentence_names_what_is_broken() -> None:
    spec = parse_spec(WORLD)
    domain = domain_of(spec, SOUND)
    assert all(SOUND in fault.of(spec, domain) for fault in FAULTS.values())
