"""Rows: which rows of which files make a figure, and what stands at one row of a file. Not in the navigation."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlencode

import dash
import polars
from dash import dcc
from dash.dependencies import Input, Output, State
from dash.development.base_component import Component

from dashboard.access import Given, guarded_callback, one_of, view_query
from dashboard.components import html
from dashboard.components.copy import copy_button
from dashboard.components.download import listing_downloads
from dashboard.components.filter_bar import choice, filter_bar
from dashboard.components.metric_card import metric_card, tiles
from dashboard.components.panel import empty_panel, panel
from dashboard.components.records import RecordColumn, records_table
from dashboard.data import request_data
from dashboard.listing import listing_table
from dashboard.listings.rows import PATH, SHOWN, Traced, columns_of, listing_of, said_value
from dashboard.pages import filters
from dashboard.pages.view import View
from dashboard.roles import OFFICER
from hnb import load_findings, wording
from hnb.codelists import CODELISTS
from hnb.findings import provenance as findings
from hnb.metrics import MEASURES, Selection
from hnb.source_row import SourceRow, is_address, source_row
from hnb.tables import TABLES

QUESTION = "Which rows make this figure?"
OF_ROW = "What stands in this row?"

DERIVED_SHOWN = 24
"""Rows worked out from one row of a file that the screen has at most."""

dash.register_page(
    __name__,
    path=PATH,
    name="Rows",
    title="The rows behind a figure",
    order=130,
    least_role=OFFICER,
    listed=False,
)
filters.register("rows", least_role=OFFICER)


@guarded_callback(
    Output(filters.LOCATION, "search", allow_duplicate=True),
    [
        Given(Input("rows-measure", "value"), one_of(MEASURES)),
        Given(State(filters.LOCATION, "search"), view_query()),
    ],
    least_role=OFFICER,
    prevent_initial_call=True,
)
def chosen(measure: str | None, query: str) -> Any:
    """The address with the figure that was chosen; no change where the page shows that already."""
    if measure == Traced.read(query).measure.name:
        return dash.no_update
    return filters.address_with(query, Selection.from_query(query), measure=measure or "", step="", at="")


def layout(view: str = "") -> Component:
    """The page for the query of an address: the rows behind a figure, or one row of a file."""
    address = dict(parse_qsl(view)).get("source", "")
    return _of_row(address) if address else _of_figure(view)


# --------------------------------------------------------------------------- the rows of a figure


def _of_figure(query: str) -> Component:
    traced, asked = Traced.read(query), View.read(query)
    return html.Div(
        [
            html.Div([html.H1(QUESTION), html.P(_when(traced))], className="page-head"),
            filter_bar(
                "rows",
                asked.selection,
                years=asked.years,
                providers=asked.providers[: filters.PROVIDERS_SHOWN],
                said=f"{traced.measure.title}: {traced.selection.words()}",
                dropped=traced.notes,
                clear=f"{PATH}?{urlencode({'measure': traced.measure.name})}" if asked.is_narrowed or asked.selection.years else "",
            ),
            html.Div(
                [choice("rows", "measure", "Figure", [(name, measure.title) for name, measure in MEASURES.items()], traced.measure.name)],
                className="chooser",
            ),
            *_account(traced, asked),
        ],
        className="page",
    )  # fmt: skip


def _when(traced: Traced) -> str:
    return f"{traced.measure.title}, {wording.lowered(traced.selection.about())}"


def _selected(traced: Traced) -> str:
    return wording.lowered(traced.selection.words())


def _account(traced: Traced, asked: View) -> list[Component]:
    behind, measure = traced.behind, traced.measure
    if not behind.row_count:
        sentence = (
            "The snapshot has the figure, and not the rows of the files that it was made from."
            if behind.numerator
            else "Nothing is loaded, or nothing is selected, that this figure counts. Widen the selection."
        )
        return [empty_panel("account", findings.of_rows(behind), sentence)]
    value, status = asked.figure(measure.name, traced.selection)
    split = wording.not_split(measure.title, traced.selection.unsupported(measure.dimensions))
    return [
        html.Div(
            tiles(
            [
                metric_card(measure.title, wording.value(measure, value, "table", status=status), is_missing=value is None),
                metric_card("Its rows add up to", findings.quantity(measure, behind.total), beside=("the sum that is divided" if measure.denominator else "the same") if behind.is_met else "not the same"),
                metric_card("Rows", wording.count(behind.row_count), beside=load_findings.plural(behind.sources.height, "sheet")),
            ]
        ),
            className="wide-tiles",
        ),
        panel(
            "account",
            findings.of_rows(behind),
            " ".join(filter(None, (measure.question, findings.divided(behind, value), split))),
            _steps(traced),
            caution=" ".join(filter(None, (measure.caution, findings.repeated(behind), findings.reach(behind)))),
        ),
        _listed(traced),
        *_files(traced),
    ]  # fmt: skip


def _steps(traced: Traced) -> Component:
    """What the figure is made of: a row a step, and the figure as their total."""
    codes = CODELISTS["provenance_steps"]
    kind: Any = findings.kind_of_numerator(traced.measure)
    columns = [
        RecordColumn("name", "Rows", link=lambda row: "" if row["name"] == traced.step.name and len(traced.behind.steps) > 1 else traced.address(step=row["name"]), words=lambda code: codes.label(code) if code in codes.entries else code),
        RecordColumn("meaning", "What they are"),
        RecordColumn("rows", "How many", "count"),
        RecordColumn("total", "In the figure" + (" (£)" if kind == "pounds" else ""), kind),
    ]  # fmt: skip
    steps = [
        {"name": step.name, "meaning": codes.meaning(step.name), "rows": step.rows.height, "total": step.total}
        for step in traced.behind.steps
    ]  # fmt: skip
    whole = {"name": "Together", "rows": traced.behind.row_count, "total": traced.behind.total}
    caption = f"What {wording.lowered(traced.measure.title)} is made of, {_selected(traced)}"
    return records_table(steps, columns, caption, whole=whole)


def _listed(traced: Traced) -> Component:
    found = listing_of(traced)
    screens = -(-len(found.rows) // SHOWN)
    if traced.at > screens:
        return empty_panel("rows", found.title, "There are not so many rows. Go back to the first of them.")
    first = (traced.at - 1) * SHOWN
    counted = f"{first + 1:,} to {first + len(found.on_screen):,} of {len(found.rows):,}"
    turns = [
        dcc.Link(words, href=traced.address(at=str(to)))
        for words, to in (("Those before", traced.at - 1), ("Those after", traced.at + 1))
        if 0 < to <= screens
    ]
    return panel(
        "rows",
        found.title,
        f"Rows {counted}; press an address to see the row as it was loaded; {_selected(traced)}",
        [
            listing_table(found),
            *([html.Nav(turns, className="turns", **{"aria-label": "More rows"})] if turns else []),
        ],
        downloads=listing_downloads("rows", traced.query, subject=found.title),
        caution="Rows of the register are children: for officers only, never for the meeting."
        if traced.step.table == "placements"
        else "",
    )


def _files(traced: Traced) -> list[Component]:
    sources = traced.behind.sources
    if not sources.height:
        return []
    columns = [
        RecordColumn("file", "File", "address", link=lambda row: f"/data?{urlencode({'file': row['file']})}"),
        RecordColumn("sheet", "Sheet", "address"),
        RecordColumn("rows", "Rows behind this figure", "count"),
    ]
    return [
        panel(
            "files",
            f"The rows come from {load_findings.plural(sources.height, 'sheet')}",
            "Press a file to see what became of all its rows",
            records_table(
                sources.iter_rows(named=True),
                columns,
                "Files and sheets behind this figure",
                whole={"file": "All of them", "rows": traced.behind.row_count}
                if traced.behind.reaches_files
                else None,
            ),
        )
    ]


# ----------------------------------------------------------------------------- one row of a file


def _of_row(address: str) -> Component:
    if not is_address(address):
        said = "That is no address of a row: it is written file!sheet!row"
        return html.Div(
            [
                html.Div([html.H1(OF_ROW)], className="page-head"),
                html.P(said, **{"data-status": said}),
                empty_panel(
                    "row", "No such address", "Follow an address from a list of rows, or copy it whole."
                ),
            ],
            className="page",
        )
    found = source_row(request_data(), address)
    said = f"Row {found.row} of sheet {found.sheet} of {found.file}"
    return html.Div(
        [
            html.Div([html.H1(OF_ROW), html.P(said)], className="page-head"),
            html.P(
                [
                    html.Code(address, className="address"),
                    copy_button(address, "Copy", what="the address of this row"),
                    dcc.Link("What became of this file", href=f"/data?{urlencode({'file': found.file})}"),
                ],
                className="row-address",
                **{"data-status": said},
            ),
            *_loaded(found),
            *_derived(found),
            _problems(found),
        ],
        className="page",
    )


def _loaded(found: SourceRow) -> list[Component]:
    if not found.loaded:
        return [
            empty_panel(
                "loaded",
                "No row was loaded from here",
                "It was left out by name, refused, or is not in this snapshot: the file's page says which.",
            )
        ]
    return [
        panel(
            f"loaded-{table}",
            f"It was loaded as {load_findings.plural(frame.height, 'row')} of {table.replace('_', ' ')}",
            "As the model has it, every column that says something",
            (_fields if frame.height == 1 else _table)(
                table, frame, f"Row {found.row} as loaded into {table.replace('_', ' ')}"
            ),
        )
        for table, frame in found.loaded.items()
    ]


def _derived(found: SourceRow) -> list[Component]:
    panels = []
    for table, frame in found.derived.items():
        words = table.replace("_", " ")
        shown = frame.head(DERIVED_SHOWN)
        first = f"; the first {shown.height} are shown" if shown.height < frame.height else ""
        heading = (
            f"It goes into {load_findings.plural(frame.height, 'row')} of spend, with other rows"
            if table == "spend"
            else f"{load_findings.plural(frame.height, 'row')} of {words} {'was' if frame.height == 1 else 'were'} worked out from it"
        )
        panels.append(
            panel(f"derived-{table}", heading, f"Worked out by the build{first}", _table(table, shown, f"Rows of {words} that row {found.row} goes into"))
        )  # fmt: skip
    return panels


def _table(table: str, frame: polars.DataFrame, caption: str) -> Component:
    columns = columns_of(table, frame)
    return records_table(frame.iter_rows(named=True), columns, caption)


def _fields(table: str, frame: polars.DataFrame, caption: str) -> Component:
    """One row of a table, a line a column with what the column means."""
    record = frame.row(0, named=True)
    shown = columns_of(table, frame, whole=True)
    lines = [
        {
            "column": column.heading,
            "value": said_value(column, record),
            "meaning": TABLES[table].column(column.name).meaning,
        }
        for column in shown
    ]
    columns = [
        RecordColumn("column", "Column"),
        RecordColumn("value", "Value"),
        RecordColumn("meaning", "What it is"),
    ]
    return records_table(lines, columns, caption)


def _problems(found: SourceRow) -> Component:
    told = polars.concat([found.problems, found.of_sheet])
    if not told.height:
        return empty_panel(
            "problems",
            "Nothing was remarked on or corrected here",
            "The build refused nothing of this row and corrected nothing in it.",
        )
    columns = [
        RecordColumn("where", "Where", "address"),
        RecordColumn("what", "What", words=load_findings.kind),
        RecordColumn("found", "What was found"),
        RecordColumn("action", "What to do"),
    ]
    heading = (
        f"{load_findings.plural(found.problems.height, 'remark')} on this row"
        if found.problems.height
        else "Nothing on this row; its sheet has remarks"
    )
    return panel(
        "problems",
        heading,
        "Corrections among them; remarks on the whole sheet come last",
        records_table(
            told.iter_rows(named=True), columns, "Problems, notes and corrections of this row and its sheet"
        ),
    )
