"""Number formats of an .xlsx's columns: what a person sees of a number beside its value ('£#,##0,"k"', 'dd/mm/yyyy').

They tell what neither title nor heading may say (a unit, a date); they never change a value. A workbook
whose styles are missing, broken or oddly spelled simply tells nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import islice
from xml.etree.ElementTree import ParseError

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

from etl.cells import cell_position
from etl.preflight import Archive, RefusedError

# Formats that a workbook may use by number without spelling them out: ECMA-376-1, 18.8.30, those of
# money (5 to 8, 41 to 44, which Excel fills in from the country it runs in) as in the United Kingdom.
BUILT_IN = {
    0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00",
    5: "£#,##0;-£#,##0", 6: "£#,##0;[Red]-£#,##0", 7: "£#,##0.00;-£#,##0.00", 8: "£#,##0.00;[Red]-£#,##0.00",
    9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?", 13: "# ??/??", 14: "dd/mm/yyyy", 15: "d-mmm-yy",
    16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss",
    22: "dd/mm/yyyy h:mm", 37: "#,##0;-#,##0", 38: "#,##0;[Red]-#,##0", 39: "#,##0.00;-#,##0.00",
    40: "#,##0.00;[Red]-#,##0.00", 41: "#,##0", 42: "£#,##0", 43: "#,##0.00", 44: "£#,##0.00",
    45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0", 48: "##0.0E+0", 49: "@",
}  # fmt: skip
_FIRST_CHUNKS = 4  # a megabyte of a sheet's XML: some 20,000 cells
# A cell with a number, spelled as spreadsheet programs do: its column, its style, no type or "n", a value.
_NUMBER = re.compile(
    rb'<(?:\w+:)?c r="([A-Z]{1,3})\d+"(?: s="(\d+)")?(?: t="n")?\s*>'
    rb"(?:<(?:\w+:)?f[^>]*?(?:/>|>[^<]*</(?:\w+:)?f>))?<(?:\w+:)?v>[^<]"
)


def cell_formats(archive: Archive) -> list[str]:
    """The number format of each cell style of an .xlsx, by the style's index; empty where none can be told."""
    try:
        root = ElementTree.fromstring(archive.read("xl/styles.xml"), forbid_dtd=True)
        space = root.tag.rpartition("}")[0] + "}"
        said = {
            int(entry.get("numFmtId", "")): entry.get("formatCode", "")
            for entry in root.iterfind(f"{space}numFmts/{space}numFmt")
        }
        numbers = [int(style.get("numFmtId", "0")) for style in root.iterfind(f"{space}cellXfs/{space}xf")]
    except (KeyError, ValueError, ParseError, DefusedXmlException, RefusedError):
        return []
    return [said.get(number) or BUILT_IN.get(number, "") for number in numbers]


def column_formats(archive: Archive, part: str, formats: list[str]) -> dict[int, str]:
    """The most frequent format of the numbers of each column, by the column's index from 0.

    Only the first megabyte of the sheet's part is looked at. `formats` is what `cell_formats` gave.
    """
    if not formats:
        return {}
    counts: dict[bytes, Counter[bytes]] = {}
    kept = b""
    for chunk in islice(archive.chunks(part), _FIRST_CHUNKS):
        kept += chunk
    for column, style in _NUMBER.findall(kept):
        counts.setdefault(column, Counter())[style] += 1
    found = {}
    for column, styles in counts.items():
        style = int(styles.most_common(1)[0][0] or b"0")
        if style < len(formats) and formats[style]:
            found[cell_position(f"{column.decode()}1")[1] - 1] = formats[style]
    return dict(sorted(found.items()))
