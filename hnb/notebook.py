"""What an analyst's notebook asks of the model: a snapshot, a measure of it as a pandas frame, and what the columns are.

`import hnb` brings these names. Nothing is worked out here: every figure is `hnb.metrics.compute`'s. Units and
meanings stand beside a frame, in its `attrs`, and not in its headings, so that a frame can be used at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Literal, TypeAlias, overload

import pandas
import polars
import pyarrow

from hnb import configuration, wording
from hnb.codelists import CODELISTS
from hnb.contract import Column
from hnb.errors import HnbError
from hnb.measures_file import take_measures
from hnb.metrics import MEASURES, Cubes, Measure, measure_named
from hnb.metrics import compute as compute_measure
from hnb.metrics.answer import RESULT_COLUMNS
from hnb.metrics.declared import declared_measures
from hnb.partitions import Held, tables_by_engine
from hnb.selection import Selection
from hnb.store import Snapshot
from hnb.tables import TABLES

Kind: TypeAlias = Literal["pandas", "polars", "arrow"]
Frame: TypeAlias = pandas.DataFrame | polars.DataFrame | pyarrow.Table

measures: Mapping[str, Measure] = MEASURES
"""Every measure by name; once `load` has run, those of the measures file among them."""


@dataclass(frozen=True)
class Data:
    """A snapshot as a notebook reads it: `compute` takes it, and so does every function of the model.

    Tables in which a row is one child's placement are there for whoever has the key to them (the file
    `pupil_key_file` of settings.toml), and then this authority's own rows alone.
    """

    snapshot: Snapshot
    configuration: configuration.Configuration
    has_key: bool
    held: Held | None = None
    """What `compute` reads where the setting `engine` is not "embedded": the same tables as a partitioned set."""

    @property
    def authority(self) -> str:
        """The ONS code of the authority whose block this is."""
        return self.configuration.authority

    def selection(self, **chosen: Any) -> Selection:
        """A `Selection` of this authority: ``data.selection(years=("2025-26",), settings=("special_independent",))``."""
        return Selection(authority=self.authority).with_(**chosen)

    def has(self, name: str) -> bool:
        """Whether the snapshot holds a table of that name."""
        return self.snapshot.has(name)

    def table(self, name: str) -> polars.DataFrame:
        """A table as a Polars frame, as the model's functions read it; see `frame` for pandas.

        HnbError where the snapshot has no such table, or where its rows are children's and the key is not here.
        """
        return self._tables(name)

    def frame(self, name: str, kind: Kind = "pandas") -> Frame:
        """A table for looking at: pandas, or Polars or Arrow for those who ask; `attrs` of pandas has units and meanings."""
        if name not in TABLES:
            raise HnbError(f"“{name[:40]}” is no table; those there are: {', '.join(self.contents().index)}.")
        about = {column.name: _of_column(column) for column in TABLES[name].columns}
        return _given(self.table(name), kind, about, table=name, row=TABLES[name].row)

    def contents(self) -> pandas.DataFrame:
        """What the snapshot holds: each table, how many rows, what a row is, and whether it can be read here."""
        held = [(name, table) for name, table in TABLES.items() if self.has(name)]
        return pandas.DataFrame(
            {
                "rows": [self.snapshot.manifest["tables"][name]["rows"] for name, _ in held],
                "a row is": [table.row for _, table in held],
                "to be read": [self.has_key or not _is_of_children(name) for name, _ in held],
            },
            index=pandas.Index([name for name, _ in held], name="table"),
        )

    @cached_property
    def cubes(self) -> Cubes:
        """The rows of measures made ready for `compute`, as the dashboard keeps them."""
        return Cubes(self)

    @cached_property
    def _tables(self) -> Callable[[str], polars.DataFrame]:
        def held(name: str) -> polars.DataFrame:
            if not _is_of_children(name):
                return self.snapshot.table(name)
            if not self.has_key:
                raise HnbError(
                    f"A row of “{name}” is about one child, and the key to such rows is not here "
                    f"({self.configuration.pupil_key_file}). Ask for sums instead: `hnb.compute` of a measure of spend or "
                    "placements. Whoever may see rows has the key; see pupil_key_file in settings.toml."
                )
            whole = self.snapshot.table(name)
            return whole.filter(polars.col("authority") == self.authority)

        return lru_cache(maxsize=None)(held)


def load(processed: Path | str | None = None, settings: Path | str | None = None) -> Data:
    """The current snapshot, with this installation's settings and the measures that it has declared.

    processed: the folder of snapshots; settings: the settings file. Without them those that the dashboard uses.
    Raises HnbError when nothing is published, or when the settings or the measures file have a fault.
    """
    chosen = configuration.load(Path(settings) if settings else None)
    take_measures(chosen.measures_file)
    snapshot = Snapshot.open(Path(processed) if processed else chosen.processed_folder)
    held = None if chosen.engine == "embedded" else tables_by_engine(chosen, snapshot)
    return Data(snapshot, chosen, chosen.pupil_key_file.is_file(), held)


@overload
def compute(
    measure: Measure | str, data: Any, selection: Selection | None = None, by: Iterable[str] = ()
) -> pandas.DataFrame: ...
@overload
def compute(
    measure: Measure | str,
    data: Any,
    selection: Selection | None = None,
    by: Iterable[str] = (),
    *,
    kind: Kind,
) -> Any: ...
def compute(
    measure: Measure | str,
    data: Any,
    selection: Selection | None = None,
    by: Iterable[str] = (),
    *,
    kind: Kind = "pandas",
) -> Any:
    """A measure of what is selected, split by some dimensions, as a pandas frame: `hnb.metrics.compute` says its shape.

    selection: this authority's whole by default. kind: "polars" or "arrow" for those who ask. Of a pandas frame
    ``attrs["units"]`` and ``attrs["meanings"]`` say what each column is, ``attrs["measure"]`` of what it is an
    answer, ``attrs["selection"]`` of whom; an Arrow table has them with its fields; for Polars see `about`.
    """
    asked = measure_named(measure) if isinstance(measure, str) else measure
    chosen = selection or (data.selection() if isinstance(data, Data) else Selection())
    wanted = tuple(dict.fromkeys(by))
    answer = compute_measure(asked, _asked_of(data, asked), chosen, wanted)
    return _given(answer, kind, _about(asked, wanted), measure=asked.name, selection=chosen.words())


def _asked_of(data: Any, measure: Measure) -> Any:
    """What a measure is to be worked out from. Rows of children are few, this authority's own: never from a set."""
    if not isinstance(data, Data) or data.held is None or any(map(_is_of_children, measure.tables)):
        return data
    return data.held


