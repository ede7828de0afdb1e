"""Parsers of outside text answer or raise the error of their own, whatever they are given.

Random bytes seldom come far, so most of what is tried is a good text with something put in.
"""

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePath
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seg_cli.config.codec.routes import parse_route
from seg_cli.config.codec.words import with_words
from seg_cli.config.codec.xml_reader import read_file
from seg_cli.config.codec.xml_writer import to_xml
from seg_cli.config.destinations import DestinationControl, DestinationTable
from seg_cli.config.tree import Config
from seg_cli.errors import BadFile, Invalid
from seg_cli.replay.format import parse
from seg_cli.replay.markdown import BadTranscript
from seg_cli.smtp.replies import ProtocolError, ReplyParser
from seg_cli.standards.certificates import Certificate
from seg_cli.standards.identifiers import matches_dns_id
from seg_cli.standards.mta_sts import PolicyError, RecordError, parse_policy, parse_txt
from seg_cli.terms import Reason, TlsMode
from tests.standards.certificates import CA, dns, issue

CONFIG: Final = Config(
    destinations=DestinationTable().with_entry(DestinationControl("a.example", tls=TlsMode.NO))
)
TRANSCRIPT: Final = """\
# A title
```world
lab = "tech-note-222782"
ids = { mid = 1 }
```
```console
host> destconfig
[...]
```
```mail_logs info
next: Start MID 1 ICID {icid}
absent: lost
```
```config staged
destconfig."domain.com".tls = "on"
```
"""


def replies(data: bytes) -> None:
    parser = ReplyParser()
    parser.feed(data)
    while parser.next_reply() is not None:
        pass


def certificate(data: bytes) -> None:
    read = Certificate.read(data)
    assert read is Reason.CERTIFICATE_MALFORMED or isinstance(read, Certificate)


def names(data: bytes) -> None:
    pattern, _, host = data.decode("latin-1").partition(" ")
    assert matches_dns_id(pattern, host) in {True, False}


def words(data: bytes) -> None:
    domain, _, setting = data.decode("latin-1").partition(" ")
    name, _, value = setting.partition("=")
    with_words(CONFIG, {"destconfig": {domain: {name: value}}})


@dataclass(frozen=True, slots=True)
class Parser:
    """How outside bytes are read, a good example of them, and the error they may raise, if any."""

    read: Callable[[bytes], object]
    good: bytes
    errors: tuple[type[Exception], ...] = ()


PARSERS: Final = {
    "TXT record": Parser(
        lambda data: parse_txt([[data[:9], data[9:]], [b"v=spf1 -all"]]),
        b"v=STSv1; id=20240131T120000; x-1=y;",
        (RecordError,),
    ),
    "policy": Parser(
        parse_policy,
        b"version: STSv1\r\nmode: enforce\nmx: *.example.com\nmax_age: 86400\nnote: x\n",
        (PolicyError,),
    ),
    "certificate": Parser(certificate, issue("a.example", CA, dns("a.example")).der),
    "names": Parser(names, b"*.example.com mail.example.com."),
    "SMTP replies": Parser(replies, b"250-mx.example.com\r\n250 STARTTLS\r\n", (ProtocolError,)),
    "configuration file": Parser(read_file, to_xml(CONFIG, ["header"]), (BadFile,)),
    "configuration in words": Parser(words, b"b.example table_tls=require_verify", (BadFile,)),
    "SMTP route": Parser(
        lambda data: parse_route("a.example", data.decode("latin-1")),
        b"mx1.example.com, [10.1.1.1]:26 /pri=10, 2001:db8::1",
        (Invalid,),
    ),
    "transcript": Parser(
        lambda data: parse(PurePath("a.md"), data.decode("latin-1")),
        TRANSCRIPT.encode(),
        (BadTranscript,),
    ),
}

PIECES = st.sampled_from([b"\r\n", b"\n", b"\0", b"\x1b", b"\x85", b"\xe2\x80\xa8", b"<", b"&#0;"])


def spoilt(good: bytes) -> st.SearchStrategy[bytes]:
    """The good text with some of it cut out and other bytes put in, or any bytes at all."""
    cuts = st.tuples(
        st.integers(0, len(good)), st.integers(0, 9), PIECES | st.binary(max_size=4) | st.just(b"")
    )

    def spoil(edits: list[tuple[int, int, bytes]]) -> bytes:
        data = good
        for start, length, inserted in edits:
            data = data[:start] + inserted + data[start + length :]
        return data

    return st.lists(cuts, min_size=1, max_size=4).map(spoil) | st.binary()


@pytest.mark.parametrize("parser", PARSERS.values(), ids=PARSERS)
def test_the_good_example_is_read(parser: Parser) -> None:
    parser.read(parser.good)


# The library warns of serial numbers and country codes that break the rules.
@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("parser", PARSERS.values(), ids=PARSERS)
@given(data=st.data())
def test_whatever_comes_is_read_or_refused_by_its_own_error(
    parser: Parser, data: st.DataObject
) -> None:
    outside = data.draw(spoilt(parser.good))
    with contextlib.suppress(*parser.errors):
        parser.read(outside)
