"""Policy hosts as bad as can be, through a whole appliance: one cause in the log, mail by the rest.

What such a host serves is no policy, so the TLS setting decides, or the policy fetched before.
"""

from pathlib import Path

import pytest

from seg_cli.lab.reading import parse_spec
from seg_cli.standards.mta_sts import MAX_BODY
from tests.net.policy_peers import PolicyHost, chunked, head, response
from tests.whole.conftest import LAB
from tests.whole.detours import Abroad, abroad
from tests.whole.test_tech_note import assert_in_order

POLICY_HOST = ("10.1.1.4", 443)
SUCCESS = "MTA-STS policy for the domain (domain.com) Successful."
LISTED = "*.mail123.domain.com"
ESCAPES = "\x1b[2J\x1b]0;me\x07\x9b0m"
SPELT = r"\x1b[2j\x1b]0;me\x07Â\x9b0m".lower()
"""As a log shows them, in the small letters of a header: a byte is a character there."""

INVALID = "invalid policy"
TOO_LARGE = "body larger than 65536 bytes"
INCOMPLETE = "incomplete HTTP response"


def policy(*more: str, mx: str = LISTED, mode: str = "enforce", max_age: str = "604800") -> bytes:
    lines = ("version: STSv1", f"mode: {mode}", f"mx: {mx}", f"max_age: {max_age}", *more)
    return "\n".join(lines).encode()


def of_size(octets: int) -> bytes:
    """A policy that is in order but for its size, in four lines and an endless fifth."""
    return policy("filler: ").ljust(octets, b"x")


def endless() -> bytes:
    """More than anybody should read, without a length, and without an end."""
    return chunked(policy(), *[b"\nfiller: " + b"x" * 1000] * 100)


BODIES = {
    "an escape sequence in the list": policy(mx=f"{ESCAPES}.example"),
    "an escape sequence in a field that nobody knows": policy(f"note: {ESCAPES}"),
    "a control character in the mode": policy(mode="enforce\0"),
    "a control character as a name": policy("\x07: x"),
    "an override of direction": policy(mode="\u202eecrofne"),
    "line ends of another kind": policy().replace(b"\n", "\u2028".encode()),
    "bare CRs": policy().replace(b"\n", b"\r"),
    "a byte order mark": "\ufeff".encode() + policy(),
    "UTF-16": policy().decode().encode("utf-16"),
    "no UTF-8": policy("note: \xff\xfe").decode().encode("latin-1"),
    "all octets there are": bytes(range(256)) * 200,
    "nothing": b"",
    "one endless line": b"x" * MAX_BODY,
    "nothing but line ends": b"\n" * MAX_BODY,
    "a max_age of many digits": policy(max_age="9" * 60_000),
    "a max_age of ten digits": policy(max_age="9999999999"),
    "a max_age in other digits": policy(max_age="٦٠٤٨٠٠"),
    "a max_age with a sign": policy(max_age="-1"),
    "a max_age in hex": policy(max_age="0xFFFFFF"),
    "a first mode that is none of the three": policy(mode="block"),
    "a pattern in the middle": policy(mx="mail.*.domain.com"),
}
HEADS = {
    "more than 64 KiB": (response(of_size(MAX_BODY + 1)), TOO_LARGE),
    "a length that no memory holds": (
        head("HTTP/1.1 200 OK", "Content-Type: text/plain", f"Content-Length: {10**30}"),
        TOO_LARGE,
    ),
    "a length that is no number": (
        head("HTTP/1.1 200 OK", "Content-Type: text/plain", "Content-Length: \x1b[2J"),
        INVALID,
    ),
    "chunks without end": (endless(), TOO_LARGE),
    "a chunk without a size": (chunked().replace(b"\r\n\r\n", b"\r\n\r\n\x1b[2J\r\n"), INCOMPLETE),
    "a chunk of negative size": (chunked() + b"-1\r\nx", INCOMPLETE),
    "an escape sequence for a media type": (
        response(policy(), media_type=f"text/{ESCAPES}"),
        f"media type text/{SPELT.partition(';')[0]}",
    ),
    "an endless media type": (
        response(policy(), media_type="text/" + "x" * 60_000),
        "media type text/" + "x" * 55,
    ),
    "an escape sequence for an encoding": (
        response(policy(), f"Content-Encoding: {ESCAPES}"),
        f"content encoding {SPELT}",
    ),
    "an endless header line": (head("HTTP/1.1 200 OK", "X: " + "x" * 70_000), INCOMPLETE),
    "endless header lines": (head("HTTP/1.1 200 OK", *["X: x"] * 1000), INCOMPLETE),
    "no status line": (ESCAPES.encode() + b"\r\n\r\n", INCOMPLETE),
    "an endless status line": (b"HTTP/1.1 200 " + b"x" * 70_000, INCOMPLETE),
    "a status of many digits": (response(policy(), status="2" * 500), INCOMPLETE),
    "a redirect to an escape sequence": (
        response(b"", f"Location: https://{ESCAPES}/", status="302 Found"),
        "redirect",
    ),
    "nothing at all": (b"", INCOMPLETE),
}
CASES = {name: (response(body), INVALID) for name, body in BODIES.items()} | HEADS


