"""Disclosure control, held against an attacker who knows nothing of how it is done.

The attacker of these tests reads the published frames and nothing else: for every number that is not there he
asks a solver for the least and the most that it can be. He is written apart from the code that he attacks.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Mapping, Sequence

import highspy
import numpy
import polars
import pytest
from hypothesis import given
from hypothesis import strategies as some

from hnb.disclosure import TOTAL, Measured, Publication, Rollup, Rules, TablePlan, publication
from hnb.disclosure.protect import exposures, mask
from hnb.errors import HnbError

MEASURED = Measured(counts=("placements",), amounts=("spend",), costs=("spend",))
LONG = os.environ.get("HNB_LONG_TESTS") == "1"
TABLES_TRIED = 5_000 if LONG else 500


def of_children(*rows: tuple[str, str, str, str, float], year: str = "2025-26") -> polars.DataFrame:
    """Contributions of one child each: setting, phase, child, provider, cost."""
    frame = polars.DataFrame(rows, schema=["setting", "phase", "pupil_id", "provider", "spend"], orient="row")
    return frame.with_columns(polars.lit(year).alias("financial_year"), polars.lit(1).alias("placements"))


def many(setting: str, phase: str, children: int, *, providers: int = 8, cost: float = 1_000.0) -> list:
    return [
        (setting, phase, f"{setting} {phase} {child}", f"{setting} {child % providers}", cost + child)
        for child in range(children)
    ]


def disclosed(rows: polars.DataFrame, *tables: TablePlan, rules: Rules | None = None, **more) -> Publication:
    plans = tables or (TablePlan("grid", ("phase", "setting")),)
    return publication(rows, plans, MEASURED, rules or Rules(), within="financial_year", **more)


def cell(found: Publication, table: str = "grid", **of: str) -> tuple[float | None, str]:
    """Placements and status of a cell; a dimension that is not named is its total."""
    frame = found.tables[table]
    names = [name for name in frame.columns if name in ("setting", "phase", "need")]
    row = frame.filter(*(polars.col(name) == of.get(name, TOTAL) for name in names))
    return row.select("placements", "status").row(0)


# ------------------------------------------------------------------------------------------ by hand


def test_a_small_cell_is_hidden_and_so_is_what_would_give_it_away():
    #            primary  secondary  all
    #  base          12         3     15      3 is small: hidden. Without another hidden in its row and
    #  special       20        30     50      in its column 15 − 12 and 33 − 30 give it away.
    #  all           32        33     65
    found = disclosed(
        of_children(*many("base", "primary", 12), *many("base", "secondary", 3), *many("special", "primary", 20),
                    *many("special", "secondary", 30))
    )  # fmt: skip
    assert cell(found, setting="base", phase="secondary") == (None, "suppressed")
    hidden = found.tables["grid"].filter(polars.col("status") == "suppressed")
    assert hidden.height == 4, "the least that protects one cell of a table with totals is a rectangle"
    assert cell(found) == (65.0, "reported")
    assert exposures(found.cells["2025-26"], found.rules, found.masks["2025-26"].hidden) == []


def test_hiding_the_small_cells_alone_would_be_no_protection():
    found = disclosed(of_children(*many("base", "primary", 12), *many("base", "secondary", 3), *many("special", "primary", 20), *many("special", "secondary", 30)))  # fmt: skip
    cells = found.cells["2025-26"]
    assert exposures(cells, found.rules, cells.unsafe), "what the audit is for"


def test_nought_is_shown_as_nought_and_told_apart_from_hidden():
    found = disclosed(
        of_children(*many("base", "primary", 12), *many("base", "secondary", 4), *many("special", "primary", 20),
                    *many("special", "secondary", 30), *many("college", "post16", 40))
    )  # fmt: skip
    assert cell(found, setting="college", phase="primary") == (0.0, "reported")
    assert cell(found, setting="base", phase="secondary")[1] == "suppressed"


def test_one_mask_holds_for_every_measure_of_a_cell():
    found = disclosed(of_children(*many("base", "primary", 12), *many("base", "secondary", 3), *many("special", "primary", 20), *many("special", "secondary", 30)))  # fmt: skip
    hidden = found.tables["grid"].filter(polars.col("status") == "suppressed")
    assert hidden.select(polars.col("placements", "spend").is_null().all()).row(0) == (True, True)


def test_a_cell_that_one_child_pays_for_is_hidden_however_many_are_in_it():
    dear = [("special", "primary", "the dear one", "special 1", 400_000.0)]
    found = disclosed(
        of_children(*dear, *many("special", "primary", 20), *many("special", "secondary", 30), *many("base", "primary", 30), *many("base", "secondary", 30))
    )  # fmt: skip
    assert cell(found, setting="special", phase="primary")[1] == "suppressed"


def test_a_cell_of_one_provider_shows_its_fees_and_is_hidden():
    found = disclosed(
        of_children(*many("base", "primary", 40, providers=1), *many("base", "secondary", 40), *many("special", "primary", 40), *many("special", "secondary", 40))
    )  # fmt: skip
    assert cell(found, setting="base", phase="primary")[1] == "suppressed"


def test_what_nobody_stands_behind_is_no_secret():
    services = of_children(("central", "primary", "x", "y", 2_000_000.0)).with_columns(
        polars.lit(None, polars.String).alias("pupil_id"), polars.lit(None, polars.String).alias("provider"),
        polars.lit(0).alias("placements"),
    )  # fmt: skip
    rows = polars.concat([services, of_children(*many("base", "primary", 40)).select(services.columns)])
    assert cell(disclosed(rows), setting="central", phase="primary") == (0.0, "reported")


def test_a_cell_that_stands_in_two_tables_is_hidden_in_both():
    rows = of_children(*many("base", "primary", 12), *many("base", "secondary", 3), *many("special", "primary", 20), *many("special", "secondary", 30))  # fmt: skip
    rows = rows.with_columns(
        polars.when(polars.int_range(polars.len()) % 2 == 0)
        .then(polars.lit("ASD"))
        .otherwise(polars.lit("MLD"))
        .alias("need")
    )
    found = disclosed(
        rows, TablePlan("by phase", ("setting", "phase")), TablePlan("by need", ("setting", "need"))
    )
    for setting in ("base", "special", TOTAL):
        assert cell(found, "by phase", setting=setting) == cell(found, "by need", setting=setting)


def test_a_group_and_its_parts_are_one_system():
    #  base 3 and special 20 make the group "schools" 23; shown beside special 20 it would give base away.
    rows = of_children(
        *many("base", "primary", 3), *many("special", "primary", 20), *many("college", "primary", 30)
    )
    groups = Rollup("setting", {"base": "schools", "special": "schools", "college": "colleges"})
    plans = (TablePlan("grid", ("setting",)), TablePlan("groups", ("group",)))
    found = publication(rows, plans, MEASURED, Rules(), within="financial_year", rollups={"group": groups})
    of_groups = dict(found.tables["groups"].select("group", "placements").rows())
    of_settings = dict(found.tables["grid"].select("setting", "placements").rows())
    assert of_settings["base"] is None
    assert None in (of_groups["schools"], of_settings["special"])
    assert of_groups["colleges"] == of_settings["college"] or None in (
        of_groups["colleges"],
        of_settings["college"],
    )
    with pytest.raises(HnbError, match="belongs to no group"):
        publication(
            rows, plans, MEASURED, Rules(), within="financial_year", rollups={"group": Rollup("setting", {})}
        )


def test_what_was_shown_before_and_has_not_changed_is_reckoned_with():
    rows = of_children(*many("base", "primary", 12), *many("base", "secondary", 30), *many("special", "primary", 20), *many("special", "secondary", 30))  # fmt: skip
    before = disclosed(rows)
    assert cell(before, setting="base", phase="primary")[1] == "reported"
    #  Three more children in one cell: its neighbours' old figures are still true, and everybody has them.
    later = polars.concat([rows, of_children(*many("hospital", "secondary", 3))])
    found = disclosed(later, before=[before])
    known = {
        place
        for place, key in enumerate(found.cells["2025-26"].keys)
        if key and dict(key).get("setting") in ("base", "special")
    }
    assert not known & found.masks["2025-26"].hidden
    assert exposures(found.cells["2025-26"], found.rules, found.masks["2025-26"].hidden, known) == []


def test_three_children_alone_are_hidden_with_every_total_of_them():
    found = disclosed(of_children(*many("base", "primary", 3)))
    assert found.tables["grid"]["status"].unique().to_list() == ["suppressed"]
    assert found.account.share_shown == 0.0


def test_what_earlier_figures_give_away_cannot_be_hidden_and_is_refused_with_a_sentence():
    rows = of_children(*many("base", "primary", 12), *many("base", "secondary", 3), *many("special", "primary", 20), *many("special", "secondary", 30))  # fmt: skip
    cells = disclosed(rows).cells["2025-26"]
    with pytest.raises(HnbError, match="Merge categories"):
        mask(cells, Rules(), known_before=set(range(len(cells.keys))) - cells.unsafe)


def test_rules_that_protect_nobody_are_refused():
    for wrong in ({"threshold": 2}, {"margin": 0.0}, {"two_largest": 1.5}):
        with pytest.raises(HnbError):
            Rules(**wrong)


# --------------------------------------------------------------------------------------- by attack


def attacked(tables: Mapping[str, polars.DataFrame], measure: str) -> list[tuple[dict, float, float]]:
    """For every hidden cell of the tables of one year: what it is of, and the least and the most that it can be.

    The attacker knows that cells are sums, that nothing is negative, and that children are whole.
    """
    dimensions = sorted(
        {name for frame in tables.values() for name in frame.columns if name in ("setting", "phase", "need")}
    )
    levels = [
        sorted(
            {
                value
                for frame in tables.values()
                if name in frame.columns
                for value in frame[name]
                if value != TOTAL
            }
        )
        for name in dimensions
    ]
    atoms = list(itertools.product(*levels))
    unit = 1.0 if measure == "placements" else 1_000.0
    model = highspy.Highs()
    model.setOptionValue("output_flag", False)
    kind = highspy.HighsVarType.kInteger if measure == "placements" else highspy.HighsVarType.kContinuous
    columns = [model.addVariable(0, highspy.kHighsInf, type=kind) for _ in atoms]
    wanted: dict[tuple, list] = {}
    for frame in tables.values():
        for row in frame.iter_rows(named=True):
            of = {name: row[name] for name in dimensions if name in row and row[name] != TOTAL}
            inside = [
                column
                for column, atom in zip(columns, atoms, strict=True)
                if all(of.get(name, value) == value for name, value in zip(dimensions, atom, strict=True))
            ]
            if row[measure] is None:
                wanted[tuple(sorted(of.items()))] = inside
            else:
                model.addConstr(sum(inside) == row[measure] / unit)
    found = []
    for of, inside in wanted.items():
        ends = []
        for solve in (model.minimize, model.maximize):
            solve(sum(inside))
            done = model.getModelStatus() == highspy.HighsModelStatus.kOptimal
            ends.append(model.getInfo().objective_function_value * unit if done else float("inf"))
        found.append((dict(of), ends[0], ends[1]))
    return found


def random_children(generator: numpy.random.Generator) -> polars.DataFrame:
    """A council of some settings, phases and needs, in which some cells are small and some are empty."""
    children = int(generator.integers(60, 500))
    settings, phases = int(generator.integers(2, 6)), int(generator.integers(2, 5))

    def drawn(names: Sequence[str]) -> numpy.ndarray:
        weights = generator.dirichlet(numpy.full(len(names), 0.7)) + 0.02
        return generator.choice(names, children, p=weights / weights.sum())

    return polars.DataFrame(
        {
            "financial_year": ["2025-26"] * children,
            "setting": drawn([f"s{number}" for number in range(settings)]),
            "phase": drawn([f"p{number}" for number in range(phases)]),
            "need": drawn(["ASD", "SLCN", "SEMH"]),
            "pupil_id": [f"child {number}" for number in range(children)],
            "provider": [f"provider {number % 17}" for number in range(children)],
            "placements": [1] * children,
            "spend": generator.lognormal(9, 0.8, children).round(2),
        }
    )


PLANS = (
    (TablePlan("one", ("phase", "setting")),),
    (TablePlan("one", ("phase", "setting")), TablePlan("two", ("need", "setting"))),
)


@pytest.mark.parametrize("part", range(10))
def test_no_hidden_cell_of_a_random_publication_can_be_worked_out(part):
    rules, tried, hidden, cells = Rules(), 0, 0, 0
    for seed in range(part * TABLES_TRIED // 10, (part + 1) * TABLES_TRIED // 10):
        rows = random_children(numpy.random.default_rng(seed))
        try:
            found = disclosed(rows, *PLANS[seed % 5 == 0])
        except HnbError:
            continue  # refused: nothing is published
        tried += 1
        cells += found.account.cells
        hidden += found.account.cells - found.account.cells_shown
        truth = {
            (measure, tuple(sorted(key))): float(block.values[measure][place])
            for block in found.cells.values()
            for place, key in enumerate(block.keys)
            for measure in MEASURED.all
        }
        for measure in MEASURED.all:
            for of, low, high in attacked(found.tables, measure):
                value = truth[measure, tuple(sorted(of.items()))]
                if measure == "placements":
                    assert high - low > 0.999, f"seed {seed}: {of} is pinned at {low}"
                    if rules.is_small(value):
                        assert low <= 1.001 and high >= rules.threshold - 1.001, (
                            f"seed {seed}: {of} lies in {low} … {high}"
                        )
                elif any(
                    block.is_unsafe[block.place[tuple(sorted(of.items()))]] for block in found.cells.values()
                ):
                    assert low <= 0.8 * value + 1 and high >= 1.2 * value - 1, (
                        f"seed {seed}: {of} {low} < {value} < {high}"
                    )
    assert tried >= TABLES_TRIED // 10 * 0.8, "most random tables can be published"
    assert 0 < hidden < cells


# -------------------------------------------------------------------------------------- properties


@given(
    counts=some.lists(some.integers(0, 40), min_size=6, max_size=6),
    threshold=some.integers(3, 10),
)
def test_what_is_shown_is_true_and_no_small_count_is_shown(counts, threshold):
    places = list(itertools.product(("base", "special", "college"), ("primary", "secondary")))
    rows = [
        row
        for (setting, phase), count in zip(places, counts, strict=True)
        for row in many(setting, phase, count)
    ]
    if not rows:
        return
    try:
        found = disclosed(of_children(*rows), rules=Rules(threshold=threshold))
    except HnbError:
        return
    frame = found.tables["grid"]
    for setting, phase, placements in frame.select("setting", "phase", "placements").rows():
        truth = sum(
            1 for row in rows if setting in (row[0], TOTAL) and phase in (row[1], TOTAL)
        )  # fmt: skip
        assert placements in (None, float(truth))
        assert placements is None or not 0 < placements < threshold
    assert found.account.cells_shown <= found.account.cells
