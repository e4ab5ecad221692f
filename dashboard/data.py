"""What a request reads: one snapshot, the same from its first figure to its last, and the configuration.

`Source` watches the folder of snapshots; pages and exports ask `request_data()`. What the tables mean is
the model's affair (`hnb`), not this module's.
"""

from __future__ import annotations

import datetime
import threading
import time
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

import flask
import polars

from dashboard import roles
from dashboard.drawn_pages import DrawnPages
from hnb.configuration import Configuration
from hnb.errors import HnbError
from hnb.identifiers import WithoutIdentifiers
from hnb.metrics import Cubes, Selection, compute
from hnb.store import Snapshot, current_id
from hnb.tables import TABLES

LOOK_EVERY = 1.0
"""Seconds between two looks at the folder. A look reads one line of one file."""

ANSWERS_KEPT = 2_000
"""Answers that a snapshot remembers: some kilobytes each."""

WORKED_OUT_KEPT = 200
"""Other results that a snapshot remembers: up to a list of what a page shows each."""

Result = TypeVar("Result")

_AS_AT_COLUMNS = (("budget", "as_at"), ("placements", "register_as_at"))


@dataclass(frozen=True)
class Data:
    """One snapshot with the configuration it is read by. It has `.table(name)`, so `compute` takes it.

    `fault` says why a newer snapshot is not shown, and is empty when this is the newest.
    """

    snapshot: Snapshot
    configuration: Configuration
    fault: str = ""

    @cached_property
    def for_analysts(self) -> Data:
        """The same snapshot without identifiers, with answers of its own. Made when the first analyst asks."""
        return AnalystData(self.snapshot, self.configuration, self.fault)

    @property
    def id(self) -> str:
        """The snapshot's id, as `python -m hnb snapshots` lists it."""
        return self.snapshot.id

    def has(self, name: str) -> bool:
        """Whether the snapshot holds a table of that name."""
        return self.snapshot.has(name)

    def table(self, name: str) -> polars.DataFrame:
        """A table as a Polars frame; one that the snapshot does not hold has its columns and no rows.

        Of rows about one child's placement it gives this authority's own and no other's.
        """
        if not self.snapshot.has(name):
            frame = polars.from_arrow(TABLES[name].arrow_schema().empty_table())
            assert isinstance(frame, polars.DataFrame)  # noqa: S101 (a table, never a single column)
            return frame
        return self._own_children(name) if "placement_id" in TABLES[name].names else self.snapshot.table(name)

    @cached_property
    def _own_children(self) -> Callable[[str], polars.DataFrame]:
        """A table of children's placements with this authority's alone, cut out once.

        Nobody here may see another authority's children; and where a country's are held, looking through all of
        them took seconds at each view.
        """

        def own(name: str) -> polars.DataFrame:
            whole = self.snapshot.table(name)
            is_own = whole["authority"] == self.configuration.authority
            return whole if is_own.all() else whole.filter(is_own)

        return lru_cache(maxsize=None)(own)

    def answer(self, measure: str, selection: Selection, by: tuple[str, ...] = ()) -> polars.DataFrame:
        """`hnb.metrics.compute` over this snapshot, remembered: a snapshot never changes, so neither does it.

        A page asks some thirty questions, most of them the same from one view to the next. Measured: 7 ms
        each (the work of putting a question, not of the rows), so 230 ms the overview, and 36 ms once they were asked.
        Raises HnbError as `compute` does.
        """
        return self._remembered(measure, selection, by)

    @cached_property
    def drawn(self) -> DrawnPages:
        """The pages that were drawn from this snapshot, for this role."""
        return DrawnPages()

    @cached_property
    def cubes(self) -> Cubes:
        """The rows of measures made ready for `compute`, kept as long as the snapshot."""
        return Cubes(self)

    @cached_property
    def _remembered(self) -> Callable[[str, Selection, tuple[str, ...]], polars.DataFrame]:
        def asked(measure: str, selection: Selection, by: tuple[str, ...]) -> polars.DataFrame:
            return compute(measure, self, selection, by)

        return lru_cache(maxsize=ANSWERS_KEPT)(asked)

    def worked_out(self, function: Callable[..., Result], *arguments: Hashable) -> Result:
        """What a pure function of the model says of this snapshot: `function(self, *arguments)`, remembered.

        For what depends on the snapshot alone, or is asked more than once in a view. It must be a function of a
        module, and what it gives must not be changed.
        """
        given: Result = self._worked_out(function, arguments)
        return given

    @cached_property
    def _worked_out(self) -> Callable[[Callable[..., Any], tuple[Hashable, ...]], Any]:
        def asked(function: Callable[..., Any], arguments: tuple[Hashable, ...]) -> Any:
            return function(self, *arguments)

        return lru_cache(maxsize=WORKED_OUT_KEPT)(asked)

    @cached_property
    def as_at(self) -> datetime.date | None:
        """The latest date to which the authority's own monitor or register reports; None when it has neither."""
        return self.as_at_of(())

    def as_at_of(self, financial_years: Iterable[str]) -> datetime.date | None:
        """The date of the latest figures of some years; of all where none is named."""
        wanted = set(financial_years)
        return max(
            (date for year, date in self.as_at_by_year.items() if not wanted or year in wanted), default=None
        )

    @cached_property
    def as_at_by_year(self) -> Mapping[str, datetime.date]:
        """The same for each financial year: a closed year is as at its close, whatever came later."""
        latest: dict[str, datetime.date] = {}
        for name, column in _AS_AT_COLUMNS:
            own = self.table(name).filter(polars.col("authority") == self.configuration.authority)
            for year, as_at in own.group_by("financial_year").agg(polars.col(column).max()).rows():
                latest[year] = max(as_at, latest.get(year, as_at))
        return MappingProxyType(latest)

    @cached_property
    def made_at(self) -> datetime.datetime:
        """When the snapshot was published, in UTC."""
        return datetime.datetime.fromisoformat(self.snapshot.manifest["made_at"])

    @cached_property
    def sources(self) -> tuple[str, ...]:
        """The names of the files that the snapshot was made from."""
        return tuple(str(file["name"]) for file in self.snapshot.manifest["files"])


