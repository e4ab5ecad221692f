"""A second opinion: τ-ARGUS, the statistical offices' own program, on the same tables of two dimensions.

It is handed our masks and says how far each hidden cell can be bounded: its auditor is written apart from ours, in
another language, by other people. And it hides the same tables by itself, at the least loss, so that we see how much
more we hide. What it asks is less: a cost's margin of a fifth and the dominance of two, no counts from 1 to 5.
"""

from __future__ import annotations

import multiprocessing
import os
import platform
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy
import polars
import pytest

from hnb.disclosure import TOTAL, Measured, Rules, TablePlan, publication
from hnb.disclosure.attack import Outsider

HAS_WHEEL = (sys.platform, platform.machine().lower()) in {
    ("linux", "x86_64"), ("linux", "aarch64"), ("darwin", "arm64"), ("win32", "amd64"),
}  # fmt: skip
pytestmark = pytest.mark.skipif(not HAS_WHEEL, reason="pytauargus has no wheel for this machine")

TABLES = 25
MEASURED = Measured(counts=("placements",), amounts=("spend",), costs=("spend",))


def children(seed: int) -> polars.DataFrame:
    """A table of four or five settings and three or four phases, in which some cells are small."""
    generator = numpy.random.default_rng(seed)
    count = int(generator.integers(120, 400))

    def drawn(letter: str, kinds: int) -> numpy.ndarray:
        weights = generator.dirichlet(numpy.full(kinds, 0.8)) + 0.03
        return generator.choice([f"{letter}{number}" for number in range(kinds)], count, p=weights / weights.sum())  # fmt: skip

    return polars.DataFrame({
        "financial_year": ["2025-26"] * count, "setting": drawn("s", 4 + seed % 2), "phase": drawn("p", 3 + seed % 2),
        "pupil_id": [f"child {number}" for number in range(count)], "provider": [f"provider {number}" for number in range(count)],
        "placements": [1] * count, "spend": generator.lognormal(9, 0.8, count).round(2),
    })  # fmt: skip


def opinion(job: tuple[dict[str, list], list[tuple[str, str]]]) -> tuple[list[tuple[str, str]], dict[tuple[str, str], tuple[float, float]]]:  # fmt: skip
    """In a process of its own, since the engine keeps a state: the cells that τ-ARGUS hides, and the bounds that it
    finds for those that we hide."""
    from pytauargus import protect
    from pytauargus.batch import Apriory

    columns, ours = job
    # Its auditor takes the table's smallest value for the least that a cell can be: a row of nothing makes that nought.
    columns = {
        "setting": [*columns["setting"], "s9"],
        "phase": [*columns["phase"], columns["phase"][0]],
        "spend": [*columns["spend"], 0.0],
    }
    with tempfile.TemporaryDirectory() as folder:
        done = protect(columns, ["setting", "phase"], response="spend", safety_rules="NK(2,90)|FREQ(6,20)", suppress="OPT(1)", workdir=folder)  # fmt: skip
        rows = done.tables[0].rows
        places = [(row["setting"], row["phase"]) for row in rows]
        theirs = [
            place
            for place, row in zip(places, rows, strict=True)
            if row["status"] in ("U", "M") and row["setting"] != "s9"
        ]
        statuses = [(place, "S") for place, row in zip(places, rows, strict=True) if row["status"] != "E"]
        given = Path(folder) / "ours.hst"
        given.write_text("".join(f"{setting};{phase};{status}\n" for (setting, phase), status in [*statuses, *((place, "U") for place in ours)]))  # fmt: skip
        done.engine.apply_apriori(Apriory(str(given), 1, ";", ignore_error=False))
        audited = {places[row["cell"]]: (row["min"], row["max"]) for row in done.engine.audit(0)}
    return theirs, audited


def test_their_auditor_finds_the_same_bounds_and_ours_hides_little_more(tmp_path: Path):
    ours_hidden = theirs_hidden = audited_cells = unsafe_cells = 0
    # The engine writes files of its own to wherever it runs.
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), os.chdir, (tmp_path,)) as pool:
        for seed in range(TABLES):
            rows = children(seed)
            found = publication(rows, (TablePlan("grid", ("phase", "setting")),), MEASURED, Rules(), within="financial_year")  # fmt: skip
            cells, hidden = found.cells["2025-26"], found.masks["2025-26"].hidden
            names = {place: tuple(dict(cells.keys[place]).get(name, TOTAL).replace(TOTAL, "Total") for name in ("setting", "phase")) for place in hidden}  # fmt: skip
            columns = {name: rows[name].to_list() for name in ("setting", "phase", "spend")}
            theirs, bounds = pool.submit(opinion, (columns, sorted(names.values()))).result(timeout=120)
            assert set(bounds) == set(names.values()), seed
            outsider = Outsider(cells, "spend", set(range(len(cells.keys))) - hidden)
            for place, name in names.items():
                low, high = bounds[name]
                value = float(cells.values["spend"][place])
                said = f"table {seed}, {name}: {value} lies in {low} … {high}"
                assert (low, high) == pytest.approx(outsider.bounds(place), rel=1e-6, abs=1.0), said
                if cells.is_unsafe[place]:
                    assert low <= 0.8 * value + 1 and high >= 1.2 * value - 1, said
                    unsafe_cells += 1
                audited_cells += 1
            ours_hidden += len(hidden)
            theirs_hidden += len(theirs)
    assert audited_cells > 200 and unsafe_cells > 100
    assert ours_hidden <= 1.1 * theirs_hidden, f"we hide {ours_hidden} cells, τ-ARGUS {theirs_hidden}"
