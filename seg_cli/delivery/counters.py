"""Counters: what has happened to mail, by recipient host, counted from the events as they come.

They begin at nought when the network comes up; the queue that was left is counted as waiting.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

from seg_cli import events as e
from seg_cli.delivery.queue import Parcel
from seg_cli.events import Event
from seg_cli.policy.outcome import EXPIRED, HARD
from seg_cli.terms import Dcid, Icid, Mid, Reason, Rid

DNS_STATUSES = {HARD[reason][0] for reason in (Reason.DNS_NXDOMAIN, Reason.NULL_MX)}


class HostState(StrEnum):
    """How the last attempt to reach a host's mail servers went."""

    UP = "up"
    DOWN = "down"
    UNKNOWN = "unknown"


class HardBounce(StrEnum):
    """Why a recipient was given up."""

    DNS = "DNS Hard Bounces"
    REPLY = "5XX Hard Bounces"
    FILTER = "Filter Hard Bounces"
    EXPIRED = "Expired Hard Bounces"
    OTHER = "Other Hard Bounces"


@dataclass(frozen=True, slots=True)
class LastError:
    """The last 5XX reply: its text with the code, when it came, and from which address."""

    text: str
    at: datetime
    address: str


@dataclass(slots=True)
class Host:
    """What was counted for one recipient host."""

    state: HostState = HostState.UNKNOWN
    delivered: int = 0
    deleted: int = 0
    soft_bounced: int = 0
    hard: Counter[HardBounce] = field(default_factory=Counter)
    last_activity: datetime | None = None
    last_error: LastError | None = None

    @property
    def hard_bounced(self) -> int:
        """All hard bounces."""
        return self.hard.total()

    @property
    def completed(self) -> int:
        """The recipients that are through with, whichever way."""
        return self.hard_bounced + self.delivered + self.deleted


@dataclass(slots=True)
class _Arriving:
    """A message that is being injected."""

    icid: Icid
    domains: dict[Rid, str] = field(default_factory=dict)


