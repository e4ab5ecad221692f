"""What outside readers are shown, from the shipped sample: it adds up to the measures, and it is protected.

The attacker of these tests reads the bytes of the publication's folder and nothing else.
"""

from __future__ import annotations

import dataclasses
import datetime
import itertools
from collections.abc import Iterable, Mapping

import highspy
import numpy
import polars
import pytest

from hnb import publications
from hnb.board import MEASURED, TABLES, board_publications, contributions, published
from hnb.board_cells import MERGED, Scope, board_categories, board_code, grid_of, plan_of
from hnb.board_recommendations import NOT_OUTSIDE, OF_CELLS, board_recommendations, cells_needed
from hnb.codelists import CODELISTS
from hnb.configuration import Configuration
from hnb.counterfactual import counterfactuals
from hnb.disclosure import TOTAL, Rules
from hnb.disclosure.cells import Cells, cells_of
from hnb.errors import HnbError
from hnb.metrics import Selection, Tables, compute
from hnb.published import Published
from hnb.recommendation_gap import gap
from hnb.recommendations import assessments
from hnb.store import Snapshot
from tests.hnb.pictures import drawn

SUTTON = "E09000029"
AUDIENCES = ("screen", "pack")
_LIST_OF = {"setting": "settings", "phase": "phases", "need": "needs"}


@pytest.fixture(scope="module")
def snapshot(sample_build):
    return Snapshot.open(sample_build.processed)


@pytest.fixture(scope="module")
def shown(sample_published) -> Mapping[str, Published]:
    return publications.latest(sample_published)


@pytest.fixture(scope="module")
def truth(snapshot) -> Mapping[tuple[str, int], Cells]:
    """The true cells of each year and threshold, in which nothing is hidden."""
    rows, scopes = contributions(snapshot, SUTTON), cells_needed(snapshot, SUTTON)
    grid = grid_of(rows, scopes)
    plans = [*TABLES, *(plan_of(scope) for scope in scopes)]
    return {
        (year, threshold): cells_of(block, plans, MEASURED, Rules(threshold=threshold), grid.rollups)
        for (year,), block in grid.parted(rows).partition_by("financial_year", as_dict=True).items()
        for threshold in (6, 10)
    }


# ---------------------------------------------------------------------------------- the categories


@pytest.mark.parametrize("dimension", MERGED)
def test_every_code_is_in_exactly_one_of_the_boards_categories(dimension):
    named = [code for entry in CODELISTS[MERGED[dimension]].entries.values() for code in entry.details["of"]]
    assert sorted(named) == sorted(CODELISTS[_LIST_OF[dimension]].codes)


def test_a_code_without_a_category_is_told_with_what_to_do():
    with pytest.raises(HnbError, match=r"board\.toml"):
        board_code("need", "a need of next year")


def test_parts_are_as_few_as_the_sets_of_codes_ask_for():
    rows = polars.DataFrame(
        {"setting": ["mainstream", "resourced", "hospital", "alternative_provision"], "phase": ["secondary"] * 4, "need": ["ASD"] * 4}
    )  # fmt: skip
    assert set(grid_of(rows, []).parts["setting"].values()) == {"mainstream+resourced", "alternative_provision+hospital"}  # fmt: skip
    grid = grid_of(rows, [Scope(setting=("alternative_provision", "mainstream"))])
    assert set(grid.parts["setting"].values()) == {
        "mainstream",
        "resourced",
        "hospital",
        "alternative_provision",
    }
    assert grid.parted(rows).columns == ["setting part", "phase part", "need part"]


def test_contributions_add_up_to_the_measures_year_by_year(snapshot):
    given = contributions(snapshot, SUTTON).group_by("financial_year").agg(polars.col(MEASURED.all).sum())
    for measure, column in (
        ("spend", "spend"),
        ("placements", "placements"),
        ("placement_years", "placement_years"),
    ):
        answers = compute(measure, snapshot, Selection(authority=SUTTON), ("financial_year",))
        expected = dict(answers.select("financial_year", "value").rows())
        found = dict(given.select("financial_year", column).rows())
        assert found == pytest.approx(expected, abs=0.005), measure


