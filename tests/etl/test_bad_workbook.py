"""Every common fault on one workbook: each is told once, by its address, in words that mend it; its clean twin tells none.

`bad_workbook.txt` beside this file holds the sentences. After a change of words that is meant, write it anew with
`HNB_WRITE_GOLDEN=1`.
"""

from __future__ import annotations

import datetime
import os
from collections import Counter
from pathlib import Path

import pytest

from etl.correct import read_corrections
from etl.layout_language import all_layouts
from etl.pipeline import Report, build
from hnb.codelists import CODELISTS
from hnb.configuration import Configuration
from tests.etl.bad_workbook import CORRECTION, LEDGER_LAYOUT, write_bad_workbook
from tests.etl.pictures import layout

GOLDEN = Path(__file__).with_name("bad_workbook.txt")
SEVERAL = {"total_not_met": 5, "unmapped_heading": 2, "unknown_code": 2, "bad_number": 2, "out_of_range": 2}
"""Kinds that stand for several faults, each at its own place: a total, a subtotal, a row's own sum …"""


def report(folder: Path, *, mended: bool = False) -> Report:
    """What a check of the one workbook finds."""
    (folder / "raw").mkdir()
    write_bad_workbook(folder / "raw" / "officer.xlsx", mended=mended)
    shipped = [one for one in all_layouts() if one.name in ("placement_register", "budget_monitor")]
    return build(folder / "raw", folder / "processed", Configuration(), pupil_key=b"k" * 32, publishing=False,
                 now=datetime.datetime(2026, 11, 24, tzinfo=datetime.UTC), code_version="test", layouts=[*shipped, layout(LEDGER_LAYOUT)],
                 corrections=() if mended else read_corrections(CORRECTION, "officer.toml"))  # fmt: skip


def sentences(folder: Path, *, mended: bool = False) -> list[str]:
    return [f"{problem.severity} {problem.what}\n    {problem.sentence()}" for problem in report(folder, mended=mended).problems]  # fmt: skip


@pytest.fixture(scope="module")
def bad(tmp_path_factory: pytest.TempPathFactory) -> Report:
    return report(tmp_path_factory.mktemp("bad"))


def test_each_fault_is_told_once(bad):
    kinds = Counter(problem.what for problem in bad.problems)
    assert len(kinds) >= 30
    assert {kind: count for kind, count in kinds.items() if count > 1} == SEVERAL
    assert len({(problem.where, problem.what) for problem in bad.problems}) == len(bad.problems)


def test_the_words_are_those_that_were_agreed(bad):
    said = "\n".join(f"{problem.severity} {problem.what}\n    {problem.sentence()}" for problem in bad.problems)  # fmt: skip
    if os.environ.get("HNB_WRITE_GOLDEN"):
        GOLDEN.write_text(said + "\n", "utf-8")
    assert said + "\n" == GOLDEN.read_text("utf-8")


def test_every_sentence_says_where_and_what_to_do_and_is_explained(bad):
    for problem in bad.problems:
        assert problem.where.split("!")[0] in ("officer.xlsx", "etl/corrections/providers.toml"), problem
        assert problem.action, problem
        assert problem.what in CODELISTS["problem_kinds"].codes


def test_no_sentence_says_a_childs_reference(bad):
    said = " ".join(problem.sentence() for problem in bad.problems)
    assert [f"A{number:04d}" for number in range(1, 200) if f"A{number:04d}" in said] == []


def test_the_mended_twin_has_no_problem(tmp_path):
    assert sentences(tmp_path, mended=True) == []
