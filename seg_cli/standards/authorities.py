"""Additions to a list of certificate authorities: what may stand in it (RFC 5280 s4.2.1.9, s6).

The checks are those of the product's family when a custom list is imported.
"""

from collections.abc import Sequence
from datetime import datetime

from seg_cli.errors import Invalid
from seg_cli.standards.certificates import Certificate, certificates_above, format_name
from seg_cli.terms import Reason

UNTIMELY = {
    Reason.CERTIFICATE_EXPIRED: "has expired",
    Reason.CERTIFICATE_NOT_YET_VALID: "is not yet valid",
}


def check_additions(
    added: Sequence[Certificate], there: Sequence[Certificate], at: datetime
) -> None:
    """Raises Invalid, naming the first certificate that may not be added to those that are there.

    Each must be in date, a CA, new, and hang together with a root of the list or of the addition.
    """
    known = [one.parsed for one in there]
    for one in added:
        if (reason := one.check_dates(at)) is not None:
            _refuse(one, UNTIMELY[reason])
        if not one.is_authority:
            _refuse(one, "is not that of a certificate authority")
        if one.parsed in known:
            _refuse(one, "is in the list already")
        known.append(one.parsed)
    together = [*there, *added]
    for one in added:
        if not any(above.issuer == above.subject for above in certificates_above(one, together)):
            _refuse(one, "is an intermediate one, and its root is missing")


def _refuse(certificate: Certificate, why: str) -> None:
    raise Invalid(f'The certificate "{format_name(certificate.subject)}" {why}.')
