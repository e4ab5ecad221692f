"""The zoo: every shape of council spreadsheet gives its truth to the penny, by a layout written by hand and by one proposed.

The layouts written by hand are in `zoo_layouts/`: they prove the language apart from `etl.propose`.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from pathlib import Path

import pandas
import pytest

from etl.layout import Layout
from etl.layout_language import read_layout
from etl.pipeline import Report, build
from etl.pseudonyms import pseudonym
from etl.recognise import fit
from etl.reconcile import printed_totals
from etl.reshape import Surroundings, reshaped
from etl.sample.zoo import FAMILIES, listing, write_truth, write_zoo
from etl.sample.zoo.animal import Animal
from etl.workbooks import read_file
from hnb.configuration import Configuration
from hnb.tables import TABLES

NOW = datetime.datetime(2026, 11, 23, 21, 0, tzinfo=datetime.UTC)
KEY = b"k" * 32
NAMES = [make.__name__ for family in FAMILIES for make in family.ANIMALS]
LAYOUTS = Path(__file__).parent / "zoo_layouts"

Zoo = Mapping[str, Animal]


@pytest.fixture(scope="module")
def zoo(tmp_path_factory: pytest.TempPathFactory) -> Zoo:
    """Every animal, as the command writes it."""
    return {animal.name: animal for animal in write_zoo(tmp_path_factory.mktemp("zoo"))}


@pytest.fixture(scope="module")
def slipped(tmp_path_factory: pytest.TempPathFactory) -> Zoo:
    """The same with one figure of each a hundredth too high."""
    return {animal.name: animal for animal in write_zoo(tmp_path_factory.mktemp("slipped"), slip=0.01)}


def by_hand(animal: Animal) -> Layout:
    """The layout that a person wrote for the animal."""
    path = LAYOUTS / f"{animal.name}.toml"
    return read_layout(path.read_text(encoding="utf-8"), path.name)


def built(animal: Animal, layout: Layout, processed: Path) -> Report:
    """The build of a folder that holds only the animal's file, with this layout alone."""
    return build(animal.path.parent, processed, Configuration(), pupil_key=KEY, now=NOW, code_version="test",
                 layouts=[layout], corrections=[], publishing=False)  # fmt: skip


def printed(values: pandas.Series, name: str, table: str) -> list[str]:
    """A column as texts that two frames can be compared by: money in pence, days as dates, a missing value as nothing."""
    if TABLES[table].column(name).kind == "pounds":
        return [f"{value:.2f}" for value in values.astype("float64")]
    return [
        "" if pandas.isna(value) else str(value)[:10] if hasattr(value, "isoformat") else str(value)
        for value in values
    ]


def rows_of(frame: pandas.DataFrame, columns: list[str], table: str) -> list[tuple[str, ...]]:
    """The rows of a frame, in these columns, sorted."""
    return sorted(zip(*(printed(frame[name], name, table) for name in columns), strict=True))


def assert_true(animal: Animal, report: Report) -> None:
    """The load equals the truth row for row and to the penny, nothing was refused, and every row is accounted for."""
    assert [problem for problem in report.problems if problem.severity == "refusal"] == []
    truth = animal.truth
    if "pupil_id" in truth.columns:
        truth = truth.assign(pupil_id=[pseudonym(child, KEY) for child in truth["pupil_id"]])
    columns = list(truth.columns)
    assert rows_of(report.tables[animal.table], columns, animal.table) == rows_of(
        truth, columns, animal.table
    )
    for account in report.sheets:
        together = account.rows_loaded + account.rows_corrected + account.rows_refused + account.rows_ignored
        assert (account.rows_read, account.rows_refused) == (together, 0)
        assert account.totals_met == account.totals_printed
    (of_animal,) = [account for account in report.sheets if account.layout]
    assert of_animal.sheet == animal.sheet
    assert of_animal.totals_printed > 0
    pounds = [
        of_animal.amount_read,
        of_animal.amount_loaded,
        of_animal.amount_refused,
        of_animal.amount_ignored,
    ]
    if (
        None in pounds
    ):  # a week's or a term's cost is made into a year's: what is printed is not what is loaded
        assert animal.table == "placements"
    else:
        assert pounds[0] == pytest.approx(sum(pounds[1:]), abs=0.005)
    assert_no_secret(animal, report)


