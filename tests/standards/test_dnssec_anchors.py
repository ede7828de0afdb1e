"""Trust anchors from text, as they are configured or printed by a signer."""

import dns.name
import pytest

from seg_cli.standards.dnssec.keys import TrustAnchor

FIRST, SECOND = "11 8 2 " + "AB" * 32, "12 13 4 " + "CD" * 48


@pytest.mark.parametrize(
    ("zone", "ds", "tags"),
    [
        pytest.param(".", [FIRST], [11], id="one digest of the root"),
        pytest.param("example.", [FIRST, SECOND], [11, 12], id="two digests of a zone"),
    ],
)
def test_an_anchor_has_all_its_digests(zone: str, ds: list[str], tags: list[int]) -> None:
    anchor = TrustAnchor.of(zone, *ds)
    assert anchor.zone == dns.name.from_text(zone)
    assert [each.key_tag for each in anchor.ds] == tags


def test_an_anchor_keeps_the_data_of_its_record() -> None:
    anchor = TrustAnchor.read(f"example. 3600 IN DS {SECOND}")
    (ds,) = anchor.ds
    assert anchor.zone == dns.name.from_text("example.")
    assert (ds.algorithm, ds.digest_type, ds.digest) == (13, 4, b"\xcd" * 48)
