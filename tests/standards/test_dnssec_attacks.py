"""The walk under attack: whatever is stripped, replayed or forged is never secure."""

from collections.abc import Callable, Iterable
from dataclasses import replace

import dns.message
import dns.name
import dns.rcode
import dns.rdata
import dns.rrset
import pytest
from dns.dnssectypes import Algorithm
from dns.rdatatype import RdataType
from dns.rdtypes.ANY.DNSKEY import DNSKEY
from dns.rdtypes.ANY.RRSIG import RRSIG
from hypothesis import given, settings
from hypothesis import strategies as st

from seg_cli.standards.dnssec.answers import SignedSet
from seg_cli.standards.dnssec.bogus import Bogus
from seg_cli.standards.dnssec.chain import MOST_DENIALS
from seg_cli.standards.dnssec.keys import (
    MOST_COLLIDING_KEYS,
    MOST_DIGESTS,
    ROOT,
    TrustedKeys,
    entry_keys,
)
from seg_cli.standards.dnssec.nsec3 import Nsec3Proof
from seg_cli.standards.dnssec.signatures import verify
from seg_cli.standards.dnssec.walk import MOST_QUESTIONS, Link, Walk
from seg_cli.terms import Reason, Security
from tests.standards.signed_zones import (
    LEAF,
    NOW,
    SOA,
    Internet,
    Key,
    Nsec3,
    Zone,
    delegation,
    judge,
    make_internet,
    name,
    rrset,
    wanted,
)

Change = Callable[[dns.message.Message], None]
BOGUS, INSECURE = Security.BOGUS, Security.INSECURE
MAIL = "mail.secure.test."
SECURE_KEY, EVIL_KEY = Key.make(number=2), Key.make(number=66)
WILD = "a.wild.secure.test."


def strip(rdtype: str) -> Change:
    """Takes all RRsets of a type out of a message."""
    kind = RdataType.make(rdtype)

    def change(message: dns.message.Message) -> None:
        for section in message.sections:
            section[:] = [one for one in section if one.rdtype != kind]

    return change


def resign(
    key: Key = SECURE_KEY,
    signer: str = "secure.test.",
    since: int = -3600,
    until: int = 3600,
    edit: Callable[[dns.rdata.Rdata], dns.rdata.Rdata] = lambda rrsig: rrsig,
) -> Change:
    """Puts another signature in the place of those over the answer."""

    def change(message: dns.message.Message) -> None:
        records = next(one for one in message.answer if one.rdtype != RdataType.RRSIG)
        now = int(NOW.timestamp())
        rrsig = edit(key.sign(records, name(signer), now + until, now + since))
        message.answer[:] = [records, dns.rrset.from_rdata(records.name, records.ttl, rrsig)]

    return change


def with_records(*records: str) -> Change:
    """Puts other records into the answer, under the signatures that were there."""

    def change(message: dns.message.Message) -> None:
        old = message.answer[0]
        new = rrset(str(old.name), old.rdtype.name, *records, ttl=old.ttl)
        message.answer[0] = new

    return change


def nothing(message: dns.message.Message) -> None:
    for section in message.sections[1:]:
        section.clear()


def all_of(*changes: Change) -> Change:
    def change(message: dns.message.Message) -> None:
        for each in changes:
            each(message)

    return change


def denied_by(internet: Internet, owner: str, rdtype: str) -> Change:
    """Replays the proof of another absence, with its response code, in the place of an answer."""

    def change(message: dns.message.Message) -> None:
        other = internet.ask(wanted(owner, rdtype))
        message.answer.clear()
        message.authority[:] = other.authority
        message.set_rcode(other.rcode())

    return change


def nxdomain(message: dns.message.Message) -> None:
    message.set_rcode(dns.rcode.NXDOMAIN)


HONEST = make_internet()
HASHED = make_internet(nsec3=Nsec3(salt=b"\x01"))
OPT_OUT = make_internet(nsec3=Nsec3(opt_out=True))

