"""Name servers as bad as can be, through a whole appliance: the other one is asked, or mail waits.

What is forged is never believed, and no question is asked without end.
"""

import asyncio
from contextlib import closing
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import dns.message
import pytest

from tests.net.name_server import (
    NameServerPeer,
    Reply,
    Script,
    forged,
    garbage,
    in_turn,
    records,
    silence,
    truncated,
)
from tests.whole.detours import abroad
from tests.whole.test_tech_note import assert_in_order

FIRST, SECOND = "10.10.5.61", "10.10.5.62"
"""The resolvers of the lab, by priority."""

TXT = ("_mta-sts.domain.com", "TXT")
MX = ("domain.com", "MX")
EVIL = "domain.com. 60 MX 0 mx.evil.example."
TRUE = records("domain.com. 60 MX 10 mx1.mail123.domain.com.")
POLICY_HOST, MAIL_HOST = "mta-sts.domain.com", "mx1.mail123.domain.com"

SUCCESS = "MTA-STS policy for the domain (domain.com) Successful."
NO_RECORD = (
    "No usable MTA-STS TXT record for domain(domain.com): "
    "the look-up of the MTA-STS TXT record failed"
)
NO_POLICY_HOST = (
    "STS policy fetch request failed due to no address of the policy host. domain domain.com"
)
UNLISTED = (
    r"MX host \027[2j\007\155\010\000.domain.com is not listed in the MTA-STS policy "
    "for the domain (domain.com)"
)
NO_DOMAIN = (
    "Bounced: DCID 0 MID 5444 to RID 0 - 5.1.2 - Bad destination host "
    "('000', ['DNS Hard Error looking up domain.com (MX):  NXDomain']) []"
)
FINISHED = "Message finished MID 5444 done"
SOFT = "DNS Soft Error looking up {} ({}) while asking {}. Error was: {}"
DELAYED = "Delayed: DCID 0 MID 5444 to RID 0 - 4.4.0 - Other network problem ('000', ['{}'])[]"


