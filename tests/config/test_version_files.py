"""Old versions: which are kept, and that only what nobody can want any more is removed."""

from dataclasses import replace
from pathlib import Path

from seg_cli.config.rollback import MOST_KEPT
from seg_cli.config.store import Change, ConfigStore
from seg_cli.config.version_files import MOST_RECENT
from tests.config.conftest import NOW


def commit(store: ConfigStore, *, for_rollback: bool) -> int:
    """Commit some change; its number."""
    staged = store.staged()
    delivery = replace(staged.config.delivery, max_concurrency=store.current.number)
    staged.stage(replace(staged.config, delivery=delivery))
    return store.commit(staged, Change("admin", NOW, "why", for_rollback)).number


def numbers(directory: Path) -> list[int]:
    return sorted(int(path.stem) for path in (directory / "versions").iterdir())


def test_the_latest_are_kept_whatever_they_are(directory: Path, store: ConfigStore) -> None:
    for _ in range(MOST_RECENT + 4):
        last = commit(store, for_rollback=False)
    assert numbers(directory) == list(range(last - MOST_RECENT + 1, last + 1))


def test_those_saved_for_rollback_are_kept_beside_them(directory: Path, store: ConfigStore) -> None:
    saved = [commit(store, for_rollback=True) for _ in range(MOST_KEPT + 3)][3:]
    recent = [commit(store, for_rollback=False) for _ in range(MOST_RECENT + 2)][2:]
    assert numbers(directory) == saved + recent
    assert [each.number for each in store.saved_for_rollback()] == saved[::-1]
    assert store.version(saved[0]).config.delivery.max_concurrency == saved[0] - 1


def test_what_cannot_be_read_is_neither_listed_nor_removed(
    directory: Path, store: ConfigStore
) -> None:
    damaged = commit(store, for_rollback=True)
    (directory / "versions" / f"{damaged:06}.xml").write_bytes(b"\xff" * 100)
    for _ in range(MOST_RECENT + 2):
        commit(store, for_rollback=False)
    assert store.saved_for_rollback() == ()
    assert damaged in numbers(directory)


def test_numbers_go_on_after_old_versions_are_gone(directory: Path, store: ConfigStore) -> None:
    last = [commit(store, for_rollback=False) for _ in range(MOST_RECENT + 4)][-1]
    assert store.current.number == last == max(numbers(directory))
