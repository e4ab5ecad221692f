"""The sample is what it says: calibrated to the published figures, plausible beyond them, the same every time."""

from __future__ import annotations

import csv
import datetime
import time
from pathlib import Path

import pandas
import pytest
from openpyxl import load_workbook

from etl.sample import TO_DATE, YEARS, Truth, write_sample
from etl.sample.facts import ASSUMPTIONS, FACTS, published_needs, published_plans, setting_of
from etl.sample.january_counts import whole_shares, whole_table
from etl.sample.placement_exceptions import PLANTED
from etl.sample.providers import PROVIDERS
from etl.sample.spellings import SPELLINGS
from hnb import years
from hnb.codelists import CODELISTS
from hnb.metrics import MEASURES
from hnb.placement_exceptions import placement_exceptions
from hnb.tables.placements import PLACEMENTS

PUBLISHED_YEARS = tuple(FACTS["outturn"])
LINES = CODELISTS["budget_lines"]


def open_in_january(placements: pandas.DataFrame, year: str) -> pandas.DataFrame:
    """Main placements open on the count date: start ≤ date, and no end or an end after it."""
    of_year = placements[placements["financial_year"] == year]
    date = years.january_count_on(year)
    begun = of_year["start_on"].map(lambda start: start <= date)
    ended = of_year["end_on"].map(lambda end: isinstance(end, datetime.date) and end <= date)
    return of_year[begun & ~ended & (of_year["placement_rank"] == 1)]


def cost_in_year(placements: pandas.DataFrame, year: str) -> pandas.Series:
    """Annual cost × days in the year ÷ days of the year; an open end runs to the last day."""
    of_year = placements[placements["financial_year"] == year]
    first, last = years.year_start(year), years.year_end(year) + datetime.timedelta(days=1)
    days = [
        (min(end, last) if isinstance(end, datetime.date) else last) - max(start, first)
        for start, end in zip(of_year["start_on"], of_year["end_on"], strict=True)
    ]
    return of_year["annual_cost"] * [day.days for day in days] / years.days_in_year(year)


def ledger(sample: Truth, year: str) -> pandas.DataFrame:
    """The outturn of a closed year by line, setting and phase."""
    budget = sample.tables["budget"]
    return budget[(budget["financial_year"] == year) & (budget["money"] == "outturn")]


# -- a year by month


@pytest.mark.parametrize(
    ("money", "kinds"),
    [
        ("revised_budget", ["profile"]),
        ("actual_to_date", ["actual"]),
        ("forecast", ["actual", "forecast"]),
        ("outturn", ["actual"]),
    ],
)
def test_the_months_of_a_report_add_up_to_it_to_the_penny(sample: Truth, money: str, kinds: list[str]):
    leaf = ["as_at", "line", "setting", "phase"]
    months, budget = sample.tables["budget_months"], sample.tables["budget"]
    of_kind = budget[(budget["money"] == money) & budget["as_at"].isin(months["as_at"])]
    here = months["money"].isin(kinds) & months["as_at"].isin(of_kind["as_at"])
    by_month = months[here].groupby(leaf)["amount"].sum().round(2)
    pandas.testing.assert_series_equal(by_month, of_kind.set_index(leaf)["amount"].sort_index().round(2))


def test_every_closed_year_has_its_months_and_nothing_still_to_come(sample: Truth):
    months = sample.tables["budget_months"]
    closed = months[months["financial_year"] != YEARS[-1]]
    assert set(closed["financial_year"]) == set(YEARS[:-1])
    assert closed.groupby(["financial_year", "money"])["month"].nunique().eq(12).all()
    assert set(closed["money"]) == {"profile", "actual"}


def test_what_a_month_cost_is_the_same_in_every_later_monitor(sample: Truth):
    months = sample.tables["budget_months"]
    actual = months[(months["money"] == "actual") & (months["financial_year"] == YEARS[-1])]
    assert actual.groupby(["line", "setting", "phase", "month"])["amount"].nunique().eq(1).all()
    assert actual["month"].max() == TO_DATE.replace(day=1)