def test_without_spend_there_is_nothing_to_publish():
    with pytest.raises(HnbError, match="no spend to publish"):
        contributions(Tables({}), SUTTON)


# ------------------------------------------------------------------------------- what is published


@pytest.mark.parametrize(("audience", "threshold"), [("screen", 6), ("pack", 10)])
def test_what_is_shown_is_what_compute_says(snapshot, shown, audience, threshold):
    one, seen = shown[audience], 0
    for name, frame in one.tables.items():
        dimensions = name.split("_by_")
        for row in frame.filter(frame["status"] == "reported").to_dicts():
            of = {
                f"{dimension}s": one.categories[dimension][row[dimension]]
                for dimension in dimensions
                if row[dimension] != TOTAL
            }
            asked = Selection(authority=SUTTON, years=(row["financial_year"],), **of)
            for measure in ("placements", "spend"):
                answer = compute(measure, snapshot, asked)
                value = answer["value"][0] if answer.height else 0.0
                assert row[measure] == pytest.approx(value or 0.0, abs=0.005), (row, measure)
            assert not 0 < row["placements"] < threshold
            seen += 1
        hidden = frame.filter(frame["status"] == "suppressed").select(MEASURED.all)
        assert hidden.null_count().row(0) == (hidden.height,) * hidden.width
        whole = frame.filter(*(frame[dimension] == TOTAL for dimension in dimensions))
        assert set(whole["status"]) == {"reported"}, "what a year cost in all is never hidden"
    assert seen > 600


def test_most_of_it_is_shown(shown):
    screen, pack = shown["screen"].account, shown["pack"].account
    assert screen.share_shown > 0.93 and screen.children_share > 0.92 and screen.amount_share > 0.94
    assert pack.share_shown > 0.91 and pack.children_share > 0.91 and pack.amount_share > 0.93
    assert screen.cells == pack.cells and screen.children == pack.children


def test_the_paper_shows_no_cell_that_the_screen_hides(shown):
    for name in (*shown["screen"].tables, "selected"):
        screen, pack = (one.tables.get(name, one.selected) for one in shown.values())
        keys = [column for column in screen.columns if column not in (*MEASURED.all, "status")]
        both = screen.join(pack, on=keys, suffix="_pack", validate="1:1")
        assert both.height == screen.height == pack.height
        assert both.filter(both["status"] == "suppressed", both["status_pack"] == "reported").height == 0


def test_nothing_of_a_child_or_a_provider_is_in_the_folder(snapshot, sample_published):
    rows = contributions(snapshot, SUTTON)
    named = set(snapshot.table("placements")["provider"].drop_nulls()) | set(rows["pupil_id"].drop_nulls())
    (folder,) = (path for path in sample_published.iterdir() if path.is_dir())
    texts = [path.read_text("utf-8") for path in folder.iterdir() if path.suffix != ".parquet"]
    for path in folder.glob("*.parquet"):
        frame = polars.read_parquet(path)
        assert not {"pupil_id", "provider", "placement_id"} & set(frame.columns)
        texts += frame.select(polars.col(polars.String)).unpivot()["value"].drop_nulls().unique().to_list()
        texts.append(path.read_bytes().decode("latin-1"))
    everything = "\n".join(texts)
    assert len(named) > 3_000
    assert [name for name in named if name in everything] == []


# --------------------------------------------------------------------------------------- by attack


def parts_of(one: Published) -> dict[str, dict[str, tuple[bool, ...]]]:
    """The codes of each dimension, told apart as far as any published figure tells them apart."""
    found = {}
    for dimension, categories in one.categories.items():
        sets = [set(codes) for codes in categories.values()]
        sets += [set(text.split(",")) for text in one.selected[dimension].unique() if text != TOTAL]
        codes = [code for of in categories.values() for code in of]
        found[dimension] = {code: tuple(code in chosen for chosen in sets) for code in codes}
    return found