ON_THE_RECORDS = [
    ("signature stripped", strip("RRSIG"), Reason.DNSSEC_NO_SIGNATURE),
    ("expired", resign(until=-60), Reason.DNSSEC_EXPIRED),
    ("not yet valid", resign(since=60), Reason.DNSSEC_NOT_YET_VALID),
    ("another zone's key", resign(Key.make(number=1)), Reason.DNSSEC_NO_KEY),
    ("wrong signer", resign(EVIL_KEY, "evil.test."), Reason.DNSSEC_SIGNER),
    ("no zone is there", resign(signer=MAIL), Reason.DNSSEC_SIGNER),
    ("foreign key", resign(EVIL_KEY), Reason.DNSSEC_NO_KEY),
    (
        "wrong key tag",
        resign(edit=lambda rrsig: rrsig.replace(key_tag=SECURE_KEY.public.key_id() ^ 1)),
        Reason.DNSSEC_NO_KEY,
    ),
    (
        "another algorithm claimed",
        resign(edit=lambda rrsig: rrsig.replace(algorithm=Algorithm.RSASHA1)),
        Reason.DNSSEC_NO_KEY,
    ),
    (
        "more labels than the name has",
        resign(edit=lambda rrsig: rrsig.replace(labels=9)),
        Reason.DNSSEC_FORGED,
    ),
    (
        "signature changed",
        resign(edit=lambda rrsig: rrsig.replace(signature=bytes(64))),
        Reason.DNSSEC_FORGED,
    ),
    ("records changed", with_records("192.0.2.66"), Reason.DNSSEC_FORGED),
    ("record added", with_records("192.0.2.25", "192.0.2.66"), Reason.DNSSEC_FORGED),
    ("answer emptied", nothing, Reason.DNSSEC_NO_PROOF),
    ("NXDOMAIN without proof", all_of(nothing, nxdomain), Reason.DNSSEC_NO_PROOF),
    ("absence of another name", denied_by(HONEST, "no.secure.test.", "A"), Reason.DNSSEC_NO_PROOF),
    ("of another type", denied_by(HONEST, MAIL, "AAAA"), Reason.DNSSEC_NO_PROOF),
    ("by the parent's NSEC", denied_by(HONEST, "no.test.", "A"), Reason.DNSSEC_NO_PROOF),
    ("by the NSEC of the delegation", denied_by(HONEST, "secure.test.", "DS"), None),
]


@pytest.mark.requirement("DNS-05")
@pytest.mark.parametrize(
    ("change", "reason"),
    [pytest.param(change, reason, id=what) for what, change, reason in ON_THE_RECORDS],
)
def test_forged_answer_is_bogus(change: Change, reason: Reason | None) -> None:
    answer = judge(HONEST.forge(MAIL, "A", change), MAIL, "A")
    assert (answer.security, answer.ttl) == (BOGUS, 0)
    assert reason is None or answer.reason is reason


ON_THE_CHAIN = [
    ("DS stripped", "DS", nothing, Reason.DNSSEC_NO_PROOF),
    ("DS unsigned", "DS", strip("RRSIG"), Reason.DNSSEC_NO_SIGNATURE),
    ("DS of another key", "DS", with_records(EVIL_KEY.ds(name("secure.test.")).to_text()), None),
    ("DS denied", "DS", denied_by(HONEST, "plain.test.", "DS"), Reason.DNSSEC_NO_PROOF),
    (
        "DS denied by the child",
        "DS",
        denied_by(HONEST, "secure.test.", "TXT"),
        Reason.DNSSEC_NO_PROOF,
    ),
    ("DS signed by the child", "DS", resign(), Reason.DNSSEC_SIGNER),
    ("keys stripped", "DNSKEY", nothing, Reason.DNSSEC_DS_MISMATCH),
    ("keys unsigned", "DNSKEY", strip("RRSIG"), Reason.DNSSEC_NO_SIGNATURE),
    (
        "keys replaced",
        "DNSKEY",
        with_records(EVIL_KEY.public.to_text()),
        Reason.DNSSEC_DS_MISMATCH,
    ),
    (
        "a key added",
        "DNSKEY",
        with_records(SECURE_KEY.public.to_text(), EVIL_KEY.public.to_text()),
        Reason.DNSSEC_FORGED,
    ),
    (
        "key revoked",
        "DNSKEY",
        with_records(SECURE_KEY.public.replace(flags=0x0181).to_text()),
        Reason.DNSSEC_DS_MISMATCH,
    ),
    (
        "no zone key",
        "DNSKEY",
        with_records(SECURE_KEY.public.replace(flags=1).to_text()),
        Reason.DNSSEC_DS_MISMATCH,
    ),
]


