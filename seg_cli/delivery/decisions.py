"""Decisions taken from the policy cache, ready to be taken again.

Each names what it was made from, so that whoever finds it can see whether it still holds: nobody
has to be told when an answer of the DNS or a policy goes.
"""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from seg_cli.delivery.policy_cache import CachedPolicy
from seg_cli.events import DnsAsked, Event, MtaStsCachedPolicyFound, MtaStsTxtFetched
from seg_cli.net.dns_cache import Entry
from seg_cli.net.resolver import Resolver
from seg_cli.policy.requirement import InForce
from seg_cli.standards.mta_sts import record_name

MOST_DECISIONS: Final = 50_000
DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Decision:
    """The cached policy is in force, by this answer to the question (name and type) and no longer
    than `until`; `events` tell of it."""

    question: tuple[str, str]
    answer: Entry
    cached: CachedPolicy
    until: datetime
    events: tuple[Event, ...]
    in_force: InForce


class Decisions:
    """The last decision for each domain; the oldest is dropped when there are too many."""

    def __init__(self, most: int = MOST_DECISIONS) -> None:
        self._most = most
        self._decisions: OrderedDict[str, Decision] = OrderedDict()
        self.get = self._decisions.get
        """The decision for a domain, or None; it may hold no longer."""

    def remember(self, cached: CachedPolicy, resolver: Resolver, now: datetime) -> None:
        """Keep a decision that was just taken, if the DNS cache has the answer it rests on.

        It ends with answer and policy, and with the day: the use of a policy is noted daily.
        """
        domain = cached.domain
        question = (record_name(domain), "TXT")
        answer = resolver.cache.peek(question)
        if answer is None:  # the name is an alias, and its target may change
            return
        self._decisions[domain] = Decision(
            question=question,
            answer=answer,
            cached=cached,
            until=min(cached.expires_at, answer.expiry, midnight_after(now)),
            events=(
                DnsAsked(*question),
                MtaStsTxtFetched(domain),
                MtaStsCachedPolicyFound(domain),
            ),
            in_force=InForce(cached.policy),
        )
        if len(self._decisions) > self._most:
            self._decisions.popitem(last=False)


def midnight_after(now: datetime) -> datetime:
    """The end of the day, in UTC."""
    return now.replace(hour=0, minute=0, second=0, microsecond=0) + DAY
