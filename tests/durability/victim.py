"""The appliance that is killed: takes orders on standard input, says what is done on its output.

    python -m tests.durability.victim DIRECTORY SINK_PORT [STAGE LINE]

With a stage it kills itself at the given line, counted over all lines it runs in the stage's files.
"""

import asyncio
import os
import signal
import sys
import threading
from dataclasses import replace
from pathlib import Path
from types import FrameType
from typing import Any

from seg_cli.config.destinations import DestinationControl
from seg_cli.config.store import Change, ConfigStore
from seg_cli.config.tree import Config
from seg_cli.delivery.network import Network, Surroundings
from seg_cli.lab.first_config import first_config
from seg_cli.lab.internet import Lab
from seg_cli.lab.reading import parse_spec
from seg_cli.logs.bus import Bus
from seg_cli.net.chooser import SeededChooser
from seg_cli.net.clock import RunningClock
from seg_cli.shell.appliance import Appliance, Parts
from seg_cli.terms import MtaStsSupport, TlsMode
from tests.durability.stages import STAGES, STS_DOMAIN

ADDRESS = "198.51.100.99"
POLICY = "version: STSv1\nmode: none\nmax_age: 86400\n"
SPEC = parse_spec(
    {
        "like": "tech-note-222782",
        "domains": {
            STS_DOMAIN: {
                "shows": "A sink with a policy to keep.",
                "mx": ["10 mx.sink.example"],
                "mta_sts_txt": "v=STSv1; id=1;",
            },
            "bare.example": {"shows": "A sink without.", "mx": ["10 mx.sink.example"]},
        },
        "policies": {STS_DOMAIN: {"addresses": ["198.51.100.98"], "text": POLICY}},
        "hosts": {"mx.sink.example": {"addresses": [ADDRESS]}},
    }
)


class Killer:
    """Counts the lines that run in some files, and dies at one of them."""

    def __init__(self, files: tuple[str, ...], line: int) -> None:
        self._files = files
        self._line = line
        self.count = 0

    def trace(self, frame: FrameType, event: str, _: Any) -> Any:
        """What sys.settrace calls for each new frame."""
        if event == "call" and frame.f_code.co_filename.endswith(self._files):
            return self._local
        return None

    def _local(self, _: FrameType, event: str, __: Any) -> Any:
        if event == "line":
            self.count += 1
            if self.count == self._line:
                os.kill(os.getpid(), signal.SIGKILL)
        return self._local


class Victim:
    """One run of the appliance, mail for the sink's hosts led to the sink."""

    def __init__(self, directory: Path, sink: int) -> None:
        self._directory = directory
        self._sink = sink
        self._clock = RunningClock()
        self._lab = Lab(SPEC, directory / "lab", self._clock.now)
        self.appliance = Appliance(
            Parts(directory, self._open_store, self._clock, self._open_network)
        )

    def _open_store(self) -> ConfigStore:
        return ConfigStore.open(
            self._directory, lambda: first_config(SPEC), self._clock.now(), lambda name: name
        )

    async def _open_network(self, config: Config, bus: Bus) -> Network:
        await self._lab.open()
        world = self._lab.world(self._clock, SeededChooser(1))

        def where(address: str, port: int) -> tuple[str, int]:
            return ("127.0.0.1", self._sink) if address == ADDRESS else world.where(address, port)

        surroundings = Surroundings(
            replace(world, where=where),
            self._directory / "state.sqlite3",
            bus.emit,
            report,
            {},
            sys.stderr.write,
        )
        return await Network.bring_up(surroundings, config)

    async def commit(self) -> str:
        """Commit an entry that no version had before."""
        staged = self.appliance.staged()
        number = self.appliance.store.current.number
        tls = DestinationControl(
            f"n{number}.example", tls=TlsMode.PREFERRED, mta_sts=MtaStsSupport.ON
        )
        sts = replace(tls, domain=STS_DOMAIN)
        table = staged.config.destinations.with_entry(tls).with_entry(sts)
        staged.stage(replace(staged.config, destinations=table))
        version = self.appliance.commit(staged, Change("admin", self._clock.now()))
        return f"committed {version.number}"

    async def rollover(self) -> str:
        """Begin new log files."""
        self.appliance.logs.roll_over("mail_logs")
        return "rolled over"

    async def quiet(self) -> str:
        """Wait until nothing is under way; every line is in the log then."""
        await self.appliance.quiet()
        return "quiet"

    async def listen(self) -> str:
        """Bring the network up."""
        network = await self.appliance.network()
        return f"listening {network.listener_address[1]}"

    async def close(self) -> str:
        """End in good order."""
        await self.appliance.close()
        await self._lab.close()
        return "closed"


def report(name: str, bug: BaseException) -> None:
    sys.stderr.write(f"{name}: {bug!r}\n")


async def obey(victim: Victim, killer: Killer | None) -> None:
    loop = asyncio.get_running_loop()
    while order := (await loop.run_in_executor(None, sys.stdin.readline)).strip():
        done = await getattr(victim, order)()
        lines = killer.count if killer else 0
        sys.stdout.write(f"{done} {lines}\n")
        sys.stdout.flush()
        if order == "close":
            return


def main(directory: str, sink: str, stage: str = "", line: str = "0") -> None:
    killer = None
    if stage:
        killer = Killer(STAGES[stage], int(line))
        threading.settrace(killer.trace)
        sys.settrace(killer.trace)
    asyncio.run(obey(Victim(Path(directory), int(sink)), killer))


if __name__ == "__main__":
    main(*sys.argv[1:])
