"""What holds for a whole sheet: what its title, its name and its file's name say, and what the layout says itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from etl.layout import Context
from etl.printed import Refused, cell_text
from etl.recognise import Fit
from etl.row_refusals import RowRefusals
from etl.staging import BROUGHT
from etl.values import Reader
from hnb.contract import Problem


class SheetContext:
    """The values that are the same in every row of a sheet.

    `values` by column; `unit` is what printed pounds are multiplied by. A value that the sheet should say and does
    not is a Problem and refuses every data row: without its date or its unit no figure means anything.
    """

    def __init__(self, fit: Fit, refusals: RowRefusals, authority: str) -> None:
        self.fit = fit
        self.layout = fit.layout
        self.refusals = refusals
        self.authority = authority
        self.unit = 1.0
        self.values: dict[str, Any] = {}
        for context in self.layout.context:
            self._read(context)

    def constants(self, table: str) -> dict[str, Any]:
        """The values of a table's columns that no row says, the layout's own constants included."""
        declared = set(BROUGHT[table].names)
        given = {**self.values, **self.layout.constants.get("", {}), **self.layout.constants.get(table, {})}
        return {name: self._constant(name, value) for name, value in given.items() if name in declared}

    def value(self, name: str) -> Any:
        """One of them, whichever table has it; None where there is none."""
        for table in self.layout.tables:
            found = self.constants(table)
            if name in found:
                return found[name]
        return None

    def codes(self, name: str) -> str:
        """The code list of a column, in the first table that has it."""
        tables = (BROUGHT[table] for table in self.layout.tables)
        return next((table.column(name).codes for table in tables if name in table.names), "")

    def _constant(self, name: str, value: Any) -> Any:
        return self.authority if name == "authority" and value == "ours" else value

    def _read(self, context: Context) -> None:
        where = f"{self.fit.sheet.file}!{self.fit.sheet.name}"
        text = self._text(context)
        if text is None:
            if not context.optional:
                action = f"Write it there, or correct the pattern in {self.layout.said}"
                self.refusals.problem(
                    Problem(where, "no_context", f"the sheet does not say its {_said(context.name)}", context.wanted, action),
                    map(int, self.refusals.rows.data),
                )  # fmt: skip
            return
        # The year may be a person's answer in the layout, where the sheet prints none.
        year = str(self.values.get("financial_year") or self.value("financial_year") or "")
        value = Reader(context.read, self.codes(context.name), values=context.values, year=year)(text)
        if isinstance(value, Refused):
            self.refusals.at(where, value, map(int, self.refusals.rows.data))
        elif context.name == "unit":
            self.unit = float(value)
        else:
            self.values[context.name] = value

    def _text(self, context: Context) -> str | None:
        matches = (
            context.pattern.search(text) for source in context.sources for text in self._texts_of(source)
        )
        found = next((match for match in matches if match and match[1]), None)
        return found[1].strip(" ,;:.") if found else None  # a value often ends a clause

    def _texts_of(self, source: str) -> Iterator[str]:
        if source == "file_name":
            yield self.fit.sheet.file
        elif source == "sheet_name":
            yield self.fit.sheet.name
        else:
            for row in self.fit.sheet.rows[: self.fit.data_from]:
                yield " ".join(text for cell in row if (text := cell_text(cell)))


def _said(name: str) -> str:
    """A context as a person says it: "register_as_at" → "date (register as at)"."""
    words = name.replace("_", " ")
    return f"date ({words})" if name.endswith(("_at", "_on")) else words
