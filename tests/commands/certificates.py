"""Certificates as an operator brings them, dated by the clock of the desk."""

from dataclasses import dataclass
from datetime import timedelta

from cryptography.hazmat.primitives.serialization import Encoding

from seg_cli.standards.identities import key_pem
from tests.commands.conftest import START
from tests.standards.certificates import CA, NOT_CA, Issued, Validity, dns, issue, subject

TERM = Validity(START - timedelta(days=1), START + timedelta(days=30))
PAST = Validity(START - timedelta(days=60), START - timedelta(days=30))

ROOT = issue("Example Root CA", CA, validity=TERM)
MIDDLE = issue("Example Issuing CA", CA, by=ROOT, validity=TERM)
PARTNER = issue("partner.com", NOT_CA, dns("partner.com"), by=MIDDLE, validity=TERM)
OTHER = issue(subject("other.example"), NOT_CA, validity=TERM)
OLD_ROOT = issue("Old Root CA", CA, validity=PAST)


@dataclass(frozen=True, slots=True)
class Pasted:
    """An identity as lines to paste, each with the dot behind it."""

    certificate: tuple[str, ...]
    key: tuple[str, ...]


def pem(issued: Issued) -> str:
    return issued.certificate.public_bytes(Encoding.PEM).decode().strip()


def pasted(issued: Issued) -> Pasted:
    return Pasted(lines(pem(issued)), lines(key_pem(issued.key)))


def lines(text: str) -> tuple[str, ...]:
    return (*text.splitlines(), ".")
