"""Frames by table name, for notebooks and tests that have no snapshot."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas
import polars
import pyarrow

from hnb.tables import TABLES


class Tables:
    """A few frames behind the face of a snapshot: `.has(name)` and `.table(name)`.

    Frames may be pandas or Polars; they are left unchanged. Columns that `hnb.tables` declares get their
    declared types; a frame may lack columns that the measure does not read.
    """

    def __init__(self, frames: Mapping[str, pandas.DataFrame | polars.DataFrame]) -> None:
        self._frames = {name: _typed(name, frame) for name, frame in frames.items()}

    def has(self, name: str) -> bool:
        """Whether there is a table of that name."""
        return name in self._frames

    def table(self, name: str) -> polars.DataFrame:
        """A table as a Polars frame. KeyError if there is none."""
        return self._frames[name]


def _typed(name: str, frame: pandas.DataFrame | polars.DataFrame) -> polars.DataFrame:
    if isinstance(frame, pandas.DataFrame):
        # Only columns whose type pandas has left open; a frame that `Table.conform` typed stays as it is.
        loose = [column for column in frame.columns if frame[column].dtype == object]
        known = (
            frame.assign(**{column: frame[column].convert_dtypes() for column in loose})
            if len(frame)
            else frame
        )
        held = polars.DataFrame(pyarrow.Table.from_pandas(known, preserve_index=False))
    else:
        held = frame.clone()
    if name not in TABLES:
        return held
    declared = {field.name: _POLARS[field.type] for field in TABLES[name].arrow_schema()}
    return held.cast({column: declared[column] for column in held.columns if column in declared})


_POLARS: Mapping[pyarrow.DataType, Any] = {
    pyarrow.string(): polars.String,
    pyarrow.float64(): polars.Float64,
    pyarrow.int64(): polars.Int64,
    pyarrow.bool_(): polars.Boolean,
    pyarrow.date32(): polars.Date,
}
