"""TLSA records: the value, where it is published, and the rules between records (RFC 6698)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seg_cli.standards.tlsa import (
    AddressSeen,
    Tlsa,
    Unusable,
    owner_name,
    reference_identifiers,
    tlsa_base_domains,
    without_weaker_digests,
)
from seg_cli.terms import Security

SECURE, INSECURE = Security.SECURE, Security.INSECURE
MX, MIDWAY, EXPANDED = "mx.domain.com", "midway.example", "mx.provider.example"


def test_a_record_is_three_numbers_and_data() -> None:
    record = Tlsa.read(b"\x03\x01\x01\x9f\x86")
    assert record == Tlsa(3, 1, 1, b"\x9f\x86")
    assert str(record) == "3 1 1 9f86"


@pytest.mark.requirement("DANE-21")
@pytest.mark.parametrize("rdata", [b"", b"\x03", b"\x03\x01\x01"])
def test_a_record_without_data_is_unusable_and_no_error(rdata: bytes) -> None:
    assert Tlsa.read(rdata) is Unusable.TOO_SHORT


@given(st.binary(min_size=4))
def test_any_longer_record_is_read_as_it_is(rdata: bytes) -> None:
    record = Tlsa.read(rdata)
    assert isinstance(record, Tlsa)
    assert bytes((record.usage, record.selector, record.matching_type)) + record.data == rdata


@pytest.mark.requirement("DANE-18")
def test_the_owner_name_has_the_port_that_is_dialled() -> None:
    assert owner_name(MX) == "_25._tcp.mx.domain.com"
    assert owner_name(MX, 2525) == "_2525._tcp.mx.domain.com"


@pytest.mark.parametrize(
    ("seen", "names"),
    [
        pytest.param(
            AddressSeen(MX, MX, SECURE),
            (MX,),
            id="a host without an alias: its own name",
            marks=pytest.mark.requirement("DANE-14"),
        ),
        pytest.param(
            AddressSeen(MX, EXPANDED, SECURE, SECURE),
            (EXPANDED, MX),
            id="a secure alias: the expanded name, then the original, none between",
            marks=pytest.mark.requirement("DANE-14"),
        ),
        pytest.param(
            AddressSeen(MX, EXPANDED, INSECURE, SECURE),
            (MX,),
            id="a secure alias with an insecure target: the original name only",
            marks=pytest.mark.requirement("DANE-15"),
        ),
        pytest.param(
            AddressSeen(MX, EXPANDED, INSECURE, INSECURE),
            (),
            id="an insecure alias: none",
            marks=pytest.mark.requirement("DANE-15"),
        ),
        pytest.param(
            AddressSeen(MX, MX, INSECURE, SECURE),
            (),
            id="an insecure address: none",
            marks=pytest.mark.requirement("DANE-10"),
        ),
        pytest.param(
            AddressSeen(MX, MX, Security.BOGUS),
            (),
            id="a bogus address: none",
            marks=pytest.mark.requirement("DANE-10"),
        ),
        pytest.param(
            AddressSeen("[192.0.2.1]", "[192.0.2.1]", SECURE),
            (),
            id="an address literal: none",
            marks=pytest.mark.requirement("DANE-17"),
        ),
    ],
)
def test_where_tlsa_records_are_looked_for(seen: AddressSeen, names: tuple[str, ...]) -> None:
    assert tlsa_base_domains(seen) == names


@pytest.mark.requirement("DANE-28")
@pytest.mark.parametrize(
    ("base", "next_hop", "names"),
    [
        pytest.param(MX, ("domain.com",), (MX, "domain.com"), id="secure MX: the domain as well"),
        pytest.param(
            MX,
            ("domain.com", "expanded.example"),
            (MX, "domain.com", "expanded.example"),
            id="the domain is a secure alias: its expansion as well",
            marks=pytest.mark.requirement("DANE-17"),
        ),
        pytest.param(
            MX,
            (),
            (MX,),
            id="insecure MX: the base domain only",
            marks=pytest.mark.requirement("DANE-07"),
        ),
        pytest.param(
            EXPANDED,
            ("domain.com",),
            (EXPANDED, "domain.com"),
            id="no MX, the domain is an alias: base and original name",
        ),
        pytest.param(
            "domain.com",
            ("domain.com", "domain.com"),
            ("domain.com",),
            id="each name once",
        ),
    ],
)
def test_reference_identifiers(
    base: str, next_hop: tuple[str, ...], names: tuple[str, ...]
) -> None:
    assert reference_identifiers(base, *next_hop) == names


WEAK, STRONG = Tlsa(3, 1, 1, b"256"), Tlsa(3, 1, 2, b"512")
FULL = Tlsa(3, 1, 0, b"key")
OTHER_SELECTOR, OTHER_USAGE = Tlsa(3, 0, 1, b"256"), Tlsa(2, 1, 1, b"256")


@pytest.mark.requirement("DANE-27")
@pytest.mark.parametrize(
    ("records", "kept"),
    [
        pytest.param([WEAK], [WEAK], id="a weak digest alone stays"),
        pytest.param([WEAK, STRONG], [STRONG], id="a stronger digest puts out the weaker"),
        pytest.param([STRONG, WEAK], [STRONG], id="in either order"),
        pytest.param([FULL, WEAK], [FULL, WEAK], id="data in full puts out nothing"),
        pytest.param([FULL, STRONG, WEAK], [FULL, STRONG], id="and is not put out"),
        pytest.param(
            [OTHER_SELECTOR, STRONG], [OTHER_SELECTOR, STRONG], id="each selector for itself"
        ),
        pytest.param([OTHER_USAGE, STRONG], [OTHER_USAGE, STRONG], id="each usage for itself"),
        pytest.param([], [], id="none of none"),
    ],
)
def test_digest_agility(records: list[Tlsa], kept: list[Tlsa]) -> None:
    assert list(without_weaker_digests(records)) == kept
