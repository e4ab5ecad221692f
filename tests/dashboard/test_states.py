"""Every page in every state: full, one placement, one row, nothing, published files alone, everything suppressed.

No test here names a page: a new page is asked the same. That a page draws is not enough; each chart has its
finding, its table, its files and its source, and no word of it is a machine's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import dash
import polars
import pytest

from dashboard.app import create_app, pages
from dashboard.data import Data, Source
from hnb.configuration import Configuration
from hnb.metrics import Selection
from tests.dashboard import snapshots
from tests.dashboard.conftest import HERE
from tests.dashboard.reading import elements, text, walk

MACHINE_WORDS = re.compile(r"\bnan\b|\binf\b|\bNone\b(?! printed)|\bNaT\b|not_\w+|\b\w+_\w+_\w+\b|\{\w*\}")
"""What a reader must never see: not-a-number, Python's words, codes with underscores, unfilled templates."""

QUERIES = (
    "",
    "years=2025-26",
    "settings=group:independent&years=2024-25..2026-27",
    "phases=secondary&needs=ASD&in_borough=no",
    "lines=1.2.3",
    "provider=Nobody+of+that+name",
    "settings=nonsense&years=1066&measure=nonsense&rows=nonsense&columns=nonsense&page=-1&as_at=never&by=nonsense",
)


@dataclass(frozen=True)
class State:
    """An app over a snapshot, and how its answers are changed while a page is drawn."""

    app: dash.Dash
    hidden: bool = False

    @property
    def data(self) -> Data:
        return self.app.server.extensions["hnb"].data()


def over(folder: Path) -> dash.Dash:
    configuration = Configuration(processed_folder=folder)
    return create_app(Source(folder, configuration), configuration)


@pytest.fixture(scope="module")
def sample(sample_build: Any) -> State:
    return State(over(sample_build.processed))


@pytest.fixture(scope="module")
def states(sample: State, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, State]:
    def made(make: Callable[[Path], Any]) -> State:
        folder = tmp_path_factory.mktemp("state")
        make(folder)
        return State(over(folder))

    return {
        "sample": sample,
        "all suppressed": State(sample.app, hidden=True),
        "invented": made(snapshots.full),
        "one year": made(lambda folder: snapshots.full(folder, keep_years=1)),
        "one row": made(snapshots.one_row),
        "published files alone": made(snapshots.published_only),
        "plans suppressed": made(snapshots.plans_suppressed),
        "nothing": made(snapshots.empty),
    }


STATES = (
    "sample", "all suppressed", "invented", "one year", "one row", "published files alone", "plans suppressed", "nothing",
)  # fmt: skip


@contextmanager
def suppressed(state: State) -> Iterator[None]:
    """While it lasts every answer of `compute` to the state's pages has its rows and statuses, and no figure."""
    if not state.hidden:
        yield
        return
    plain = Data.answer

    def answer(self: Data, measure: str, selection: Selection, by: tuple[str, ...] = ()) -> polars.DataFrame:
        nothing = polars.lit(None, dtype=polars.Float64)
        return plain(self, measure, selection, by).with_columns(
            *(nothing.alias(name) for name in ("numerator", "denominator", "value")),
            polars.lit(None, dtype=polars.Int64).alias("count"),
            polars.lit("suppressed").alias("status"),
        )

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Data, "answer", answer)
        yield


def drawn(state: State, page: Mapping[str, Any], query: str) -> Any:
    with suppressed(state), state.app.server.test_request_context("/", base_url=HERE):
        return page["layout"](search=query)


def all_pages(state: State) -> list[dict[str, Any]]:
    found = [page for page in pages() if page["module"].startswith("dashboard.pages.")]
    assert len(found) > 3
    return found


