"""A whole SEN2 return loads: what the generator meant comes back to the penny and to the child, in every form of it."""

from __future__ import annotations

import csv
import datetime
import hashlib
from dataclasses import dataclass
from pathlib import Path

import pytest

from etl.layout_language import all_layouts
from etl.pipeline import Report, build
from etl.pseudonyms import pseudonym
from etl.sample.sen2_return import Return, write_sen2_return
from hnb.codelists import CODELISTS, folded
from hnb.configuration import parse
from hnb.tables import TABLES

KEY = bytes(range(32))
NOW = datetime.datetime(2026, 11, 5, 12, 0, tzinfo=datetime.UTC)
FORMS = [("2025-26", "template"), ("2025-26", "export"), ("2024-25", "workbook"), ("2022-23", "export"), ("2022-23", "template")]  # fmt: skip
"""Versions 1.3, 1.2 and 1.1 of the return, in DfE's template, a workbook a module, and COLLECT's export."""


@dataclass(frozen=True)
class Loaded:
    """A return and what the build made of it."""

    written: Return
    report: Report
    folder: Path


@pytest.fixture(scope="module", params=FORMS, ids=lambda form: " ".join(form))
def loaded(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    """Each form of the return, written, built and published."""
    year, form = request.param
    folder = tmp_path_factory.mktemp("sen2")
    written = write_sen2_return(folder / "raw", year=year, form=form)
    report = build(folder / "raw", folder / "processed", parse({}, {}), pupil_key=KEY, now=NOW, code_version="test")  # fmt: skip
    return Loaded(written, report, folder)


def child_ids(written: Return) -> list[str]:
    """What the truth's children are called once their numbers are hashed."""
    scope = f"E09000029/{written.year}"
    return [
        hashlib.sha256(f"{scope}/{pseudonym(number, KEY)}".encode()).hexdigest()[:32] if known_by == "person" else pseudonym(number, KEY)
        for number, known_by in zip(written.placements["pupil_id"], written.known_by, strict=True)
    ]  # fmt: skip


def test_nothing_is_refused_and_every_row_is_accounted_for(loaded: Loaded):
    assert [problem.sentence() for problem in loaded.report.refusals] == []
    assert loaded.report.snapshot is not None
    for sheet in loaded.report.sheets:
        assert sheet.layout, sheet
        assert sheet.rows_read == sheet.rows_loaded + sheet.rows_refused + sheet.rows_ignored, sheet
    records = {sheet.layout: sheet.rows_loaded for sheet in loaded.report.sheets}
    assert {module: len(of) for module, of in loaded.written.records.items()} == {module: records[module] for module in loaded.written.records}  # fmt: skip


def test_what_was_meant_comes_back_to_the_penny_and_to_the_child(loaded: Loaded):
    meant = loaded.written.placements.assign(pupil_id=child_ids(loaded.written)).sort_values("placement_id", ignore_index=True)  # fmt: skip
    found = loaded.report.tables["placements"].sort_values("placement_id", ignore_index=True)
    assert len(found) == len(meant) > 250
    assert round(found["annual_cost"].sum(), 2) == round(meant["annual_cost"].sum(), 2) > 1_000_000
    for column in TABLES["placements"].columns:
        if column.name not in meant or column.name == "source":
            continue
        left, right = (
            frame[column.name].astype(object).where(frame[column.name].notna(), None)
            for frame in (meant, found)
        )
        if column.kind == "pounds":
            assert (left.isna() == right.isna()).all(), column.name
            assert ((left.astype(float) - right.astype(float)).abs().fillna(0) < 0.005).all(), column.name
        else:
            assert left.astype(str).tolist() == right.astype(str).tolist(), column.name


def test_the_sample_asks_all_that_a_join_must_answer(loaded: Loaded):
    """Children without a UPN, two placements at once, a second need, a secondary placement, costs by rate and by child."""
    meant = loaded.written.placements
    assert set(loaded.written.known_by) == {"upn", "uln", "person"}
    assert {1, 2} <= set(meant["placement_rank"])
    assert meant["secondary_need"].notna().any()
    assert meant["end_on"].notna().any()
    assert {"mainstream", "resourced", "special_independent", "further_education", "elsewhere"} <= set(meant["setting"])  # fmt: skip
    assert {"1.2.1", "1.2.2", "1.2.3"} <= set(meant["line"])


def test_every_placement_says_which_record_it_is(loaded: Loaded):
    sources = loaded.report.tables["placements"]["source"].astype(str)
    assert sources.is_unique
    assert sources.str.contains(r"(?i)placement ?detail").all()


def test_no_name_number_postcode_or_birthday_of_a_child_is_kept(loaded: Loaded):
    """Not in any table, problem or file that the build publishes."""
    persons = loaded.written.records["sen2_persons"]
    secrets = {str(person[name]) for person in persons for name in ("surname", "forename", "postcode", "upn", "uniquelearnernumber") if person[name]}  # fmt: skip
    text = "\n".join(frame.astype(str).to_csv() for frame in loaded.report.tables.values())
    assert not [secret for secret in secrets if secret in text]
    assert not {name for frame in loaded.report.tables.values() for name in frame.columns} & {"born_in", "person_id", "upn", "date_of_birth"}  # fmt: skip
    published = b"".join(path.read_bytes() for path in (loaded.folder / "processed").rglob("*") if path.is_file())  # fmt: skip
    assert b"Quillfennel" not in published


def test_staged_tables_are_not_published(loaded: Loaded):
    assert set(loaded.report.tables) <= set(TABLES)


def test_the_templates_modules_have_an_account_each(tmp_path: Path):
    write_sen2_return(tmp_path / "raw", form="template", scale=0.02)
    report = build(tmp_path / "raw", tmp_path / "processed", parse({}, {}), pupil_key=KEY, now=NOW, code_version="test", publishing=False)  # fmt: skip
    named = {sheet.sheet for sheet in report.sheets if sheet.file.startswith("sen2_return")}
    modules = CODELISTS["sen2_modules"]
    assert named == {f"Data Entry Template: {modules.label(code)}" for code in modules.codes}


def test_two_years_of_returns_stand_beside_each_other(tmp_path: Path):
    """The return's own numbers start again each year: children known only by them are not taken for each other."""
    written = [write_sen2_return(tmp_path / "raw" / year, year=year, form="export", scale=0.05) for year in ("2024-25", "2025-26")]  # fmt: skip
    report = build(tmp_path / "raw", tmp_path / "processed", parse({}, {}), pupil_key=KEY, now=NOW, code_version="test", publishing=False)  # fmt: skip
    # The two folders hold the same list of establishments, byte for byte.
    assert {problem.what for problem in report.problems} <= {"same_file_twice", "dates_of_plan"}
    found = report.tables["placements"]
    assert len(found) == sum(len(one.placements) for one in written)
    by_year = {year: set(of["pupil_id"].astype(str)) for year, of in found.groupby(found["financial_year"].astype(str))}  # fmt: skip
    known = [{child for child, known_by in zip(child_ids(one), one.known_by, strict=True) if known_by != "person"} for one in written]  # fmt: skip
    assert by_year["2024-25"] & by_year["2025-26"] == known[0] & known[1] != set()


def test_every_column_of_the_return_is_mapped_or_ignored_by_name(shared_data: Path):
    """The reference list of fields, in both spellings, against the layouts."""
    named = {"sen2": "header", "person": "persons", "requests": "requests", "assessment": "assessments", "named-plan": "named_plans",
             "plan-detail": "plan_details", "active-plans": "active_plans", "placement-detail": "placement_details", "sen-need": "needs"}  # fmt: skip
    layouts = {layout.name: layout for layout in all_layouts()}
    with (shared_data / "reference" / "sen2_person_level_fields.csv").open(encoding="utf-8", newline="") as file:  # fmt: skip
        rows = list(csv.DictReader(file))
    assert len(rows) > 100
    for row in rows:
        layout = layouts[f"sen2_{named[row['module']]}"]
        entries = [*layout.columns.values(), *layout.ignored_headings]
        known = {folded(heading) for entry in entries for heading in entry.spelling.headings}
        for spelling in (row["blade_csv_column"], row["excel_template_header"]):
            assert not spelling or folded(spelling) in known, (layout.name, spelling)