def test_the_last_closed_years_keep_the_monitor_of_the_same_month(sample: Truth):
    budget = sample.tables["budget"]
    kept = budget[(budget["money"] == "commitment") & (budget["financial_year"] != YEARS[-1])]
    assert sorted(set(kept["as_at"])) == [datetime.date(year, 10, 31) for year in (2023, 2024, 2025)]


# -- the facts themselves


@pytest.mark.parametrize("position", range(len(FACTS["plans"]["januaries"])))
def test_the_columns_of_plans_add_up_to_the_printed_totals(position):
    january = FACTS["plans"]["januaries"][position]
    assert sum(published_plans()[january].values()) == FACTS["plans"]["totals"][position]


def test_the_needs_of_each_setting_add_up_to_its_plans():
    january = FACTS["plans"]["by_need"]["january"]
    assert {setting: sum(needs.values()) for setting, needs in published_needs().items()} == {
        setting: plans for setting, plans in published_plans()[january].items() if plans
    }


def test_the_returned_groups_add_up_to_the_published_outturn():
    returned = FACTS["return_2021_22"]["outturn"]
    total = sum(entry["total"] for group, entry in returned.items() if group != "place_funding")
    assert round(total) == FACTS["outturn"]["2021-22"]


def test_every_fact_names_its_source():
    assert set(FACTS) - {"sources"} <= set(FACTS["sources"])


def test_the_facts_are_those_that_were_published(shared_data: Path):
    expected = shared_data / "expected"
    by_year = _rows(expected / "sutton_ehcp_setting_by_year.csv")
    plans = {(row["time_period"], row["measure"]): row["value"] for row in by_year}
    for name, figures in FACTS["plans"]["by_setting"].items():
        for january, figure in zip(FACTS["plans"]["januaries"], figures, strict=True):
            printed = plans[f"{january - 1}{january % 100}", name]
            assert figure == (int(printed) if printed.isdigit() else 0), (january, name)
    for row in _rows(expected / "sutton_setting_by_need_2025.csv"):
        figures = FACTS["plans"]["by_need"]["by_setting"].get(row["breakdown"])
        if not row["breakdown"].endswith("total"):
            columns = [
                "number_need_unknown" if n == "not_recorded" else f"number_{n.lower()}"
                for n in FACTS["plans"]["by_need"]["needs"]
            ]
            assert figures == [int(row[column]) for column in columns], row["breakdown"]
    bands = _rows(expected / "sutton_setting_by_ageband_2024_2025.csv")
    for january, table in FACTS["plans"]["by_age_band"].items():
        of_january = [row for row in bands if row["time_period"] == f"{int(january) - 1}{int(january) % 100}"]
        for name, figures in table.items():
            assert figures == [int(row[name]) for row in of_january], (january, name)
    outturn = {
        row["financial_year"]: row["net_gbp"]
        for row in _rows(expected / "sutton_s251_outturn_buckets.csv")
        if row["bucket"] == "High needs (SEND)"
    }
    assert {year: int(outturn[year]) for year in FACTS["outturn"]} == FACTS["outturn"]


def test_the_return_is_as_published(shared_data: Path):
    printed = {
        (row["source"], row["line_group"], row["phase"]): float(row["gbp"])
        for row in _rows(shared_data / "expected" / "sutton_s251_2021-22_long.csv")
    }
    totals = {
        (stage, CODELISTS["line_groups"].encode(group)): amount
        for (stage, group, phase), amount in printed.items()
        if phase.startswith("Total")
    }
    for stage in ("budget", "outturn"):
        for group, entry in FACTS["return_2021_22"][stage].items():
            assert entry["total"] == pytest.approx(totals[stage, group], abs=0.005), (stage, group)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


# -- the register against the published plans


@pytest.mark.parametrize("january", [2020, 2021, 2022, 2023, 2024, 2025])
def test_open_placements_equal_the_published_plans_by_setting(sample: Truth, january: int):
    counted = (
        open_in_january(sample.tables["placements"], years.year_of_january(january))["setting"]
        .value_counts()
        .to_dict()
    )
    assert counted == {setting: plans for setting, plans in published_plans()[january].items() if plans}


