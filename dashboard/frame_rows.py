"""The rows of a Polars frame as records, made only when they are asked for: a list of thousands is never made whole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, overload

import polars


@dataclass(frozen=True)
class FrameRows(Sequence[Mapping[str, Any]]):
    """A sequence of records; a slice of it makes the records of that slice and no others."""

    frame: polars.DataFrame

    def __len__(self) -> int:
        return self.frame.height

    @overload
    def __getitem__(self, at: int) -> Mapping[str, Any]: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Mapping[str, Any]]: ...
    def __getitem__(self, at: int | slice) -> Any:
        return FrameRows(self.frame[at]) if isinstance(at, slice) else self.frame.row(at, named=True)

    def __iter__(self) -> Iterator[Mapping[str, Any]]:
        return self.frame.iter_rows(named=True)