@pytest.mark.requirement("DNS-05")
@pytest.mark.parametrize(
    ("rdtype", "change", "reason"),
    [
        pytest.param(rdtype, change, reason, id=what)
        for what, rdtype, change, reason in ON_THE_CHAIN
    ],
)
def test_broken_chain_is_bogus(rdtype: str, change: Change, reason: Reason | None) -> None:
    answer = judge(HONEST.forge("secure.test.", rdtype, change), MAIL, "A")
    assert answer.security is BOGUS
    assert reason is None or answer.reason is reason


@pytest.mark.requirement("DNS-05")
@pytest.mark.parametrize("internet", [HONEST, HASHED], ids=["NSEC", "NSEC3"])
@pytest.mark.parametrize(
    ("owner", "rdtype", "other", "other_rdtype"),
    [
        pytest.param(MAIL, "A", "no.secure.test.", "A", id="the proof of another name"),
        pytest.param("no.secure.test.", "A", MAIL, "AAAA", id="the type of another name"),
        pytest.param(MAIL, "A", MAIL, "AAAA", id="another type of the name"),
        pytest.param(WILD, "A", "no.secure.test.", "A", id="a wildcard denied"),
        pytest.param(WILD, "A", WILD, "TXT", id="another type of the wildcard"),
        pytest.param("www.secure.test.", "A", "www.secure.test.", "CNAME", id="nothing at all"),
        pytest.param("x.old.secure.test.", "A", "old.secure.test.", "A", id="below a DNAME"),
        pytest.param("secure.test.", "MX", "secure.test.", "DS", id="the apex by the parent"),
        pytest.param("a.wild.secure.test.", "A", "wild.secure.test.", "TXT", id="of a name above"),
        pytest.param("no.test.", "A", "secure.test.", "DS", id="by a delegation"),
        pytest.param("no.such.secure.test.", "A", "no.test.", "A", id="a name below by the parent"),
    ],
)
def test_proof_of_something_else_proves_nothing(
    internet: Internet, owner: str, rdtype: str, other: str, other_rdtype: str
) -> None:
    forged = internet.forge(owner, rdtype, denied_by(internet, other, other_rdtype))
    answer = judge(forged, owner, rdtype)
    assert (answer.security, answer.reason) == (BOGUS, Reason.DNSSEC_NO_PROOF)


@pytest.mark.requirement("DNS-05")
@pytest.mark.parametrize("internet", [HONEST, HASHED, OPT_OUT], ids=["NSEC", "NSEC3", "opt-out"])
def test_wildcard_without_proof_is_bogus(internet: Internet) -> None:
    bare = internet.forge(WILD, "A", lambda message: message.authority.clear())
    assert judge(bare, WILD, "A").reason is Reason.DNSSEC_NO_PROOF
    replayed = internet.forge(WILD, "A", lambda message: _wildcard_over(internet, message))
    assert judge(replayed, WILD, "A").security is Security.BOGUS


def _wildcard_over(internet: Internet, message: dns.message.Message) -> None:
    message.authority[:] = internet.ask(wanted(MAIL, "AAAA")).authority


@pytest.mark.requirement("DNS-05")
@pytest.mark.parametrize("internet", [HONEST, HASHED, OPT_OUT], ids=["NSEC", "NSEC3", "opt-out"])
def test_wildcard_does_not_stand_in_for_a_name_that_exists(internet: Internet) -> None:
    """The genuine records of the wildcard, with its genuine proof, under the name of another."""
    leaf = (LEAF, "b.wild 60 IN A 192.0.2.99\n")
    zones = tuple(
        replace(zone, text=SOA + "".join(leaf)) if zone.origin == name("secure.test.") else zone
        for zone in internet.zones
    )
    there = Internet.of(*zones)

    def change(message: dns.message.Message) -> None:
        genuine = there.ask(wanted(WILD, "A"))
        message.answer.clear()
        for one in genuine.answer:
            renamed = dns.rrset.from_rdata_list(name("b.wild.secure.test."), one.ttl, list(one))
            renamed.covers = one.covers
            message.answer.append(renamed)
        message.authority[:] = genuine.authority

    forged = there.forge("b.wild.secure.test.", "A", change)
    assert judge(forged, "b.wild.secure.test.", "A").reason is Reason.DNSSEC_NO_PROOF


