"""The resolvers, asked by dnspython."""

import socket
import struct

import dns.edns
import dns.flags
import dns.message
import dns.opcode
import dns.query
import dns.rcode
import dns.rdatatype
import dns.update
import pytest

from seg_cli.errors import UserError
from seg_cli.lab.internet import Lab
from seg_cli.lab.journal import Question, Transport
from tests.lab.conftest import DEADLINE, OpenLab, dial

RESOLVER = "10.10.5.61"
BOTH = (RESOLVER, "10.10.5.62")


def over_udp(lab: Lab, query: dns.message.Message, resolver: str = RESOLVER) -> dns.message.Message:
    host, port = lab.where(resolver, 53)
    return dns.query.udp(query, host, timeout=DEADLINE, port=port)


def over_tcp(lab: Lab, query: dns.message.Message, resolver: str = RESOLVER) -> dns.message.Message:
    host, port = lab.where(resolver, 53)
    return dns.query.tcp(query, host, timeout=DEADLINE, port=port)


def ask(lab: Lab, name: str, rdtype: str) -> dns.message.Message:
    return over_udp(lab, dns.message.make_query(name, rdtype))


def records(answer: dns.message.Message) -> list[str]:
    return [record.to_text() for rrset in answer.answer for record in rrset]


def soa_of(answer: dns.message.Message) -> list[str]:
    return [f"{r.name} {dns.rdatatype.to_text(r.rdtype)}" for r in answer.authority]


@pytest.mark.parametrize(
    ("name", "rdtype", "ttl", "data"),
    [
        ("_mta-sts.domain.com", "TXT", 0, ['"v=STSv1; id=12345678598Z;"']),
        ("domain.com", "MX", 3600, ["10 mx1.mail123.domain.com."]),
        ("mx1.mail123.domain.com", "A", 3600, ["10.1.1.3"]),
        ("mta-sts.domain.com", "A", 3600, ["10.1.1.4"]),
        ("3.1.1.10.in-addr.arpa", "PTR", 3600, ["mx1.mail123.domain.com."]),
        ("25.100.51.198.in-addr.arpa", "PTR", 3600, ["inbound-25.provider.example."]),
        ("20.1.1.10.in-addr.arpa", "PTR", 3600, ["client.example.com."]),
        ("mail3.example.com", "A", 3600, ["10.1.1.2"]),
        ("proxy.lab.example", "A", 3600, ["10.1.1.80"]),
    ],
)
def test_an_answer(lab: Lab, name: str, rdtype: str, ttl: int, data: list[str]) -> None:
    answer = ask(lab, name, rdtype)
    assert answer.rcode() == dns.rcode.NOERROR
    assert answer.flags == dns.flags.QR | dns.flags.RD | dns.flags.RA
    assert (answer.answer[0].ttl, records(answer)) == (ttl, data)


def test_names_have_no_case(lab: Lab) -> None:
    assert [text.lower() for text in records(ask(lab, "DOMAIN.com", "MX"))] == [
        "10 mx1.mail123.domain.com."
    ]


@pytest.mark.parametrize(
    ("name", "rdtype", "rcode", "soa"),
    [
        ("nobody.domain.com", "A", dns.rcode.NXDOMAIN, "domain.com. SOA"),
        ("domain.com", "TXT", dns.rcode.NOERROR, "domain.com. SOA"),
        ("mail123.domain.com", "A", dns.rcode.NOERROR, "domain.com. SOA"),
        ("mx1.mail123.domain.com", "TYPE65280", dns.rcode.NOERROR, "domain.com. SOA"),
        ("x.mail.provider.example", "A", dns.rcode.NXDOMAIN, "provider.example. SOA"),
        ("nowhere.test", "A", dns.rcode.NXDOMAIN, ". SOA"),
        (".", "A", dns.rcode.NOERROR, ". SOA"),
        ("9.9.9.10.in-addr.arpa", "PTR", dns.rcode.NXDOMAIN, "in-addr.arpa. SOA"),
    ],
)
def test_there_is_none(lab: Lab, name: str, rdtype: str, rcode: dns.rcode.Rcode, soa: str) -> None:
    answer = ask(lab, name, rdtype)
    assert (answer.rcode(), answer.answer, soa_of(answer)) == (rcode, [], [soa])


@pytest.mark.parametrize("resolver", BOTH)
def test_both_resolvers_answer_over_both_transports(lab: Lab, resolver: str) -> None:
    query = dns.message.make_query("domain.com", "MX")
    assert over_udp(lab, query, resolver).answer == over_tcp(lab, query, resolver).answer
    assert lab.journal.questions == [
        Question("domain.com", "MX", resolver, Transport.UDP),
        Question("domain.com", "MX", resolver, Transport.TCP),
    ]