class HalfAnswering(NameServerPeer):
    """Over TCP it closes in the middle of its answer."""

    async def answer_tcp(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with closing(writer):
            length = int.from_bytes(await reader.readexactly(2), "big")
            (wire,) = self.replies("tcp", await reader.readexactly(length))
            writer.write(len(wire).to_bytes(2, "big") + wire[: len(wire) // 2])
            await writer.drain()


def to_itself(query: dns.message.Message) -> tuple[bytes, ...]:
    """One record, whose name is a pointer to where it stands (RFC 1035 s4.1.4)."""
    asked = dns.message.make_query(query.question[0].name, "MX", id=query.id).to_wire()
    header, question = asked[:2] + b"\x81\x80\0\1\0\1\0\0\0\0", asked[12:]
    pointer = 0xC000 | len(header + question)
    return (header + question + pointer.to_bytes(2, "big") + b"\0\x0f\0\1\0\0\0\0\0\0",)


def longest(query: dns.message.Message) -> tuple[bytes, ...]:
    """As many octets as a message can have, and no sense behind the id."""
    return (query.id.to_bytes(2, "big").ljust(65_535, b"\xff"),)


@dataclass(frozen=True, slots=True)
class Manner:
    """How a server answers about the MX records, and what the log calls it."""

    error: str
    udp: Reply
    tcp: Reply = TRUE
    kind: type[NameServerPeer] = NameServerPeer

    def server(self) -> NameServerPeer:
        return self.kind({MX: self.udp}, {MX: self.tcp})


MALFORMED = "malformed reply"
MANNERS = {
    "cut, and broken off over TCP": Manner("EOF", truncated, kind=HalfAnswering),
    "cut, and closed over TCP": Manner("EOF", truncated, silence),
    "cut, and cut over TCP": Manner(MALFORMED, truncated, truncated),
    "cut, and forged over TCP": Manner(MALFORMED, truncated, forged(EVIL)),
    "cut, and 64 KiB over TCP": Manner(MALFORMED, truncated, longest),
    "forged": Manner("timeout", forged(EVIL)),
    "garbage": Manner(MALFORMED, garbage),
    "a name that points to itself": Manner(MALFORMED, to_itself),
    "an id and no more": Manner(MALFORMED, lambda query: (query.to_wire()[:2],)),
    "not even an id": Manner("timeout", lambda _: (b"",)),
    "silence": Manner("timeout", silence),
}


@pytest.mark.requirement("DNS-03")
@pytest.mark.requirement("DNS-04")
@pytest.mark.parametrize("manner", MANNERS)
async def test_for_one_that_misbehaves_the_next_is_asked(tmp_path: Path, manner: str) -> None:
    async with abroad(tmp_path) as here:
        await here.serve_names(FIRST, MANNERS[manner].server())
        await here.send()
        failure = SOFT.format(*MX, FIRST, MANNERS[manner].error)
        assert_in_order([failure, SUCCESS, FINISHED], here.box.log())
        assert "evil" not in "\n".join(here.box.log())


@pytest.mark.requirement("DNS-01")
@pytest.mark.parametrize("manner", MANNERS)
async def test_where_both_misbehave_mail_waits(tmp_path: Path, manner: str) -> None:
    """Nothing is known then, which is not the same as that there are no mail hosts."""
    async with abroad(tmp_path) as here:
        for resolver in (FIRST, SECOND):
            await here.serve_names(resolver, MANNERS[manner].server())
        await here.send()
        log = here.box.log()
        error = MANNERS[manner].error
        assert_in_order([SOFT.format(*MX, each, error) for each in (FIRST, SECOND)], log)
        assert log[-1] == "MID 5444 to RID [0] pending till Thu Sep 26 15:24:39 2024"
        assert log[-2].startswith(DELAYED.partition("('")[0])


@pytest.mark.requirement("DNS-03")
@pytest.mark.requirement("DNS-04")
@pytest.mark.parametrize(
    ("udp", "tcp"),
    [
        pytest.param(in_turn(forged(EVIL), TRUE), TRUE, id="the true answer behind forged ones"),
        pytest.param(truncated, TRUE, id="the whole over TCP"),
    ],
)
async def test_what_was_asked_for_is_believed_however_it_comes(
    tmp_path: Path, udp: Reply, tcp: Reply
) -> None:
    async with abroad(tmp_path) as here:
        await here.serve_names(FIRST, NameServerPeer({MX: udp}, {MX: tcp}))
        await here.send()
        log = here.box.log()
        assert_in_order([SUCCESS, FINISHED], log)
        assert not [line for line in log if "DNS Soft Error" in line or "evil" in line]


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        pytest.param(
            TXT[0],
            [
                SOFT.format(*TXT, SECOND, MALFORMED),
                NO_RECORD,
                FINISHED,
            ],
            id="the TXT record",
        ),
        pytest.param(
            POLICY_HOST,
            [
                SOFT.format(POLICY_HOST, "AAAA", SECOND, MALFORMED),
                NO_POLICY_HOST,
                FINISHED,
            ],
            id="the policy host",
        ),
        pytest.param(
            MAIL_HOST,
            [
                SOFT.format(MAIL_HOST, "AAAA", SECOND, MALFORMED),
                DELAYED.format("no address"),
            ],
            id="the mail host",
        ),
    ],
)
async def test_what_nobody_can_say_is_unknown(tmp_path: Path, asked: str, told: list[str]) -> None:
    script: Script = {(asked, rdtype): garbage for rdtype in ("TXT", "A", "AAAA")}
    async with abroad(tmp_path) as here:
        for resolver in (FIRST, SECOND):
            await here.serve_names(resolver, NameServerPeer(script))
        await here.send()
        assert_in_order(told, here.box.log())


# Aliases


def alias(name: str, target: str) -> str:
    return f"{name}. 60 CNAME {target}."


def chain(name: str, length: int) -> Script:
    """A chain of aliases that begins at a name; each is another question."""
    names = [name, *(f"a{number}.domain.com" for number in range(length))]
    return {
        (one, rdtype): records(alias(one, following))
        for one, following in pairwise(names)
        for rdtype in ("TXT", "MX", "A", "AAAA")
    }


def loop(name: str) -> Script:
    reply = records(alias(name, "a.domain.com"), alias("a.domain.com", name))
    return {(name, rdtype): reply for rdtype in ("TXT", "MX", "A", "AAAA")}


@pytest.mark.requirement("DNS-07")
@pytest.mark.parametrize(
    ("script", "told"),
    [
        pytest.param(loop("domain.com"), DELAYED.format("too many aliases"), id="of the domain"),
        pytest.param(
            chain("domain.com", 1000), DELAYED.format("too many aliases"), id="without end"
        ),
        pytest.param(loop(MAIL_HOST), DELAYED.format("no address"), id="of the mail host"),
        pytest.param(
            loop(TXT[0]),
            NO_RECORD,
            id="of the TXT record",
        ),
        pytest.param(
            loop(POLICY_HOST),
            NO_POLICY_HOST,
            id="of the policy host",
        ),
    ],
)
async def test_aliases_that_lead_nowhere(tmp_path: Path, script: Script, told: str) -> None:
    peer = NameServerPeer(script)
    async with abroad(tmp_path) as here:
        await here.serve_names(FIRST, peer)
        await here.send()
        assert told in here.box.log()
        assert len(peer.asked) < 40


# What stands in records

ESCAPES = r"\027[2J\007\155\010\000"
"""In the form of a zone file: octets that drive terminals, a line end among them."""


@pytest.mark.parametrize(
    ("script", "told"),
    [
        pytest.param(
            {TXT: records(f'{TXT[0]}. 60 TXT "v=STSv1; id={ESCAPES};"')},
            [
                "No usable MTA-STS TXT record for domain(domain.com): invalid MTA-STS TXT record",
                FINISHED,
            ],
            id="the TXT record",
        ),
        pytest.param(
            {TXT: records(f'{TXT[0]}. 60 TXT "v=STSv1; id=1;" | "{ESCAPES}"')},
            [SUCCESS, FINISHED],
            id="another TXT record",
        ),
        pytest.param(
            {MX: records(f"domain.com. 60 MX 10 {MAIL_HOST}. | 5 {ESCAPES}.domain.com.")},
            [
                UNLISTED,
                SUCCESS,
                FINISHED,
            ],
            id="the name of a mail host",
        ),
        pytest.param(
            {MX: records(alias("domain.com", f"{ESCAPES}.domain.com"))},
            [
                NO_DOMAIN,
                FINISHED,
            ],
            id="the target of an alias",
        ),
    ],
)
async def test_what_drives_terminals_reaches_no_log(
    tmp_path: Path, script: Script, told: list[str]
) -> None:
    async with abroad(tmp_path) as here:
        await here.serve_names(FIRST, NameServerPeer(script))
        await here.send()
        assert_in_order(told, here.box.log())