class Counters:
    """Counts events by recipient host; `note` is to see every one."""

    def __init__(self) -> None:
        self._hosts: dict[str, Host] = {}
        self._arriving: dict[Mid, _Arriving] = {}
        self._active: dict[Mid, dict[Rid, str]] = {}
        self._addresses: dict[Dcid, str] = {}
        self._carriers: dict[Mid, str] = {}
        self.dns_requests = 0
        """Questions of the appliance, before its cache is looked at."""
        self.network_requests = 0
        """Packets with questions."""

    def resume(self, waiting: Iterable[Parcel]) -> None:
        """Take what an earlier run left in the queue for what it is: waiting."""
        for parcel in waiting:
            domains = self._active.setdefault(parcel.mid, {})
            domains.update(dict.fromkeys(parcel.rids, parcel.domain))

    def note(self, event: Event, at: datetime) -> None:
        """Count what happened at that moment."""
        rule = self._RULES.get(type(event))
        if rule is not None:
            rule(self, event, at)

    def host(self, domain: str) -> Host:
        """What was counted for a host; nothing, if it was never seen."""
        return self._hosts.get(domain) or Host()

    def active(self) -> Counter[str]:
        """How many recipients wait or are being delivered, by host."""
        return Counter(domain for domains in self._active.values() for domain in domains.values())

    def domains(self) -> list[str]:
        """All hosts that were seen or have mail waiting."""
        return sorted(self._hosts.keys() | self.active().keys())

    # What each kind of event counts for

    def _address(self, event: e.RecipientGiven, _: datetime) -> None:
        domain = event.recipient.rpartition("@")[2].lower()
        self._arriving.setdefault(event.mid, _Arriving(event.icid)).domains[event.rid] = domain

    def _queue(self, event: e.MessageQueued, _: datetime) -> None:
        if (message := self._arriving.pop(event.mid, None)) is not None:
            self._active[event.mid] = message.domains

    def _leave(self, event: e.InjectionClosed, _: datetime) -> None:
        """What was not queued by now never will be."""
        for mid in [m for m, one in self._arriving.items() if one.icid == event.icid]:
            del self._arriving[mid]

    def _dial(self, event: e.ConnectionOpened, _: datetime) -> None:
        self._addresses[event.dcid] = event.address

    def _hang_up(self, event: e.ConnectionClosed, _: datetime) -> None:
        self._addresses.pop(event.dcid, None)

    def _miss(self, event: e.ConnectionFailed, at: datetime) -> None:
        self._addresses.pop(event.dcid, None)
        host = self._seen(event.domain, at)
        host.state = HostState.DOWN

    def _start(self, event: e.DeliveryStarted, at: datetime) -> None:
        self._carriers[event.mid] = self._addresses.get(event.dcid, "")
        self._of(event.mid, event.rids[0], at).state = HostState.UP

    def _deliver(self, event: e.RecipientsDelivered, at: datetime) -> None:
        self._of(event.mid, event.rids[0], at).delivered += len(event.rids)
        self._done(event.mid, event.rids)

    def _delete(self, event: e.RecipientsDeleted, at: datetime) -> None:
        self._of(event.mid, event.rids[0], at).deleted += len(event.rids)
        self._done(event.mid, event.rids)

    def _delay(self, event: e.RecipientDelayed, at: datetime) -> None:
        self._of(event.mid, event.rid, at).soft_bounced += 1

    def _bounce(self, event: e.RecipientBounced | e.DoubleBounced, at: datetime) -> None:
        host = self._of(event.mid, event.rid, at)
        kind = kind_of(event.status, event.code)
        host.hard[kind] += 1
        if kind is HardBounce.REPLY:
            text = " ".join((event.code, *event.lines))
            host.last_error = LastError(text, at, self._carriers.get(event.mid, ""))
        self._done(event.mid, (event.rid,))

    def _finish(self, event: e.MessageFinished, _: datetime) -> None:
        self._active.pop(event.mid, None)
        self._carriers.pop(event.mid, None)

    def _ask(self, _: e.DnsAsked, __: datetime) -> None:
        self.dns_requests += 1

    def _send(self, _: e.DnsPacketSent, __: datetime) -> None:
        self.network_requests += 1

    def _of(self, mid: Mid, rid: Rid, at: datetime) -> Host:
        """The host of a recipient; one that nobody keeps if it came in unseen, for no delivery
        fails for want of a figure."""
        domain = self._active.get(mid, {}).get(rid)
        return Host() if domain is None else self._seen(domain, at)

    def _seen(self, domain: str, at: datetime) -> Host:
        host = self._hosts.setdefault(domain, Host())
        host.last_activity = at
        return host

    def _done(self, mid: Mid, rids: Iterable[Rid]) -> None:
        for rid in rids:
            self._active.get(mid, {}).pop(rid, None)

    _RULES: ClassVar[Mapping[type[Event], Callable[["Counters", Any, datetime], None]]] = {
        e.RecipientGiven: _address,
        e.MessageQueued: _queue,
        e.InjectionClosed: _leave,
        e.ConnectionOpened: _dial,
        e.ConnectionClosed: _hang_up,
        e.ConnectionFailed: _miss,
        e.DeliveryStarted: _start,
        e.RecipientsDelivered: _deliver,
        e.RecipientsDeleted: _delete,
        e.RecipientDelayed: _delay,
        e.RecipientBounced: _bounce,
        e.DoubleBounced: _bounce,
        e.MessageFinished: _finish,
        e.DnsAsked: _ask,
        e.DnsPacketSent: _send,
    }


def kind_of(status: str, code: str) -> HardBounce:
    """Why a recipient with this status and reply code was given up."""
    if status == EXPIRED[0]:
        return HardBounce.EXPIRED
    if code.startswith("5"):
        return HardBounce.REPLY
    return HardBounce.DNS if status in DNS_STATUSES else HardBounce.OTHER
