"""Footnotes, remarks and odd rows of an unknown sheet, ignored by what they say."""

from __future__ import annotations

from etl.propose import vocabulary
from etl.propose.anatomy import FOOTNOTE
from etl.propose.draft import Draft, escaped
from etl.propose.study import Study
from etl.values import cell_text


def footnotes(draft: Draft, study: Study, label: str | None) -> None:
    """Footnotes ignored by what they say; odd rows under the header by name."""
    draft.ignored_rows += study.odd_rows()
    rows = study.anatomy.rows(FOOTNOTE)
    if not rows:
        return
    sheet = study.sheet
    first_texts = []
    for row in rows:
        column, text = next(
            (place, cell_text(cell)) for place, cell in enumerate(sheet.rows[row]) if cell_text(cell)
        )
        first_texts.append((row, column, text))
    data_end = max(list(study.anatomy.data) + [total.row for total in study.totals], default=-1)
    after = [found for found in first_texts if found[0] > data_end]
    among = [found for found in first_texts if found[0] <= data_end]
    for _, _, text in among if draft.table != "placements" else ():
        draft.ignored_rows.append({"any_cell": escaped(text), "reason": "A remark between the rows"})
    if after:
        _, _, text = after[0]
        draft.ignored_rows.append(
            {
                "why": "words below the last figures",
                "any_cell": _opening(text, of_children=draft.table == "placements"),
                "to_end": True,
                "reason": "Footnotes",
            }
        )


def _opening(text: str, *, of_children: bool) -> str:
    """A pattern for a footnote: its first word and anything after, where the word is one that footnotes begin with."""
    first = text.split()[0]
    word = first.rstrip(":.0123456789")
    if vocabulary.begins_like(text, "footnotes") and len(word) > 2:
        return f"{escaped(word)}.*"
    # A remark below a register may speak of a child: no more of it is written down than its first word.
    return f"{escaped(first)}.*" if of_children else escaped(text)
