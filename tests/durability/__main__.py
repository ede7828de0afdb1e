"""python -m tests.durability: kills over all of the appliance's work, and what they came to."""

import sys
import tempfile
from pathlib import Path

from tests.durability.harness import Outcome, Point, kill_at, lines_of_stages, points
from tests.durability.sink import Sink

EACH = 20
WINDOW_HITS = 20


def main() -> int:
    """Print the sum of all kills; 1 if anything was lost, or repeated outside the window."""
    total = Outcome()
    with tempfile.TemporaryDirectory() as place:
        sink = Sink()
        counts = lines_of_stages(Path(place) / "counting", sink)
        for number, point in enumerate(points(counts, EACH)):
            total.add(kill_at(point, Path(place) / str(number), sink))
        line = 0
        while total.in_window < WINDOW_HITS and line < counts["window"]:
            line += max(1, counts["window"] // 211)  # other lines than those above
            total.add(kill_at(Point("window", line), Path(place) / f"window-{line}", sink))
        sink.shutdown()
    sys.stdout.write("".join(f"{text}\n" for text in total.lines()))
    return int(bool(total.lost or total.repeated_outside))


if __name__ == "__main__":
    sys.exit(main())