def figures_of(one: Published, year: str, measure: str) -> Iterable[tuple[tuple, float | None]]:
    """Every published figure of a year: the codes of each dimension that it is of, and the value."""
    for frame, is_of_codes in (*((frame, False) for frame in one.tables.values()), (one.selected, True)):
        for row in frame.filter(frame["financial_year"] == year).to_dicts():
            of = []
            for dimension, categories in one.categories.items():
                text = row.get(dimension, TOTAL)
                everything = [code for codes in categories.values() for code in codes]
                named = text.split(",") if is_of_codes else categories.get(text)
                of.append(tuple(everything if text == TOTAL else named))
            yield tuple(of), row[measure]


def bounds(
    audiences: list[Published], year: str, measure: str, lowest: float
) -> dict[tuple, tuple[float, float]]:
    """For each figure that none of the audiences is shown: the least and the most that it can be."""
    parts = parts_of(audiences[0])
    atoms = {atom: place for place, atom in enumerate(itertools.product(*(sorted(set(of.values())) for of in parts.values())))}  # fmt: skip
    unit = 1.0 if measure == "placements" else 1_000.0
    model = highspy.Highs()
    for option, value in (("output_flag", False), ("presolve", "off"), ("threads", 1)):
        model.setOptionValue(option, value)
    model.addVars(
        len(atoms), numpy.full(len(atoms), lowest / unit), numpy.full(len(atoms), highspy.kHighsInf)
    )
    inside: dict[tuple, tuple[int, ...]] = {}
    known: dict[tuple[int, ...], float] = {}
    for one in audiences:
        for of, value in figures_of(one, year, measure):
            chosen = (
                sorted({parts[name][code] for code in codes}) for name, codes in zip(parts, of, strict=True)
            )
            places = inside[of] = tuple(sorted(atoms[atom] for atom in itertools.product(*chosen)))
            if value is not None:
                known[places] = value
    for places, value in known.items():
        model.addRow(
            value / unit, value / unit, len(places), numpy.array(places, dtype=numpy.int32), numpy.ones(len(places))
        )  # fmt: skip
    found = {}
    for of, places in inside.items():
        if places in known:
            continue
        ends = []
        for sense in (highspy.ObjSense.kMinimize, highspy.ObjSense.kMaximize):
            costs = numpy.zeros(len(atoms))
            costs[list(places)] = 1.0
            model.changeColsCost(len(atoms), numpy.arange(len(atoms), dtype=numpy.int32), costs)
            model.changeObjectiveSense(sense)
            model.run()
            assert model.getModelStatus() == highspy.HighsModelStatus.kOptimal, model.modelStatusToString(
                model.getModelStatus()
            )
            ends.append(model.getInfo().objective_function_value * unit)
        found[of] = (ends[0], ends[1])
    return found


def place_of(cells: Cells, of: tuple) -> int:
    """Where the true cell of some codes stands."""
    for place, key in enumerate(cells.keys):
        if codes_of(key) == tuple(frozenset(codes) for codes in of):
            return place
    raise AssertionError(of)


def codes_of(key: tuple) -> tuple[frozenset[str], ...]:
    named = {}
    for name, value in key:
        dimension, _, codes = name.partition(" in ")
        named[dimension] = codes.split(",") if codes else board_categories()[dimension][value]
    everything = {
        name: [code for of in codes.values() for code in of] for name, codes in board_categories().items()
    }
    return tuple(frozenset(named.get(name, everything[name])) for name in MERGED)