def assert_no_secret(animal: Animal, report: Report) -> None:
    """No table holds a child's name, birthday, number or a free text."""
    for name, frame in report.tables.items():
        texts = "\n".join(
            text for column in frame.columns for text in frame[column].dropna().astype(str).unique()
        )
        found = [secret for secret in animal.secrets if secret in texts]
        assert not found, f"{name} holds {found}"


@pytest.mark.parametrize("name", NAMES)
def test_a_layout_written_by_hand_loads_the_truth_to_the_penny(zoo: Zoo, name: str, tmp_path: Path):
    assert_true(zoo[name], built(zoo[name], by_hand(zoo[name]), tmp_path))


@pytest.mark.parametrize("name", NAMES)
def test_one_figure_a_hundredth_too_high_is_refused(slipped: Zoo, name: str):
    animal, layout = slipped[name], by_hand(slipped[name])
    (sheet,) = [one for one in read_file(animal.path).sheets if one.name == animal.sheet]
    result = reshaped(fit(sheet, layout), Surroundings(Configuration().authority, KEY))
    control = printed_totals(result.rows, Configuration().total_tolerance)
    refused = [problem for problem in control.problems if problem.severity == "refusal"]
    assert {problem.what for problem in refused} == {"total_not_met"}
    assert not [secret for secret in animal.secrets if secret in str(refused)]


@pytest.mark.parametrize("name", NAMES)
def test_a_proposed_layout_loads_the_truth_after_at_most_three_answers(zoo: Zoo, name: str, tmp_path: Path):
    assert_true(zoo[name], built(zoo[name], proposed(zoo[name]), tmp_path))


def proposed(animal: Animal) -> Layout:
    """The layout that `propose` writes for the file, with its officer's answers; at most so many are asked for."""
    from etl.propose import answered, proposal

    found = proposal(animal.path)
    asked = {question.name: animal.answer(question) for question in found.questions}
    assert len(asked) <= animal.at_most_questions, [question.ask for question in found.questions]
    unknown = [question.ask for question in found.questions if asked[question.name] is None]
    assert not unknown, f"the officer of {animal.name} cannot answer: {unknown}"
    return read_layout(answered(found.toml, asked), f"{found.name}.toml")


def test_every_animal_has_a_layout_written_by_hand_and_no_layout_is_left_over():
    assert sorted(NAMES) == sorted(path.stem for path in LAYOUTS.glob("*.toml"))


def test_most_animals_need_no_answer_and_none_more_than_three(zoo: Zoo):
    questions = [animal.at_most_questions for animal in zoo.values()]
    assert max(questions) <= 3
    assert questions.count(0) > len(questions) / 2


def test_the_same_seed_gives_the_same_zoo_and_another_gives_another(zoo: Zoo, tmp_path: Path):
    again = {animal.name: animal for animal in write_zoo(tmp_path / "again")}
    other = {animal.name: animal for animal in write_zoo(tmp_path / "other", seed=1)}
    for name, animal in zoo.items():
        pandas.testing.assert_frame_equal(animal.truth, again[name].truth)
        assert not animal.truth.equals(other[name].truth), name


def test_a_truth_has_only_columns_of_its_table(zoo: Zoo):
    for animal in zoo.values():
        assert set(animal.truth.columns) <= set(TABLES[animal.table].names), animal.name


def test_the_truth_is_written_beside_the_files_when_asked_for(zoo: Zoo, tmp_path: Path):
    write_truth(tuple(zoo.values()), tmp_path / "truth")
    assert sorted(path.stem for path in (tmp_path / "truth").iterdir()) == sorted(NAMES)


def test_the_readme_lists_the_animals(zoo: Zoo):
    readme = Path(__file__).parents[2] / "etl" / "sample" / "zoo" / "README.md"
    assert listing(tuple(zoo.values())) in readme.read_text(encoding="utf-8")
