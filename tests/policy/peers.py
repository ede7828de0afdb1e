"""Tiny builders of what a mail host shows, so that a case fits one line."""

from seg_cli.policy.facts import HostNames, TlsFacts
from seg_cli.policy.verdict import Reference
from seg_cli.standards.mta_sts import Policy
from seg_cli.standards.pkix import TrustAnchors
from seg_cli.terms import PolicyMode, Reason
from tests.standards.certificates import CA, NOW, Issued, dns, issue

ROOT = issue("lab root", CA)
ANCHORS = TrustAnchors.of([ROOT.der])

DOMAIN = "domain.com"
MX = "mx1.mail123.domain.com"


def leaf(*names: str, cn: str = "unnamed") -> Issued:
    return issue(cn, *([dns(*names)] if names else []), by=ROOT)


def tls(certificate: Issued) -> TlsFacts:
    chain = (certificate.der, ROOT.der)
    return TlsFacts(protocol="TLSv1.3", cipher="TLS_AES_256_GCM_SHA384", chain=chain)


def no_tls(refusal: Reason, detail: str = "") -> TlsFacts:
    return TlsFacts(refusal, behind_220=False, detail=detail)


def broken_handshake(detail: str = "") -> TlsFacts:
    return TlsFacts(Reason.HANDSHAKE_FAILED, behind_220=True, detail=detail)


def names(mx: str = MX, ptr: tuple[str, ...] = (), route: tuple[str, ...] = ()) -> HostNames:
    return HostNames(DOMAIN, mx, (mx,), route, ptr)


def reference(host_names: HostNames | None = None) -> Reference:
    return Reference(ANCHORS, NOW, host_names or names())


def policy(mode: PolicyMode = PolicyMode.ENFORCE, *mx: str) -> Policy:
    return Policy(mode, mx or ("*.mail123.domain.com",), 604_800)