@pytest.mark.parametrize(
    ("name", "query"),
    [
        (name, query)
        for name in STATES
        for query in (QUERIES if name == "sample" else QUERIES[:: len(QUERIES) - 1])
    ],
)
def test_every_page_answers_in_words(states: Mapping[str, State], name: str, query: str) -> None:
    for page in all_pages(states[name]):
        layout = drawn(states[name], page, query)
        words = text(layout)
        at = f"{page['path']}?{query} over {name}"
        assert len(elements(layout, "H1")) == 1, at
        assert "cannot be shown" not in words, f"{at}: {words[:300]}"
        shown = [
            item
            for item in walk(layout)
            if type(item).__name__ in ("P", "H1", "H2", "H3", "Td", "Th", "Caption", "Summary")
        ]
        # Names of files and codes of the model are shown as they are, in elements that say so.
        plain = " ".join(text(item) for item in shown if not _is_technical(item))
        found = MACHINE_WORDS.search(plain)
        assert found is None, (
            f"{at} says {found.group() if found else ''}: {plain[max(0, found.start() - 60) : found.end() + 60]}"
        )  # type: ignore[union-attr]


def _is_technical(item: Any) -> bool:
    kinds = ("Code", "Pre", "Samp", "Kbd")
    return "address" in str(getattr(item, "className", "") or "") or any(
        type(part).__name__ in kinds for part in walk(item)
    )


def test_what_is_hidden_is_not_said_to_be_nought(states: Mapping[str, State]) -> None:
    state = states["all suppressed"]
    spend = next(page for page in all_pages(state) if page["path"] == "/spend")
    words = text(drawn(state, spend, ""))
    assert "how many placements in 2026-27 is hidden" in words
    assert "0 placements" not in words
    # Of nobody the number is known.
    assert "0 placements in 2026-27" in text(drawn(states["sample"], spend, "provider=Nobody+of+that+name"))


@pytest.mark.parametrize("name", STATES)
def test_every_chart_has_its_finding_its_table_its_files_and_its_source(
    states: Mapping[str, State], name: str
) -> None:
    for page in all_pages(states[name]):
        layout = drawn(states[name], page, "")
        at = f"{page['path']} over {name}"
        charts = 0
        for section in elements(layout, "Section"):
            headings = [*elements(section, "H2"), *elements(section, "H3")]
            assert headings and text(headings[0]).strip(), f"{at}: a section without a heading"
            if not elements(section, "Graph"):
                continue
            charts += 1
            which = f"{at}: {text(headings[0])}"
            assert elements(section, "Table"), f"{which} has no table"
            for table in elements(section, "Table"):
                assert text(elements(table, "Caption")).strip(), f"{which}: a table without a caption"
            links = [
                str(getattr(link, "href", ""))
                for link in [*elements(section, "A"), *elements(section, "Link")]
            ]
            for kind in (".csv", ".xlsx"):
                assert any(kind in link for link in links), f"{which} has no {kind}"
            pictures = {getattr(button, "data-format", "") for button in elements(section, "Button")}
            assert {"png", "svg"} <= pictures, f"{which} has no picture to take away"
            assert "Source" in {text(summary) for summary in elements(section, "Summary")}, (
                f"{which} has no source"
            )
            assert any(link.startswith("/rows") for link in links), f"{which} leads to no rows"
        assert charts <= 6, f"{at} has {charts} charts in view"


@pytest.mark.parametrize("name", STATES)
def test_no_chart_is_an_axis_with_nothing_on_it(states: Mapping[str, State], name: str) -> None:
    for page in all_pages(states[name]):
        for chart in elements(drawn(states[name], page, ""), "Graph"):
            figure = chart.figure if isinstance(chart.figure, dict) else chart.figure.to_plotly_json()
            drawn_marks = [
                mark
                for trace in figure["data"]
                for mark in (trace.get("x"), trace.get("y"))
                if mark is not None and len(mark)
            ]
            assert drawn_marks or figure["layout"].get("shapes"), f"{page['path']} over {name}: {chart.id}"