@dataclass(frozen=True)
class AnalystData(Data):
    """A snapshot as an analyst sees it: the tables of `hnb.identifiers`, and all that is worked out from them."""

    def table(self, name: str) -> polars.DataFrame:
        """A table as `Data.table` gives it, without identifiers."""
        return self._narrowed(name)

    @cached_property
    def _narrowed(self) -> Callable[[str], polars.DataFrame]:
        whole = Data(self.snapshot, self.configuration)
        return lru_cache(maxsize=None)(WithoutIdentifiers(whole, self.configuration.screen_threshold).table)


@dataclass
class Source:
    """The current snapshot of a folder, looked for at most once a second. Safe to share between threads.

    A newer snapshot that cannot be read does not take the older one away: `Data.fault` then says why.
    """

    processed: Path
    configuration: Configuration
    clock: Callable[[], float] = time.monotonic
    _data: Data | None = field(default=None, repr=False)
    _looked_at: float = field(default=0.0, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def data(self) -> Data:
        """What a request that begins now is to read. Raises HnbError when nothing readable was published yet."""
        with self._lock:
            now = self.clock()
            if self._data is None:
                self._data = Data(Snapshot.open(self.processed), self.configuration)
            elif now - self._looked_at >= LOOK_EVERY:
                self._data = self._newest(self._data)
            else:
                return self._data
            self._looked_at = now
            return self._data

    def _newest(self, known: Data) -> Data:
        try:
            if current_id(self.processed) == known.id:
                return known
            return Data(Snapshot.open(self.processed), self.configuration)
        except HnbError as error:
            return Data(known.snapshot, known.configuration, fault=str(error))


def request_data() -> Data:
    """What the request being answered reads: the same `Data` however often it is asked for.

    It is what the role of the person asking sees; for less than an analyst there is none (ForbiddenError).
    """
    roles.require(roles.ANALYST)
    if "hnb_data" not in flask.g:
        source: Source = flask.current_app.extensions["hnb"]
        flask.g.hnb_data = source.data()
    data: Data = flask.g.hnb_data
    return data if roles.may(roles.OFFICER) else data.for_analysts
