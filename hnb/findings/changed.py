"""What moved spend, in sentences: which effect, which rows, which placements, which line of the forecast."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars

from hnb import wording
from hnb.codelists import CODELISTS
from hnb.movers import Half

_OVER_HALF = 0.55
"""Above this share what is said to make half makes more than that."""


def why_moved(
    effects: Mapping[str, Any], before: str, after: str, effect_codes: str = "growth_effects"
) -> str:
    """ "Spend rises £4.8m from 2024-25 to 2025-26, most of it volume (+£2.9m), then price (+£1.2m, £0.3m of it above inflation)".

    `effects` is the row of `hnb.growth.growth` without `by`: its change, its effects and the parts of its price.
    before, after: years, or dates in words, of which `effect_codes` is the list of effects.
    """
    change = effects["change"]
    course = f"from {before} to {after}"
    codes = CODELISTS[effect_codes]
    spend = "Spend" if effect_codes == "growth_effects" else "The yearly cost of open placements"
    if wording.pounds(abs(change), "sentence") == "£0":
        return f"{spend} is the same in {before} and {after}"
    largest = sorted(codes.codes, key=lambda code: -abs(effects[code]))[:2]
    said = [
        f"{codes.entry(code).details.get('in_words') or wording.lowered(codes.label(code))} ({wording.pounds(effects[code], 'sentence', signed=True)}{_beyond(code, effects)})"
        for code in largest
        if abs(effects[code]) >= 0.5
    ]
    first = f"{spend} {'rises' if change > 0 else 'falls'} {wording.pounds(abs(change), 'sentence')} {course}"
    if not said:
        return first
    # "Most of it" is true only of an effect that goes the way of the change and makes more than half of it.
    is_most = effects[largest[0]] * change > 0 and abs(effects[largest[0]]) > 0.5 * abs(change)
    return f"{first}, {'most of it' if is_most else 'first of all'} {', then '.join(said)}"


def price_against_inflation(effects: Mapping[str, Any]) -> str:
    """ "General inflation alone would have added £385k; prices moved £63k less: the same placements became cheaper in real terms".

    An empty text where there is no deflator, or no price effect to tell apart.
    """
    general, beyond = effects.get("general_inflation"), effects.get("above_inflation")
    if general is None or beyond is None or (abs(general) < 0.5 and abs(beyond) < 0.5):
        return ""
    alone = f"General inflation alone would have added {wording.pounds(general, 'sentence')}"
    if abs(beyond) < 0.5:
        return f"{alone}, which is the whole price effect"
    size = wording.pounds(abs(beyond), "sentence")
    if beyond > 0:
        return f"{alone}; {size} more is beyond it: the same placements became dearer in real terms"
    return f"{alone}; prices moved {size} less: the same placements became cheaper in real terms"


def _beyond(code: str, effects: Mapping[str, Any]) -> str:
    beyond = effects.get("above_inflation")
    if code != "price" or beyond is None or beyond < 0.5 or effects["price"] < beyond:
        return ""
    return f", {wording.pounds(beyond, 'sentence')} of it above inflation"


def moved_most(rows: polars.DataFrame, by: str) -> str:
    """ "Independent moved most: +£2.2m". `rows` has `by` and `value`, the largest change first."""
    if not rows.height:
        return "Nothing moved"
    code, value = rows.select(by, "value").row(0)
    if wording.pounds(abs(value), "sentence") == "£0":
        return "Nothing moved"
    return f"{wording.label(by, code)} moved most: {wording.pounds(value, 'sentence', signed=True)}"


def dearest(rows: polars.DataFrame, by: str, one: str = "placement-year") -> str:
    """ "The cost of a placement-year rose most in educated elsewhere, by £1,464". `rows` are `hnb.growth.growth`'s."""
    both = rows.filter(polars.col("unit_before").is_not_null() & polars.col("unit_after").is_not_null())
    if not both.height:
        return "No row has placements on both sides"
    gap = polars.col("unit_after") - polars.col("unit_before")
    code, most = both.select(by, gap.alias("gap")).sort(polars.col("gap").abs(), descending=True).row(0)
    if wording.pounds(abs(most)) == "£0":
        return f"A {one} costs the same on both sides"
    return f"The cost of a {one} {'rose' if most > 0 else 'fell'} most in {wording.lowered(wording.label(by, code))}, by {wording.pounds(abs(most))}"


def half_is_made_by(half: Half) -> str:
    """ "The 6 largest rises make half of the £2.1m more, and the ten largest 71% of it". `half` is of `hnb.movers`."""
    if not half.placements or wording.pounds(abs(half.whole), "sentence") == "£0":
        return "The placements that moved come to nothing together"
    way, course = ("rise", "more") if half.whole > 0 else ("fall", "less")
    number = half.placements
    first = f"The {wording.count(number)} largest {way}s make" if number > 1 else f"The largest {way} makes"
    size = wording.pounds(abs(half.whole), "sentence")
    ten = half.ten_share
    beside = ""
    if ten is not None and ten < 1.0 and number != 10:
        beside = f", and the ten largest {wording.share(ten, places=0)} of it"
    # Where few placements moved, the last of those that make the half may carry it far beyond.
    made = half.pounds / half.whole
    if made > 1:
        return f"{first} more than the whole of the {size} {course}"
    return f"{first} {'more than half' if made > _OVER_HALF else 'half'} of the {size} {course}{beside}"


def beside_the_movers(effects: Mapping[str, Any], moved: float) -> str:
    """ "Of the +£4.5m that spend moved, these placements are +£3.8m; +£700k is not bought by placement".

    `effects` is the row of `hnb.growth.growth` without `by`, `moved` what its placements moved together. An empty text where
    they are the whole of it.
    """
    rest = effects["change"] - moved
    if abs(rest) < 0.5:
        return ""
    whole, theirs, other = (
        wording.pounds(amount, "sentence", signed=True) for amount in (effects["change"], moved, rest)
    )
    return (
        f"Of the {whole} that spend moved, these placements are {theirs}; {other} is not bought by placement"
    )


def report_moved(rows: polars.DataFrame, whole: float, by: str, after: str) -> str:
    """ "The forecast rose £275k since the report before; 1.2.3 Independent top-up alone by £140k".

    `rows` are `hnb.report_movement.report_movement`'s, `whole` the movement undivided, after: the later report in words.
    """
    largest = rows.sort(polars.col("movement").abs(), descending=True).select(by, "movement").rows()[:1]
    if not largest or wording.pounds(abs(largest[0][1]), "sentence") == "£0":
        return f"The forecast as at {after} is that of the report before"
    code, amount = largest[0]
    name, size = wording.label(by, code, brief=True), wording.pounds(abs(amount), "sentence")
    own = f"{name} {'rose' if amount > 0 else 'fell'} most, by {size}"
    if wording.pounds(abs(whole), "sentence") == "£0":
        return f"The forecast as at {after} is the same in all; {own}"
    moved = (
        f"The forecast {'rose' if whole > 0 else 'fell'} {wording.pounds(abs(whole), 'sentence')} to {after}"
    )
    return f"{moved}; {own}"
