"""How many children are in each setting and age band each January: what the children are moved to meet.

Whole numbers throughout. Published tables are met exactly; see `facts.toml` and `assumptions.toml`.
"""

from __future__ import annotations

import numpy

from etl.sample.facts import ASSUMPTIONS, BANDS, FACTS, published_plans

SETTINGS: tuple[str, ...] = tuple(ASSUMPTIONS["age_band_shares"])
"""Settings in which the sample places children. "Not recorded" is what a register says, not where a child is."""

_TOGETHER = {
    "mainstream_total": ("mainstream", "resourced", "independent_mainstream"),
    "state_special": ("special_maintained", "special_academy"),
    "special_independent": ("special_independent",),
    "special_non_maintained": ("special_non_maintained",),
    "ap_pru_total": ("alternative_provision",),
    "fe_total": ("further_education", "specialist_post16"),
    "ed_elsewhere": ("elsewhere",),
    "nm_early_years": ("early_years",),
}


def whole_shares(total: int, weights: list[float] | numpy.ndarray) -> list[int]:
    """A whole number divided in proportion to weights, by largest remainder; the parts add up to it."""
    wanted = total * numpy.asarray(weights, dtype="float64") / numpy.sum(weights)
    parts = numpy.floor(wanted).astype(int)
    for position in numpy.argsort(parts - wanted, kind="stable")[: total - parts.sum()]:
        parts[position] += 1
    return [int(part) for part in parts]


def whole_table(rows: list[int], columns: list[int], seed: numpy.ndarray) -> numpy.ndarray:
    """A table of whole numbers with these row and column sums, near the seed's proportions.

    Iterative proportional fitting, then rounding down and handing out what is left to the cells with the
    largest remainders. ValueError when the two sums differ.
    """
    if sum(rows) != sum(columns):
        raise ValueError(f"rows add up to {sum(rows)}, columns to {sum(columns)}")
    table = seed.astype("float64") + 1e-6
    for _ in range(200):
        table *= (numpy.array(rows) / numpy.maximum(table.sum(axis=1), 1e-12))[:, None]
        table *= numpy.array(columns) / numpy.maximum(table.sum(axis=0), 1e-12)
    whole = numpy.floor(table + 1e-9).astype(int)
    while True:
        row_left, column_left = (
            numpy.array(rows) - whole.sum(axis=1),
            numpy.array(columns) - whole.sum(axis=0),
        )
        if not row_left.any():
            return whole
        open_cells = (row_left > 0)[:, None] & (column_left > 0)[None, :]
        remainder = numpy.where(open_cells, table - whole, -numpy.inf)
        whole[numpy.unravel_index(int(numpy.argmax(remainder)), whole.shape)] += 1


def january_counts(scale: float = 1.0) -> dict[int, numpy.ndarray]:
    """Children by setting (rows, in the order of SETTINGS) and age band (columns), for each January.

    The children whose placement a January's return did not record are counted where they really were
    (`hidden_counts` says how many of them). After the last published January the counts are extrapolated,
    up to the January after the last register.
    """
    published = published_plans()
    last = max(published)
    counts: dict[int, numpy.ndarray] = {}
    for january, plans in published.items():
        recorded = {setting: plans.get(setting, 0) for setting in SETTINGS}
        counts[january] = _by_band(january, recorded) + hidden_counts(january)
    for january in (last + 1, last + 2):
        before = counts[january - 1].sum(axis=1)
        grown = {s: round(int(n) * ASSUMPTIONS["growth"][s]) for s, n in zip(SETTINGS, before, strict=True)}
        counts[january] = _by_band(january, grown)
    if scale == 1.0:
        return counts
    return {january: numpy.ceil(table * scale).astype(int) for january, table in counts.items()}


def hidden_counts(january: int) -> numpy.ndarray:
    """Children of that January's "not recorded", by the setting where they really were and age band."""
    table = numpy.zeros((len(SETTINGS), len(BANDS)), dtype=int)
    hidden = ASSUMPTIONS["not_recorded"].get(str(january), {})
    number = published_plans().get(january, {}).get("not_recorded", 0)
    if not number:
        return table
    by_setting = whole_shares(number, list(hidden.values()))
    by_band = FACTS["plans"]["by_age_band"].get(str(january), {}).get("placement_unknown")
    if by_band:
        shares = numpy.array([ASSUMPTIONS["age_band_shares"][setting] for setting in hidden])
        parts = whole_table(by_setting, by_band, shares)
    else:
        parts = numpy.array(
            [
                whole_shares(n, ASSUMPTIONS["age_band_shares"][s])
                for s, n in zip(hidden, by_setting, strict=True)
            ]
        )
    for setting, row in zip(hidden, parts, strict=True):
        table[SETTINGS.index(setting)] = row
    return table


def _by_band(january: int, counts: dict[str, int]) -> numpy.ndarray:
    table = numpy.zeros((len(SETTINGS), len(BANDS)), dtype=int)
    shares = ASSUMPTIONS["age_band_shares"]
    published = FACTS["plans"]["by_age_band"].get(str(january))
    if published is None:
        for position, setting in enumerate(SETTINGS):
            table[position] = whole_shares(counts[setting], shares[setting])
        return table
    state_special = (
        numpy.array(published["special_total"])
        - published["special_independent"]
        - published["special_non_maintained"]
    )
    columns = {**published, "state_special": state_special.tolist()}
    for name, settings in _TOGETHER.items():
        seed = numpy.array([[counts[s] * share for share in shares[s]] for s in settings])
        parts = whole_table([counts[s] for s in settings], columns[name], seed)
        for setting, row in zip(settings, parts, strict=True):
            table[SETTINGS.index(setting)] = row
    return table
