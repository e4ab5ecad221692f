"""Data: what is loaded, and can it be trusted? Each file's rows accounted for, each problem with its address."""

from __future__ import annotations

from typing import Any

import dash
import polars
from dash import dcc
from dash.development.base_component import Component

from dashboard.components import html
from dashboard.components.coverage import coverage_table
from dashboard.components.crumbs import crumbs
from dashboard.components.download import record_downloads
from dashboard.components.metric_card import Movement, metric_card, tiles
from dashboard.components.panel import empty_panel, panel
from dashboard.components.records import RecordColumn, records_table
from dashboard.pages.loaded import PATH, SHOWN, Loaded
from dashboard.roles import ANALYST
from hnb import load_findings, quality, wording
from hnb.codelists import CODELISTS

QUESTION = "What is loaded, and can it be trusted?"

dash.register_page(
    __name__,
    path=PATH,
    name="Data",
    title="What is loaded, and can it be trusted",
    order=100,
    least_role=ANALYST,
)


def layout(view: str = "") -> Component:
    """The page for the query of an address."""
    asked = Loaded.read(view)
    return html.Div(
        [
            html.Div(
                [
                    html.H1(QUESTION),
                    html.P(
                        f"Load of {wording.date(asked.data.made_at.date())} at {asked.data.made_at:%H:%M} UTC"
                    ),
                ],
                className="page-head",
            ),
            html.P(asked.said, **{"data-status": asked.said}),
            *(html.P(sentence, className="dropped") for sentence in asked.dropped),
            *([crumbs(_steps(asked))] if asked.is_narrowed else []),
            _key_figures(asked),
            _problems(asked),
            *([] if asked.kind else [_files(asked), *_changes(asked)]),
            *([] if asked.is_narrowed else _coverage(asked)),
        ],
        className="page",
    )


def _steps(asked: Loaded) -> list[tuple[str, str]]:
    steps = [("Everything", PATH)]
    if asked.file:
        steps.append((asked.file, asked.address(kind="", severity="")))
    if asked.severity:
        steps.append((CODELISTS["severities"].label(asked.severity), asked.address(kind="")))
    if asked.kind:
        steps.append((load_findings.kind(asked.kind), asked.address()))
    return steps


# ------------------------------------------------------------------------------------- key figures


def _key_figures(asked: Loaded) -> Component:
    whole = asked.whole
    if not whole:
        return tiles([metric_card("Rows loaded", "Nothing was read", is_missing=True)])
    refusals = int(asked.kinds.filter(polars.col("severity") == "refusal")["problems"].sum())
    notes = int(asked.kinds.filter(polars.col("severity") != "refusal")["problems"].sum())
    used = whole["rows_loaded"] + whole["rows_corrected"]
    cards = [
        metric_card("Files", wording.count(asked.file_count), beside=load_findings.plural(whole["sheets"], "sheet")),
        metric_card("Rows loaded", wording.count(used), beside=f"of {wording.count(whole['rows_read'])} read"),
        metric_card(
            "Rows refused", wording.count(whole["rows_refused"]),
            (Movement(f"{wording.pounds(whole['amount_refused'], 'chart')} with them", "adverse"),)
            if whole["rows_refused"] and whole["amount_refused"] is not None else (),
            "" if whole["rows_refused"] else "nothing is missing",
        ),
        metric_card("Left out by name", wording.count(whole["rows_ignored"]), beside="totals, footnotes, other places"),
        _totals(whole),
        metric_card("Problems that refuse", wording.count(refusals), beside="accepted" if refusals else "none"),
        metric_card("Notes", wording.count(notes), beside="worth knowing"),
    ]  # fmt: skip
    return tiles(cards)


def _totals(whole: dict[str, Any]) -> Component:
    printed, met = whole["totals_printed"], whole["totals_met"]
    if not printed:
        return metric_card("Printed totals met", "None printed", is_missing=True)
    missed = printed - met
    moved = (Movement(f"{wording.count(missed)} not met", "adverse"),) if missed else ()
    return metric_card(
        "Printed totals met", wording.count(met), moved, f"of {wording.count(printed)} printed"
    )


# ---------------------------------------------------------------------------------------- problems


def _problems(asked: Loaded) -> Component:
    if not asked.problems.height:
        return empty_panel(
            "problems",
            load_findings.of_problems(asked.kinds),
            "The build found nothing to refuse and nothing to remark on.",
        )
    columns = [
        RecordColumn("what", "Kind of problem", link=lambda row: asked.address(kind=row["what"], severity=row["severity"]), words=load_findings.kind),
        RecordColumn("severity", "Severity", words=CODELISTS["severities"].label),
        RecordColumn("problems", "Problems or notes", "count"),
        RecordColumn("rows", "Rows refused", "count"),
        RecordColumn("mend", "What mends it"),
    ]  # fmt: skip
    rows = [{**row, "mend": load_findings.mend(row["what"])} for row in asked.kinds.iter_rows(named=True)]
    by_kind = records_table(
        rows, columns, "Problems and notes of the build, by kind", class_of=_severity_class
    )
    wanted = asked.kind or asked.severity or asked.file
    return panel(
        "problems",
        load_findings.of_problems(asked.kinds),
        "By kind; a note may be of several rows of its sheet; press a kind to see each with its address" + (f"; {asked.file}" if asked.file else ""),
        [by_kind, *(_listed(asked) if wanted else [])],
        downloads=record_downloads("problems", subject="problems", file=asked.file, what=asked.kind, severity=asked.severity),
    )  # fmt: skip