def about(measure: Measure | str, by: Iterable[str] = ()) -> pandas.DataFrame:
    """What stands in each column of an answer: its unit and its meaning."""
    asked = measure_named(measure) if isinstance(measure, str) else measure
    said = _about(asked, tuple(by))
    return pandas.DataFrame(
        {"unit": [unit for unit, _ in said.values()], "meaning": [meaning for _, meaning in said.values()]},
        index=pandas.Index(list(said), name="column"),
    )


def catalogue() -> pandas.DataFrame:
    """Every measure: what it is called, the question that it answers, its unit, what it can be split by."""
    known = list(MEASURES.values())
    return pandas.DataFrame(
        {
            "title": [measure.title for measure in known],
            "question": [measure.question for measure in known],
            "unit": [measure.unit for measure in known],
            "by": [", ".join(measure.dimensions) for measure in known],
            "caution": [measure.caution for measure in known],
        },
        index=pandas.Index([measure.name for measure in known], name="measure"),
    )


def declared(text: str) -> tuple[Measure, ...]:
    """The measures that a text declares, to be tried before the text goes into the measures file.

    Raises HnbError with everything that is wrong in it.
    """
    return declared_measures(text, MEASURES.shipped)


# ------------------------------------------------------------------------------ units and meanings


def _is_of_children(name: str) -> bool:
    return bool({"pupil_id", "placement_id"} & set(TABLES[name].names))


def _about(measure: Measure, by: tuple[str, ...]) -> dict[str, tuple[str, str]]:
    """For each column of an answer its unit, "" where it has none, and its meaning."""
    columns = TABLES[measure.table]
    said = {
        name: ("", columns.column(name).meaning if name in columns.names else wording.dimension_title(name))
        for name in by
    }
    statuses = ", ".join(CODELISTS["result_statuses"].codes)
    result = {
        "numerator": _summed(measure, measure.numerator),
        "denominator": _summed(measure, measure.denominator) if measure.denominator else ("", "Nothing is divided."),
        "value": (measure.unit, f"{measure.title}. {measure.caution}"),
        "count": ("placements or plans" if measure.count else "", "How many children's placements or plans stand behind it."),
        "status": ("", f"How the figure stands: {statuses}."),
    }  # fmt: skip
    return {**said, **{name: result[name] for name in RESULT_COLUMNS}}


def _summed(measure: Measure, name: str) -> tuple[str, str]:
    columns = TABLES[measure.table]
    return _of_column(columns.column(name)) if name in columns.names else ("", f"The sum of {name}.")


def _of_column(column: Column) -> tuple[str, str]:
    return "£" if column.kind == "pounds" else column.unit, column.meaning


def _given(frame: polars.DataFrame, kind: Kind, about: Mapping[str, tuple[str, str]], **more: str) -> Any:
    """A frame as it was asked for, with what is known of its columns beside it."""
    if kind == "polars":
        return frame
    if kind == "arrow":
        table = frame.to_arrow()
        fields = [
            field.with_metadata({"unit": about[field.name][0], "meaning": about[field.name][1]})
            for field in table.schema
        ]
        return table.cast(pyarrow.schema(fields, metadata=more))
    if kind != "pandas":
        raise HnbError(f"“{kind}” is no kind of frame; there are pandas, polars and arrow.")
    given = frame.to_pandas()
    units = {name: unit for name, (unit, _) in about.items()}
    meanings = {name: meaning for name, (_, meaning) in about.items()}
    given.attrs["units"], given.attrs["meanings"] = units, meanings
    for name, words in more.items():
        given.attrs[name] = words
    return given
