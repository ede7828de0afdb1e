"""A probe of one mail host under DANE Mandatory: what a delivery would look up and see, without
mail."""

from dataclasses import dataclass

from seg_cli.config.destinations import DestinationSettings
from seg_cli.delivery.next_hops import NextHop
from seg_cli.delivery.parts import DeliveryParts
from seg_cli.delivery.probe import Target, look_at
from seg_cli.delivery.tls import Seen
from seg_cli.policy.dane import TlsaFacts
from seg_cli.policy.facts import Failed
from seg_cli.policy.precedence import govern
from seg_cli.policy.requirement import NOT_ASKED, TlsRequirement, demand
from seg_cli.policy.verdict import Course
from seg_cli.terms import DaneMode, TlsMode


@dataclass(frozen=True, slots=True)
class Verified:
    """What an address of a host showed, and whether its certificate matches.

    `seen` is None where no usable records bind the host, so that there was nothing to hold its
    certificate against. `delivers` tells whether mail would go there under DANE Mandatory, for
    which the MX records must be secure as well.
    """

    seen: Seen | None
    delivers: bool


async def verify(
    parts: DeliveryParts, hop: NextHop, address: str, tlsa: TlsaFacts, hostname: str
) -> Verified | Failed:
    """Connect to one address of a host and judge what it shows; Failed where nobody speaks SMTP
    there. `hostname` is who we say we are."""
    bound = demanded(DaneMode.OPPORTUNISTIC, hop.host, tlsa)
    server_name = bound.server_name(hop.host) if bound is not None else hop.host
    target = Target(hop.host, hop.host, hop.port)
    shown = await look_at(parts, target, address, server_name, hostname)
    if isinstance(shown, Failed):
        return shown
    if bound is None:
        return Verified(None, delivers=False)
    seen = shown.under(bound)
    holds = demanded(DaneMode.MANDATORY, hop.host, tlsa) is None
    return Verified(seen, delivers=not holds and seen.verdict.course is Course.SEND)


def demanded(mode: DaneMode, host: str, tlsa: TlsaFacts) -> TlsRequirement | None:
    """What the records of a host demand of it; None where they demand nothing."""
    settings = DestinationSettings(tls=TlsMode.REQUIRED, dane=mode)
    requirement = demand(govern(settings, None), host, NOT_ASKED, tlsa)
    if isinstance(requirement, TlsRequirement) and requirement.tlsa is not None:
        return requirement
    return None