def _severity_class(row: Any) -> str:
    return "refusal" if row["severity"] == "refusal" else ""


def _listed(asked: Loaded) -> list[Component]:
    """Each problem of the kind chosen with its address, a hundred at a time."""
    found = asked.listed
    if not found.height:
        return [html.P("There is none of this kind here.", className="empty")]
    screens = -(-found.height // SHOWN)
    at = min(asked.at, screens)
    part = found.slice((at - 1) * SHOWN, SHOWN)
    heading = load_findings.kind(asked.kind) if asked.kind else "All problems"
    first, last = (at - 1) * SHOWN + 1, (at - 1) * SHOWN + part.height
    counted = (
        f"{first:,} to {last:,} of {found.height:,}"
        if screens > 1
        else load_findings.number_of_problems(found)
    )
    meaning = CODELISTS["problem_kinds"].meaning(asked.kind) if asked.kind else ""
    columns = [
        RecordColumn("where", "Where", "address"),
        *([] if asked.kind else [RecordColumn("what", "Kind", words=load_findings.kind)]),
        RecordColumn("found", "What was found"),
        RecordColumn("expected", "What was expected"),
        RecordColumn("action", "What to do"),
    ]
    turns = [
        dcc.Link(words, href=asked.address(at=str(to)))
        for words, to in (("Those before", at - 1), ("Those after", at + 1))
        if 0 < to <= screens
    ]
    return [
        html.H3(f"{heading}: {counted}", id="addresses"),
        *([html.P(meaning, className="measured")] if meaning else []),
        records_table(part.iter_rows(named=True), columns, f"{heading}, {counted}", class_of=_severity_class),
        *([html.Nav(turns, className="turns", **{"aria-label": "More problems"})] if turns else []),
    ]


# ------------------------------------------------------------------------------------------- files


def _files(asked: Loaded) -> Component:
    by = ("file", "sheet", "layout")
    account = asked.account(by)
    if not account.height and not asked.left_out.height:
        return empty_panel(
            "files", "No file was read", "Put workbooks into the folder of raw files and build again."
        )
    columns = [
        RecordColumn(
            "file", "File", "address", link=lambda row: "" if asked.file else asked.address(file=row["file"])
        ),
        RecordColumn("sheet", "Sheet", "address"),
        RecordColumn("layout", "Recognised as", words=_layout_words),
        RecordColumn("rows_read", "Rows read", "count"),
        RecordColumn("rows_loaded", "Loaded", "count"),
        RecordColumn("rows_corrected", "Corrected", "count"),
        RecordColumn("rows_refused", "Refused", "count"),
        RecordColumn("rows_ignored", "Left out", "count"),
        RecordColumn("totals", "Printed totals met"),
        RecordColumn("pounds", "Pounds"),
    ]
    rows = [_with_totals(row) for row in account.iter_rows(named=True)]
    whole = next(asked.account(()).iter_rows(named=True), None)
    whole = (
        {
            **_with_totals(whole),
            "file": "All of them",
            "layout": load_findings.plural(whole["sheets"], "sheet"),
        }
        if whole
        else None
    )
    caption = "Each sheet and what became of its rows: read = loaded + corrected + refused + left out by name"
    body = [
        records_table(
            rows, columns, caption, whole=whole, class_of=lambda row: "refusal" if row["rows_refused"] else ""
        )
    ]
    if asked.left_out.height:
        body.append(_left_out(asked))
    return panel(
        "files",
        load_findings.of_files(asked.whole, asked.file_count),
        "Rows under each sheet's header; printed totals are not loaded, they check the rows" + ("" if asked.file else "; press a file for its problems"),
        body,
        downloads=record_downloads("files", subject="files", file=asked.file),
    )  # fmt: skip


def _layout_words(layout: str | None) -> str:
    return (layout or "not recognised").replace("_", " ")


def _with_totals(row: dict[str, Any]) -> dict[str, Any]:
    printed = row["totals_printed"]
    return {
        **row,
        "pounds": load_findings.pounds_of(row),
        "totals": f"{wording.count(row['totals_met'])} of {wording.count(printed)}" if printed else "",
    }


def _left_out(asked: Loaded) -> Component:
    rows = asked.left_out.sort("file", "sheet").iter_rows(named=True)
    columns = [
        RecordColumn("file", "File", "address"),
        RecordColumn("sheet", "Sheet", "address"),
        RecordColumn("rows_ignored", "Rows", "count"),
    ]
    caption = "Sheets left out whole, by name"
    return html.Details(
        [html.Summary(load_findings.of_left_out(asked.left_out)), records_table(rows, columns, caption)],
        className="more",
    )  # fmt: skip


# ----------------------------------------------------------------------------------------- changes


def _changes(asked: Loaded) -> list[Component]:
    changes = asked.changes
    if not changes.height:
        return []
    whole = next(quality.changes(changes, "by_sheet", ()).iter_rows(named=True), None)
    if whole is None:
        return []
    finding = load_findings.of_changes(whole, is_first=asked.is_first_load)
    if asked.is_first_load:
        return [
            empty_panel(
                "changes",
                finding,
                "A row of a sheet may become several of a table, such as one a month. From the next load on, new, changed and vanished rows stand here, by file and by budget line, with their pounds.",
            )
        ]
    moved = (
        (polars.col("rows_new") > 0) | (polars.col("rows_changed") > 0) | (polars.col("rows_vanished") > 0)
    )
    figures = [
        RecordColumn("rows_new", "New", "count"),
        RecordColumn("rows_changed", "Changed", "count"),
        RecordColumn("rows_vanished", "Vanished", "count"),
        RecordColumn("amount_before", "£ before", "pounds"),
        RecordColumn("amount_now", "£ now", "pounds"),
        RecordColumn("amount_difference", "Difference", "change"),
    ]
    kinds = ("financial_year", "reported_on", "kind")
    of_kind = [
        RecordColumn("financial_year", "Year"),
        RecordColumn("reported_on", "As at", "date"),
        RecordColumn("kind", "Of what"),
    ]
    by_sheet = quality.changes(changes, "by_sheet", ("table", "file", "sheet", *kinds)).filter(moved)
    by_line = quality.changes(changes, "by_line", ("table", "line", *kinds)).filter(
        moved & polars.col("line").is_not_null()
    )
    body: list[Component] = []
    if by_sheet.height:
        place = [
            RecordColumn("file", "File", "address"),
            RecordColumn("sheet", "Sheet", "address"),
            RecordColumn("table", "Table", words=_table_words),
        ]
        body += [
            html.H3("By file"),
            records_table(
                by_sheet.iter_rows(named=True),
                _filled([*place, *of_kind, *figures], by_sheet),
                "What changed since the last load, by file and sheet",
            ),
        ]
    if by_line.height and not asked.file:
        line = [
            RecordColumn("line", "Budget line", words=lambda code: wording.label("line", code)),
            RecordColumn("table", "Table", words=_table_words),
        ]
        body += [
            html.H3("By budget line: the same changes, not to be added to those by file"),
            records_table(
                by_line.iter_rows(named=True),
                _filled([*line, *of_kind, *figures], by_line),
                "The same changes by budget line: not to be added to those by file",
            ),
        ]
    if not body:
        return [empty_panel("changes", finding, "Every row is as it was at the last load.")]
    return [
        panel(
            "changes", finding, "Rows are matched by what they are about, not by where they stand; pounds of one kind, year and report only",
            body, downloads=record_downloads("load_changes", subject="changes since the last load", file=asked.file),
        )
    ]  # fmt: skip


def _filled(columns: list[RecordColumn], frame: polars.DataFrame) -> list[RecordColumn]:
    """The columns of which some record has anything: a table of payments has no kinds and no dates of report."""
    return [column for column in columns if frame[column.name].is_not_null().any()]


def _table_words(name: str) -> str:
    words = name.replace("_", " ")
    return words[:1].upper() + words[1:]


# ---------------------------------------------------------------------------------------- coverage


def _coverage(asked: Loaded) -> list[Component]:
    coverage = asked.data.table("coverage")
    if not coverage.height:
        return []
    yearly, monthly = (
        coverage.filter(polars.col("month").is_null()),
        coverage.filter(polars.col("month").is_not_null()),
    )
    body = []
    if yearly.height:
        body.append(_matrix(yearly, "Rows and control total of each table in each financial year"))
    for year in monthly["financial_year"].unique().sort().to_list():
        of_year = monthly.filter(polars.col("financial_year") == year)
        body += [
            html.H3(f"Month by month, {year}"),
            _matrix(of_year, f"Rows and control total of each month of {year}"),
        ]
    return [
        panel(
            "coverage",
            load_findings.of_coverage(coverage),
            "Rows of each table and what they add up to (placements: what each costs in a full year), all authorities together; a gap is a period without rows between two that have some",
            body,
            downloads=record_downloads("coverage", subject="coverage"),
        )
    ]


def _matrix(coverage: polars.DataFrame, caption: str) -> Component:
    rows = list(coverage.sort("financial_year", "month").iter_rows(named=True))
    periods = list(dict.fromkeys(load_findings.period(row, brief=True) for row in rows))
    series = list(dict.fromkeys(load_findings.series(row) for row in coverage.iter_rows(named=True)))
    entries = {(load_findings.series(row), load_findings.period(row, brief=True)): row for row in rows}
    return coverage_table(series, periods, entries, caption, "Table")
