"""What changed since last time: the change of spend, what it is made of, and where; the story stands beside it."""

from __future__ import annotations

from hnb import wording
from hnb.codelists import CODELISTS
from hnb.findings import meeting as findings
from hnb.meeting import names, said
from hnb.meeting.movement import EFFECTS, Movement
from hnb.meeting.story import VIEW_ID, Story
from hnb.meeting.view import Chart, Series, Table, Tile, View
from hnb.published import Published

CAUTION = "From totals by kind of setting: moves between phases and needs within one are in the price."


def view(published: Published, told: Story) -> View:
    """The change between the last publication and this one; of the first publication, since the year before."""
    part = "What changed since last year" if told.is_first else "What changed since last time"
    movement = told.movement
    if movement is None:
        return View(
            VIEW_ID, part, "There is nothing before it to hold this publication against",
            f"{told.since[:1].upper()}{told.since[1:]}", names.source(published),
            sentences=tuple(one.words for one in told.sentences[:3]),
        )  # fmt: skip
    headline = _headline(movement, told)
    return View(
        VIEW_ID,
        part,
        headline,
        _measured(movement, told),
        names.source(published),
        _tiles(movement),
        _chart(movement, f"{headline}."),
        _table(movement, told),
        _sentences(told),
        _notes(movement, told),
        CAUTION,
    )


def _headline(movement: Movement, told: Story) -> str:
    said_of_it = findings.of_movement(movement)
    if told.is_first:
        return said_of_it
    number = told.status_changes
    if not number:
        return f"{said_of_it}; no recommendation changed status"
    return f"{said_of_it}; {number} recommendation{'' if number == 1 else 's'} changed status"


def _measured(movement: Movement, told: Story) -> str:
    if told.is_first:
        since = f"{told.since[:1].upper()}{told.since[1:]}"
        return f"Change of spend by kind of setting, from {movement.before_year} to {movement.after_year}. {since}"
    return f"Change of spend in {movement.after_year} by kind of setting, {told.since}"


def _tiles(movement: Movement) -> tuple[Tile, ...]:
    """The effects, which add up to the change of the headline; the whole change alone where there is no split."""
    if movement.effects is None:
        return (
            Tile(
                said.part(movement.change, movement.change), f"change in all; {findings.no_split(movement)}"
            ),
        )
    codes = CODELISTS["board_effects"]
    return tuple(
        Tile(said.part(movement.effect(name), movement.change), wording.lowered(codes.label(name)))
        for name in EFFECTS
    )


def _chart(movement: Movement, described: str) -> Chart:
    moved = sorted(movement.settings, key=lambda one: (one.change.value is None, -(one.change.value or 0.0)))
    return Chart(
        "bars",
        tuple(names.label("setting", one.setting) for one in moved),
        (Series("Change", tuple(said.part(one.change, movement.change) for one in moved), "accent"),),
        "pounds",
        described,
        colours=tuple(names.colour(one.setting) for one in moved),
    )


def _table(movement: Movement, told: Story) -> Table:
    first, last = ("Last publication", "This publication") if movement.is_revision else (movement.before_year, movement.after_year)  # fmt: skip
    rows = tuple(
        (
            names.label("setting", one.setting),
            (said.pounds(one.before), said.pounds(one.after), said.pounds(one.change, signed=True)),
        )
        for one in movement.settings
    )
    whole = (
        said.pounds(movement.before),
        said.pounds(movement.after),
        said.pounds(movement.change, signed=True),
    )
    made = findings.of_effects(movement)
    year = f"spend in {movement.after_year}" if movement.is_revision else "spend"
    return Table(
        f"Change of {year} by kind of setting, pounds. {made[:1].upper()}{made[1:]}",
        ("Kind of setting", first, last, "Change"),
        rows,
        ("pounds", "pounds", "pounds"),
        ("All", whole),
        signs=names.signs(figure for _, figures in rows for figure in figures),
    )


def _sentences(told: Story) -> tuple[str, ...]:
    """Three of the story's: which recommendations changed, the balance, and what was decided."""
    wanted = [
        sentence.words
        for heading in ("Recommendations", "Decisions and notes")
        for section in told.sections
        if section.heading == heading and not told.is_first
        for sentence in section.sentences
        if sentence.view_id != VIEW_ID
    ]
    return tuple(wanted[:2])


def _notes(movement: Movement, told: Story) -> tuple[str, ...]:
    return (
        "In plain words: had nothing changed but the number of children placed, spend would have moved by the first figure; "
        "the second is that more or fewer of them are in dear settings, the third that the same place costs more or less.",
        "How it is worked out: the number of placements at the old prices, the mix of settings at the old prices, then "
        "prices at the new number; the parts add up to the change to the penny.",
        f"If asked “what is it made of?”: {findings.of_effects(movement)}.",
        f"If asked “where?”: {findings.of_the_largest_setting(movement) or 'no kind of setting moved'}.",
        f"Since when: {told.since}.",
        f"Caution: {CAUTION} More of something is not good or bad of itself.",
    )
