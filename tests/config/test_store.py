"""The store: committed configurations survive, half-written ones never show."""

import os
import stat
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from seg_cli.config.changes import CommitConflict
from seg_cli.config.codec.text_file import MOST_BYTES
from seg_cli.config.destinations import DestinationControl
from seg_cli.config.smtp_routes import RouteHost, SmtpRoute, SmtpRoutes
from seg_cli.config.staging import StagedConfig
from seg_cli.config.store import Change, ConfigStore
from seg_cli.config.tree import Config
from seg_cli.errors import ApplianceBusy, BadFile, Invalid, UserError
from seg_cli.terms import TlsMode
from tests.config.conftest import NOW, opened

CHANGE = Change("admin", NOW, 'why -- "not"\n<!-- ? -->', for_rollback=True)


def with_tls(config: Config, domain: str, tls: TlsMode = TlsMode.REQUIRED) -> Config:
    table = config.destinations.with_entry(DestinationControl(domain, tls=tls))
    return replace(config, destinations=table)


def stage_tls(staged: StagedConfig, domain: str) -> None:
    staged.stage(with_tls(staged.config, domain))


def test_first_start_commits_the_initial_configuration_once(directory: Path) -> None:
    with opened(directory) as store:
        first = store.current
    assert (first.number, first.author, first.comment, first.at) == (1, "admin", "lab", NOW)
    with opened(directory) as store:
        assert store.current == first
        assert [path.name for path in (directory / "versions").iterdir()] == ["000001.xml"]


def test_serial_has_the_virtual_form_and_is_made_once(directory: Path) -> None:
    with opened(directory) as store:
        serial = store.serial
    left, right = serial.split("-")
    assert (len(left), len(right), serial) == (20, 12, serial.upper())
    int(left + right, 16)
    with opened(directory) as store:
        assert store.serial == serial


def test_a_commit_is_there_after_a_restart(directory: Path) -> None:
    with opened(directory) as store:
        staged = store.staged()
        stage_tls(staged, "domain.com")
        version = store.commit(staged, CHANGE)
        assert not staged.changed
    with opened(directory) as store:
        assert store.current == version
        assert store.version(2) == version
        assert store.current.comment == CHANGE.comment


def test_nothing_staged_makes_no_version(store: ConfigStore) -> None:
    assert store.commit(store.staged(), CHANGE).number == 1


def test_all_is_private(directory: Path, store: ConfigStore) -> None:
    store.save_file("dest.ini", b"[DEFAULT]\n")
    for path in (directory, *directory.rglob("*")):
        wanted = 0o700 if path.is_dir() else 0o600
        assert stat.S_IMODE(path.stat().st_mode) == wanted, path


def test_greeting_follows_the_committed_hostname(directory: Path, store: ConfigStore) -> None:
    assert (directory / "greeting").read_text() == "Welcome\nmail.lab.example> "
    staged = store.staged()
    staged.stage(replace(staged.config, hostname="other.example"))
    store.commit(staged, CHANGE)
    assert (directory / "greeting").read_text() == "Welcome\nother.example> "


def test_a_lost_greeting_is_written_at_the_next_start(directory: Path) -> None:
    opened(directory).close()
    (directory / "greeting").unlink()
    opened(directory).close()
    assert (directory / "greeting").exists()


def test_a_second_owner_is_refused_with_a_sentence(directory: Path, store: ConfigStore) -> None:
    with pytest.raises(ApplianceBusy, match=r"The appliance in .* is in use by process \d+\."):
        opened(directory)
    store.close()
    store.close()
    opened(directory).close()


@pytest.mark.usefixtures("store")
def test_a_second_process_is_refused(directory: Path) -> None:
    program = (
        "from pathlib import Path; from tests.config.conftest import opened; "
        f"opened(Path({str(directory)!r}))"
    )
    answer = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert "ApplianceBusy" in answer.stderr


