"""The Demo certificate: made at the first start of an appliance and kept in its directory.

It encrypts, and nobody can verify it: it is signed by its own key. Its key is on P-256, since an
RSA key would hold up the first start.
"""

from datetime import datetime
from pathlib import Path
from typing import Final

from seg_cli.config.certificates import DEMO, CertificateProfile
from seg_cli.config.disk import read_or_make
from seg_cli.standards.identities import key_pem
from seg_cli.standards.issuing import Subject, Term, ec_key, self_signed

FILE: Final = "demo.pem"
DAYS: Final = 3650
SUBJECT: Final = Subject(
    "Cisco Appliance Demo Certificate",
    organization="Cisco Systems, Inc",
    locality="San Jose",
    state="California",
    country="US",
)
BETWEEN: Final = "\n\n"


def demo_certificate(directory: Path, now: datetime) -> CertificateProfile:
    """The Demo certificate of the appliance that lives here; raises UserError if the disk refuses
    to keep a new one."""

    def make() -> str:
        identity = self_signed(SUBJECT, ec_key(), Term(now.replace(microsecond=0), DAYS))
        return key_pem(identity.key) + BETWEEN + identity.certificate.pem

    key, _, certificate = read_or_make(directory / FILE, make).partition(BETWEEN)
    return CertificateProfile(DEMO, certificate, key)
