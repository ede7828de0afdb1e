"""How certificates are shown: the list above the menu, and one in full."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from seg_cli.config.certificates import CertificateProfile
from seg_cli.errors import Invalid
from seg_cli.standards.certificates import Certificate, format_common_name, format_name
from seg_cli.standards.identities import read_certificates
from seg_cli.terms import Reason

HEADINGS: Final = ("Name", "Common Name", "Issued By", "Status", "Remaining")
WIDTHS: Final = (9, 20, 20, 14, 9)
"""What does not fit is cut off: `partner_c` for `partner_com`."""

STATUSES: Final = {
    None: "Active",
    Reason.CERTIFICATE_EXPIRED: "Expired",
    Reason.CERTIFICATE_NOT_YET_VALID: "Not Yet Valid",
}
UNREADABLE: Final = ("", "", "Not Readable", "")


def profile_lines(profiles: Iterable[CertificateProfile], now: datetime) -> tuple[str, ...]:
    """The list of certificates."""
    rows = [(profile.name, *columns(profile.certificate, now)) for profile in profiles]
    rule = tuple("-" * width for width in WIDTHS)
    return ("List of Certificates", *map(format_row, (HEADINGS, rule, *rows)))


def columns(pem: str, now: datetime) -> tuple[str, ...]:
    """Common name, issuer, status and whole days left of one certificate."""
    try:
        certificate, *_ = read_certificates(pem)
    except Invalid:
        return UNREADABLE
    return (
        format_common_name(certificate.subject),
        format_common_name(certificate.issuer),
        STATUSES[certificate.check_dates(now)],
        f"{max(0, (certificate.not_after - now).days)} days",
    )


def format_row(row: tuple[str, ...]) -> str:
    """One line, each column cut or filled to its width."""
    cells = (f"{cell[:width]:{width}}" for cell, width in zip(row, WIDTHS, strict=True))
    return " ".join(cells).rstrip()


def authority_lines(pems: Iterable[str]) -> list[str]:
    """Authorities by number: whom each certifies, and until when."""
    return [f"{number}. {authority_line(pem)}" for number, pem in enumerate(pems, 1)]


def authority_line(pem: str) -> str:
    """One authority: its distinguished name, and its last day."""
    try:
        certificate, *_ = read_certificates(pem)
    except Invalid:
        return "Not Readable"
    return describe(certificate)


def describe(certificate: Certificate) -> str:
    """Whom it certifies, and its last day."""
    return f"{format_name(certificate.subject)} (expires {certificate.not_after:%b %d %Y} GMT)"
