"""The load benchmark on a tiny scale: what it asks is answered rightly by both servers, and its table says so.

How fast they are is for `python -m benchmarks load` to say, and for nobody here.
"""

from __future__ import annotations

import math
from collections import Counter
from pathlib import Path

import polars
import pytest

from benchmarks import kept, load
from benchmarks.arrivals import Answered
from benchmarks.visits import questions
from tests.dashboard import snapshots


def held(*seconds: float, fault: str = "", who: str = "ours", rate: float = 10) -> load.Held:
    """Answers that each took so long, half a second from one to the next, views all; the last with a fault."""
    answers = [Answered("view", True, 0.5 * place, taken) for place, taken in enumerate(seconds)]
    answers[-1] = Answered("view", True, answers[-1].due, seconds[-1], fault)
    return load.Held(who, rate, tuple(answers), load.drift([]), 0.1)


def test_what_is_held_is_in_time_and_without_a_fault() -> None:
    assert held(0.01, 0.02, 0.099).is_held()
    assert not held(0.01, 0.02, 0.3).is_held()
    assert held(0.01, 0.02, 0.3).is_held(within=1.0)
    assert not held(0.01, 0.02, 0.03, fault="TimeoutError").is_held(within=1.0)


def test_rates_count_right_answers_until_the_last_was_there() -> None:
    # 3 answers due at 0, 0.5 and 1 s; the last took 1 s, so all were there after 2 s
    assert held(0.1, 0.1, 1.0).achieved == pytest.approx(1.5)
    assert held(0.1, 0.1, 1.0, fault="answered with 500").views == pytest.approx(1.0)


def test_the_most_that_was_held_is_the_highest_rate_of_that_server() -> None:
    found = [
        held(0.01, rate=50),
        held(0.05, rate=100),
        held(0.5, rate=200),
        held(0.01, rate=300, who="plain"),
    ]
    best = load.most_held(found, "ours")
    assert best is not None
    assert best.rate == 100
    assert load.most_held([found[2]], "ours") is None


def test_memory_s_drift_is_a_line_with_its_error() -> None:
    # one MB more at each look, of which there is one a second: 3,600 MB an hour, exactly on the line
    exact = load.drift([100.0 + second for second in range(80)])
    assert (exact.first, exact.last) == (100.0, 179.0)
    assert exact.slope == pytest.approx(3_600)
    assert exact.error == pytest.approx(0, abs=1e-6)
    # no way but to and fro by one MB: the slope is within two errors of nought
    level = load.drift([100.0 + (second // 10) % 2 for second in range(80)])
    assert level.error > 0
    assert abs(level.slope) < 2 * level.error
    assert math.isnan(load.drift([1.0, 2.0]).slope)


def test_the_mix_is_as_it_is_told() -> None:
    spend = polars.DataFrame({"financial_year": ["2024-25", "2025-26"], "provider": ["Hill School", None]})
    location = [{"id": "_pages_location", "property": name} for name in ("pathname", "search")]
    store = {"id": "_pages_store", "property": "data"}
    chosen = ("years", "settings", "phases", "needs", "inside", "providers")
    callbacks = [
        {"output": ".._pages_content.children..._pages_store.data..", "inputs": location, "state": [location[1], store]},
        *(
            {"output": "_pages_location.search@1", "inputs": [{"id": f"{page}-{name}", "property": "value"} for name in chosen], "state": [location[1]]}
            for page in ("overview", "spend")
        ),
    ]  # fmt: skip
    ours = questions(spend, callbacks, 13 * 40)
    kinds = Counter(one.kind for one in ours)
    # of the 13 questions of each of 40 visits
    assert kinds == {
        "document": 40,
        "layout": 40,
        "dependencies": 40,
        "unchanged": 40,
        "choice": 160,
        "view": 200,
    }
    assert ours == questions(spend, callbacks, 13 * 40), "the same every time"
    asked = Counter(one.referer.partition("?")[2] for one in ours if one.kind == "choice")
    assert len(asked) > load.BLOCKS, "of selections, more than a few"
    plain = Counter(one.kind for one in questions(spend, [{"output": "page.children"}], 9 * 20))
    assert plain == {"document": 20, "dependencies": 40, "view": 120}


@pytest.fixture(scope="module")
def processed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one snapshot."""
    folder = tmp_path_factory.mktemp("load") / "processed"
    snapshots.full(folder)
    return folder


@pytest.mark.slow
def test_a_tiny_run_gives_a_whole_table_and_no_error(
    processed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = load.report(processed, load.Plan(soak=4, soak_rate=10, step=4, ours=(5,), plain=(3,)))
    assert [(one.who, one.rate, len(one.answers)) for one in found] == [("ours", 10, 40), ("ours", 5, 20), ("plain", 3, 12)]  # fmt: skip
    assert [sorted({answer.fault for answer in one.answers}) for one in found] == [[""], [""], [""]]
    assert {answer.kind for answer in found[0].answers} >= {"document", "layout", "choice", "view"}
    assert all(one.processor > 0 and one.drift.last > 0 for one in found)
    table = [line for line in capsys.readouterr().out.splitlines() if line.startswith("| ours") or line.startswith("| plain")]  # fmt: skip
    assert [line.count("|") for line in table] == [13, 13, 13]


@pytest.mark.slow
def test_views_asked_once_each_are_kept_and_looked_at(
    processed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = kept.report(processed, count=12, every=4)
    assert [(one.views, one.pages) for one in found] == [(0, 0), (4, 4), (8, 8), (12, 12)]
    assert all(one.memory > 50 for one in found)
    assert "| 12 | " in capsys.readouterr().out