@pytest.mark.requirement("DNS-05")
def test_record_of_denial_of_a_wildcard_bears_no_other_name() -> None:
    """An NSEC of `*.wild`, shown as one of `zz.wild`, would deny what lies behind that name."""

    def change(message: dns.message.Message) -> None:
        spans = HONEST.ask(wanted(WILD, "TXT")).authority
        message.answer.clear()
        for one in spans:
            owner = name("mail.wild.secure.test.") if one.name.is_wild() else one.name
            renamed = dns.rrset.from_rdata_list(owner, one.ttl, list(one))
            renamed.covers = one.covers
            message.authority.append(renamed)

    forged = HONEST.forge("mail.wild.secure.test.", "A", change)
    assert judge(forged, "mail.wild.secure.test.", "A").reason is Reason.DNSSEC_FORGED


@pytest.mark.requirement("DNS-05")
def test_opt_out_does_not_deny_a_signed_name() -> None:
    replay = denied_by(OPT_OUT, "no.secure.test.", "A")
    assert judge(OPT_OUT.forge(MAIL, "A", replay), MAIL, "A").security is BOGUS
    replay = denied_by(OPT_OUT, "plain.test.", "DS")
    answer = judge(OPT_OUT.forge("secure.test.", "DS", replay), MAIL, "A")
    assert (answer.security, answer.reason) == (BOGUS, Reason.DNSSEC_NO_PROOF)


@pytest.mark.requirement("DNS-05")
def test_zone_signs_for_no_name_outside() -> None:
    """The keys of `secure.test` are good, but neither `other.test` nor `test` is theirs."""
    for owner in ("mail.other.test.", "host.test."):
        forged = HONEST.forge(owner, "A", resign(signer="secure.test."))
        assert judge(forged, owner, "A").security is BOGUS
    secure = TrustedKeys(name("secure.test."), (SECURE_KEY.public,), NOW)
    records = rrset("host.test.", "A", "192.0.2.66")
    rrsig = SECURE_KEY.sign(records, secure.zone)
    with pytest.raises(Bogus) as refused:
        verify(SignedSet(records, (rrsig,), 60), secure, NOW)
    assert refused.value.reason is Reason.DNSSEC_SIGNER


@pytest.mark.requirement("DNS-05")
def test_more_iterations_than_are_safe_make_a_zone_insecure() -> None:
    costly = make_internet(nsec3=Nsec3(iterations=101))
    for owner in ("no.secure.test.", WILD, "mail.plain.test."):
        answer = judge(costly, owner, "A")
        assert (answer.security, answer.reason) == (INSECURE, Reason.DNSSEC_ITERATIONS)


@pytest.mark.requirement("DNS-05")
def test_iterations_count_only_if_the_zone_signed_them() -> None:
    def change(message: dns.message.Message) -> None:
        for at, one in enumerate(message.authority):
            if one.rdtype == RdataType.NSEC3:
                costly = one[0].replace(iterations=101)
                message.authority[at] = dns.rrset.from_rdata(one.name, one.ttl, costly)

    answer = judge(HASHED.forge("no.secure.test.", "A", change), "no.secure.test.", "A")
    assert (answer.security, answer.reason) == (BOGUS, Reason.DNSSEC_FORGED)


@pytest.mark.requirement("DNS-05")
@pytest.mark.parametrize(
    "edit",
    [
        pytest.param({"algorithm": Algorithm.RSASHA1}, id="algorithm"),
        pytest.param({"digest_type": 200}, id="digest"),
    ],
)
def test_what_is_not_supported_is_insecure(edit: dict[str, int]) -> None:
    ds = SECURE_KEY.ds(name("secure.test.")).replace(**edit)
    test = Zone(name("test."), SOA + delegation("secure.test.", ds), Key.make(number=1))
    there = Internet.of(HONEST.zones[0], test, HONEST.zones[2])
    answer = judge(there, MAIL, "A")
    assert (answer.security, answer.reason) == (INSECURE, Reason.DNSSEC_UNSUPPORTED)


