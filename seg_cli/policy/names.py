"""The name-matching rules: which name of a certificate, if any, vouches for a mail host.

Each answers the name as the log shows it, or None. Whether the chain is trusted is another
question (`standards.pkix.check_chain`).
"""

from collections.abc import Iterable

from seg_cli.policy.facts import HostNames
from seg_cli.standards.certificates import CertificateNames
from seg_cli.standards.dane import Authenticated
from seg_cli.standards.identifiers import matches_dns_id


def match_verify(presented: CertificateNames, names: HostNames) -> str | None:
    """*Verify* (settings 4 and 5, `tlsverify`), first match wins (AOS-11): a dNSName for the
    recipient domain; the CN equal to the recipient domain; the CN equal to a name that the
    connected address reverses to."""
    if matched := _match_dns_names(presented, [names.domain]):
        return matched
    return _match_common_name(presented, [names.domain, *names.ptr])


def match_hosted(presented: CertificateNames, names: HostNames) -> str | None:
    """*Hosted Verify* (setting 6, AOS-12): dNSNames, where there are any, else the CN, against
    the recipient domain, then the SMTP route's hosts or, without a route, the MX hosts."""
    references = [names.domain, *(names.route_hosts or names.mx_hosts)]
    if presented.dns_names:
        return _match_dns_names(presented, references)
    common_name = presented.common_name
    if common_name and any(matches_dns_id(common_name, name) for name in references):
        return f"CN={common_name}"
    return None


def match_mta_sts(presented: CertificateNames, names: HostNames) -> str | None:
    """MTA-STS (RFC 8461 s4.2, STS-51): a dNSName for the MX host; CN and domain do not count."""
    return _match_dns_names(presented, [names.mx])


def named_by_dane(matched: Authenticated) -> str:
    """The identifier that DANE matched; empty for usage 3, which asks for none (DANE-22)."""
    if matched.dns_id:
        return f"subjectAltName:dNSName={matched.dns_id}"
    return f"CN={matched.cn_id}" if matched.cn_id else ""


def _match_dns_names(presented: CertificateNames, references: Iterable[str]) -> str | None:
    for reference in references:
        for pattern in presented.dns_names:
            if matches_dns_id(pattern, reference):
                return f"subjectAltName:dNSName={pattern}"
    return None


def _match_common_name(presented: CertificateNames, references: Iterable[str]) -> str | None:
    """Exactly: a wildcard in the CN counts for nothing here."""
    common_name = presented.common_name
    if common_name is None or "*" in common_name:
        return None
    if any(matches_dns_id(common_name, reference) for reference in references):
        return f"CN={common_name}"
    return None
