"""A foreign validator: dnspython's `validate`, step by step from the lab's trust anchor down.

It asks a resolver of the lab as any client does, and believes nothing but signatures.
"""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

import dns.dnssec
import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.node
import dns.query
import dns.rdataclass
import dns.rdataset
import dns.rdatatype
import dns.rrset

from seg_cli.lab.internet import Lab
from tests.lab.conftest import DEADLINE

RESOLVER = "10.10.5.61"
SECURE, INSECURE, BOGUS = "secure", "insecure", "bogus"

Keys = dict[dns.name.Name, dns.node.Node | dns.rdataset.Rdataset]


def ask_with_do(lab: Lab, name: str, rdtype: str) -> dns.message.Message:
    """Over UDP, and over TCP where the answer is cut."""
    host, port = lab.where(RESOLVER, 53)
    query = dns.message.make_query(name, rdtype, want_dnssec=True)
    answer, _ = dns.query.udp_with_fallback(query, host, timeout=DEADLINE, port=port)
    return answer


def anchor(directory: Path) -> dns.rrset.RRset:
    """The DS record that the lab has written for whoever validates."""
    owner, ttl, rdclass, rdtype, data = (directory / "trust-anchor").read_text().split(None, 4)
    return dns.rrset.from_text(owner, int(ttl), rdclass, rdtype, data)


class NotValid(Exception):
    """Data that claim to be signed, and are not."""


class Validator:
    """Judges names at one moment."""

    def __init__(self, lab: Lab, directory: Path, now: datetime) -> None:
        self._lab = lab
        self._now = now.timestamp()
        self._anchor = anchor(directory)

    def standing(self, name: str, rdtype: str) -> str:
        """Secure, insecure or bogus, for an answer or for the denial of one."""
        answer = ask_with_do(self._lab, name, rdtype)
        try:
            sections = answer.answer + answer.authority
            rrsets = [one for one in sections if one.rdtype != dns.rdatatype.RRSIG]
            assert rrsets
            standings = {self._of(one, sections) for one in rrsets}
        except NotValid:
            return BOGUS
        return INSECURE if INSECURE in standings else SECURE

    def _of(self, rrset: dns.rrset.RRset, section: Iterable[dns.rrset.RRset]) -> str:
        """Down to the zone that says it has signed, or to that of the name if none says so: a
        parent signs what it holds for a child's name."""
        signatures = signatures_of(rrset, section)
        lowest = signatures[0][0].signer if signatures else rrset.name
        keys = self._keys(dns.name.root, self._anchor)
        for depth in range(2, len(lowest) + 1):
            apex = lowest.split(depth)[1]
            ds = self._ds(apex, keys)
            if ds is None:
                continue  # no zone of its own
            if ds is INSECURE_DELEGATION:
                return INSECURE
            keys = self._keys(apex, ds)
        self._validate(rrset, section, keys)
        return SECURE

    def _keys(self, apex: dns.name.Name, ds: dns.rrset.RRset) -> Keys:
        answer = ask_with_do(self._lab, apex.to_text(), "DNSKEY")
        found = [one for one in answer.answer if one.rdtype == dns.rdatatype.DNSKEY]
        if not found:
            raise NotValid("no key")
        (rrset,) = found
        trusted = [key for key in rrset if dns.dnssec.make_ds(apex, key, "SHA256") in ds]
        if not trusted:
            raise NotValid("no key that the DS record is of")
        keys: Keys = {apex: dns.rrset.from_rdata(apex, rrset.ttl, *trusted)}
        self._validate(rrset, answer.answer, keys)
        return keys

    def _ds(self, apex: dns.name.Name, keys: Keys) -> dns.rrset.RRset | None:
        """The DS records of a zone; those of an insecure delegation are proven absent."""
        answer = ask_with_do(self._lab, apex.to_text(), "DS")
        sections = answer.answer + answer.authority
        for one in sections:
            if one.rdtype != dns.rdatatype.RRSIG:
                self._validate(one, sections, keys)
        for one in answer.answer:
            if one.rdtype == dns.rdatatype.DS:
                return one
        denials = (o for o in answer.authority if o.rdtype == dns.rdatatype.NSEC and o.name == apex)
        types = {kind for denial in denials for kind in types_of(denial)}
        assert "DS" not in types
        return INSECURE_DELEGATION if "NS" in types and "SOA" not in types else None

    def _validate(
        self, rrset: dns.rrset.RRset, section: Iterable[dns.rrset.RRset], keys: Keys
    ) -> None:
        signatures = signatures_of(rrset, section)
        if not signatures:
            raise NotValid("no signature")
        try:
            dns.dnssec.validate(rrset, signatures[0], keys, now=self._now)
        except dns.exception.DNSException as problem:
            raise NotValid(str(problem)) from problem


INSECURE_DELEGATION = dns.rrset.RRset(dns.name.root, dns.rdataclass.IN, dns.rdatatype.DS)


def types_of(denial: dns.rrset.RRset) -> list[str]:
    """The types an NSEC record says there are at its name."""
    return str(denial[0].to_text()).split()[1:]


def signatures_of(
    rrset: dns.rrset.RRset, section: Iterable[dns.rrset.RRset]
) -> list[dns.rrset.RRset]:
    """The signatures that come with an RRset."""
    return [
        one
        for one in section
        if one.rdtype == dns.rdatatype.RRSIG
        and one.covers == rrset.rdtype
        and one.name == rrset.name
    ]