@pytest.mark.parametrize("who", ["screen", "pack", "both"])
def test_no_hidden_figure_of_the_sample_can_be_worked_out(shown, truth, who):
    audiences = list(shown.values()) if who == "both" else [shown[who]]
    threshold, attacked = 10 if who == "pack" else 6, 0
    for year in shown["screen"].years:
        cells = truth[year, threshold]
        for measure in ("placements", "spend", "placement_cost"):
            lowest = min(0.0, float(cells.atom_values[measure].min()))
            for of, (low, high) in bounds(audiences, year, measure, lowest).items():
                place = place_of(cells, of)
                value = float(cells.values[measure][place])
                said = f"{year} {cells.keys[place]}: {measure} {value} lies in {low} … {high}"
                attacked += 1
                if measure == "placements":
                    assert high - low > 0.999, said
                    if 0 < value < threshold:
                        assert low <= 1.001 and high >= threshold - 1.001, said
                elif cells.is_unsafe[place]:
                    assert low <= 0.8 * value + 1 and high >= 1.2 * value - 1, said
                else:
                    assert low <= 0.8 * value + 1 or high >= 1.2 * value - 1, said
    assert attacked > 60


def test_no_two_or_three_shown_figures_make_a_hidden_unsafe_one(shown, truth):
    #  A figure is the number whose digits, to the base 8, say how often each atom is in it: sums and differences of
    #  three are told apart exactly. What is shown as nought is left out, since everybody knows that it is nothing.
    tried = 0
    for year, audience in itertools.product(shown["screen"].years, AUDIENCES):
        cells = truth[year, shown[audience].rules.threshold]
        values = {of: value for one in shown.values() for of, value in figures_of(one, year, "placements") if value is not None}  # fmt: skip
        if audience == "pack":
            values = {
                of: value for of, value in figures_of(shown["pack"], year, "placements") if value is not None
            }
        places = {place_of(cells, of) for of in values}
        nothing = {atom for place in places if cells.is_nought[place] for atom in cells.atoms[place].tolist()}

        def digits(place: int, cells: Cells = cells, nothing: set[int] = nothing) -> int:
            return sum(8**atom for atom in cells.atoms[place].tolist() if atom not in nothing)

        seen = sorted({digits(place) for place in places} - {0})
        known = set(seen)
        unsafe = {digits(place) for place in cells.unsafe if place not in places} - {0}
        assert not unsafe & known
        for hidden in unsafe:
            for first in seen:
                for rest in (hidden - first, hidden + first):
                    # Two figures: the rest is one. Three: the rest is a sum or a difference of two.
                    assert rest not in known and -rest not in known, (year, audience)
                    for second in seen:
                        tried += 1
                        assert rest - second not in known and rest + second not in known, (year, audience)
                        assert second - rest not in known, (year, audience)
    assert tried > 10_000


# --------------------------------------------------------------------------------- recommendations


@pytest.mark.parametrize("audience", AUDIENCES)
def test_what_is_shown_of_a_recommendation_is_what_compute_says(snapshot, shown, audience):
    for found, true in zip(shown[audience].recommendations, assessments(snapshot), strict=True):
        one = found.assessment
        assert (one.recommendation_id, one.title, one.updates) == (
            true.recommendation_id,
            true.title,
            true.updates,
        )
        assert [point.financial_year for point in one.series] == [
            point.financial_year for point in true.series
        ]
        for point, real in zip(one.series, true.series, strict=True):
            if point.financial_year in found.hidden_years:
                assert (point.value, point.status) == (None, "suppressed")
            else:
                assert point == real
        if not found.hidden_years:
            assert one == true
            assert found.gap == gap(true, snapshot)
            base = true.baseline.financial_year if true.baseline else ""
            worths = counterfactuals(snapshot, true.selection) if true.measure else ()
            assert found.worth in (next((other for other in worths if other.base_year == base), None), None)


def test_the_figures_of_a_recommendation_can_be_worked_out_from_shown_cells_alone(shown):
    checked = 0
    for one in shown.values():
        cells = {
            (row["financial_year"], row["setting"], row["phase"], row["need"]): row
            for row in one.selected.to_dicts()
        }
        for found in one.recommendations:
            measure, of = found.assessment.measure, found.assessment.selection
            if measure is None or measure.name not in OF_CELLS:
                continue
            codes = tuple(",".join(chosen) or TOTAL for chosen in (of.settings, of.phases, of.needs))
            for point in found.assessment.series:
                own, whole = (
                    cells[point.financial_year, *codes],
                    cells[point.financial_year, TOTAL, TOTAL, TOTAL],
                )
                if own["status"] != "reported":
                    assert point.value is None
                    continue
                made = {
                    "spend": lambda own=own: own["spend"],
                    "placements": lambda own=own: own["placements"],
                    "placements_share": lambda own=own, whole=whole: own["placements"] / whole["placements"],
                }[measure.name]()
                assert point.value == pytest.approx(made)
                checked += 1
    assert checked > 40


