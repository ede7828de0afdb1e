"""`lab policies`: the MTA-STS policies the appliance remembers, and a way to fetch them anew.

The appliance fetches a policy again when the id of the TXT record changes; a domain's operator who
changes the policy and forgets the id (STS-41) keeps everyone on the old one until it is refreshed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from seg_cli.config.updates import UpdateSettings
from seg_cli.delivery.policies import Policies, proxy_of
from seg_cli.delivery.policy_cache import CachedPolicy
from seg_cli.delivery.policy_failures import NotFetched
from seg_cli.errors import Invalid
from seg_cli.lab.station import Station
from seg_cli.printable import printable
from seg_cli.shell.appliance import Appliance
from seg_cli.shell.session import Session

HEADINGS: Final = ("Domain", "ID", "Mode", "Age", "Valid till", "Last failure", "Next try after")
NOTHING: Final = "No MTA-STS policy is cached, and none has failed to be fetched."
UNITS: Final = (("d", 86_400), ("h", 3600), ("m", 60), ("s", 1))
NONE: Final = "-"


async def run(_: Station, session: Session, words: tuple[str, ...]) -> None:
    """The table; behind `refetch` the policies of all its domains, or of one, are fetched now."""
    match words:
        case ():
            await show(session)
        case ("refetch", *domains) if len(domains) <= 1:
            await refetch(session, tuple(domains))
        case _:
            word = printable(" ".join(words))
            raise Invalid(f"Invalid arguments when processing lab: policies {word}")


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of one domain: a policy, a failure to fetch it, or both."""

    domain: str
    cached: CachedPolicy | None
    failure: NotFetched | None


def known(policies: Policies) -> tuple[Known, ...]:
    """Every domain with a policy or a failure, by name."""
    cached = {policy.domain: policy for policy in policies.cache.all()}
    failures = {failure.wanted.domain: failure for failure in policies.source.failures.all()}
    return tuple(
        Known(domain, cached.get(domain), failures.get(domain))
        for domain in sorted(cached.keys() | failures.keys())
    )


async def show(session: Session) -> None:
    """The table, or a sentence where it would be empty."""
    policies = (await session.appliance.network()).policies
    rows = [row(session.appliance, each) for each in known(policies)]
    if rows:
        session.console.table(HEADINGS, rows)
    else:
        session.console.say(NOTHING)


def row(appliance: Appliance, each: Known) -> Sequence[str]:
    """One domain, its times those of the appliance."""
    return (each.domain, *policy_cells(appliance, each), *failure_cells(appliance, each.failure))


def policy_cells(appliance: Appliance, each: Known) -> Iterable[str]:
    """Id, mode, age and expiry."""
    if each.cached is None:
        assert each.failure is not None  # there would be no row
        return (each.failure.wanted.id, NONE, NONE, NONE)
    now = appliance.clock.now()
    cached = each.cached
    expiry = appliance.date(cached.expires_at)
    return (
        cached.id,
        cached.policy.mode,
        span(now - cached.fetched_at),
        expiry if now < cached.expires_at else f"{expiry} (expired)",
    )


def failure_cells(appliance: Appliance, failure: NotFetched | None) -> Iterable[str]:
    """What the last fetch died of, and until when no delivery tries again."""
    if failure is None:
        return (NONE, NONE)
    waits = failure.holds(appliance.clock.now())
    return (printable(failure.cause), appliance.date(failure.waits_until) if waits else NONE)


def span(age: timedelta) -> str:
    """A time in its largest whole unit: `90s` is `1m`."""
    seconds = int(age.total_seconds())
    name, size = next((unit for unit in UNITS if seconds >= unit[1]), UNITS[-1])
    return f"{seconds // size}{name}"


async def refetch(session: Session, domains: tuple[str, ...]) -> None:
    """Fetch now, whatever the ids and the failures before, and say what came of each."""
    policies = (await session.appliance.network()).policies
    chosen = tuple(domain.lower() for domain in domains) or tuple(
        each.domain for each in known(policies)
    )
    settings = session.appliance.config.updates
    sentences = [await refetched(session.appliance, policies, settings, name) for name in chosen]
    session.console.say(*sentences or (NOTHING,))


async def refetched(
    appliance: Appliance, policies: Policies, settings: UpdateSettings, domain: str
) -> str:
    """One sentence about one domain."""
    outcome = await policies.refetch(domain, proxy_of(settings))
    shown = printable(domain)
    match outcome:
        case None:
            return f"{shown} has no MTA-STS TXT record and no cached policy."
        case CachedPolicy(policy=policy):
            mode = f"{policy.mode} policy with id {outcome.id}"
            return f"{shown}: fetched the {mode}, valid till {appliance.date(outcome.expires_at)}."
        case NotFetched(cause=cause):
            stays = still_applies(policies, domain, appliance.clock.now())
            return f"{shown}: the policy could not be fetched ({printable(cause)}). {stays}"


def still_applies(policies: Policies, domain: str, now: datetime) -> str:
    """What a failed fetch leaves behind."""
    if policies.cache.find(domain, now) is None:
        return "There is no other."
    return "The one from before still applies."
