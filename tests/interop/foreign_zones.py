"""Our walk and Unbound over zones that neither of them signed or serves."""

from collections.abc import Iterator
from typing import Final

from seg_cli.standards.dnssec.keys import TrustAnchor
from tests.interop.agreement import Agreement, Ground
from tests.interop.asking import Walker, compare, theirs, wanted
from tests.interop.unbound import unbound
from tests.interop.zone_signers import BY_KNOT, BY_LDNS, STRIPPED, UNSIGNED, internet

QUESTIONS: Final = (
    ("", "MX SOA NS DNSKEY DS TXT"),
    ("mail", "A AAAA TLSA DS"),
    ("MAIL", "A"),
    ("_25._tcp.mail", "TLSA A"),
    ("_tcp.mail", "A"),
    ("_25._tcp.none.mail", "TLSA"),
    ("www", "A AAAA CNAME"),
    ("_25._tcp.www", "TLSA"),
    ("away", "A"),
    ("elsewhere", "A"),
    ("other", "A AAAA"),
    ("wild", "A"),
    ("*.wild", "A TXT"),
    ("a.wild", "A TXT DS"),
    ("a.b.wild", "A TXT"),
    ("a.alias", "A TXT CNAME"),
    ("old", "A DNAME"),
    ("x.old", "A TXT"),
    ("none.old", "A"),
    ("down", "A"),
    ("deep.down", "A"),
    ("no.down", "A"),
    ("loop", "A"),
    ("nothing", "A TLSA DS"),
    ("a.b.nothing", "A"),
    ("safe", "NS DS SOA"),
    ("mail.safe", "A AAAA"),
    ("nothing.safe", "A"),
    ("plain", "NS DS SOA"),
    ("mail.plain", "A AAAA"),
    ("nothing.plain", "A"),
)


def agreements(ground: Ground) -> Iterator[Agreement]:
    """Every kind of zone, with what there is in it and what there is not."""
    with (
        internet(ground.directory / "knot") as there,
        unbound(ground.directory / "unbound-of-knot", there.server, there.anchor) as resolver,
    ):
        walker = Walker(there.server, (TrustAnchor.read(there.anchor),))
        for zone in (*BY_LDNS, *BY_KNOT, UNSIGNED, STRIPPED):
            for owner, types in QUESTIONS:
                for rdtype in types.split():
                    question = wanted(f"{owner}.{zone}.".removeprefix("."), rdtype)
                    case = f"{owner or '@'} {rdtype}"
                    yield compare(zone, case, theirs(resolver, question), walker.reading(question))