def test_the_alternative_provision_of_few_providers_is_not_shown_and_says_why(shown):
    (found,) = (one for one in shown["screen"].recommendations if one.assessment.recommendation_id == "R7")
    assert len(found.hidden_years) == 8
    assert (found.assessment.progress, found.worth, found.gap.amount) == ("not_assessed", None, None)
    assert found.assessment.reason.startswith("Its figures are hidden: few children or few providers")


SPEND = drawn("spend", """
    authority | financial_year | basis   | part       | setting             | phase     | need | placements | placement_years | amount
    E09000029 | 2022-23        | outturn | placements | special_independent | secondary | ASD  | 20         | 20              | 1_200_000
    E09000029 | 2022-23        | outturn | placements | mainstream          | secondary | ASD  | 80         | 80              | 800_000
    E09000029 | 2023-24        | outturn | placements | special_independent | secondary | ASD  | 18         | 18              | 1_150_000
    E09000029 | 2023-24        | outturn | placements | mainstream          | secondary | ASD  | 82         | 82              | 850_000
    E09000029 | 2024-25        | outturn | placements | special_independent | secondary | ASD  | 17         | 17              | 1_100_000
    E09000029 | 2024-25        | outturn | placements | mainstream          | secondary | ASD  | 83         | 83              | 900_000
""")  # fmt: skip
PLANS = drawn("plans", """
    authority | financial_year | year | setting   | setting_detail | age_band | need        | plans | status
    E09000029 | 2022-23        | 2023 | resourced | resourced      | all_ages | not_by_need | 4     | reported
    E09000029 | 2023-24        | 2024 | resourced | resourced      | all_ages | not_by_need | 7     | reported
""")  # fmt: skip


def selected(*rows: tuple[str, str, str]) -> polars.DataFrame:
    """The single cells of a publication: year, settings, status."""
    frame = polars.DataFrame(rows, schema=["financial_year", "setting", "status"], orient="row")
    return frame.with_columns(polars.lit(TOTAL).alias("phase"), polars.lit(TOTAL).alias("need"))


def seen(register: str, cells: polars.DataFrame, **others: polars.DataFrame):
    tables = Tables({"spend": SPEND, "recommendations": drawn("recommendations", register), **others})
    (found,) = board_recommendations(tables, SUTTON, Rules(), cells)
    return found


SHARE = """
    recommendation_id | authority | measure          | setting             | baseline_year | target | target_year | aim
    R1                | E09000029 | placements_share | special_independent | 2022-23       | 0.10   | 2026-27     | fall
"""
YEARS = ("2022-23", "2023-24", "2024-25")


def test_where_the_latest_year_is_hidden_it_stands_at_the_last_that_is_shown():
    #  20%, 18%, and 17% hidden: so the latest is 18%, on a path of 20 − 10 × 1/4 = 17.5%.
    whole = [(year, TOTAL, "reported") for year in YEARS]
    own = [(YEARS[0], "special_independent", "reported"), (YEARS[1], "special_independent", "reported"), (YEARS[2], "special_independent", "suppressed")]  # fmt: skip
    found = seen(SHARE, selected(*whole, *own))
    one = found.assessment
    assert found.hidden_years == ("2024-25",)
    assert (one.latest.financial_year, one.latest.value) == ("2023-24", pytest.approx(0.18))
    assert one.distance == pytest.approx(0.005)
    assert one.reason.endswith("; the figure of 2024-25 is hidden: few children or few providers stand behind it, or behind one that it would give away")  # fmt: skip
    #  0.08 of a hundred placements, at £1,150,000 / 18 each.
    assert found.gap.pounds == pytest.approx(0.08 * 100 * 1_150_000 / 18, abs=0.01)
    assert found.worth is None, "what the shift was worth needs the hidden year"