@pytest.mark.parametrize("january", [2024, 2025])
def test_open_placements_equal_the_published_plans_by_age_band(sample: Truth, january: int):
    published = FACTS["plans"]["by_age_band"][str(january)]
    opened = open_in_january(sample.tables["placements"], years.year_of_january(january))
    together = {
        "mainstream": "mainstream_total", "resourced": "mainstream_total", "independent_mainstream": "mainstream_total",
        "special_maintained": "special_total", "special_academy": "special_total",
        "special_independent": "special_total", "special_non_maintained": "special_total",
        "alternative_provision": "ap_pru_total", "further_education": "fe_total", "specialist_post16": "fe_total",
        "elsewhere": "ed_elsewhere", "early_years": "nm_early_years", "not_recorded": "placement_unknown",
    }  # fmt: skip
    for name in set(together.values()):
        of_group = opened[opened["setting"].map(together) == name]
        assert [
            int((of_group["phase"] == phase).sum())
            for phase in ("early_years", "primary", "secondary", "post16", "post19")
        ] == published[name]
    for setting in ("special_independent", "special_non_maintained"):
        of_setting = opened[opened["setting"] == setting]
        assert [
            int((of_setting["phase"] == phase).sum())
            for phase in ("early_years", "primary", "secondary", "post16", "post19")
        ] == published[setting]


def test_open_placements_equal_the_published_plans_by_need_and_setting(sample: Truth):
    opened = open_in_january(sample.tables["placements"], "2024-25")
    counted = opened.groupby(["setting", "need"]).size().to_dict()
    assert counted == {
        (setting, need): n for setting, needs in published_needs().items() for need, n in needs.items() if n
    }


# -- the money against the published outturn


@pytest.mark.parametrize("year", PUBLISHED_YEARS)
def test_the_outturn_adds_up_to_the_published_total_to_the_pound(sample: Truth, year: str):
    outturn = ledger(sample, year)
    high_needs = outturn.loc[outturn["line"] != "1.0.2", "amount"].sum()
    assert round(high_needs) == FACTS["outturn"][year]


def test_the_outturn_of_2021_22_meets_every_published_group_to_the_penny(sample: Truth):
    outturn = ledger(sample, "2021-22")
    by_group = outturn.groupby(outturn["line"].map(LINES.group))["amount"].sum()
    returned = FACTS["return_2021_22"]["outturn"]
    places = returned["place_funding"]
    expected = {
        group: entry["total"]
        for group, entry in returned.items()
        if group != "place_funding" and entry["total"]
    }
    expected["place_funding"] = places["total"] + places["early_years"] + places["primary"]
    assert by_group.to_dict() == pytest.approx(expected, abs=0.005)


def test_the_original_budget_of_2021_22_meets_the_published_budget_return(sample: Truth):
    budget = sample.tables["budget"]
    original = budget[(budget["financial_year"] == "2021-22") & (budget["money"] == "original_budget")]
    by_group = original.groupby(original["line"].map(LINES.group))["amount"].sum()
    for group, entry in FACTS["return_2021_22"]["budget"].items():
        if group != "place_funding" and entry["total"]:
            assert by_group[group] == pytest.approx(entry["total"], abs=0.005), group


def test_line_1_2_3_is_as_published(sample: Truth):
    for year, published in FACTS["line_1_2_3"].items():
        outturn = ledger(sample, year)
        assert outturn.loc[outturn["line"] == "1.2.3", "amount"].sum() == published


@pytest.mark.parametrize("year", YEARS[:-1])
def test_the_register_explains_the_lines_bought_by_placement_but_for_a_little(sample: Truth, year: str):
    outturn = ledger(sample, year)
    bought = outturn["line"].map(lambda line: LINES.entry(line).details["bought_by"]) == "placement"
    explained = cost_in_year(sample.tables["placements"], year).sum()
    assert 0 < 1 - explained / outturn.loc[bought, "amount"].sum() < 0.005


# -- grant and balance


def grant_in_force(sample: Truth) -> pandas.DataFrame:
    """Of each year and component the row of the latest issue."""
    key = ["financial_year", "component"]
    return sample.tables["grant"].sort_values("published_on").drop_duplicates(key, keep="last")


