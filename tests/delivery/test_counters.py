"""Counters: events in, figures by recipient host out."""

from datetime import UTC, datetime, timedelta

import pytest

from seg_cli import events as e
from seg_cli.delivery.counters import Counters, HardBounce, Host, HostState, LastError
from seg_cli.delivery.queue import Parcel, QueuedMessage, Recipient
from seg_cli.events import Event
from seg_cli.terms import Dcid, Icid, Mid, Rid

NOW = datetime(2024, 9, 26, 15, 23, 39, tzinfo=UTC)
ICID, DCID, MID, RID = Icid(1), Dcid(7), Mid(5), Rid(0)
BOTH = (Rid(0), Rid(1))


def injected(*addresses: str) -> list[Event]:
    given = [e.RecipientGiven(MID, ICID, Rid(n), to) for n, to in enumerate(addresses)]
    return [e.MessageStarted(MID, ICID), *given, e.MessageQueued(MID), e.InjectionClosed(ICID)]


def bounced(status: str, code: str, *lines: str) -> e.RecipientBounced:
    return e.RecipientBounced(
        dcid=DCID, mid=MID, rid=RID, status=status, cause="", code=code, lines=lines
    )


DELAYED = e.RecipientDelayed(
    dcid=DCID, mid=MID, rid=RID, status="4.4.0", cause="", code="000", lines=()
)
DOUBLE = e.DoubleBounced(mid=MID, rid=RID, status="5.1.0", cause="", code="550", lines=("no",))
DIALLED = e.ConnectionOpened(DCID, "10.1.1.2", "192.0.2.25", 25)
STARTED = e.DeliveryStarted(DCID, MID, BOTH)
REFUSED = e.ConnectionFailed(DCID, "a.example", "192.0.2.25", 25, "timeout", "10.1.1.2", "error")


def counted(*events: Event, at: datetime = NOW) -> Counters:
    counters = Counters()
    for event in events:
        counters.note(event, at)
    return counters


def host_after(*events: Event) -> Host:
    """The host of a message for two of its recipients, after this happened to it."""
    return counted(*injected("a@A.example", "b@a.example"), *events).host("a.example")


@pytest.mark.parametrize(
    ("events", "field", "value"),
    [
        pytest.param([STARTED, e.RecipientsDelivered(DCID, MID, BOTH)], "delivered", 2, id="done"),
        pytest.param([e.RecipientsDeleted(MID, BOTH)], "deleted", 2, id="deleted"),
        pytest.param([DELAYED, DELAYED], "soft_bounced", 2, id="each soft bounce is an event"),
        pytest.param([DOUBLE], "hard_bounced", 1, id="a double bounce is a hard one"),
        pytest.param(
            [e.RecipientsDelivered(DCID, MID, (Rid(1),)), bounced("5.1.0", "550")],
            "completed",
            2,
            id="completed, whichever way",
        ),
        pytest.param([], "state", HostState.UNKNOWN, id="never tried"),
        pytest.param([DIALLED, STARTED], "state", HostState.UP, id="taken"),
        pytest.param([DIALLED, REFUSED], "state", HostState.DOWN, id="not reached"),
        pytest.param([REFUSED, STARTED], "state", HostState.UP, id="up again"),
        pytest.param([], "last_activity", None, id="no activity"),
        pytest.param([REFUSED], "last_activity", NOW, id="an attempt is activity"),
    ],
)
def test_a_host(events: list[Event], field: str, value: object) -> None:
    assert getattr(host_after(*events), field) == value


@pytest.mark.parametrize(
    ("event", "kind"),
    [
        pytest.param(bounced("5.1.2", "000"), HardBounce.DNS, id="no such domain"),
        pytest.param(bounced("5.1.10", "000"), HardBounce.DNS, id="a null MX"),
        pytest.param(bounced("5.1.0", "550"), HardBounce.REPLY, id="a 5XX reply"),
        pytest.param(bounced("5.4.7", "550"), HardBounce.EXPIRED, id="too old, whatever was said"),
        pytest.param(bounced("5.3.0", "000"), HardBounce.OTHER, id="an operator's bounce"),
    ],
)
def test_hard_bounces_by_kind(event: Event, kind: HardBounce) -> None:
    assert host_after(event).hard == {kind: 1}


def test_the_last_5xx_error_names_the_address_it_came_from() -> None:
    host = host_after(DIALLED, STARTED, bounced("5.1.0", "550", "no", "way"))
    assert host.last_error == LastError("550 no way", NOW, "192.0.2.25")
    assert host_after(DIALLED, STARTED, bounced("5.1.2", "000", "NXDomain")).last_error is None


def test_active_recipients_are_those_that_are_queued_and_not_through() -> None:
    counters = counted(*injected("a@a.example", "b@b.example", "c@b.example"))
    assert counters.active() == {"a.example": 1, "b.example": 2}
    counters.note(e.RecipientsDelivered(DCID, MID, (Rid(1),)), NOW)
    assert counters.active() == {"a.example": 1, "b.example": 1}
    counters.note(e.MessageFinished(MID), NOW)
    assert not counters.active()


def test_a_message_that_was_not_accepted_does_not_wait() -> None:
    *given, _, close = injected("a@a.example")
    counters = counted(*given, close)
    assert not counters.active()
    assert counters.domains() == []


def test_what_an_earlier_run_left_waits() -> None:
    message = QueuedMessage(MID, "", (Recipient(RID, "a@a.example"),), b"", NOW)
    counters = Counters()
    counters.resume([Parcel(message, "a.example", message.recipients, 1, NOW + timedelta(1))])
    assert counters.active() == {"a.example": 1}
    counters.note(bounced("5.1.0", "550"), NOW)
    assert counters.host("a.example").hard_bounced == 1
    assert counters.domains() == ["a.example"]


def test_a_message_that_came_in_unseen_is_not_counted() -> None:
    counters = counted(STARTED, DELAYED, bounced("5.1.0", "550"), e.MessageFinished(MID))
    assert counters.domains() == []


def test_questions_and_packets_are_counted() -> None:
    asked = [e.DnsAsked("a.example", "MX")] * 3
    counters = counted(*asked, e.DnsPacketSent("a.example", "MX", "10.10.5.61", 15))
    assert (counters.dns_requests, counters.network_requests) == (3, 1)