SERVED_ALL_THE_SAME = {
    "exactly 64 KiB": of_size(MAX_BODY),
    "fields that are there twice: the first counts": policy(
        "mode: none", "max_age: 1", "version: STSv2", "mx: mx.else.example"
    ),
    "a thousand patterns": policy(*[f"mx: mx{number}.else.example" for number in range(1000)]),
    "printable words of no meaning": policy("note: {} %s %n '\"`$(id) \\"),
    "controls of ISO 8859 in a field that nobody knows": policy("note: \x9b31m"),
}


async def serve(here: Abroad, answer: bytes) -> PolicyHost:
    """Let the policy host be one that answers so."""
    host = PolicyHost(answer)
    port = await here.peers.open(host.serve, here.lab.context_of("mta-sts.domain.com"))
    here.lab.detours[POLICY_HOST] = ("127.0.0.1", port)
    return host


@pytest.mark.requirement("STS-42")
@pytest.mark.parametrize("what", CASES)
async def test_what_is_no_policy_is_told_in_one_line_and_mail_goes_on(
    tmp_path: Path, what: str
) -> None:
    answer, cause = CASES[what]
    async with abroad(tmp_path) as here:
        host = await serve(here, answer)
        await here.send()
        assert len(host.requests) == 1
        assert_in_order(
            [
                f"STS policy fetch request failed due to {cause}. domain domain.com",
                "An error occurred while fetching the MTA-STS policy for the domain (domain.com).",
                "Message finished MID 5444 done",
            ],
            here.box.log(),
        )


@pytest.mark.parametrize("what", SERVED_ALL_THE_SAME)
async def test_what_is_odd_and_yet_a_policy_is_enforced(tmp_path: Path, what: str) -> None:
    async with abroad(tmp_path) as here:
        await serve(here, response(SERVED_ALL_THE_SAME[what]))
        await here.send()
        assert_in_order([SUCCESS, "Message finished MID 5444 done"], here.box.log())
        assert " enforce " in await here.box.type("lab policies")


@pytest.mark.requirement("STS-42")
@pytest.mark.parametrize("what", ["no UTF-8", "chunks without end", "nothing at all"])
async def test_the_policy_from_before_stays_in_force(tmp_path: Path, what: str) -> None:
    async with abroad(tmp_path) as here:
        await here.send()
        renamed = {"domains": {"domain.com": {"mta_sts_txt": "v=STSv1; id=2;"}}}
        here.lab.adopt(parse_spec({"like": LAB, **renamed}))
        await here.box.type("dnsflush", "y")
        await serve(here, CASES[what][0])
        await here.send()
        assert_in_order(
            [
                "An error occurred while fetching the MTA-STS policy for the domain (domain.com).",
                "Valid cache entry found for the domain (domain.com).",
                "Applying MTA-STS policy for the domain (domain.com)",
            ],
            here.box.log(),
        )


@pytest.mark.parametrize("what", CASES)
async def test_the_screen_is_not_driven_either(tmp_path: Path, what: str) -> None:
    async with abroad(tmp_path) as here:
        await serve(here, CASES[what][0])
        await here.send()
        for line in ("lab browse domain.com", "lab policies", "lab policies refetch domain.com"):
            shown = await here.box.type(line)
            assert shown.replace("\n", "").isprintable(), line