def test_a_failed_write_leaves_the_old_version_and_the_staged_changes(
    directory: Path, store: ConfigStore
) -> None:
    staged = store.staged()
    stage_tls(staged, "domain.com")
    (directory / "versions" / "000002.xml").mkdir()
    with pytest.raises(UserError, match="could not be written"):
        store.commit(staged, CHANGE)
    assert store.current.number == 1
    assert staged.changed
    names = sorted(path.name for path in (directory / "versions").iterdir())
    assert names == ["000001.xml", "000002.xml"]
    (directory / "versions" / "000002.xml").rmdir()
    assert store.commit(staged, CHANGE).number == 2


def test_what_a_kill_left_half_written_is_not_seen(directory: Path) -> None:
    opened(directory).close()
    half = directory / "versions" / ".000002.xml.new"
    half.write_bytes(b"<?xml")
    with opened(directory) as store:
        staged = store.staged()
        stage_tls(staged, "domain.com")
        assert store.commit(staged, CHANGE).number == 2
    assert not half.exists()


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        pytest.param(
            b'<!DOCTYPE config [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><config>&b;</config>',
            "The file declares entities or its own grammar.",
            id="entities",
        ),
        pytest.param(b"<config>" + b"<dns>" * 100_000, "more than 8 deep", id="depth"),
        pytest.param(b" " * (MOST_BYTES + 1), "is larger than", id="size"),
        pytest.param(b"\x00" * 100, "The file is not XML", id="not XML"),
    ],
)
def test_a_hostile_version_is_refused_at_the_start(
    directory: Path, data: bytes, sentence: str
) -> None:
    opened(directory).close()
    (directory / "versions" / "000001.xml").write_bytes(data)
    with pytest.raises(BadFile, match=rf'000001\.xml".*{sentence}'):
        opened(directory)


def test_a_pipe_in_place_of_a_version_is_refused_at_once(directory: Path) -> None:
    opened(directory).close()
    os.mkfifo(directory / "versions" / "000002.xml")
    with pytest.raises(BadFile, match=r'000002\.xml" is not a plain file\.'):
        opened(directory)


def test_a_configuration_that_could_not_be_read_again_is_not_committed(store: ConfigStore) -> None:
    staged = store.staged()
    hosts = tuple(RouteHost(f"{'x' * 60}.{'y' * 60}.example") for _ in range(100))
    routes = {f"d{n}.example": SmtpRoute(f"d{n}.example", hosts) for n in range(6000)}
    staged.stage(replace(staged.config, smtp_routes=SmtpRoutes(routes)))
    with pytest.raises(UserError, match="The configuration is larger than"):
        store.commit(staged, CHANGE)
    assert staged.changed
    assert store.current.number == 1


def test_a_damaged_version_is_named_and_the_directory_given_up(directory: Path) -> None:
    opened(directory).close()
    (directory / "versions" / "000001.xml").write_bytes(b"<config>")
    for _ in range(2):
        with pytest.raises(BadFile, match=r'000001\.xml": The file is not XML'):
            opened(directory)


def test_areas_that_one_side_changed_are_merged(store: ConfigStore) -> None:
    ours, theirs = store.staged(), store.staged()
    stage_tls(ours, "domain.com")
    theirs.stage(replace(theirs.config, timezone="Asia/Seoul"))
    store.commit(theirs, CHANGE)
    merged = store.commit(ours, CHANGE).config
    assert merged.timezone == "Asia/Seoul"
    assert merged.destinations.find("domain.com")


def test_an_area_that_both_changed_is_a_conflict(store: ConfigStore) -> None:
    ours, theirs, third = store.staged(), store.staged(), store.staged()
    for staged, domain in ((ours, "ours.example"), (theirs, "theirs.example")):
        stage_tls(staged, domain)
    third.stage(replace(third.config, timezone="Asia/Seoul"))
    store.commit(theirs, replace(CHANGE, author="alice", at=NOW + timedelta(minutes=1)))
    store.commit(third, replace(CHANGE, author="bob"))
    with pytest.raises(CommitConflict) as caught:
        store.commit(ours, CHANGE)
    assert (caught.value.areas, caught.value.author) == (("destconfig",), "alice")
    assert str(caught.value) == (
        "The following settings were changed by alice at Thu Sep 26 15:24:39 2024 UTC: destconfig."
    )
    assert ours.changed
    ours.put_over()
    config = store.commit(ours, CHANGE).config
    assert list(config.destinations.entries) == ["ours.example"]
    assert config.timezone == "Asia/Seoul"


