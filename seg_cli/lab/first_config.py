"""The configuration that a lab gives an appliance at its first start."""

from dataclasses import replace

from seg_cli.config.dns import DnsSettings, NameServer
from seg_cli.config.interfaces import Interface
from seg_cli.config.tree import Config
from seg_cli.lab.spec import LabSpec


def first_config(spec: LabSpec) -> Config:
    """Its name, its interface and its resolvers; everything else is the factory's."""
    box = spec.appliance
    servers = tuple(NameServer(address, priority) for priority, address in enumerate(box.resolvers))
    return replace(
        Config(),
        hostname=box.hostname,
        interfaces=(Interface(box.interface, box.address, box.prefix_length, box.hostname),),
        dns=DnsSettings(servers),
    )
