"""Large tables: a look-up takes as many probes as the name has labels, a commit as many steps as
there are rows. Counted, not timed; bench/tables.py times it.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

import pytest

from seg_cli.config.changes import merge
from seg_cli.config.codec.ini_writer import to_ini
from seg_cli.config.codec.route_file import to_route_file
from seg_cli.config.codec.xml_writer import to_xml
from seg_cli.config.destinations import MOST_ENTRIES, DestinationControl, DestinationTable
from seg_cli.config.problems import check_config
from seg_cli.config.smtp_routes import MOST_ROUTES, SmtpRoute, SmtpRoutes
from seg_cli.config.staging import StagedConfig
from seg_cli.config.tree import Config
from seg_cli.config.versions import ConfigVersion
from tests.config.conftest import NOW

T = TypeVar("T")


class Counted(Mapping[str, T]):
    """A table that counts how often a row of it is touched."""

    def __init__(self, rows: Mapping[str, T]) -> None:
        self.touched = 0
        self._rows = rows

    def __getitem__(self, name: str) -> T:
        self.touched += 1
        return self._rows[name]

    def __iter__(self) -> Iterator[str]:
        for name in self._rows:
            self.touched += 1
            yield name

    def __len__(self) -> int:
        return len(self._rows)


def entries(size: int) -> Counted[DestinationControl]:
    names = ("mail.example", ".partial.example", *(f"d{n}.example" for n in range(size - 2)))
    return Counted({name: DestinationControl(name, bounce_profile="Default") for name in names})


def routes(size: int) -> Counted[SmtpRoute]:
    names = ("mail.example", ".partial.example", *(f"d{n}.example" for n in range(size - 2)))
    return Counted({name: SmtpRoute(name, keyword="/dev/null") for name in names})


@dataclass(frozen=True)
class Committed:
    """A commit to begin from."""

    config: Config

    @property
    def current(self) -> ConfigVersion:
        return ConfigVersion(1, self.config, "admin", NOW)


@pytest.mark.parametrize("size", [10, 1000, MOST_ENTRIES])
@pytest.mark.parametrize(
    ("domain", "probes", "found"),
    [
        pytest.param("mail.example", 1, "mail.example", id="its own"),
        pytest.param("a.partial.example", 2, ".partial.example", id="partial"),
        pytest.param("a.b.partial.example", 3, ".partial.example", id="partial, further below"),
        pytest.param("a.b.c.d.other.kr", 6, None, id="none, six labels"),
        pytest.param("single", 1, None, id="none, one label"),
    ],
)
def test_a_look_up_takes_a_probe_a_label_at_most(
    size: int, domain: str, probes: int, found: str | None
) -> None:
    table = entries(size)
    entry = DestinationTable(table).find(domain)
    assert (entry.domain if entry else None, table.touched) == (found, probes)


@pytest.mark.parametrize("size", [10, MOST_ROUTES])
def test_a_route_is_found_as_quickly_and_all_takes_one_probe_more(size: int) -> None:
    table = routes(size)
    assert SmtpRoutes(table).find("a.b.c.d.other.kr") is None
    assert table.touched == 7


def changed(config: Config, other: Config) -> object:
    staged = StagedConfig(Committed(config))
    staged.stage(other)
    return staged.changed


STEPS: dict[str, Callable[[Config, Config], object]] = {
    "changed": changed,
    "merge": lambda config, other: merge(config, other, config),
    "check_config": lambda config, _: check_config(config),
    "to_xml": lambda config, _: to_xml(config),
    "to_ini": lambda config, _: to_ini(config.destinations),
    "to_route_file": lambda config, _: to_route_file(config.smtp_routes),
}


@pytest.mark.parametrize("step", STEPS.values(), ids=STEPS)
def test_a_commit_and_an_export_touch_each_row_a_fixed_number_of_times(
    step: Callable[[Config, Config], object],
) -> None:
    def touched(size: int) -> int:
        tables = entries(size), routes(size)
        config = replace(
            Config(), destinations=DestinationTable(tables[0]), smtp_routes=SmtpRoutes(tables[1])
        )
        others = DestinationTable(entries(size)), SmtpRoutes(routes(size))
        step(config, replace(config, destinations=others[0], smtp_routes=others[1]))
        return tables[0].touched + tables[1].touched

    assert touched(500) > 0
    assert touched(2000) == 4 * touched(500)