def test_a_hidden_baseline_is_no_baseline():
    cells = selected(*((year, TOTAL, "reported") for year in YEARS), *((year, "special_independent", "reported") for year in YEARS[1:]))  # fmt: skip
    one = seen(SHARE, cells).assessment
    assert one.progress == "not_assessed"
    assert "the baseline of 2022-23 is hidden" in one.reason
    assert (one.change, one.path, one.direction) == (None, None, "")
    untold = SHARE.replace("0.10   | 2026-27     | fall", ".      | .           | .   ")
    assert seen(untold, cells).assessment.reason == "17.0% in 2024-25; no target published"


def test_a_share_needs_its_whole_too():
    cells = selected((YEARS[0], TOTAL, "suppressed"), *((year, TOTAL, "reported") for year in YEARS[1:]), *((year, "special_independent", "reported") for year in YEARS))  # fmt: skip
    assert seen(SHARE, cells).hidden_years == ("2022-23",)


def test_published_statistics_are_shown_but_for_small_counts():
    found = seen("""
        recommendation_id | authority | measure | setting   | baseline_year
        R1                | E09000029 | plans   | resourced | 2022-23
    """, selected((YEARS[0], TOTAL, "reported")), plans=PLANS)  # fmt: skip
    assert [(point.value, point.status) for point in found.assessment.series] == [(None, "suppressed"), (7, "reported")]  # fmt: skip


@pytest.mark.parametrize("measure", ["placement_cost", "forecast"])
def test_what_no_cell_holds_is_not_shown_outside(measure):
    of = f"R1 | {SUTTON} | {measure} | mainstream"
    sums = drawn("placement_sums", """
        authority | financial_year | month      | setting    | cost
        E09000029 | 2022-23        | 2022-04-01 | mainstream | 1_000
    """)  # fmt: skip
    budget = drawn("budget", """
        authority | financial_year | as_at      | line | setting    | forecast
        E09000029 | 2022-23        | 2022-10-31 | H1   | mainstream | 1_000
    """)  # fmt: skip
    found = seen(f"recommendation_id | authority | measure | setting\n{of}", selected((YEARS[0], TOTAL, "reported")), placement_sums=sums, budget=budget)  # fmt: skip
    assert (found.assessment.progress, found.assessment.reason) == ("not_assessed", NOT_OUTSIDE)
    assert (found.assessment.series, found.worth) == ((), None)


def test_another_authority_s_recommendation_is_in_no_publication_of_ours():
    register = drawn("recommendations", """
        recommendation_id | authority | measure | setting
        R1                | E06000023 | spend   | mainstream
    """)  # fmt: skip
    tables = Tables({"spend": SPEND, "recommendations": register})
    assert board_recommendations(tables, SUTTON, Rules(), selected((YEARS[0], TOTAL, "reported"))) == ()


# ---------------------------------------------------------------------------- one after the other


def council(generator: numpy.random.Generator, children: int = 400) -> Tables:
    """A small council of one year: a register's months and what of it counts, with the spend that they add up to."""
    settings = generator.choice(["mainstream", "special_academy", "special_independent", "further_education"], children, p=[0.45, 0.3, 0.15, 0.1])  # fmt: skip
    rows = polars.DataFrame({
        "authority": [SUTTON] * children,
        "financial_year": ["2024-25"] * children,
        "pupil_id": [f"child {number}" for number in range(children)],
        "provider": [f"provider {number % 19}" for number in range(children)],
        "setting": settings,
        "phase": generator.choice(["primary", "secondary", "post16"], children, p=[0.5, 0.4, 0.1]),
        "need": generator.choice(["ASD", "SLCN", "SEMH", "MLD", "PD"], children, p=[0.5, 0.2, 0.15, 0.1, 0.05]),
        "cost": generator.lognormal(9.3, 0.5, children).round(2),
        "placement_years": [1.0] * children,
    })  # fmt: skip
    return Tables(council_tables(rows))


