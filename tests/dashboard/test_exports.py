"""Files to take away: the screen's numbers, said where from, and nothing in them that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from typing import Any

import flask.testing
import openpyxl
import polars
import pytest

from dashboard.data import Data
from dashboard.exports import Download, address, download
from hnb.errors import HnbError
from hnb.metrics import MEASURES, Selection, compute
from tests.dashboard.conftest import get
from tests.dashboard.snapshots import SUTTON

SPEND = MEASURES["spend"]
INDEPENDENT = Selection(settings=("independent",), years=("2025-26", "2026-27"))
BY = ("financial_year", "setting", "phase")


def csv_rows(content: bytes) -> list[dict[str, str]]:
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def workbook(content: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content))


def answer(data: Data, measure: str, selection: Selection, by: tuple[str, ...]) -> polars.DataFrame:
    return compute(measure, data, selection.with_(authority=SUTTON), by)


@pytest.mark.parametrize("measure", MEASURES)
def test_every_measure_makes_both_files_and_their_figures_are_computes(data: Data, measure: str) -> None:
    by = tuple(
        name
        for name in MEASURES[measure].dimensions
        if name in ("financial_year", "setting", "line", "money")
    )[:2]
    file = download(MEASURES[measure], data, Selection(), by)
    expected = answer(data, measure, Selection(), by)
    heading = f"{MEASURES[measure].title} ({MEASURES[measure].unit})"
    rows = csv_rows(file.to_csv())
    assert len(rows) == expected.height
    for row, value in zip(rows, expected["value"], strict=True):
        assert (float(row[heading]) if value is not None else row[heading]) == (
            value if value is not None else row[heading]
        )
        assert row[heading] != "", "missing has a sign, it is never blank"
    sheet = workbook(file.to_xlsx())["Data"]
    column = [cell.value for cell in sheet[1]].index(heading) + 1
    written = [sheet.cell(number, column).value for number in range(2, sheet.max_row + 1)][: expected.height]
    for value, cell in zip(expected["value"], written, strict=True):
        assert cell == pytest.approx(value, abs=1e-9) if value is not None else isinstance(cell, str)


def test_the_link_of_a_file_gives_the_file_of_its_selection(
    client: flask.testing.FlaskClient, data: Data
) -> None:
    link = address("spend", INDEPENDENT, BY, "csv")
    assert (
        link
        == "/export/spend.csv?years=2025-26,2026-27&settings=group:independent&by=financial_year,setting,phase"
    )
    rows = csv_rows(get(client, link).data)
    expected = answer(data, "spend", INDEPENDENT, BY)
    assert [float(row["Spend (£)"]) for row in rows] == expected["value"].to_list()
    assert [row["Kind of setting code"] for row in rows] == expected["setting"].to_list()
    assert {row["Selected"] for row in rows} == {"Independent placements, 2025-26 and 2026-27"}
    assert {row["Snapshot"] for row in rows} == {data.id}
    assert {row["As at"] for row in rows} == {"31 October 2026"}
    assert {row["Caution"] for row in rows} == {SPEND.caution}


def test_the_answer_says_what_kind_of_file_it_is(client: flask.testing.FlaskClient) -> None:
    for kind, content_type in (("csv", "text/csv"), ("xlsx", "application/vnd.openxmlformats")):
        headers = get(client, f"/export/spend.{kind}?by=setting").headers
        assert headers["Content-Type"].startswith(content_type)
        assert headers["Content-Disposition"] == f'attachment; filename="spend-by-setting-000001.{kind}"'


def test_the_workbook_says_what_it_is(data: Data) -> None:
    book = workbook(
        download(SPEND, data, INDEPENDENT, BY, ["“castle” is not a known kind of setting."]).to_xlsx()
    )
    assert book.sheetnames == ["Data", "About", "Sources"]
    about = {row[0].value: row[1].value for row in book["About"].iter_rows()}
    assert about["Selected"] == "Independent placements, 2025-26 and 2026-27"
    assert about["As at"] == "31 October 2026"
    assert data.id in about["Snapshot"]
    assert about["Made from"] == "invented.xlsx"
    assert about["Caution"] == SPEND.caution
    assert about["Note"] == "“castle” is not a known kind of setting."
    assert book["Data"].freeze_panes == "D2"
    money = next(cell for cell in book["Data"][2] if isinstance(cell.value, float))
    assert money.number_format == "£#,##0;-£#,##0"


@pytest.mark.parametrize(
    "text", ["=1+1", "+44", "-1", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://evil.example")', "−1"]
)
def test_text_that_a_spreadsheet_would_run_is_made_inert(data: Data, text: str) -> None:
    hostile = _with_provider(data, text)
    cell = csv_rows(hostile.to_csv())[0]["Provider"]
    assert cell == f"'{text}"
    sheet = workbook(hostile.to_xlsx())["Data"]
    stored = sheet["A2"]
    assert stored.data_type == "s"
    assert stored.hyperlink is None


def test_a_negative_number_stays_a_number(data: Data) -> None:
    file = download(SPEND, data, Selection(years=("2026-27",)), ("part",))
    by_part = {row["Part of spend code"]: row["Spend (£)"] for row in csv_rows(file.to_csv())}
    assert float(by_part["not_explained"]) < 0
    assert not by_part["not_explained"].startswith("'")


def test_a_figure_that_is_not_there_has_its_sign_and_its_words(data: Data) -> None:
    result = polars.DataFrame(
        {"setting": ["mainstream"], "numerator": [None], "denominator": [None], "value": [None], "count": [None], "status": ["suppressed"]},
        schema_overrides={"value": polars.Float64},
    )  # fmt: skip
    file = Download(MEASURES["spend_per_placement_year"], Selection(), ("setting",), result, data)
    row = csv_rows(file.to_csv())[0]
    assert row["Cost of a placement-year (£ per placement-year)"] == "c"
    assert row["Status"] == "Hidden"
    assert "c = hidden" in dict(file.about())["Signs"]


def test_the_same_question_gives_the_same_bytes(data: Data) -> None:
    first, second = (download(SPEND, data, INDEPENDENT, BY) for _ in range(2))
    assert first.to_csv() == second.to_csv()
    assert first.to_xlsx() == second.to_xlsx()


def test_an_answer_without_rows_is_a_file_with_headings(data: Data) -> None:
    file = download(SPEND, data, Selection(years=("2011-12",)), ("setting",))
    assert csv_rows(file.to_csv()) == []
    assert workbook(file.to_xlsx())["Data"].max_row == 1


def test_a_measure_says_what_it_was_not_narrowed_by(data: Data) -> None:
    without_need = next(measure for measure in MEASURES.values() if "need" not in measure.dimensions)
    file = download(without_need, data, Selection(needs=("ASD",)), ())
    assert "Not narrowed by" in " ".join(sentence for name, sentence in file.about() if name == "Note")


@pytest.mark.parametrize(
    ("path", "status"),
    [("/export/nothing.csv", 404), ("/export/spend.exe", 404), ("/export/spend.csv?by=pupil_id", 400),
     ("/export/spend.csv?by=setting;drop", 400), ("/export/../settings.toml", 404), ("/export/spend.csv?by=" + "x" * 20_000, 414)],
)  # fmt: skip
def test_a_file_that_was_never_offered_is_not_given(
    client: flask.testing.FlaskClient, path: str, status: int
) -> None:
    assert get(client, path).status_code == status


def test_a_file_is_not_endless(data: Data, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dashboard.exports.ROW_LIMIT", 3)
    with pytest.raises(HnbError, match="Narrow the selection"):
        download(SPEND, data, Selection(), ("setting",))


def _with_provider(data: Data, text: str) -> Download:
    file = download(SPEND, data, Selection(years=("2026-27",)), ("provider",))
    return replace(file, result=file.result.with_columns(polars.lit(text).alias("provider")))
