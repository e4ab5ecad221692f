"""Characters that nobody sees, or that change what one sees: taken out of cells, and shown in names.

A mark of direction pasted with a date makes it another text; an override makes 12 look like 21; an escape
character moves a terminal's cursor; half a surrogate pair can be written to no file. Only the standard
library is needed, because the child process uses this too.
"""

from __future__ import annotations

import re
from typing import Any

from etl.cells import cell_name
from etl.preflight import Finding

# What is simply not there for a reader: soft hyphen, zero widths, marks of direction, the byte order mark.
_INVISIBLE = re.compile("[\u00ad\u061c\u180e\u200b-\u200f\u2060-\u2064\ufeff]")
# Control characters but tab and line ends, overrides and embeddings of direction, halves of pairs, no characters.
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)
_BROKEN_LINE = re.compile("[\t\n\r\u2028\u2029]")


def printable(text: str) -> str:
    """A cell's text without invisible characters, and with "�" for each that cannot be printed."""
    return _UNPRINTABLE.sub("\ufffd", _INVISIBLE.sub("", text))


def one_line(name: str) -> str:
    """The name of a file or sheet as an address can show it: "a\\nb" → "a�b"."""
    return name if name.isprintable() else _BROKEN_LINE.sub("\ufffd", printable(name))


def made_printable(name: str, rows: list[list[Any]]) -> list[Finding]:
    """Makes the texts of a sheet printable, in place; a note says how many and which is the first.

    Few sheets have any, so the distinct texts are looked through first.
    """
    texts = {value for row in rows for value in row if value.__class__ is str}
    other = {text: new for text in texts if not text.isprintable() and (new := printable(text)) != text}
    if not other:
        return []
    first, count = "", 0
    for number, row in enumerate(rows, start=1):
        for index, value in enumerate(row):
            if value.__class__ is str and value in other:
                row[index] = other[value] or None
                first = first or cell_name(number, index + 1)
                count += 1
    cells = f"{count:,} of its cells hold" if count > 1 else "it holds"
    place = "!".join(part for part in (name, first) if part)
    return [Finding(
        place, "unprintable_text", f"{cells} characters that cannot be seen (control characters, marks of direction); "
        "invisible ones were left out, the others are shown as �", "text that can be printed", "Type the cell again", "note",
    )]  # fmt: skip
