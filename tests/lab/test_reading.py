"""Worlds written in TOML, and what their authors are told."""

import pytest

from seg_cli.errors import UserError
from seg_cli.lab.reading import load_spec, overlay, parse_spec, world_names
from seg_cli.lab.spec import LabSpec, Reach
from seg_cli.policy.facts import MxHost
from tests.lab.conftest import NOTE


def policy_text(spec: LabSpec, domain: str) -> str:
    return next(policy.text for policy in spec.policies if policy.domain == domain)


def test_the_tech_note_to_the_letter() -> None:
    spec = load_spec(NOTE)
    domain = spec.domains[0]
    assert domain.name == "domain.com"
    assert domain.mx == (MxHost(10, "mx1.mail123.domain.com"),)
    assert (domain.mta_sts_txt, domain.mta_sts_ttl) == (("v=STSv1; id=12345678598Z;",), 0)
    assert policy_text(spec, "domain.com") == (
        "version: STSv1\nmode: enforce\nmx: *.mail123.domain.com\nmax_age: 604800\n"
    )
    assert spec.appliance.resolvers == ("10.10.5.61", "10.10.5.62")
    assert (spec.appliance.address, spec.appliance.prefix_length) == ("10.1.1.2", 24)


def test_every_shipped_world_reads_and_says_what_its_domains_show() -> None:
    for name in world_names():
        spec = load_spec(name)
        assert spec.name == name
        assert all(domain.shows.endswith(".") for domain in spec.domains)


@pytest.mark.parametrize(
    ("over", "merged"),
    [
        pytest.param({"b": {"d": 3}}, {"a": 1, "b": {"c": 2, "d": 3}}, id="tables merge"),
        pytest.param({"b": {"c": [3]}}, {"a": 1, "b": {"c": [3]}}, id="other values replace"),
        pytest.param({"a": False}, {"b": {"c": 2}}, id="false takes a value away"),
        pytest.param({"b": False}, {"a": 1}, id="false takes a table away"),
        pytest.param({"e": {"f": False}}, {"a": 1, "b": {"c": 2}, "e": {}}, id="or nothing"),
        pytest.param({"a": {"x": 1}}, {"b": {"c": 2}, "a": {"x": 1}}, id="a table replaces a text"),
    ],
)
def test_laid_over(over: dict[str, object], merged: dict[str, object]) -> None:
    assert overlay({"a": 1, "b": {"c": 2}}, over) == merged


def test_what_is_changed_keeps_its_place() -> None:
    assert list(overlay({"a": {"x": 1}, "b": 2}, {"a": {"y": 1}})) == ["a", "b"]


def test_one_domain_of_a_shipped_world_is_changed() -> None:
    spec = parse_spec(
        {
            "like": NOTE,
            "domains": {"domain.com": {"mta_sts_txt": False}},
            "hosts": {"mx1.mail123.domain.com": {"certificate": {"names": ["other.example"]}}},
            "policies": {"hosted.example": {"reach": "refused"}},
        }
    )
    assert spec.domains[0].mta_sts_txt == ()
    assert spec.domains[0].mx == load_spec(NOTE).domains[0].mx
    assert spec.hosts[0].certificate.names == ("other.example",)
    assert spec.policies[1].reach is Reach.REFUSED
    assert policy_text(spec, "hosted.example") == policy_text(load_spec(NOTE), "hosted.example")


def test_a_world_of_ones_own_is_short() -> None:
    spec = parse_spec(
        {
            "domains": {"Small.example": {"mx": "0 ."}},
            "hosts": {"mx.small.example": {"addresses": "192.0.2.1"}},
        }
    )
    assert spec.appliance == load_spec(NOTE).appliance
    assert spec.proxy is None
    assert (spec.domains[0].name, spec.domains[0].mx) == ("small.example", (MxHost(0, "."),))
    host = spec.hosts[0]
    assert (host.addresses, host.ptr) == (("192.0.2.1",), "mx.small.example")
    assert host.certificate.names == ("mx.small.example",)


HOST = 'lab.hosts."mx.a.example"'


def host(**keys: object) -> dict[str, object]:
    return {"hosts": {"mx.a.example": keys}}


@pytest.mark.parametrize(
    ("tables", "sentence"),
    [
        ({"like": "mars"}, f"There is no lab named 'mars'; there are: fifty-domains, {NOTE}."),
        ({"like": 3}, "lab: like must be the name of a lab."),
        ({"hosts": 3}, "lab.hosts must be a table."),
        ({"hosts": {"mx.a.example": 3}}, f"{HOST} must be a table."),
        ({"hosts": {"m x": {}}}, "lab.hosts.\"m x\": 'm x' is not a host name."),
        (host(adresses=[]), f"{HOST} has no adresses; it may have: "),
        (host(addresses=3), f"{HOST}: addresses must be a text or a list of texts."),
        (host(addresses=["10.1"]), f"{HOST}: addresses: '10.1' is not an IP address."),
        (host(tls=["SSLv3"]), f"{HOST}: tls must be one of TLSv1.1, TLSv1.2"),
        (host(recipients="maybe"), f'{HOST}: recipients must read "550 words" or'),
        (host(reach=["open", "open"]), f"{HOST}: reach must be one word."),
        (host(certificate={"days_left": "x"}), f"{HOST}.certificate: days_left must be a whole"),
        (host(certificate={"names": ["ü"]}), f"{HOST}.certificate: names: 'ü' is not a host"),
        (host(certificate={"common_name": "x" * 65}), f"{HOST}.certificate: common_name must"),
        ({"proxy": {"hostname": "proxy.example"}}, "lab.proxy needs address."),
        ({"appliance": {"address": "here"}}, "lab.appliance: 'here' is not an address with a"),
        ({"appliance": {"hostname": 3}}, "lab.appliance: hostname must be a text."),
        ({"domains": {"a.example": {"mx": "mx.a.example"}}}, 'lab.domains."a.example": an mx'),
        ({"policies": {"a.example": {"status": 299}}}, 'lab.policies."a.example": 299 is not an'),
        (
            {"hosts": {n: {"addresses": "192.0.2.1"} for n in ("a.example", "b.example")}},
            "lab: 192.0.2.1 belongs to both a.example and b.example.",
        ),
    ],
)
def test_what_does_not_fit_is_one_sentence(tables: dict[str, object], sentence: str) -> None:
    with pytest.raises(UserError) as refusal:
        parse_spec(tables)
    assert str(refusal.value).startswith(sentence)
    assert str(refusal.value).endswith(".")


def test_a_long_host_name_needs_no_common_name() -> None:
    name = f"{'x' * 60}.example"
    certificate = parse_spec({"hosts": {name: {}}}).hosts[0].certificate
    assert (certificate.names, certificate.common_name) == ((name,), "")


def test_a_policy_without_a_text_enforces_the_domains_own_hosts() -> None:
    spec = parse_spec(
        {
            "domains": {"a.example": {"mx": ["10 mx1.a.example", "20 mx2.a.example"]}},
            "policies": {"a.example": {"addresses": "192.0.2.1"}},
        }
    )
    assert policy_text(spec, "a.example") == (
        "version: STSv1\nmode: enforce\nmx: mx1.a.example\nmx: mx2.a.example\nmax_age: 604800\n"
    )
