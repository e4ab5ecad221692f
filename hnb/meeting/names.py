"""What the board calls its categories, which colour each has, and where a publication's figures come from, in words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from hnb import wording
from hnb.codelists import CODELISTS, Code
from hnb.meeting.view import Mark, Said
from hnb.published import Published

SETTINGS = CODELISTS["board_settings"].codes
PHASES = CODELISTS["board_phases"].codes
NEEDS = CODELISTS["board_needs"].codes
_LISTS = {"setting": "board_settings", "phase": "board_phases", "need": "board_needs"}
_NOT_SPLIT = ("not_by_phase", "not_by_need")


def label(dimension: str, code: str) -> str:
    """The plain name of a category: label("setting", "independent") → "Independent and non-maintained schools"."""
    return CODELISTS[_LISTS[dimension]].label(code)


def short(dimension: str, code: str) -> str:
    """The same where room is short: "Independent"."""
    return CODELISTS[_LISTS[dimension]].short(code)


def inside(dimension: str, code: str) -> str:
    """The name inside a sentence: "independent and non-maintained schools"."""
    return wording.lowered(label(dimension, code))


def colour(setting: str) -> str:
    """The palette's name of a kind of setting's colour."""
    return str(CODELISTS["board_settings"].entry(setting).details["colour"])


def is_split(code: str) -> bool:
    """Whether a category has a name of its own, and is not what cannot be split."""
    return code not in _NOT_SPLIT


def view_id(*parts: str) -> str:
    """A view's part of an address, small letters and hyphens: view_id("recommendation", "R 1/b") → "recommendation-r-1-b"."""
    return re.sub(r"[^a-z0-9]+", "-", "-".join(parts).lower()).strip("-")


def as_at(published: Published) -> str:
    """ "as at 31 October 2026"."""
    return (
        f"as at {wording.date(published.as_at)}" if published.as_at else "as at a date that is not recorded"
    )


def source(published: Published, of: str = "budget monitor and placement register") -> str:
    """The line under every view: where the figures come from, of when, and what is hidden."""
    return (
        f"Source: {of}, {as_at(published)}. Numbers under {published.rules.threshold} are hidden (c), and so is "
        "what would give them away."
    )


def verb(published: Published, year: str, forecast: str, past: str) -> str:
    """One of two verbs, by whether a year is closed."""
    return forecast if year in published.forecast_years else past


def signs(figures: Iterable[Said]) -> str:
    """The line under a table that explains its signs: "c hidden"."""
    return wording.signs_note(said.status for said in figures if said.value is None)


def breaks(measure: str, span: Sequence[str]) -> tuple[Mark, ...]:
    """The breaks of series within a chart of financial years: rule 7, no line is drawn through one in silence."""
    return tuple(Mark(entry.details["first_year"], entry.label, "break") for entry in _breaks(measure, span))


def break_notes(measure: str, span: Sequence[str]) -> tuple[str, ...]:
    """What each of those breaks means, for the speaker."""
    return tuple(f"The dotted line: {entry.meaning}" for entry in _breaks(measure, span))


def _breaks(measure: str, span: Sequence[str]) -> list[Code]:
    return [
        entry
        for entry in CODELISTS["series_breaks"].entries.values()
        if measure in entry.details["measures"] and entry.details["first_year"] in span[1:]
    ]


def comparable(one: Published, other: Published) -> frozenset[str]:
    """The kinds of setting that two publications made of the same codes: others are not the same, whatever their name."""
    of_one, of_other = (side.categories.get("setting", {}) for side in (one, other))
    return frozenset(
        code for code in SETTINGS if tuple(of_one.get(code, ())) == tuple(of_other.get(code, ()))
    )