def test_several_questions_over_one_tcp_connection(lab: Lab) -> None:
    with dial(lab, RESOLVER, 53) as sock:
        for name in ("domain.com", "plain.example"):
            query = dns.message.make_query(name, "MX")
            dns.query.send_tcp(sock, query)
            answer, _ = dns.query.receive_tcp(sock)
            assert query.is_response(answer)


@pytest.mark.requirement("DNS-04")
def test_what_does_not_fit_a_datagram_is_cut_and_whole_over_tcp(open_lab: OpenLab) -> None:
    texts = [f"{number:0100}" for number in range(20)]
    lab = open_lab(records={"big.example": {"TXT": texts}})
    plain = dns.message.make_query("big.example", "TXT")
    assert over_udp(lab, plain).flags & dns.flags.TC
    roomy = dns.message.make_query("big.example", "TXT", use_edns=0, payload=4096)
    assert not over_udp(lab, roomy).flags & dns.flags.TC
    answer = over_tcp(lab, plain)
    assert not answer.flags & dns.flags.TC
    assert len(records(answer)) == len(texts)


def test_edns_is_answered_with_edns(lab: Lab) -> None:
    query = dns.message.make_query("domain.com", "MX", want_dnssec=True)
    assert over_udp(lab, query).edns == 0


@pytest.mark.parametrize("text", ["a" * 300, 'say "x" \\ y', "ü;"])
def test_any_text_is_one_txt_record(open_lab: OpenLab, text: str) -> None:
    lab = open_lab(domains={"domain.com": {"mta_sts_txt": text}})
    (record,) = ask(lab, "_mta-sts.domain.com", "TXT").answer[0]
    assert b"".join(record.strings) == text.encode()


def test_aliases_are_followed(open_lab: OpenLab) -> None:
    lab = open_lab(
        records={
            "www.domain.com": {"CNAME": "web.domain.com."},
            "web.domain.com": {"CNAME": "mta-sts.domain.com."},
            "lost.domain.com": {"CNAME": "nowhere.test."},
            "round.domain.com": {"CNAME": "round.domain.com."},
        }
    )
    assert records(ask(lab, "www.domain.com", "A"))[-1] == "10.1.1.4"
    assert records(ask(lab, "www.domain.com", "CNAME")) == ["web.domain.com."]
    assert ask(lab, "lost.domain.com", "A").rcode() == dns.rcode.NXDOMAIN
    assert ask(lab, "round.domain.com", "A").rcode() == dns.rcode.SERVFAIL


def test_further_records_join_those_of_the_hosts(open_lab: OpenLab) -> None:
    lab = open_lab(records={"mx1.mail123.domain.com": {"A": "10.1.1.33", "AAAA": "2001:db8::3"}})
    assert records(ask(lab, "mx1.mail123.domain.com", "A")) == ["10.1.1.3", "10.1.1.33"]
    assert records(ask(lab, "mx1.mail123.domain.com", "AAAA")) == ["2001:db8::3"]


def test_a_record_that_cannot_be_is_the_authors_mistake(open_lab: OpenLab) -> None:
    with pytest.raises(UserError, match=r"^lab: x\.example A: "):
        open_lab(records={"x.example": {"A": "300.1.1.1"}})


@pytest.mark.parametrize(
    "garbage",
    [b"", b"\0" * 11, b"\xff" * 40, dns.message.make_response(dns.message.make_query("a", "A"))],
)
def test_garbage_gets_no_answer_and_the_resolver_lives_on(
    lab: Lab, garbage: bytes | dns.message.Message
) -> None:
    wire = garbage if isinstance(garbage, bytes) else garbage.to_wire()
    with socket.socket(type=socket.SOCK_DGRAM) as udp:
        udp.sendto(wire, lab.where(RESOLVER, 53))
        with dial(lab, RESOLVER, 53) as tcp:
            tcp.sendall(struct.pack("!H", len(wire)) + wire)
            assert tcp.recv(1) == b""
    assert records(ask(lab, "mta-sts.domain.com", "A")) == ["10.1.1.4"]


def test_only_questions_are_answered(lab: Lab) -> None:
    update = dns.update.UpdateMessage("domain.com")
    assert over_udp(lab, update).rcode() == dns.rcode.NOTIMP
    assert lab.journal.questions == []
