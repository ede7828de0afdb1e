"""IP interfaces: the addresses the appliance sends and listens from (`interfaceconfig`)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Interface:
    """One address with the length of its network prefix, and the name it announces in EHLO."""

    name: str
    address: str
    prefix_length: int
    hostname: str

    def __str__(self) -> str:
        return f"{self.name} ({self.address}/{self.prefix_length}: {self.hostname})"
