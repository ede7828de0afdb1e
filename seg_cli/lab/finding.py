"""Finding in a spec what belongs to a domain: its policy host, its mail hosts."""

from seg_cli.errors import UserError
from seg_cli.lab.spec import Domain, LabSpec, MailHost, PolicyHost
from seg_cli.printable import printable


def domain_of(spec: LabSpec, name: str) -> Domain:
    """The domain of this name; UserError if the lab has none."""
    for domain in spec.domains:
        if domain.name == name.lower():
            return domain
    raise UserError(
        f"There is no domain {printable(name)} in the lab; lab hosts lists the domains."
    )


def policy_host_of(spec: LabSpec, domain: Domain) -> PolicyHost | None:
    """The policy host of a domain, if it has one."""
    return next((policy for policy in spec.policies if policy.domain == domain.name), None)


def mail_hosts_of(spec: LabSpec, domain: Domain) -> tuple[MailHost, ...]:
    """The mail hosts of a domain by preference; without MX records the host of its own name.

    An MX that is an alias is followed once.
    """
    aliases = {one.name: one.data[0] for one in spec.records if one.rdtype == "CNAME"}
    exchangers = [mx.name for mx in sorted(domain.mx)] or [domain.name]
    names = [aliases.get(name, name).removesuffix(".") for name in exchangers]
    hosts = {host.name: host for host in spec.hosts}
    return tuple(hosts[name] for name in names if name in hosts)