def colliding(count: int) -> list[dns.rdata.Rdata]:
    """Keys of one tag: the tag is a sum of 16-bit words, so words may change places."""
    public = SECURE_KEY.public
    words = [public.key[at : at + 2] for at in range(0, 32, 2)]
    keys = [b"".join(words[shift:] + words[:shift]) for shift in range(count)]
    return [public.replace(key=key) for key in keys]


@pytest.mark.requirement("DNS-05")
def test_keys_of_one_tag_are_too_much_work() -> None:
    """KeyTrap (CVE-2023-50387)."""
    keys = colliding(MOST_COLLIDING_KEYS + 1)
    assert len({key.key_id() for key in keys if isinstance(key, DNSKEY)}) == 1

    def change(message: dns.message.Message) -> None:
        message.answer[0] = dns.rrset.from_rdata_list(name("secure.test."), 3600, keys)
        resign()(message)

    answer = judge(HONEST.forge("secure.test.", "DNSKEY", change), MAIL, "A")
    assert (answer.security, answer.reason) == (BOGUS, Reason.DNSSEC_TOO_MUCH)


@pytest.mark.requirement("DNS-05")
def test_signatures_of_one_key_are_too_much_work() -> None:
    def change(message: dns.message.Message) -> None:
        (good,) = message.answer[1]
        assert isinstance(good, RRSIG)
        bad = [good.replace(signature=bytes([number] * 64)) for number in range(20)]
        message.answer[1] = dns.rrset.from_rdata_list(name(MAIL), 3600, [*bad, good])

    answer = judge(HONEST.forge(MAIL, "A", change), MAIL, "A")
    assert (answer.security, answer.reason) == (BOGUS, Reason.DNSSEC_TOO_MUCH)


def test_digests_without_end_are_too_much_work() -> None:
    ds = [SECURE_KEY.ds(name("secure.test."))] * (MOST_DIGESTS + 1)
    with pytest.raises(Bogus) as refused:
        entry_keys(name("secure.test."), [SECURE_KEY.public], ds)
    assert refused.value.reason is Reason.DNSSEC_TOO_MUCH


def test_records_of_denial_without_end_are_too_much_work() -> None:
    def change(message: dns.message.Message) -> None:
        for number in range(MOST_DENIALS):
            owner = f"n{number}.secure.test."
            span = rrset(owner, "NSEC", "zz.secure.test. A RRSIG NSEC")
            rrsig = SECURE_KEY.sign(span, name("secure.test."))
            message.authority += [span, dns.rrset.from_rdata(name(owner), 300, rrsig)]

    answer = judge(HONEST.forge("no.secure.test.", "A", change), "no.secure.test.", "A")
    assert answer.reason is Reason.DNSSEC_TOO_MUCH


def test_questions_end() -> None:
    owner = ".".join("n" * (MOST_QUESTIONS + 1)) + ".secure.test."
    answer = judge(HONEST.forge(owner, "A", nothing), owner, "A")
    assert (answer.security, answer.reason) == (Security.INDETERMINATE, Reason.DNSSEC_TOO_MUCH)


@pytest.mark.requirement("DNS-01")
def test_servfail_on_the_way_leaves_it_indeterminate() -> None:
    there = HONEST.forge("secure.test.", "DS", lambda reply: reply.set_rcode(dns.rcode.SERVFAIL))
    answer = judge(there, MAIL, "A")
    assert (answer.security, answer.reason) == (Security.INDETERMINATE, Reason.DNS_SERVFAIL)


def test_target_of_a_dname_that_is_too_long_is_bogus() -> None:
    target = ".".join(["x" * 60] * 4)
    there = make_internet(leaf=(f"old 60 IN DNAME {target}.\n",))

    def change(message: dns.message.Message) -> None:
        genuine = there.ask(wanted("old.secure.test.", "DNAME"))
        message.answer[:] = genuine.answer

    owner = "y" * 40 + ".old.secure.test."
    empty = there.forge(owner, "A", change)
    walk = Walk(wanted(owner, "A"), (there.anchor,), NOW)
    reply = dns.message.make_response(dns.message.make_query(owner, "A"))
    empty.forged[wanted(owner, "A")](reply)
    walk.feed(reply)
    assert walk.result().reason is Reason.DNS_MALFORMED


