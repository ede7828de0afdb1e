"""TLSA records as a world writes them for a mail host.

    tlsa = ["3 1 1 own", "2 1 1 ca", "3 1 1 mismatch", "3 1 1 0bad"]

`own` is the key of the host's certificate, `ca` what issued it, `mismatch` what nobody has; all
else is the certificate association data in hex, as malformed as the world wants it (DANE-21).
"""

from seg_cli.errors import UserError
from seg_cli.lab.spec import Certificate, Issuer, TlsaRecord

OWN, CA, MISMATCH = "own", "ca", "mismatch"

CERTIFICATE, KEY = 0, 1
"""Selectors (RFC 6698 s2.1.2)."""


def parse_tlsa(place: str, text: str, certificate: Certificate) -> TlsaRecord:
    """A record as a world writes it; UserError names the place where it stands."""
    usage, selector, matching_type, data = _fields(place, text)
    if data == OWN and selector != KEY:
        raise UserError(f"{place}: tlsa own needs selector 1: certificates are new each lab day.")
    if data == CA and certificate.issuer is Issuer.SELF:
        raise UserError(f"{place}: tlsa ca needs a certificate that is not self-signed.")
    return TlsaRecord(usage, selector, matching_type, data, certificate)


def _fields(place: str, text: str) -> tuple[int, int, int, str]:
    try:
        usage, selector, matching_type, data = text.split()
        bytes((int(usage), int(selector), int(matching_type)))
        if data not in (OWN, CA, MISMATCH):
            bytes.fromhex(data)
    except ValueError:
        words = "own, ca, mismatch or hex digits"
        raise UserError(
            f"{place}: tlsa must read three numbers and {words}, not {text!r}."
        ) from None
    return int(usage), int(selector), int(matching_type), data
