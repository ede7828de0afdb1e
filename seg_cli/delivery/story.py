"""The story of each delivery: what was decided and seen at every step, kept to be explained.

The steps are the values that decided, not words about them: whoever tells the story (`lab explain`)
has no opinion of its own.
"""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from seg_cli.policy.facts import Failed, TlsFacts
from seg_cli.policy.outcome import NotReached, Result
from seg_cli.policy.precedence import Governance
from seg_cli.policy.requirement import Refusal, Sts, TlsRequirement
from seg_cli.policy.verdict import Verdict
from seg_cli.terms import Dcid, Mid

MOST_MESSAGES: Final = 1000
"""Messages whose stories are kept; the oldest is forgotten first."""


@dataclass(frozen=True, slots=True)
class Governed:
    """Which mechanisms apply, by the destination's settings and its route."""

    governance: Governance


@dataclass(frozen=True, slots=True)
class PolicySought:
    """What came of the search for an MTA-STS policy."""

    sts: Sts


@dataclass(frozen=True, slots=True)
class NoHosts:
    """There is no host to deliver to."""

    why: NotReached


@dataclass(frozen=True, slots=True)
class HostSkipped:
    """A host that may not be used."""

    host: str
    refusal: Refusal


@dataclass(frozen=True, slots=True)
class HostChosen:
    """A host, and what it must show."""

    host: str
    requirement: TlsRequirement


@dataclass(frozen=True, slots=True)
class Unreached:
    """An address at which nobody spoke SMTP."""

    dcid: Dcid
    address: str
    failed: Failed


@dataclass(frozen=True, slots=True)
class Judged:
    """What a host showed of TLS, and the verdict on it."""

    dcid: Dcid
    address: str
    facts: TlsFacts
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Sent:
    """The message was offered over a connection: a result for each recipient."""

    dcid: Dcid
    address: str
    results: tuple[Result, ...]


Step = Governed | PolicySought | NoHosts | HostSkipped | HostChosen | Unreached | Judged | Sent


@dataclass(slots=True)
class Story:
    """One attempt to deliver to one domain, step by step."""

    domain: str
    at: datetime
    steps: list[Step] = field(default_factory=list)

    def tell(self, step: Step) -> None:
        """What happened next."""
        self.steps.append(step)


class Stories:
    """The stories of the last messages."""

    def __init__(self, now: Callable[[], datetime], most: int = MOST_MESSAGES) -> None:
        self._now = now
        self._most = most
        self._by_mid: OrderedDict[Mid, list[Story]] = OrderedDict()

    def begin(self, mid: Mid, domain: str) -> Story:
        """The story of an attempt that begins now."""
        story = Story(domain, self._now())
        self._by_mid.setdefault(mid, []).append(story)
        while len(self._by_mid) > self._most:
            self._by_mid.popitem(last=False)
        return story

    def of(self, mid: Mid) -> tuple[Story, ...]:
        """Every attempt that is remembered for a message, oldest first."""
        return tuple(self._by_mid.get(mid, ()))

    @property
    def newest(self) -> Mid | None:
        """The message whose first attempt began last."""
        return next(reversed(self._by_mid), None)
