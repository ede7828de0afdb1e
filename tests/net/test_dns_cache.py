"""The DNS cache: what it keeps, for how long, and its count of ticks."""

from datetime import UTC, datetime, timedelta

import pytest

from seg_cli.net.dns_cache import DnsCache, Entry, ticks
from seg_cli.policy.facts import Found

NOW = datetime(2024, 9, 26, 15, 23, 39, tzinfo=UTC)
HOUR = timedelta(hours=1)


def entry(rdtype: str = "A", *, life: timedelta = HOUR) -> Entry:
    return Entry(rdtype, Found(("192.0.2.1",)), NOW + life)


def test_ticks_are_those_of_the_tech_note() -> None:
    assert ticks(NOW + timedelta(seconds=1800)) == 131794459543073830
    assert ticks(NOW + timedelta(seconds=1801)) == 131794459543073830 + 2_194_678_832


@pytest.mark.requirement("DNS-06")
def test_name_and_type_find_an_entry() -> None:
    cache = DnsCache()
    kept = entry()
    cache.put("mx.example.com", kept)
    assert cache.get("mx.example.com", "A", NOW) is kept
    assert cache.get("mx.example.com", "AAAA", NOW) is None
    assert cache.get("other.example.com", "A", NOW) is None


def test_an_alias_answers_for_every_type() -> None:
    cache = DnsCache()
    alias = entry("CNAME")
    cache.put("www.example.com", alias)
    assert cache.get("www.example.com", "A", NOW) is alias
    assert cache.get("www.example.com", "TXT", NOW) is alias


def test_an_entry_ends_at_its_expiry() -> None:
    cache = DnsCache()
    cache.put("mx.example.com", entry(life=timedelta(seconds=1)))
    assert cache.get("mx.example.com", "A", NOW) is not None
    assert cache.get("mx.example.com", "A", NOW + timedelta(seconds=1)) is None
    assert len(cache) == 0


def test_the_least_recently_used_goes_first() -> None:
    cache = DnsCache(most=2)
    cache.put("a.example", entry())
    cache.put("b.example", entry())
    cache.get("a.example", "A", NOW)
    cache.put("c.example", entry())
    assert cache.get("a.example", "A", NOW) is not None
    assert cache.get("b.example", "A", NOW) is None
