"""Names in a certificate, held against those of a connection: three ways, by kind of check.

Each way answers with the first name that matches, as the log shows it
(`subjectAltName:dNSName=*.example.com` or `CN=mail.example.com`), or with None.
"""

from collections.abc import Iterable

from seg_cli.policy.facts import HostNames
from seg_cli.policy.tls_settings import CheckKind
from seg_cli.standards.pkix import CertificateNames, matches_dns_id


def matching_name(kind: CheckKind, presented: CertificateNames, names: HostNames) -> str | None:
    """The name that passes this check, or None: the certificate is somebody else's."""
    match kind:
        case CheckKind.VERIFY:
            return verified_name(presented, names)
        case CheckKind.VERIFY_HOSTED:
            return hosted_name(presented, names)
        case CheckKind.MTA_STS:
            return mta_sts_name(presented, names)


def held_against(kind: CheckKind, names: HostNames) -> str:
    """The name that the check is about, for the log of its failure."""
    return names.mx if kind is CheckKind.MTA_STS else names.domain


def verified_name(presented: CertificateNames, names: HostNames) -> str | None:
    """The plain algorithm, the first match of three: a dNSName names the recipient domain, the
    CN is the recipient domain, the CN is a PTR name of the connected address (AOS-11).

    Only the dNSNames may hold wildcards. A CN counts even beside dNSNames that do not match.
    """
    return _alternative(presented, [names.domain]) or _exact_common_name(
        presented, [names.domain, *names.ptr]
    )


def hosted_name(presented: CertificateNames, names: HostNames) -> str | None:
    """The algorithm for hosted domains: a name of the certificate names the recipient domain,
    else a host of the SMTP route if there is one, else an MX host of the domain (AOS-12).

    The names are the dNSNames if there are any, else the CN; each may hold a wildcard.
    """
    references = [names.domain, *(names.route_hosts or names.mx_hosts)]
    if presented.dns_names:
        return _alternative(presented, references)
    return _common_name(presented, references)


def mta_sts_name(presented: CertificateNames, names: HostNames) -> str | None:
    """A dNSName that names the MX host; the CN and the recipient domain do not count (STS-51)."""
    return _alternative(presented, [names.mx])


def _alternative(presented: CertificateNames, references: Iterable[str]) -> str | None:
    matching = (
        f"subjectAltName:dNSName={name}"
        for reference in references
        for name in presented.dns_names
        if matches_dns_id(name, reference)
    )
    return next(matching, None)


def _common_name(presented: CertificateNames, references: Iterable[str]) -> str | None:
    name = presented.common_name
    if name is None or not any(matches_dns_id(name, reference) for reference in references):
        return None
    return f"CN={name}"


def _exact_common_name(presented: CertificateNames, references: Iterable[str]) -> str | None:
    name = presented.common_name
    return None if name is None or "*" in name else _common_name(presented, references)