@pytest.mark.parametrize("year", YEARS[1:])
def test_the_position_of_a_year_is_the_change_of_the_balance(sample: Truth, year: str):
    grant = grant_in_force(sample).pivot_table(index="financial_year", columns="component", values="amount")
    balance = sample.tables["balances"].set_index("financial_year")["balance"]
    budget = sample.tables["budget"]
    last = budget[(budget["financial_year"] == year) & budget["money"].isin(["outturn", "forecast"])]
    spent = last.loc[last["as_at"] == last["as_at"].max(), "amount"].sum()
    position = grant.loc[year, "after_deductions"] + grant.loc[year, "block_transfer"] - spent
    assert position == pytest.approx(balance[year] - balance[years.previous_year(year)], abs=0.01)


def test_the_published_grant_and_balances_are_carried_over(sample: Truth):
    grant = grant_in_force(sample).set_index(["financial_year", "component"])["amount"]
    for component in ("before_deductions", "after_deductions"):
        for year, amount in FACTS["grant"][component].items():
            assert grant[year, component] == amount
    balance = sample.tables["balances"].set_index("financial_year")["balance"]
    assert {year: balance[year] for year in FACTS["balances"]} == FACTS["balances"]


def test_the_allocation_of_2023_24_was_issued_twice_and_rose(sample: Truth):
    grant = sample.tables["grant"].query("component == 'before_deductions'")
    twice = grant[grant["financial_year"] == "2023-24"].sort_values("published_on")
    assert twice["amount"].tolist() == [57_632_683, 57_734_683]
    assert (grant["financial_year"].value_counts() == 1).sum() == len(YEARS) - 1


def test_no_allocation_is_issued_after_the_last_monitor_or_long_before_its_year(sample: Truth):
    issued = sample.tables["grant"]
    assert max(issued["published_on"]) < TO_DATE
    assert all(
        datetime.date(years.first_of(year) - 1, 12, 1) < on < datetime.date(years.first_of(year) + 2, 1, 1)
        for year, on in zip(issued["financial_year"], issued["published_on"], strict=True)
    )


def test_transfers_stay_plausible(sample: Truth):
    grant = sample.tables["grant"]
    transfers = grant.loc[grant["component"] == "block_transfer", "amount"]
    # Half a per cent of the schools block is what a forum may move; with other income about a million.
    assert transfers.between(0, 1_500_000).all()


# -- plausible children and costs


def test_the_mean_of_independent_special_fees_is_well_above_their_median(sample: Truth):
    placements = sample.tables["placements"]
    fees = placements[
        (placements["setting"] == "special_independent") & (placements["financial_year"] == "2021-22")
    ]["annual_cost"]
    assert 48_000 < fees.median() < 60_000
    assert fees.mean() > 1.15 * fees.median()


@pytest.mark.parametrize(("setting", "low", "high"), [("mainstream", 4_000, 9_000), ("resourced", 6_000, 13_000), ("special_academy", 12_000, 25_000), ("specialist_post16", 25_000, 45_000), ("alternative_provision", 9_000, 20_000)])  # fmt: skip
def test_unit_costs_are_plausible(sample: Truth, setting: str, low: int, high: int):
    placements = sample.tables["placements"]
    for year, of_year in placements[
        (placements["setting"] == setting) & (placements["annual_cost"] > 0)
    ].groupby("financial_year"):
        assert low < of_year["annual_cost"].mean() < high, year


def test_a_placement_has_one_row_a_register_and_a_child_keeps_its_reference(sample: Truth):
    placements = sample.tables["placements"]
    assert not placements.duplicated(["financial_year", "placement_id"]).any()
    same = placements.drop_duplicates(["placement_id", "pupil_id", "start_on", "provider"])
    assert len(same) == placements["placement_id"].nunique()


