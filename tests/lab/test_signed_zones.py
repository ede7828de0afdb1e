"""The lab's zones with DNSSEC, validated by dnspython from the lab's trust anchor down."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import cast

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.rdtypes.ANY.NSEC
import dns.rrset
import pytest

from seg_cli.lab.dnssec import Dnssec
from seg_cli.lab.internet import Lab
from seg_cli.lab.reading import load_spec
from seg_cli.lab.spec import Answering
from tests.lab.chain import BOGUS, INSECURE, SECURE, Validator, ask_with_do, types_of
from tests.lab.conftest import NOTE, NOW, OpenLab
from tests.lab.test_nameserver import ask, over_tcp, over_udp, records

DOMAINS = {domain.name: domain for domain in load_spec(NOTE).domains}
ANSWERED = [name for name, one in DOMAINS.items() if one.dns is Answering.NORMAL]

STANDING = {
    Dnssec.SIGNED: SECURE,
    Dnssec.UNSIGNED: INSECURE,
    Dnssec.BOGUS_DS: BOGUS,
    Dnssec.BOGUS_EXPIRED: BOGUS,
    Dnssec.BOGUS_STRIPPED: BOGUS,
}


@pytest.fixture
def validator(lab: Lab, tmp_path: Path) -> Validator:
    return Validator(lab, tmp_path / "lab", NOW)


@pytest.mark.requirement("DNS-01")
@pytest.mark.parametrize("name", ANSWERED)
def test_every_domain_stands_as_its_spec_says(validator: Validator, name: str) -> None:
    assert validator.standing(name, "MX") == STANDING[DOMAINS[name].dnssec]


@pytest.mark.parametrize(
    ("name", "rdtype", "standing"),
    [
        ("mx.dane.example", "A", SECURE),
        ("_25._tcp.mx.dane.example", "TLSA", SECURE),
        ("mx.dane-alias.example", "A", SECURE),
        ("mx.signed-host.example", "A", SECURE),
        ("mx.unsigned-host.example", "A", INSECURE),
        ("_25._tcp.mx.unsigned-host.example", "TLSA", INSECURE),
        ("_25._tcp.mx.bogus-ds.example", "TLSA", BOGUS),
        ("140.2.0.192.in-addr.arpa", "PTR", SECURE),
        ("ns.lab.example", "A", INSECURE),
        (".", "SOA", SECURE),
        ("com", "NS", SECURE),
    ],
)
def test_a_name_stands_as_its_zone(
    validator: Validator, name: str, rdtype: str, standing: str
) -> None:
    assert validator.standing(name, rdtype) == standing


@pytest.mark.requirement("DNS-05")
@pytest.mark.parametrize(
    ("name", "rdtype", "rcode"),
    [
        ("mx.dane.example", "AAAA", dns.rcode.NOERROR),
        ("_tcp.mx.dane.example", "A", dns.rcode.NOERROR),
        ("nobody.dane.example", "A", dns.rcode.NXDOMAIN),
        ("_25._tcp.nobody.dane.example", "TLSA", dns.rcode.NXDOMAIN),
        ("aaa.dane.example", "A", dns.rcode.NXDOMAIN),
        ("nowhere.test", "A", dns.rcode.NXDOMAIN),
        ("nxdomain.example", "MX", dns.rcode.NXDOMAIN),
        ("domain.com", "DS", dns.rcode.NOERROR),
    ],
)
def test_what_is_not_there_is_denied(
    lab: Lab, validator: Validator, name: str, rdtype: str, rcode: dns.rcode.Rcode
) -> None:
    answer = ask_with_do(lab, name, rdtype)
    assert (answer.rcode(), answer.answer) == (rcode, [])
    assert validator.standing(name, rdtype) == SECURE
    assert proves_absence(answer)


@pytest.mark.parametrize(
    ("name", "standing"), [("nobody.domain.com", INSECURE), ("nobody.bogus-expired.example", BOGUS)]
)
def test_what_is_not_there_stands_as_its_zone(
    lab: Lab, validator: Validator, name: str, standing: str
) -> None:
    assert ask_with_do(lab, name, "A").rcode() == dns.rcode.NXDOMAIN
    assert validator.standing(name, "A") == standing


def proves_absence(answer: dns.message.Message) -> bool:
    """Each NSEC is of the name itself or of a gap; for NXDOMAIN a gap holds the name and another
    the wildcard that could have made it (RFC 4035 s5.4)."""
    (question,) = answer.question
    denials = [one for one in answer.authority if one.rdtype == dns.rdatatype.NSEC]
    if answer.rcode() == dns.rcode.NOERROR:
        (denial,) = denials
        if denial.name == question.name:
            return dns.rdatatype.to_text(question.rdtype) not in types_of(denial)
        return next_after(denial).is_subdomain(question.name)  # nothing at it, something below
    gaps = [(one.name, next_after(one)) for one in denials]
    above = question.name
    while not any(edge.is_subdomain(above) for gap in gaps for edge in gap):
        above = above.parent()
    wildcard = dns.name.from_text("*", above)
    return all(any(holds(gap, name) for gap in gaps) for name in (question.name, wildcard))


def next_after(denial: dns.rrset.RRset) -> dns.name.Name:
    """Where the gap of an NSEC record ends."""
    end: dns.name.Name = cast("dns.rdtypes.ANY.NSEC.NSEC", denial[0]).next
    return end


def holds(gap: tuple[dns.name.Name, dns.name.Name], name: dns.name.Name) -> bool:
    """The last gap of a zone ends at its apex."""
    first, last = gap
    return bool(first < name and (name < last or last <= first))


def test_who_does_not_ask_for_dnssec_sees_none_of_it(lab: Lab) -> None:
    for name, rdtype in (("dane.example", "MX"), ("mx.dane.example", "AAAA")):
        answer = ask(lab, name, rdtype)
        kinds = {one.rdtype for one in answer.answer + answer.authority}
        assert not kinds & {dns.rdatatype.RRSIG, dns.rdatatype.NSEC}
        assert answer.flags == dns.flags.QR | dns.flags.RD | dns.flags.RA
    assert lab._now.zones.signed.signings == 0


def test_keys_are_answered_to_anybody(lab: Lab) -> None:
    assert len(records(ask(lab, "dane.example", "DNSKEY"))) == 1
    assert len(records(ask(lab, "dane.example", "DS"))) == 1
    assert len(records(ask(lab, "domain.com", "DS"))) == 0
    assert len(records(ask_with_do(lab, "dane.example", "RRSIG"))) == 5


def test_zones_are_signed_when_first_asked_for_and_once(lab: Lab) -> None:
    signed = lab._now.zones.signed
    assert signed.signings == 0
    for _ in range(2):
        ask_with_do(lab, "dane.example", "MX")
        ask_with_do(lab, "mx.dane.example", "A")
    assert signed.signings == 1
    ask_with_do(lab, "dane.example", "DS")
    assert signed.signings == 2


def test_signatures_are_renewed_as_the_lab_s_clock_moves(tmp_path: Path) -> None:
    now = [NOW]

    def clock() -> datetime:
        return now[0]

    with Lab(load_spec(NOTE), tmp_path / "lab", clock) as lab:
        for days in (0, 6, 8, 30):
            now[0] = NOW + timedelta(days=days)
            judge = Validator(lab, tmp_path / "lab", now[0])
            assert judge.standing("dane.example", "MX") == SECURE
            assert judge.standing("bogus-expired.example", "MX") == BOGUS


def test_the_keys_outlive_the_lab(tmp_path: Path) -> None:
    def keys() -> list[str]:
        with Lab(load_spec(NOTE), tmp_path / "lab", lambda: NOW) as lab:
            anchor = (tmp_path / "lab" / "trust-anchor").read_text()
            assert lab.trust_anchor == anchor
            return [anchor, *records(ask(lab, "dane.example", "DNSKEY"))]

    assert keys() == keys()


@pytest.mark.requirement("DNS-04")
def test_a_signed_answer_that_is_too_large_is_cut(open_lab: OpenLab) -> None:
    texts = [f"{number:0100}" for number in range(20)]
    lab = open_lab(records={"big.dane.example": {"TXT": texts}})
    query = dns.message.make_query("big.dane.example", "TXT", want_dnssec=True)
    assert query.payload == 1232
    cut = over_udp(lab, query)
    assert (bool(cut.flags & dns.flags.TC), cut.payload) == (True, 1232)
    assert cut.ednsflags & dns.flags.DO
    assert len(records(over_tcp(lab, query))) == len(texts) + 1


@pytest.mark.parametrize(
    ("name", "rcode", "flag"),
    [
        ("dane.example", dns.rcode.NOERROR, dns.flags.AD),
        ("domain.com", dns.rcode.NOERROR, 0),
        ("bogus-ds.example", dns.rcode.SERVFAIL, 0),
    ],
)
def test_a_resolver_that_validates(
    open_lab: OpenLab, name: str, rcode: dns.rcode.Rcode, flag: int
) -> None:
    lab = open_lab(appliance={"resolving": "validating"})
    answer = ask_with_do(lab, name, "MX")
    assert (answer.rcode(), answer.flags & dns.flags.AD) == (rcode, flag)
    plain = ask(lab, name, "MX")
    assert (plain.rcode(), plain.flags & dns.flags.AD) == (rcode, 0)
    unchecked = dns.message.make_query(name, "MX", flags=dns.flags.RD | dns.flags.CD)
    assert over_udp(lab, unchecked).rcode() == dns.rcode.NOERROR


@pytest.mark.requirement("DNS-02")
def test_a_resolver_without_dnssec(open_lab: OpenLab) -> None:
    lab = open_lab(appliance={"resolving": "unaware"})
    answer = ask_with_do(lab, "dane.example", "MX")
    assert [one.rdtype for one in answer.answer] == [dns.rdatatype.MX]
    assert not answer.ednsflags & dns.flags.DO
    assert ask_with_do(lab, "bogus-ds.example", "MX").rcode() == dns.rcode.NOERROR