def test_the_same_change_twice_is_no_conflict(store: ConfigStore) -> None:
    ours, theirs = store.staged(), store.staged()
    stage_tls(ours, "domain.com")
    stage_tls(theirs, "domain.com")
    store.commit(theirs, CHANGE)
    store.commit(ours, CHANGE)


def test_a_login_follows_only_while_it_has_no_changes(store: ConfigStore) -> None:
    idle, busy, other = store.staged(), store.staged(), store.staged()
    stage_tls(busy, "domain.com")
    other.stage(replace(other.config, timezone="Asia/Seoul"))
    store.commit(other, CHANGE)
    idle.follow()
    busy.follow()
    assert idle.config.timezone == "Asia/Seoul"
    assert busy.config.timezone == "Etc/GMT"
    busy.clear()
    assert busy.config == store.current.config


def test_a_configuration_with_problems_is_not_committed(store: ConfigStore) -> None:
    staged = store.staged()
    entry = DestinationControl("domain.com", bounce_profile="tls_failed")
    staged.stage(replace(staged.config, destinations=staged.config.destinations.with_entry(entry)))
    with pytest.raises(UserError, match='"tls_failed", which does not exist'):
        store.commit(staged, CHANGE)
    assert staged.changed


@pytest.mark.parametrize("name", ["", ".hidden", "..", "a/b", "/etc/passwd", "a\n", "ü", "x" * 300])
def test_file_names_are_one_plain_component(store: ConfigStore, name: str) -> None:
    with pytest.raises(Invalid, match="A file name holds"):
        store.configuration_path(name)


def test_files_of_the_configuration_folder(directory: Path, store: ConfigStore) -> None:
    assert store.save_file("dest.ini", b"x") == directory / "configuration" / "dest.ini"
    assert store.read_file("dest.ini") == b"x"
    with pytest.raises(BadFile, match=r'File "other.ini" does not exist\.'):
        store.read_file("other.ini")


def test_opening_imports_none_of_the_heavy_libraries(directory: Path) -> None:
    opened(directory).close()
    program = (
        "import sys; from pathlib import Path; from datetime import datetime, UTC\n"
        "from seg_cli.config.store import ConfigStore; from seg_cli.config.tree import Config\n"
        f"directory = Path({str(directory)!r})\n"
        "ConfigStore.open(directory, Config, datetime(2024, 1, 1, tzinfo=UTC), str)\n"
        "heavy = {'dns', 'cryptography', 'requests', 'rich', 'prompt_toolkit', 'asyncio', 'ssl'}\n"
        "sys.exit(', '.join(heavy & sys.modules.keys()) or 0)"
    )
    answer = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert (answer.returncode, answer.stderr) == (0, "")


def take_away_versions(directory: Path) -> None:
    for path in (directory / "versions").iterdir():
        path.unlink()
    (directory / "versions").rmdir()


def test_versions_that_were_taken_away_are_missed_and_nothing_is_begun(directory: Path) -> None:
    with opened(directory):
        pass
    take_away_versions(directory)
    before = sorted(directory.rglob("*"))
    with pytest.raises(BadFile) as refusal:
        opened(directory)
    assert str(refusal.value) == (
        f'"{directory / "versions"}" holds no configuration, but some were committed here: put '
        f'them back, or remove "{directory / "greeting"}" to begin anew.'
    )
    assert sorted(directory.rglob("*")) == before


def test_without_the_greeting_it_begins_anew(directory: Path) -> None:
    with opened(directory):
        pass
    take_away_versions(directory)
    (directory / "greeting").unlink()
    with opened(directory) as store:
        assert store.current.number == 1