def test_no_child_is_in_two_main_places_at_once(sample: Truth):
    planted = sample.tables["placement_exceptions"].query("exception == 'overlap'")
    placements = sample.tables["placements"]
    twice = placements.loc[placements["placement_id"].isin(planted["placement_id"]), "pupil_id"]
    assert twice.nunique() == len(planted)
    main = placements[(placements["placement_rank"] == 1) & ~placements["pupil_id"].isin(twice)]
    main = main.drop_duplicates("placement_id", keep="last")
    ordered = main.sort_values(["pupil_id", "start_on"])
    following = ordered.groupby("pupil_id")["start_on"].shift(-1)
    both = following.notna()
    assert all(
        isinstance(end, datetime.date) and end < start
        for end, start in zip(ordered.loc[both, "end_on"], following[both], strict=True)
    )


def test_what_is_not_known_at_the_registers_date_is_blank(sample: Truth):
    placements = sample.tables["placements"]
    assert all(
        start <= as_at
        for start, as_at in zip(placements["start_on"], placements["register_as_at"], strict=True)
    )
    ended = placements[placements["end_on"].notna()]
    assert all(end <= as_at for end, as_at in zip(ended["end_on"], ended["register_as_at"], strict=True))
    assert placements["register_as_at"].max() == TO_DATE


def test_starters_leavers_and_moves_are_plausible(sample: Truth):
    placements = sample.tables["placements"]
    for year in YEARS[:-1]:
        of_year = placements[placements["financial_year"] == year]
        starts = (pandas.to_datetime(of_year["start_on"]) >= pandas.Timestamp(years.year_start(year))).mean()
        assert 0.10 < starts < 0.35, year
        assert 0.10 < of_year["end_on"].notna().mean() < 0.30, year


def test_the_year_in_progress_is_an_extrapolation_in_which_independent_places_still_grow(sample: Truth):
    placements = sample.tables["placements"]
    counts = {
        year: len(open_in_january(placements, year).query("setting == 'special_independent'"))
        for year in ("2024-25", "2025-26")
    }
    assert counts["2025-26"] > counts["2024-25"]
    estimated = sample.tables["plans"].query("status == 'estimated'")
    assert set(estimated["year"]) == {2026}
    assert len(open_in_january(placements, "2025-26")) == estimated["plans"].sum()


def test_forecasts_move_from_month_to_month(sample: Truth):
    budget = sample.tables["budget"]
    forecasts = (
        budget[(budget["financial_year"] == YEARS[-1]) & (budget["money"] == "forecast")]
        .groupby("as_at")["amount"]
        .sum()
    )
    assert len(forecasts) == 7
    assert forecasts.index.max() == TO_DATE
    assert forecasts.nunique() == 7


# -- placements to look at


def test_every_planted_exception_is_found_and_no_other_of_its_kinds(sample: Truth):
    register = sample.tables["placements"].assign(source="register.xlsx!Register!5")
    found = placement_exceptions(PLACEMENTS.conform(register))
    planted = sample.tables["placement_exceptions"]
    of_kind = found[found["exception"].isin(planted["exception"])]
    key = ["financial_year", "exception", "placement_id"]
    assert sorted(of_kind[key].astype(str).itertuples(index=False)) == sorted(
        planted[key].itertuples(index=False)
    )


def test_of_each_kind_so_many_are_planted_as_is_said(sample: Truth):
    planted = sample.tables["placement_exceptions"]
    counted = planted.groupby(["financial_year", "exception"]).size().to_dict()
    assert counted == {(year, kind): n for year, kinds in PLANTED.items() for kind, n in kinds.items()}
    assert set(PLANTED) == set(YEARS[-2:])
    assert not planted.duplicated("placement_id").any()


def test_what_an_overlap_pays_twice_is_in_the_cost_of_the_year(sample: Truth):
    register = sample.tables["placements"].assign(source="register.xlsx!Register!5")
    found = placement_exceptions(PLACEMENTS.conform(register))
    overlaps = found[(found["exception"] == "overlap") & (found["financial_year"] == "2025-26")]
    # The place that the child left is kept on for six weeks of notice.
    assert overlaps["days"].tolist() == [42] * len(overlaps)
    assert (overlaps["cost"] > 0).all()


# -- words


