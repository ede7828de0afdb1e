"""The text form of certificates and keys: PEM blocks (RFC 7468), looked at but not decoded.

What is wrong is never quoted: it may be a private key.
"""

import re

from seg_cli.config.codec.spellings import Spelling
from seg_cli.errors import Invalid

_BLOCK = r"-----BEGIN {label}-----\n(?:[A-Za-z0-9+/=]{{1,76}}\n)+-----END {label}-----"
_CERTIFICATE = re.compile(_BLOCK.format(label="CERTIFICATE"), re.ASCII)
_KEY = re.compile(_BLOCK.format(label="PRIVATE KEY"), re.ASCII)


def _one(block: re.Pattern[str], what: str) -> Spelling[str]:
    def parse(given: str) -> str:
        text = given.strip()
        if block.fullmatch(text):
            return text
        raise Invalid(f"This is not {what} in PEM format.")

    return Spelling(str, parse)


def _parse_bundle(given: str) -> tuple[str, ...]:
    blocks = tuple(_CERTIFICATE.findall(given))
    if "\n".join(blocks) != given.strip():
        raise Invalid("These are not certificates in PEM format.")
    return blocks


PEM_CERTIFICATE = _one(_CERTIFICATE, "a certificate")
PEM_KEY = _one(_KEY, "a private key")
PEM_BUNDLE: Spelling[tuple[str, ...]] = Spelling("\n".join, _parse_bundle)
