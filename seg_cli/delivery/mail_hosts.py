"""The mail hosts of one destination: which they are, and what each must show.

Gather, govern, demand. The order of the look-ups is the order of the log: without DANE the policy,
the MX records, the addresses; with DANE the MX records, then for each host its addresses and TLSA
records, and a policy only where DANE does not decide.
"""

from collections.abc import Callable
from dataclasses import dataclass

from seg_cli.delivery.addresses import FAMILIES
from seg_cli.delivery.dane import DaneLookups
from seg_cli.delivery.destination import Destination
from seg_cli.delivery.next_hops import NextHop, NextHops
from seg_cli.delivery.parts import DeliveryParts
from seg_cli.delivery.policies import proxy_of
from seg_cli.delivery.story import (
    Governed,
    HostChosen,
    HostSkipped,
    NoHosts,
    PolicySought,
    Story,
)
from seg_cli.events import DaneFellBack, DaneHostLeft, DaneTried, Event, MtaStsHostSkipped
from seg_cli.policy.outcome import NotReached
from seg_cli.policy.precedence import Applies, govern
from seg_cli.policy.requirement import (
    NOT_ASKED,
    NeedsPolicy,
    Refusal,
    Sts,
    TlsRequirement,
    demand,
)
from seg_cli.terms import DaneMode, Reason


@dataclass(frozen=True, slots=True)
class Usable:
    """A host that may be used: what it must show, and under which policy.

    `addresses` is None where nobody has asked for them yet.
    """

    hop: NextHop
    requirement: TlsRequirement
    sts: Sts
    addresses: tuple[str, ...] | None = None


class MailHosts:
    """The hosts of one destination, for one attempt."""

    def __init__(self, parts: DeliveryParts, destination: Destination, story: Story) -> None:
        self._parts = parts
        self._destination = destination
        self._story = story
        self._emit: Callable[[Event], None] = parts.emit
        self._governance = govern(destination.settings, destination.route)
        self._sts: Sts = NOT_ASKED
        self._dane: DaneLookups | None = None
        self._fell_back = False
        story.tell(Governed(self._governance))

    @property
    def held_by_dane(self) -> bool:
        """Whether DANE Mandatory decides about every host."""
        return self._dane is not None and self._governance.dane_mode is DaneMode.MANDATORY

    async def find(self) -> tuple[NextHop, ...] | NotReached:
        """Every host, in the order in which they are tried, or why there is none."""
        destination, ask = self._destination, self._parts.resolver.mx
        if isinstance(self._governance.dane, Applies):
            self._emit(DaneTried(destination.domain, self._governance.dane_mode))
            validating = self._parts.resolver.validating
            self._dane = DaneLookups(validating, destination.domain, self._emit)
            ask = self._dane.mx
        else:
            await self._seek_policy()
        hops = NextHops(ask, self._parts.world.chooser, self._emit)
        found = await hops.of(destination.domain, destination.route)
        if isinstance(found, NotReached):
            self._story.tell(NoHosts(found))
        elif self._dane is None:
            self._parts.discovery.tell(destination.domain, self._sts)
        return found

    async def choose(self, hops: list[NextHop], last: NextHop) -> list[Usable | Refusal]:
        """What each of these hosts must show, or why it may not be used."""
        choices: list[Usable | Refusal] = []
        for hop in hops:
            choice = await self._choose(hop)
            if isinstance(choice, Refusal):
                self._story.tell(HostSkipped(hop.host, choice))
                self._tell_refusal(hop, choice, is_last=hop == last)
            else:
                self._story.tell(HostChosen(hop.host, choice.requirement))
            choices.append(choice)
        return choices

    async def _choose(self, hop: NextHop) -> Usable | Refusal:
        if self._dane is not None:
            return await self._choose_by_dane(hop, self._dane)
        requirement = demand(self._governance, hop.host, self._sts)
        if isinstance(requirement, Refusal):
            return requirement
        return Usable(hop, requirement, self._sts)

    async def _choose_by_dane(self, hop: NextHop, dane: DaneLookups) -> Usable | Refusal:
        seen = await dane.look_at(hop, FAMILIES[self._destination.settings.ip_sort])
        requirement = demand(self._governance, hop.host, self._sts, seen.tlsa)
        if isinstance(requirement, NeedsPolicy) or _is_without_dane(requirement):
            self._tell_fall_back()
        if isinstance(requirement, NeedsPolicy):
            await self._seek_policy()
            self._parts.discovery.tell(self._destination.domain, self._sts)
            requirement = demand(self._governance, hop.host, self._sts, seen.tlsa)
            assert not isinstance(requirement, NeedsPolicy)  # it has been sought
        if isinstance(requirement, Refusal):
            return requirement
        return Usable(hop, requirement, self._sts, seen.addresses)

    async def _seek_policy(self) -> None:
        """Find the domain's policy, if MTA-STS applies."""
        if isinstance(self._governance.mta_sts, Applies):
            domain, proxy = self._destination.domain, proxy_of(self._destination.config.updates)
            self._sts = await self._parts.discovery.policy_for(domain, proxy)
        self._story.tell(PolicySought(self._sts))

    def _tell_fall_back(self) -> None:
        if not self._fell_back:
            self._fell_back = True
            self._emit(DaneFellBack(self._destination.domain))

    def _tell_refusal(self, hop: NextHop, refusal: Refusal, *, is_last: bool) -> None:
        domain = self._destination.domain
        if refusal.reason is Reason.STS_MX_NOT_LISTED:
            self._emit(MtaStsHostSkipped(domain, hop.host))
        elif not is_last:
            self._emit(DaneHostLeft(domain))


def _is_without_dane(requirement: TlsRequirement | Refusal) -> bool:
    """Whether the host may be used, and DANE does not decide about it."""
    return isinstance(requirement, TlsRequirement) and requirement.tlsa is None