def council_tables(rows: polars.DataFrame) -> dict[str, polars.DataFrame]:
    keys = ["authority", "financial_year", "setting", "phase", "need"]
    date = datetime.date(2025, 1, 16)
    spend = rows.group_by(keys).agg(polars.col("cost").sum().alias("amount"), polars.col("placement_years").sum(), polars.len().alias("placements"))  # fmt: skip
    return {
        "placement_months": rows,
        "placements": rows.with_columns(
            polars.lit(date).alias("register_as_at"), polars.lit(datetime.date(2024, 4, 1)).alias("start_on"),
            polars.lit(None, polars.Date).alias("end_on"), polars.lit(1).alias("placement_rank"),
        ),
        "spend": spend.with_columns(
            polars.lit("outturn").alias("basis"), polars.lit("placements").alias("part"), polars.lit(date).alias("counted_on"),
            polars.lit("").alias("line"), polars.lit(None, polars.String).alias("provider"),
        ),
    }  # fmt: skip


def made(tables: Tables, number: int, before=()):
    when = datetime.datetime(2026, 11, number, tzinfo=datetime.UTC)
    return published(
        tables, Configuration(), publication_id=f"{number:06d}-20261101T000000Z", published_at=when, snapshot_id="s", as_at=None, before=before,
    )  # fmt: skip


def test_a_publication_after_an_earlier_one_gives_nothing_of_either_away():
    tables = council(numpy.random.default_rng(3))
    first = made(tables, 1)
    rows = tables.table("placement_months")
    later = Tables(council_tables(rows.slice(3)))
    second = made(later, 2, before=[first])
    assert second["screen"].account.cells_hidden > 0
    parted = grid_of(contributions(later, SUTTON), [])
    cells = cells_of(parted.parted(contributions(later, SUTTON)), TABLES, MEASURED, Rules(), parted.rollups)
    #  The best informed outsider has kept, of the first, all that is still true.
    kept = {}
    for name, frame in first["screen"].tables.items():
        true = [
            row | ({} if all(row[measure] is not None and abs(row[measure] - cells.values[measure][cells.place[key]]) < 0.005 for measure in MEASURED.all) else dict.fromkeys(MEASURED.all))
            for row in frame.to_dicts()
            if (key := tuple((dimension, row[dimension]) for dimension in sorted(name.split("_by_")) if row[dimension] != TOTAL)) in cells.place
        ]  # fmt: skip
        kept[name] = polars.DataFrame(true, frame.schema)
    remembered = dataclasses.replace(first["screen"], tables=kept, selected=first["screen"].selected.clear())
    unsafe_and_hidden = 0
    for measure in ("placements", "spend"):
        for of, (low, high) in bounds([second["screen"], remembered], "2024-25", measure, 0.0).items():
            place = place_of(cells, of)
            value = float(cells.values[measure][place])
            assert high - low > 0.999
            if cells.is_unsafe[place]:
                unsafe_and_hidden += 1
                assert measure == "placements" or (low <= 0.8 * value + 1 and high >= 1.2 * value - 1)
    assert unsafe_and_hidden


def test_a_year_of_too_few_children_is_not_published_at_all():
    with pytest.raises(HnbError, match="So few children or providers stand behind 2024-25 as a whole"):
        board_publications(council(numpy.random.default_rng(1), 4), Configuration())


def test_a_publication_of_other_categories_is_read_in_its_own():
    tables = council(numpy.random.default_rng(3))
    first = made(tables, 1)
    apart = {
        **first["screen"].categories,
        "need": {**first["screen"].categories["need"], "ASD": ("ASD", "SLCN"), "SLCN": ()},
    }
    other = {audience: dataclasses.replace(one, categories=apart) for audience, one in first.items()}
    second = made(tables, 2, before=[other])
    assert second["screen"].account.cells == first["screen"].account.cells
