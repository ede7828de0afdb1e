"""MTA-STS (RFC 8461): how a domain says that mail to it must travel over verified TLS.

A domain that takes part publishes two things. A TXT record at `_mta-sts.<domain>`,

    v=STSv1; id=20240131T120000;

says only *that* there is a policy and, by its id, *which* one: a sender that has the policy of
this id in its cache need not fetch again. The policy itself is a small text behind HTTPS at
`mta-sts.<domain>`, where the web's certificate authorities vouch for it, no DNSSEC needed:

    version: STSv1
    mode: enforce
    mx: mail.example.com
    mx: *.backup.example.com
    max_age: 604800

It lists the names mail hosts may have and the seconds it may be kept. Under `enforce` a sender
uses no MX host that is not listed or whose certificate does not name it; `testing` only asks
for reports; `none` withdraws. Trust comes with the first fetch, so a cached policy outlives a
TXT record that has vanished: an attacker on the DNS can hide the record, never the memory of it.

This file reads the two texts and knows nothing of DNS, HTTPS or caches. Both come from outside
and must not be read with `splitlines`, `strip` or `int`, which are wider than the grammar
(U+2028 ends a line for Python, NBSP is space, `+1` and non-ASCII digits are numbers).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from seg_cli.standards.identifiers import Presented, is_host_name
from seg_cli.terms import PolicyMode, Reason

POLICY_PATH = "/.well-known/mta-sts.txt"
MAX_BODY = 64 * 1024
"""Bytes of a policy body; a fetch that brings more fails, unread (RFC 8461 s3.3)."""

MAX_MAX_AGE = 31_557_600
"""The longest `max_age` in seconds: about a year (RFC 8461 s3.2)."""

_WSP = " \t"
_NAME = r"[A-Za-z0-9][A-Za-z0-9_.-]{0,31}"
_TXT_FIELD = re.compile(rf"({_NAME})=([\x21-\x3a\x3c\x3e-\x7e]+)")
_TXT_ID = re.compile(r"[A-Za-z0-9]{1,32}")
_POLICY_FIELD = re.compile(rf"({_NAME}):(.*)", re.DOTALL)
_POLICY_VALUE = re.compile(r"[^\x00-\x1f\x7f]+")
_MAX_AGE = re.compile(r"[0-9]{1,10}")


class RecordError(ValueError):
    """There is no usable TXT record, so no live policy; a cached one still applies (STS-06).

    `reason` is STS_NO_RECORD, STS_SEVERAL_RECORDS or STS_RECORD_INVALID; `str()` is a sentence
    that says what is wrong.
    """

    def __init__(self, reason: Reason, sentence: str) -> None:
        super().__init__(sentence)
        self.reason = reason


class PolicyError(ValueError):
    """The body is not a policy; a cached one still applies (STS-42). `str()` says what is wrong."""


@dataclass(frozen=True, slots=True)
class StsRecord:
    """The TXT record; any change of `id` means that the policy is to be fetched anew (STS-41)."""

    id: str


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy as it was served: `mx` patterns in its order, `max_age` in seconds."""

    mode: PolicyMode
    mx: tuple[str, ...]
    max_age: int
    _listed: Presented = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_listed", Presented(self.mx))

    def lists(self, host: str) -> bool:
        """Whether mail may go to this MX host: one of the patterns names it (RFC 8461 s4.1)."""
        return self._listed.names(host)


def record_name(domain: str) -> str:
    """Where the TXT record of a recipient domain lives (RFC 8461 s3.1)."""
    return f"_mta-sts.{domain}"


def policy_host(domain: str) -> str:
    """The host that serves the policy, and the name its certificate must bear (RFC 8461 s3.3)."""
    return f"mta-sts.{domain}"


