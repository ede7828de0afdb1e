import pytest

from seg_cli.policy.facts import HostNames
from seg_cli.policy.names import match_hosted, match_mta_sts, match_verify
from seg_cli.standards.certificates import CertificateNames
from tests.policy.peers import MX, names

SAN = "subjectAltName:dNSName="
EXACT = HostNames("domain.com", MX, (MX, "mx2.provider.example"))


def presented(*dns_names: str, cn: str | None = None) -> CertificateNames:
    return CertificateNames(dns_names, cn)


@pytest.mark.requirement("AOS-11")
@pytest.mark.parametrize(
    ("certificate", "host_names", "matched"),
    [
        pytest.param(presented("domain.com"), EXACT, SAN + "domain.com", id="a SAN for the domain"),
        pytest.param(
            presented("*.sub.example"),
            HostNames("a.sub.example", MX),
            SAN + "*.sub.example",
            id="a wildcard SAN for the domain",
        ),
        pytest.param(presented(MX), EXACT, None, id="a SAN for the MX host does not count"),
        pytest.param(presented(cn="Domain.COM"), EXACT, "CN=Domain.COM", id="a CN for the domain"),
        pytest.param(
            presented("other.example", cn="domain.com"),
            EXACT,
            "CN=domain.com",
            id="the CN counts beside other SANs",
        ),
        pytest.param(presented(cn="*.com"), EXACT, None, id="no wildcard in the CN"),
        pytest.param(presented(cn=MX), names(ptr=(MX + ".",)), f"CN={MX}", id="PTR equal to CN"),
        pytest.param(
            presented("domain.com", cn=MX),
            names(ptr=(MX,)),
            SAN + "domain.com",
            id="the first match wins",
        ),
        pytest.param(presented(), EXACT, None, id="no name at all"),
        pytest.param(
            presented(cn="\u212aelvin.example"),
            HostNames("kelvin.example", MX),
            None,
            id="the Kelvin sign is no k",
        ),
    ],
)
def test_verify(certificate: CertificateNames, host_names: HostNames, matched: str | None) -> None:
    assert match_verify(certificate, host_names) == matched


@pytest.mark.requirement("AOS-12")
@pytest.mark.parametrize(
    ("certificate", "host_names", "matched"),
    [
        pytest.param(presented("domain.com", MX), EXACT, SAN + "domain.com", id="domain first"),
        pytest.param(
            presented("*.mail123.domain.com"), EXACT, SAN + "*.mail123.domain.com", id="MX host"
        ),
        pytest.param(
            presented("*.provider.example"), EXACT, SAN + "*.provider.example", id="any MX host"
        ),
        pytest.param(presented("a.example", cn=MX), EXACT, None, id="with SANs the CN is ignored"),
        pytest.param(presented(cn=MX), EXACT, f"CN={MX}", id="without SANs the CN counts"),
        pytest.param(presented(cn="b.example"), EXACT, None, id="a CN of somebody else"),
        pytest.param(
            presented("smart.example"),
            names(route=("smart.example",)),
            SAN + "smart.example",
            id="the route's hosts",
        ),
        pytest.param(
            presented(MX), names(route=("smart.example",)), None, id="with a route no MX host"
        ),
        pytest.param(presented(cn="x"), names(ptr=("x",)), None, id="no PTR"),
    ],
)
def test_hosted_verify(
    certificate: CertificateNames, host_names: HostNames, matched: str | None
) -> None:
    assert match_hosted(certificate, host_names) == matched


@pytest.mark.requirement("STS-51")
@pytest.mark.parametrize(
    ("certificate", "matched"),
    [
        pytest.param(presented(MX), SAN + MX, id="a SAN for the MX host"),
        pytest.param(presented("domain.com"), None, id="the recipient domain does not count"),
        pytest.param(presented(cn=MX), None, id="the CN does not count"),
    ],
)
def test_mta_sts(certificate: CertificateNames, matched: str | None) -> None:
    assert match_mta_sts(certificate, EXACT) == matched
