"""The [[header]] of a proposed layout: the rows that headings are made of."""

from __future__ import annotations

from etl.propose.anatomy import REPEATED
from etl.propose.draft import Draft
from etl.propose.study import Study


def header(draft: Draft, study: Study) -> None:
    """The rows that headings are made of."""
    draft.header = study.header_entries()
    rows = [study.sheet.first_row + row for row in study.anatomy.header_rows]
    draft.header[0]["why"] = (
        f"the header is in row{'s' if len(rows) > 1 else ''} {' and '.join(map(str, rows))}: known headings over columns of another kind"
    )
    if study.anatomy.rows(REPEATED):
        draft.repeated_header.append({"pattern": "", "reason": "The header again above a later block"})
        draft.repeated_header[-1].pop("pattern")