def parse_txt(records: Sequence[Sequence[bytes]]) -> StsRecord:
    """The one MTA-STS record among the TXT records of a name, each given as its strings.

    The strings of a record are joined without spaces; records that do not begin with `v=STSv1;`
    are other people's. Raises RecordError if not exactly one is left or if it breaks the
    grammar: the caller goes on with the cached policy or none. Source: RFC 8461 s3.1.
    """
    texts = [b"".join(strings).decode("latin-1") for strings in records]
    candidates = [text for text in texts if text.startswith("v=STSv1;")]
    match candidates:
        case []:
            raise RecordError(Reason.STS_NO_RECORD, "no TXT record begins with v=STSv1;")
        case [text]:
            return _parse_record(text)
        case _:
            sentence = f"{len(candidates)} TXT records begin with v=STSv1;"
            raise RecordError(Reason.STS_SEVERAL_RECORDS, sentence)


def _parse_record(text: str) -> StsRecord:
    fields: dict[str, str] = {}
    for number, written in enumerate(_txt_fields(text), start=1):
        parsed = _TXT_FIELD.fullmatch(written)
        if parsed is None:
            raise _invalid_record(f"field {number} of the TXT record is not name=value")
        fields.setdefault(parsed[1], parsed[2])
    if "id" not in fields:
        raise _invalid_record("the TXT record has no id")
    if _TXT_ID.fullmatch(fields["id"]) is None:
        raise _invalid_record("the id of the TXT record is not 1 to 32 letters and digits")
    return StsRecord(fields["id"])


def _txt_fields(text: str) -> list[str]:
    """The fields behind the version. Space is part of the delimiter `*WSP ";" *WSP`: the last
    field, which nothing need follow, has none behind it."""
    _, *closed, last = text.split(";")
    fields = [each.strip(_WSP) for each in closed]
    return [*fields, last.lstrip(_WSP)] if last.strip(_WSP) else fields


def _invalid_record(sentence: str) -> RecordError:
    return RecordError(Reason.STS_RECORD_INVALID, sentence)


def parse_policy(body: bytes) -> Policy:
    """The policy in the body of a policy host's answer.

    Fields come in any order; of a repeated one the first counts, except for mx; fields of
    unknown name are passed over if they fit the grammar. Raises PolicyError for anything else:
    the caller goes on with the cached policy or none. Source: RFC 8461 s3.2.
    """
    fields, mx = _read_fields(body)
    if fields.get("version") != "STSv1":
        raise PolicyError("the policy's version is not STSv1")
    mode = _parse_mode(fields.get("mode"))
    max_age = _parse_max_age(fields.get("max_age"))
    if not all(is_host_name(pattern.removeprefix("*.")) for pattern in mx):
        raise PolicyError("an mx of the policy is not a host name, nor one behind '*.'")
    if not mx and mode is not PolicyMode.NONE:
        raise PolicyError("the policy lists no mx")
    return Policy(mode, mx, max_age)


@dataclass(frozen=True, slots=True)
class _Field:
    name: str
    value: str


def _read_fields(body: bytes) -> tuple[dict[str, str], tuple[str, ...]]:
    """The first value of each field, and all values of mx."""
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        raise PolicyError("the policy is not UTF-8") from None
    lines = enumerate(re.split(r"\r?\n", text), start=1)
    # A blank line is tolerated: the published grammar lets an empty field be argued (STS-28).
    fields = [_read_field(number, line) for number, line in lines if line.strip(_WSP)]
    firsts = {each.name: each.value for each in reversed(fields)}
    return firsts, tuple(each.value for each in fields if each.name == "mx")


def _read_field(number: int, line: str) -> _Field:
    parsed = _POLICY_FIELD.fullmatch(line)
    if parsed is None:
        raise PolicyError(f"line {number} of the policy is not 'name: value'")
    value = parsed[2].strip(_WSP)
    if _POLICY_VALUE.fullmatch(value) is None:
        raise PolicyError(f"line {number} of the policy has no value or control characters in it")
    return _Field(parsed[1], value)


def _parse_mode(value: str | None) -> PolicyMode:
    if value not in set(PolicyMode):
        raise PolicyError("the policy's mode is not enforce, testing or none")
    return PolicyMode(value)


def _parse_max_age(value: str | None) -> int:
    """Seconds. One over the maximum is invalid rather than clamped, a choice (STS-25)."""
    if value is None or _MAX_AGE.fullmatch(value) is None or int(value) > MAX_MAX_AGE:
        raise PolicyError(f"the policy's max_age is not a number from 0 to {MAX_MAX_AGE}")
    return int(value)