@pytest.mark.requirement("DNS-05")
@pytest.mark.parametrize(
    ("owner", "record"),
    [
        pytest.param("0" * 32 + ".secure.test.", "2 0 0 - {hash} A", id="unknown hash"),
        pytest.param("0" * 32 + ".secure.test.", "1 2 0 - {hash} A", id="unknown flag"),
        pytest.param("no-hash.secure.test.", "1 0 0 - {hash} A", id="owner is no hash"),
        pytest.param("0" * 16 + ".secure.test.", "1 0 0 - {hash} A", id="hash of another length"),
        pytest.param("0" * 32 + ".x.secure.test.", "1 0 0 - {hash} A", id="not below the apex"),
    ],
)
def test_unknown_records_of_denial_deny_nothing(owner: str, record: str) -> None:
    span = rrset(owner, "NSEC3", record.format(hash="v" * 32))
    rrsig = SECURE_KEY.sign(span, name("secure.test."))

    def change(message: dns.message.Message) -> None:
        message.authority[:] = [span, dns.rrset.from_rdata(name(owner), 300, rrsig)]

    answer = judge(HASHED.forge("no.secure.test.", "A", change), "no.secure.test.", "A")
    assert (answer.security, answer.reason) == (BOGUS, Reason.DNSSEC_NO_PROOF)


@pytest.mark.requirement("DNS-05")
def test_records_of_denial_with_different_salts_deny_nothing() -> None:
    spans = [
        SignedSet(rrset("0" * 32 + ".test.", "NSEC3", f"1 0 0 {salt} {'v' * 32} A"), (), 60)
        for salt in ("-", "aa")
    ]
    with pytest.raises(Bogus) as refused:
        Nsec3Proof.read(name("test."), spans)
    assert refused.value.reason is Reason.DNSSEC_NO_PROOF


TARGETS = [
    (MAIL, "A"),
    ("no.secure.test.", "A"),
    (WILD, "A"),
    ("www.secure.test.", "A"),
    ("x.old.secure.test.", "A"),
    ("secure.test.", "DS"),
]


@pytest.mark.requirement("DNS-05")
@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_what_is_stripped_or_changed_never_becomes_secure(data: st.DataObject) -> None:
    """Any one answer on the way loses records or is changed; secure means it said the truth."""
    internet = data.draw(st.sampled_from([HONEST, HASHED]))
    owner, rdtype = data.draw(st.sampled_from(TARGETS))
    honest = judge(internet, owner, rdtype)
    places = [(owner, rdtype), ("secure.test.", "DS"), ("secure.test.", "DNSKEY"), ("test.", "DS")]
    place = data.draw(st.sampled_from(places))
    answer = judge(internet.forge(*place, _spoil(data)), owner, rdtype)
    if answer.security is Security.SECURE:
        assert shown(answer.links) == shown(honest.links)
    else:
        assert answer.security in {Security.BOGUS, Security.INDETERMINATE}


def shown(links: Iterable[Link]) -> list[str]:
    return [f"{link.name} {link.reason} {sorted(map(str, link.records or ()))}" for link in links]


def _spoil(data: st.DataObject) -> Change:
    def change(message: dns.message.Message) -> None:
        sections = [section for section in message.sections[1:3] if section]
        for section in sections:
            if data.draw(st.booleans()):
                section.pop(data.draw(st.integers(0, len(section) - 1)))
            elif data.draw(st.booleans()):
                _change_byte(data, section)
        if data.draw(st.booleans()):
            message.set_rcode(data.draw(st.sampled_from([dns.rcode.NOERROR, dns.rcode.NXDOMAIN])))

    return change


def _change_byte(data: st.DataObject, section: list[dns.rrset.RRset]) -> None:
    at = data.draw(st.integers(0, len(section) - 1))
    one = section[at]
    wire = bytearray(one[0].to_wire() or b"")
    wire[data.draw(st.integers(0, len(wire) - 1))] ^= data.draw(st.integers(1, 255))
    try:
        record = dns.rdata.from_wire(one.rdclass, one.rdtype, bytes(wire), 0, len(wire))
    except (dns.exception.DNSException, ValueError):
        return
    section[at] = dns.rrset.from_rdata(one.name, one.ttl, record)


def test_anchors_of_the_root() -> None:
    assert [ds.key_tag for ds in ROOT.ds] == [20326, 38696]
    assert all(len(ds.digest) == 32 for ds in ROOT.ds)