def test_every_spelling_is_known_to_the_code_lists():
    unknown = [
        (manner, codelist, code, spelling)
        for manner, lists in SPELLINGS.items()
        for codelist, codes in lists.items()
        for code, spellings in codes.items()
        for spelling in spellings
        if CODELISTS[codelist].encode(spelling) != code
    ]
    assert unknown == []


def test_the_words_for_a_need_not_recorded_are_known_rubbish():
    assert {CODELISTS["needs"].encode(word) for word in ASSUMPTIONS["need_not_recorded"]["words"]} == {
        "not_recorded"
    }


def test_published_names_of_settings_are_known():
    assert {setting_of(name) for name in FACTS["plans"]["by_setting"]} <= set(CODELISTS["settings"].codes)


def test_recommendations_name_measures_that_exist_and_mark_every_target_as_an_example(sample: Truth):
    register = sample.tables["recommendations"]
    assert set(register["measure"].dropna()) <= set(MEASURES)
    assert register.loc[register["target"].notna(), "is_illustrative"].all()
    assert register["evidence_source"].notna().all()
    assert set(sample.tables["recommendation_updates"]["recommendation_id"]) <= set(
        register["recommendation_id"]
    )


def test_there_are_about_45_providers_in_and_out_of_the_borough():
    providers = [provider for of_setting in PROVIDERS.values() for provider in of_setting]
    assert 40 <= len(providers) <= 65
    assert len({provider.number for provider in providers}) == len(providers)
    assert {provider.in_borough for provider in providers} == {True, False}


# -- the same every time, and quick


def test_the_same_seed_gives_the_same_cells(tmp_path: Path):
    first, again, other = (
        write_sample(tmp_path / name, seed=seed, years=("2026-27",), scale=0.05)
        for name, seed in (("a", 1), ("b", 1), ("c", 2))
    )
    for name, frame in first.tables.items():
        pandas.testing.assert_frame_equal(frame, again.tables[name])
    assert not first.tables["placements"].equals(other.tables["placements"])
    for path, twin in zip(first.files, again.files, strict=True):
        assert _cells(path) == _cells(twin)


def test_a_small_sample_is_made_in_a_moment(tmp_path: Path):
    begun = time.process_time()
    small = write_sample(tmp_path, years=YEARS[-3:], scale=0.05)
    assert time.process_time() - begun < 10
    assert set(small.tables["placements"]["financial_year"]) == set(YEARS[-3:])
    assert small.tables["placements"]["setting"].nunique() >= 10


def test_progress_is_told(tmp_path: Path):
    said: list[str] = []
    made = write_sample(tmp_path, years=("2026-27",), scale=0.05, progress=said.append)
    assert said == [path.name for path in made.files]


def _cells(path: Path) -> dict[str, list[tuple[object, ...]]]:
    if path.suffix == ".csv":
        return {"": [(line,) for line in path.read_text(encoding="utf-8").splitlines()]}
    book = load_workbook(path, read_only=True)
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}


# -- arithmetic of whole numbers


def test_whole_shares_add_up():
    assert whole_shares(10, [1, 1, 1]) == [4, 3, 3]
    assert sum(whole_shares(282, [150, 95, 25, 12])) == 282


def test_a_whole_table_meets_its_rows_and_columns():
    table = whole_table(
        [910, 359, 15], [105, 717, 416, 45, 1], pandas.DataFrame([[9, 54, 32, 5, 1]] * 3).to_numpy()
    )
    assert table.sum(axis=1).tolist() == [910, 359, 15]
    assert table.sum(axis=0).tolist() == [105, 717, 416, 45, 1]
    with pytest.raises(ValueError, match="rows add up to 3"):
        whole_table([3], [1, 1], pandas.DataFrame([[1, 1]]).to_numpy())


def test_no_invented_name_is_a_supplier_of_the_council(published: Path):
    folder = published / "sutton_spend_over_500"
    spelt = " ".join(path.read_text(encoding="cp1252").lower() for path in folder.glob("*.csv"))
    names = {
        provider.name.split(":")[0].lower() for of_setting in PROVIDERS.values() for provider in of_setting
    }
    assert {name for name in names - {"personal budget"} if name in spelt} == set()
