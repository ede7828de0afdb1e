"""A program for test_pty.py: paints, then reads commands on the real terminal it is started in."""

import asyncio
import signal

from seg_cli.fronts.paint import paint_first


async def wait(started: str) -> None:
    print(started, flush=True)  # noqa: T201 - this is a program
    await asyncio.Event().wait()


async def main() -> None:
    from seg_cli.dialogue.teletype import Completion  # noqa: PLC0415 - after the paint
    from seg_cli.errors import EndOfInput, Interrupted  # noqa: PLC0415 - after the paint
    from seg_cli.fronts.terminal import TerminalTeletype  # noqa: PLC0415 - after the paint

    teletype = TerminalTeletype(paint)
    asyncio.get_running_loop().add_signal_handler(signal.SIGINT, teletype.interrupt)
    while True:
        try:
            match await teletype.read_line("host> ", complete=Completion):
                case "wait":
                    await teletype.interruptible(wait("waiting"))
                case "raw":
                    teletype.write(f"raw:{await teletype.interruptible(teletype.raw_line())}\n")
                case line:
                    teletype.write(f"typed:{line}\n")
        except Interrupted:
            teletype.write("^C\n")
        except EndOfInput:
            return


with paint_first("Banner\n\nhost> ") as paint:
    asyncio.run(main())
