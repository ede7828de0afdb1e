"""destconfig: IMPORT, EXPORT and SETUP, to the letter, and what they refuse."""

import os
from dataclasses import replace

import pytest

from seg_cli.config.codec.text_file import MOST_BYTES
from seg_cli.config.destinations import DestinationControl, DestinationTable
from seg_cli.errors import Interrupted
from seg_cli.terms import TlsMode
from tests.commands.conftest import Desk
from tests.commands.entries import BARE, FULL, NO_TLS, stage
from tests.commands.scripts import answers, screen

EXPORT = """
Enter a name for the exported file:
[]> dest.ini

Export completed.

There are currently 3 entries configured.
"""

IMPORT = """
Enter the name of the file on machine "mail3.example.com" to import:
[]> dest.ini

3 entries imported successfully.

There are currently 3 entries configured.
"""

SETUP = """
The "Demo" certificate is currently configured. You may use "Demo", but this will not be secure.

1. Demo
Please choose the certificate to apply:
[1]> <Enter>

Do you want to send an alert when a required TLS connection fails? [N]> y
"""

FILE_NAME = (
    "A file name holds letters, digits, dots, dashes and underscores, "
    "and does not begin with a dot.\n"
)


def file_of(desk: Desk, data: bytes, name: str = "dest.ini") -> None:
    desk.appliance.store.save_file(name, data)


async def test_what_was_exported_is_imported_in_place_of_the_table(desk: Desk) -> None:
    stage(desk, FULL, BARE, NO_TLS)
    exported = desk.staged.destinations
    assert screen(EXPORT) in await desk.type("destconfig", "export", *answers(EXPORT), "")
    await desk.type("destconfig", "clear", "")
    stage(desk, DestinationControl("other.example"))
    assert screen(IMPORT) in await desk.type("destconfig", "import", *answers(IMPORT), "")
    assert desk.staged.destinations == exported


async def test_one_entry_is_counted_as_one(desk: Desk) -> None:
    stage(desk, BARE)
    await desk.type("destconfig export one.ini")
    shown = await desk.type("destconfig", "import", "one.ini", "")
    assert "\n1 entry imported successfully.\n\nThere is currently 1 entry configured.\n" in shown


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("nope.ini", 'File "nope.ini" does not exist.\n'),
        ("", "You must enter a value.\n"),
        ("../serial", FILE_NAME),
        ("/etc/passwd", FILE_NAME),
        (".hidden", FILE_NAME),
        ("x" * 5000, FILE_NAME),
        ("a\x1b[2J", FILE_NAME),
        ("пример.ini", FILE_NAME),
    ],
)
async def test_a_name_that_is_no_file_is_asked_for_again(
    desk: Desk, name: str, sentence: str
) -> None:
    stage(desk, FULL)
    shown = await desk.type("destconfig", "import", name, Interrupted)
    question = '\nEnter the name of the file on machine "mail3.example.com" to import:\n[]> '
    assert shown.endswith(f"{sentence}{question}\n^C -- Changes not recorded.\n")
    assert list(desk.staged.destinations.entries) == ["domain.com"]


@pytest.mark.parametrize("name", ["", "../x.ini", ".hidden", "x" * 5000, "a/b"])
async def test_a_bad_name_for_the_exported_file_is_asked_for_again(desk: Desk, name: str) -> None:
    shown = await desk.type("destconfig", "export", name, "dest.ini", "")
    assert shown.count("Enter a name for the exported file:\n[]> ") == 2
    assert desk.appliance.store.read_file("dest.ini").startswith(b"[DEFAULT]\n")


async def test_a_bad_file_changes_nothing_and_the_menu_returns(desk: Desk) -> None:
    stage(desk, FULL)
    before = desk.staged
    file_of(desk, b"[DEFAULT]\ntable_tls = maybe\n")
    shown = await desk.type("destconfig", "import", "dest.ini", "")
    assert (
        '\nLine 2: table_tls: "maybe" is not one of off, on, require, on_verify, require_verify, '
        "require_verify_hosted.\n\nThere is currently 1 entry configured.\n"
    ) in shown
    assert desk.staged == before


async def test_folders_pipes_and_links_are_not_read(desk: Desk) -> None:
    path = desk.appliance.store.configuration_path
    path("folder").mkdir()
    os.mkfifo(path("pipe"))
    path("link").symlink_to("/etc/passwd")
    shown = await desk.type("destconfig", "import", "folder", "pipe", "link", Interrupted)
    assert '\nFile "folder" cannot be read: Is a directory.\n' in shown
    assert '\nFile "pipe" is not a plain file.\n' in shown
    assert '\nFile "link" cannot be read: Too many levels of symbolic links.\n' in shown


async def test_a_file_that_cannot_be_written_leaves_the_menu_standing(desk: Desk) -> None:
    desk.appliance.store.configuration_path("folder").mkdir()
    shown = await desk.type("destconfig", "export", "folder", "")
    assert "could not be written: Is a directory.\n\nThere are currently" in shown


async def test_a_file_that_is_too_large_is_not_read(desk: Desk) -> None:
    file_of(desk, b"#" * (MOST_BYTES + 1))
    shown = await desk.type("destconfig", "import", "dest.ini", Interrupted)
    assert f'\nFile "dest.ini" is larger than {MOST_BYTES} bytes.\n' in shown


async def test_setup_asks_for_the_certificate_and_about_the_alert(desk: Desk) -> None:
    shown = await desk.type("destconfig", "setup", *answers(SETUP), "")
    assert screen(SETUP) in shown
    assert desk.staged.destinations.default.tls_alert
    shown = await desk.type("destconfig", "setup", "", "", "")
    assert "a required TLS connection fails? [Y]> \n" in shown


async def test_clear_and_default_keep_the_global_settings(desk: Desk) -> None:
    await desk.type("destconfig", "setup", "", "y", "clear", "default", *[""] * 10, "")
    assert desk.staged.destinations.default.tls_alert


async def test_a_table_that_is_full_takes_no_entry(desk: Desk) -> None:
    entries = {name: DestinationControl(name) for name in (f"d{n}.example" for n in range(40_000))}
    config = replace(desk.staged, destinations=DestinationTable(entries))
    desk.session.staged.stage(config)
    shown = await desk.type("destconfig", "new", "")
    assert "\nThe table cannot hold more than 40000 entries.\n\nThere are currently 40000" in shown


async def test_tls_of_the_default_row_survives_the_file(desk: Desk) -> None:
    await desk.type("destconfig edit default use_tls=require")
    await desk.type("destconfig export dest.ini")
    await desk.type("clear", "y")
    await desk.type("destconfig import dest.ini")
    assert desk.staged.destinations.default.tls is TlsMode.REQUIRED
