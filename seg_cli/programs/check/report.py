"""The answer of `check` as tables: cells of text with a tone, for whoever lays them out.

What comes from outside is made printable here, once for every layout.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from itertools import product
from typing import assert_never

from seg_cli.delivery.forecast import Choice, Fate, Forecast, forecasts
from seg_cli.delivery.probe import Shown
from seg_cli.delivery.survey import MailHost, Survey, listed
from seg_cli.dialogue.tables import format_table
from seg_cli.lab.because import SOURCES
from seg_cli.lab.explain import SETTINGS, described
from seg_cli.policy.dane import NoTlsa, TlsaFailed, UnusableTlsa, UsableTlsa
from seg_cli.policy.facts import Failed
from seg_cli.policy.requirement import InForce, NotAsked
from seg_cli.printable import printable
from seg_cli.programs.check.findings import Finding, Standing, Weight, findings_of, standing_of
from seg_cli.standards.certificates import Certificate
from seg_cli.standards.mta_sts import StsRecord
from seg_cli.terms import DaneMode, MtaStsSupport, Reason, Security, TlsMode

STANDINGS = {
    Standing.IN_ORDER: "In order: every mail host can be authenticated.",
    Standing.TO_BE_MENDED: "Something is to be mended.",
    Standing.UNKNOWN: "It could not be found out where mail goes.",
}


class Tone(Enum):
    """How a cell is meant."""

    PLAIN = auto()
    GOOD = auto()
    WARNING = auto()
    BAD = auto()


@dataclass(frozen=True, slots=True)
class Cell:
    """One text of a table."""

    text: str
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True, slots=True)
class Section:
    """One table; `title` stands above it, and the headings if there are any but empty ones."""

    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Report:
    """Everything, from the top to the bottom of the screen."""

    sections: tuple[Section, ...]
    conclusion: Cell


Notes = Mapping[tuple[Reason, ...], int]
"""Why mail is kept, by number."""

KEPT = {Fate.HELD, Fate.BOUNCED}
FATES = {
    Fate.VERIFIED: Tone.GOOD,
    Fate.ENCRYPTED: Tone.WARNING,
    Fate.CLEAR: Tone.BAD,
    Fate.HELD: Tone.BAD,
    Fate.BOUNCED: Tone.BAD,
}


def report(survey: Survey) -> Report:
    """The tables of a survey."""
    standing = standing_of(survey)
    tone = Tone.GOOD if standing is Standing.IN_ORDER else Tone.BAD
    sections = [domain_section(survey), *host_sections(survey), *choice_sections(survey)]
    if found := findings_of(survey):
        sections.append(findings_section(found))
    return Report(tuple(sections), Cell(STANDINGS[standing], tone))


def as_lines(whole: Report) -> Iterator[str]:
    """Plain text."""
    for section in whole.sections:
        rows = [[cell.text for cell in row] for row in section.rows]
        table = format_table(section.headings, rows)
        yield from (section.title, "", *table[0 if any(section.headings) else 2 :], "")
    yield whole.conclusion.text


# The domain


def domain_section(survey: Survey) -> Section:
    """Record, policy and MX records."""
    record, sts = survey.record, survey.sts
    rows = [
        ("MTA-STS TXT record", Cell(f"id {record.id}", Tone.GOOD))
        if isinstance(record, StsRecord)
        else ("MTA-STS TXT record", Cell(record.value, Tone.WARNING)),
        ("MTA-STS policy", Cell(described(sts.policy), Tone.GOOD))
        if isinstance(sts, InForce)
        else ("MTA-STS policy", Cell(printable(survey.cause) or sts.reason.value, Tone.WARNING)),
        ("MX records", security_cell(survey.mx)),
    ]
    if survey.destination.route is not None:
        rows.append(("SMTP route", Cell(survey.destination.route.destination, Tone.WARNING)))
    return Section(survey.destination.domain, ("", ""), tuple((Cell(a), b) for a, b in rows))


def security_cell(security: Security) -> Cell:
    """The DNSSEC status of an answer."""
    tones = {Security.SECURE: Tone.GOOD, Security.INSECURE: Tone.WARNING}
    return Cell(f"DNSSEC {security}", tones.get(security, Tone.BAD))


# The mail hosts


def host_sections(survey: Survey) -> Iterator[Section]:
    """A row for every address of every host; without hosts nothing."""
    records = {host.hop.host: host for host in listed(survey.validated)}
    rows = tuple(
        (
            Cell(printable(host.hop.host)),
            Cell(address),
            *shown_cells(survey.of(host, address, host.hop.host)),
            tlsa_cell(records.get(host.hop.host, host)),
        )
        for host in listed(survey.hosts)
        for address in host.addresses
    )
    if rows:
        headings = ("Host", "Address", "TLS", "Certificate", "TLSA")
        yield Section("Mail hosts, the preferred first", headings, rows)


def shown_cells(shown: Shown | Failed) -> tuple[Cell, Cell]:
    """TLS, and whom the certificate is for until when."""
    if isinstance(shown, Failed):
        return Cell(printable(shown.detail or shown.reason.value), Tone.BAD), Cell("")
    if shown.facts.refusal is not None:
        return Cell(shown.facts.refusal.value, Tone.BAD), Cell("")
    return Cell(shown.facts.protocol, Tone.GOOD), Cell(certificate_text(shown))


def certificate_text(shown: Shown) -> str:
    """The names of the leaf, and the day on which it expires."""
    leaf = Certificate.read(shown.facts.chain[0]) if shown.facts.chain else Reason.NO_CERTIFICATE
    if isinstance(leaf, Reason):
        return leaf.value
    names = ", ".join(leaf.names.dns_names) or f"CN={leaf.names.common_name}"
    return printable(f"{names}; until {leaf.not_after:%Y-%m-%d}")


def tlsa_cell(host: MailHost) -> Cell:
    """What is known of the TLSA records of a host."""
    match host.tlsa:
        case NotAsked():
            return Cell("not asked for")
        case UsableTlsa(records):
            return Cell(", ".join(shortened(str(record)) for record in records), Tone.GOOD)
        case UnusableTlsa():
            return Cell(Reason.TLSA_UNUSABLE.value, Tone.BAD)
        case NoTlsa(reason):
            return Cell(reason.value)
        case TlsaFailed():
            return Cell(Reason.DNSSEC_INVALID.value, Tone.BAD)
        case _:
            assert_never(host.tlsa)


def shortened(record: str) -> str:
    """A record with the beginning of its data, which tells one from another."""
    fields, _, data = record.rpartition(" ")
    return f"{fields} {data[:8]}..." if len(data) > 8 else record


# What the appliance would decide


def choice_sections(survey: Survey) -> Iterator[Section]:
    """The six TLS settings by what is chosen for DANE and for MTA-STS, and why mail is kept."""
    answers = forecasts(survey)
    kept = [each.reasons for each in answers.values() if each.fate in KEPT]
    notes = {reasons: number for number, reasons in enumerate(dict.fromkeys(kept), start=1)}
    yield choice_section(answers, notes)
    if notes:
        yield Section("Why it is kept", ("", ""), tuple(why_rows(notes)))


def choice_section(answers: Mapping[Choice, Forecast], notes: Notes) -> Section:
    """What becomes of mail, with the number of the note that says why it is kept."""
    rows = [
        (
            Cell(mta_sts.name.capitalize()),
            Cell(SETTINGS[tls]),
            *(fate_cell(answers[Choice(tls, dane, mta_sts)], notes) for dane in DaneMode),
        )
        for mta_sts, tls in product(MtaStsSupport, TlsMode)
    ]
    modes = (f"DANE\n{dane.name.capitalize()}" for dane in DaneMode)
    headings = ("MTA-STS", "TLS", *modes)
    return Section("Mail under each choice of destconfig", headings, tuple(rows))


def fate_cell(answer: Forecast, notes: Notes) -> Cell:
    number = f" [{notes[answer.reasons]}]" if answer.fate in KEPT else ""
    return Cell(f"{answer.fate}{number}", FATES[answer.fate])


def why_rows(notes: Notes) -> Iterator[tuple[Cell, ...]]:
    """Each note, and where one can read about it."""
    for reasons, number in notes.items():
        for reason in reasons:
            yield Cell(f"[{number}]"), Cell(reason.value)
            yield from source_rows(reason)


# What is to be mended


def findings_section(found: tuple[Finding, ...]) -> Section:
    """What, who can cure it, and where one can read about it."""
    rows: list[tuple[Cell, ...]] = []
    for each in sorted(found, key=lambda finding: finding.weight is Weight.NOTE):
        tone = Tone.BAD if each.weight is Weight.PROBLEM else Tone.PLAIN
        rows.append((Cell(each.weight.value, tone), Cell(printable(each.what))))
        rows.append((Cell(""), Cell(printable(each.cure))))
        rows += source_rows(each.reason)
    return Section("What to mend", ("", ""), tuple(rows))


def source_rows(reason: Reason) -> Iterator[tuple[Cell, ...]]:
    """The sentence of the tech note, if it has one, and the place."""
    source = SOURCES[reason]
    if source.note:
        yield Cell(""), Cell(f"tech note: {source.note}")
    yield Cell(""), Cell(f"see: {source.place}")
