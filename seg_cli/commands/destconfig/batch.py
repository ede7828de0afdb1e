"""destconfig on one line: each word and option is the answer to a question of the dialogue.

The names of options differ from the keys of the INI file (cli-core s2.9).
"""

from collections.abc import Collection

from seg_cli.commands.batch_line import BatchLine
from seg_cli.commands.destconfig.chain import IP_SORT_MENU, LIMIT_APPLY_MENU
from seg_cli.commands.destconfig.default_row import LIMIT_TYPE_MENU
from seg_cli.commands.destconfig.operations import (
    DEFAULT_ROW,
    OPERATIONS,
    Perform,
    new_at_default,
)
from seg_cli.commands.destconfig.security import DANE_MENU, MTA_STS_MENU, TLS_MENU
from seg_cli.config.bounce_profiles import DEFAULT_PROFILE
from seg_cli.config.codec.keys import DESTINATION_KEYS
from seg_cli.config.tree import Config
from seg_cli.dialogue.questions import Item
from seg_cli.printable import printable
from seg_cli.shell.session import Session

OPTIONS = tuple(key.batch for key in DESTINATION_KEYS)


def spelt(menu: tuple[Item[object], ...]) -> tuple[str, ...]:
    return tuple(item.batch for item in menu)


WORDS = {
    "concurrency_limit_type": spelt(LIMIT_TYPE_MENU),
    "concurrency_limit_apply": spelt(LIMIT_APPLY_MENU),
    "use_tls": spelt(TLS_MENU),
    "dane": spelt(DANE_MENU),
    "mta_sts": spelt(MTA_STS_MENU),
    "bounce_verification": ("off", "on"),
    "ip_sort_pref": spelt(IP_SORT_MENU),
}
"""The options that take words. Numbers are refused: those of menus and INI files differ."""


async def run_batch(session: Session, words: tuple[str, ...]) -> None:
    """Do what the line says and stage it, or raise UserError with nothing changed."""
    line = BatchLine("destconfig", words[1:])
    perform = parse_line(words[0].lower(), line, session.staged.config)
    sheet = line.sheet()
    config = await perform(session, session.console.answered_by(sheet))
    sheet.check_used()
    session.staged.stage(config)


def parse_line(operation: str, line: BatchLine, config: Config) -> Perform:
    """What to do; the answers are left on the line. Raises Invalid and MissingAnswer."""
    match operation:
        case "new":
            line.take("domain")
            take_options(line, config)
            return new_at_default
        case "edit":
            is_default = line.take("domain").lower() == DEFAULT_ROW
            if is_default:
                del line.answers["domain"]
            take_options(line, config)
            return OPERATIONS["DEFAULT" if is_default else "EDIT"]
        case "delete" | "detail":
            line.take("domain")
        case "import" | "export":
            line.take("file")
        case "list" | "clear":
            pass
        case _:
            line.refuse(printable(operation))
    return OPERATIONS[operation.upper()]


def take_options(line: BatchLine, config: Config) -> None:
    """The options of `new` and `edit`, each with a word it knows."""
    line.take_options(OPTIONS)
    for name, words in WORDS.items():
        check_word(line, name, words)
    check_word(line, "bounce_profile", (DEFAULT_PROFILE, *config.bounce_profiles))


def check_word(line: BatchLine, name: str, words: Collection[str]) -> None:
    given = line.answers.get(name)
    if given is not None and given.lower() not in {word.lower() for word in words}:
        line.refuse(f'{name}: "{printable(given)}" is not one of {", ".join(words)}')
