"""dig: one DNS question to one server, and its answer as BIND's dig shows it.

dig [-s source_ip] [-t] [-u] [@dns_ip] [qtype] hostname     -t: over TCP, -u: over UDP
dig -x reverse_ip [-t] [-u] [@dns_ip]
"""

import ipaddress
from dataclasses import dataclass, replace

from seg_cli.address_literals import is_address
from seg_cli.commands.interface_choice import interface_question
from seg_cli.commands.query_types import QUERY_TYPE, TYPE_NAMES
from seg_cli.dialogue.entries import Host
from seg_cli.dialogue.hosts import HostForm, parse_host
from seg_cli.dialogue.questions import YesNo
from seg_cli.errors import Invalid
from seg_cli.printable import printable
from seg_cli.shell.command import Arguments
from seg_cli.shell.session import Session

NAME = frozenset({HostForm.HOSTNAME, HostForm.DNS_NAME, HostForm.ADDRESS})
SERVER = frozenset({HostForm.HOSTNAME, HostForm.ADDRESS})
SERVER_QUESTION = (
    "Please enter the host or IP address of DNS server. "
    "Leave the entry blank to use the default server."
)
DIG_TYPES = TYPE_NAMES | {"TLSA", "DS", "DNSKEY", "RRSIG", "NSEC", "NSEC3"}
TRANSPORTS = {"-t": True, "-u": False}
WITH_VALUE = frozenset({"-s", "-x"})


@dataclass(frozen=True, slots=True)
class Query:
    """What to ask whom; `server` is "" for the appliance's resolvers, `command` as typed."""

    name: str = ""
    rdtype: str = "A"
    server: str = ""
    over_tcp: bool = False
    command: str = ""


async def run(session: Session, arguments: Arguments) -> None:
    """Ask, and print the whole answer."""
    query = parse_query(arguments) if arguments.words else await ask_query(session)
    session.console.say(*await answer_lines(session, query))


def parse_query(arguments: Arguments) -> Query:
    """The query of a batch line; name and type may come in either order, in any case."""
    words = list(arguments.words)
    query = Query(command=" ".join(arguments.words))
    while words:
        word = words.pop(0)
        if word in WITH_VALUE and words:
            query = with_option(query, word, words.pop(0))
        else:
            query = with_word(query, word)
    if not query.name:
        raise bad_argument("no hostname")
    return query


def with_option(query: Query, option: str, value: str) -> Query:
    """The query after an option and its value; the source address is always the right one."""
    address = check(value, frozenset({HostForm.ADDRESS}))
    if option == "-x":
        return replace(query, name=reverse_name(address), rdtype="PTR")
    return query


def with_word(query: Query, word: str) -> Query:
    """The query after a word that stands alone; raises Invalid for one that makes no sense."""
    if word in TRANSPORTS:
        return replace(query, over_tcp=TRANSPORTS[word])
    if word.startswith("@"):
        return replace(query, server=check(word[1:], SERVER))
    if word.upper() in DIG_TYPES:
        return replace(query, rdtype=word.upper())
    if query.name or word.startswith("-"):
        raise bad_argument(word)
    return replace(query, name=check(word, NAME))


def check(text: str, forms: frozenset[HostForm]) -> str:
    """A host of a batch line; raises Invalid with the line's own opening."""
    try:
        return parse_host(text, forms)
    except Invalid:
        raise bad_argument(text) from None


def bad_argument(what: str) -> Invalid:
    return Invalid(f"Invalid arguments when processing dig: {printable(what)}")


def reverse_name(address: str) -> str:
    """The name under which an address reverses (RFC 1035 s3.5)."""
    return ipaddress.ip_address(address).reverse_pointer


async def ask_query(session: Session) -> Query:
    """The query of the dialogue: host, type, interface, server, transport."""
    ask = session.console.ask
    name = await ask(Host("host", "Enter the host or IP address to look up.", forms=NAME))
    rdtype = await ask(QUERY_TYPE)
    await ask(
        interface_question(
            "Select interface to run dig query from:", session.appliance.config.interfaces
        )
    )
    server = await ask(Host("server", SERVER_QUESTION, forms=SERVER, default=""))
    over_tcp = await ask(YesNo("tcp", "Do you want to make query over TCP?", default=False))
    if is_address(name):
        name, rdtype = reverse_name(name), "PTR"
    at_server = f"@{server} " if server else ""
    return Query(name, rdtype, server, over_tcp, f"{at_server}{name} {rdtype.lower()}")


async def answer_lines(session: Session, query: Query) -> list[str]:
    """The answer of the server, or the lines that say that there was none."""
    from seg_cli.commands.dig_answer import ask  # noqa: PLC0415 - loads the DNS library
    from seg_cli.commands.dig_output import dig_lines  # noqa: PLC0415 - as above

    asked = await ask(await session.appliance.network(), query)
    if asked is None:
        return [f"dig: couldn't get address for '{query.server}': not found"]
    return dig_lines(query, asked, session.appliance.date())
