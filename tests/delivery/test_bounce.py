"""The postmaster: who is told what about an attempt, and who is told nothing."""

from dataclasses import replace
from datetime import UTC, timedelta

import pytest

from seg_cli.config.bounce_profiles import BounceProfile, BounceSettings
from seg_cli.config.tree import Config
from seg_cli.delivery.bounce import Fates, Postmaster
from seg_cli.delivery.dsn import Action, Notice
from seg_cli.delivery.past import NOTHING_YET, Past
from seg_cli.delivery.queue import Parcel, parcels_of
from seg_cli.policy.outcome import Bounced, Delayed, Delivered, Outcome
from tests.delivery.messages import HOUR, NOW, message

POSTMASTER = Postmaster("mail3.example.com", UTC, frozenset({"alt@here.example"}))
MESSAGE = message(7, "a@one.example", "b@one.example", "c@one.example")
BOUNCED = Bounced("5.1.0", "Unknown address error", "550", ("no",))
DELAYED = Delayed(NOW + HOUR, "4.4.0", "Other network problem", "000", ("timeout",))
HELD = Delayed(NOW + HOUR, code="000", lines=("certificate has expired",))
USUAL = BounceSettings()
WARNING = BounceSettings(send_warnings=True, warnings_interval=3600, warnings_count=2)


def parcel(sender: str = "me@here.example", past: Past = NOTHING_YET) -> Parcel:
    (whole,) = parcels_of(replace(MESSAGE, sender=sender))
    return replace(whole, past=past)


def told(
    fates: tuple[Outcome, ...],
    settings: BounceSettings = USUAL,
    *,
    about: Parcel | None = None,
    after: timedelta = HOUR,
) -> tuple[Notice, ...]:
    about = about or parcel()
    pairs: Fates = list(zip(about.recipients, fates, strict=False))
    return POSTMASTER.notices(about, pairs, settings, "mx.one.example", NOW + after)


def test_one_notice_tells_of_all_that_bounced_in_an_attempt() -> None:
    (notice,) = told((BOUNCED, Delivered("ok"), BOUNCED))
    assert (notice.action, notice.to) == (Action.FAILED, "me@here.example")
    assert [trouble.address for trouble in notice.troubles] == ["a@one.example", "c@one.example"]
    assert {trouble.remote for trouble in notice.troubles} == {"mx.one.example"}


def test_bounces_and_delays_of_one_attempt_are_told_apart() -> None:
    failure, warning = told((BOUNCED, DELAYED, HELD), WARNING)
    assert [trouble.status for trouble in failure.troubles] == ["5.1.0"]
    assert [trouble.status for trouble in warning.troubles] == ["4.4.0", "4.7.0"]
    assert warning.action is Action.DELAYED
    assert warning.until == NOW + timedelta(days=3)


@pytest.mark.parametrize(
    ("sender", "settings", "to"),
    [
        pytest.param("me@here.example", USUAL, ["me@here.example"], id="the sender"),
        pytest.param("", USUAL, [], id="nobody, for a null sender"),
        pytest.param(
            "me@here.example",
            BounceSettings(alternate_address="alt@here.example"),
            ["alt@here.example"],
            id="the alternate address instead of the sender",
        ),
        pytest.param(
            "",
            BounceSettings(alternate_address="alt@here.example"),
            ["alt@here.example"],
            id="the alternate address of a double bounce",
        ),
        pytest.param(
            "me@here.example", BounceSettings(send_bounces=False), [], id="nobody, by the profile"
        ),
    ],
)
def test_whom_a_bounce_is_told_to(sender: str, settings: BounceSettings, to: list[str]) -> None:
    notices = told((BOUNCED,), settings, about=parcel(sender))
    assert [notice.to for notice in notices] == to


def test_what_an_alternate_address_bounces_goes_nowhere() -> None:
    """Two profiles may name addresses that bounce to each other."""
    (about,) = parcels_of(replace(message(8, "alt@here.example"), sender=""))
    settings = BounceSettings(alternate_address="other@there.example")
    assert told((BOUNCED,), settings, about=about) == ()


@pytest.mark.parametrize(
    ("past", "after", "warned"),
    [
        pytest.param(NOTHING_YET, HOUR, True, id="the first after the interval"),
        pytest.param(NOTHING_YET, HOUR / 2, False, id="none before the interval"),
        pytest.param(Past(warnings=1, warned_at=NOW), HOUR, True, id="the next after the interval"),
        pytest.param(Past(warnings=1, warned_at=NOW + HOUR), HOUR, False, id="none too soon"),
        pytest.param(Past(warnings=2, warned_at=NOW), 9 * HOUR, False, id="none above the number"),
    ],
)
def test_when_a_delay_is_told(past: Past, after: timedelta, warned: bool) -> None:
    notices = told((DELAYED,), WARNING, about=parcel(past=past), after=after)
    assert [notice.action for notice in notices] == [Action.DELAYED] * warned


@pytest.mark.parametrize(
    ("sender", "settings"),
    [
        pytest.param("", WARNING, id="the null sender"),
        pytest.param("me@here.example", USUAL, id="a profile without warnings"),
    ],
)
def test_who_is_never_told_of_a_delay(sender: str, settings: BounceSettings) -> None:
    assert told((DELAYED,), settings, about=parcel(sender), after=24 * HOUR) == ()


def test_the_alternate_addresses_of_all_profiles_are_known() -> None:
    profiles = (
        BounceProfile("Default", alternate_address=""),
        BounceProfile("tight", alternate_address="alt@here.example"),
        BounceProfile("loose"),
    )
    config = replace(Config(), bounce_profiles={each.name: each for each in profiles})
    assert Postmaster.of(config).alternates == {"alt@here.example"}
