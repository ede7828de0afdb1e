"""Stories are kept by message, the oldest forgotten first."""

from datetime import UTC, datetime

from seg_cli.delivery.story import Governed, Stories
from seg_cli.policy.precedence import Applies, Governance
from seg_cli.terms import Mid, TlsMode

NOW = datetime(2024, 9, 26, tzinfo=UTC)
STEP = Governed(Governance(TlsMode.REQUIRED, Applies(), Applies()))


def test_each_attempt_of_a_message_is_a_story() -> None:
    stories = Stories(lambda: NOW)
    stories.begin(Mid(1), "a.example").tell(STEP)
    stories.begin(Mid(1), "a.example")
    first, second = stories.of(Mid(1))
    assert (first.steps, second.steps) == ([STEP], [])
    assert stories.of(Mid(2)) == ()


def test_the_oldest_message_is_forgotten() -> None:
    stories = Stories(lambda: NOW, most=2)
    for mid in (1, 2, 1, 3):
        stories.begin(Mid(mid), "a.example")
    assert (stories.of(Mid(1)), stories.newest) == ((), Mid(3))
    assert len(stories.of(Mid(2))) == 1
