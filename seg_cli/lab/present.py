"""The present state of a lab: its spec with all faults applied, as its servers look it up.

A value that is replaced as a whole when something breaks or is mended, from any thread.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from seg_cli.lab.addresses import Addresses, Socket
from seg_cli.lab.ca import CertificateAuthority
from seg_cli.lab.faults import present
from seg_cli.lab.spec import LabSpec, MailHost, PolicyHost, Reach
from seg_cli.lab.zones import Zones

HTTPS_PORT, SMTP_PORT = 443, 25


@dataclass(frozen=True, slots=True)
class Present:
    """`policy_hosts` holds, by address and then by name, those that answer: they may share one."""

    spec: LabSpec
    zones: Zones
    policy_hosts: Mapping[str, Mapping[str, PolicyHost]]
    mail_hosts: Mapping[str, MailHost]

    @classmethod
    def of(cls, spec: LabSpec, authority: CertificateAuthority) -> "Present":
        """The lab that this spec and its faults make; UserError if a record of it cannot be."""
        now = present(spec)
        policy_hosts: dict[str, dict[str, PolicyHost]] = {}
        for policy in now.policies:
            for address in policy.addresses:
                here = policy_hosts.setdefault(address, {})
                if policy.reach is Reach.OPEN:
                    here[policy.name] = policy
        return cls(
            now, Zones(now, authority), policy_hosts, {host.name: host for host in now.hosts}
        )

    def reached_by(self, addresses: Addresses) -> Addresses:
        """The map of addresses, with what can be reached of it now."""
        return replace(addresses, silent=self._silent(), refused=self._refused())

    def _silent(self) -> frozenset[str]:
        """One silent host silences whatever else is at its address."""
        servers: tuple[PolicyHost | MailHost, ...] = self.spec.policies + self.spec.hosts
        return frozenset(a for one in servers if one.reach is Reach.SILENT for a in one.addresses)

    def _refused(self) -> frozenset[Socket]:
        """Where nothing listens: a mail host that refuses, an address without a policy host."""
        web = {(address, HTTPS_PORT) for address, here in self.policy_hosts.items() if not here}
        mail = {
            (address, SMTP_PORT)
            for host in self.spec.hosts
            if host.reach is Reach.REFUSED
            for address in host.addresses
        }
        return frozenset(web | mail)
