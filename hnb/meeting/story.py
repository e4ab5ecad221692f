"""The story since last time: what moved between two publications, by how much and why, in sentences for the minutes.

Each sentence has the address of its view, and the figures that it is made of, so that they can be held against it.
Without an earlier publication the story says so, and tells the movement since the year before.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from hnb import wording
from hnb.findings import meeting as findings
from hnb.meeting import cells, each_pound, names, places, position, recommendation, said
from hnb.meeting.movement import EFFECTS, Movement, between_years, revision
from hnb.meeting.view import Said
from hnb.published import Cell, Published
from hnb.recommendations import Assessment, Update

VIEW_ID = "since-last-time"


@dataclass(frozen=True)
class Sentence:
    """One sentence, without its full stop. view_id: the view that shows it. whole and parts: the figure that it says
    and those that it says it is made of, which add up to it."""

    words: str
    view_id: str
    whole: Said | None = None
    parts: tuple[tuple[str, Said], ...] = ()


@dataclass(frozen=True)
class Section:
    """Sentences under one heading."""

    heading: str
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True)
class Story:
    """The whole of it. since: "since the publication of 2 November 2026 (as at 30 September 2026)". movement: the one
    that the headline speaks of; status_changes: how many recommendations stand differently."""

    title: str
    since: str
    is_first: bool
    movement: Movement | None
    status_changes: int
    sections: tuple[Section, ...]

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """All sentences in order."""
        return tuple(sentence for section in self.sections for sentence in section.sentences)


def story(published: Published, before: Published | None = None) -> Story:
    """What moved since an earlier publication for the same audience; since the year before where there is none.

    Only years that both hold are compared as revisions; figures that either hides are not compared at all.
    """
    year = published.latest_year
    if before is None:
        return _first(published)
    since = f"since the publication of {wording.date(before.published_at.date())} ({names.as_at(before)})"
    shared = before.latest_year if before.latest_year in published.years else ""
    revised = revision(before, published, shared) if shared else None
    statuses, decisions = _recommendations(published, before)
    sections = [
        Section("What moved", (*_revision_sentences(revised), *_position(published, before), *_places(published, before, shared))),
        Section("Why this year differs from the last", _year_sentences(published)),
        Section("Recommendations", statuses),
        Section("Decisions and notes", decisions),
    ]  # fmt: skip
    return Story(
        f"What changed since last time: {published.block_name}, {published.authority_name}",
        since,
        False,
        revised or _since_last_year(published),
        sum(sentence.whole is not None for sentence in statuses),
        tuple(section for section in sections if section.sentences),
    ) if year else _first(published)  # fmt: skip


def markdown(told: Story, address: str = "") -> str:
    """The story as a text for the minutes, in Markdown. address: what stands before each view's path."""
    lines = [f"# {told.title}", "", f"{told.since[:1].upper()}{told.since[1:]}.", ""]
    for section in told.sections:
        lines += [f"## {section.heading}", ""]
        lines += [f"- {sentence.words}. ([{sentence.view_id}]({address}/meeting/{sentence.view_id}))" for sentence in section.sentences]  # fmt: skip
        lines.append("")
    return "\n".join(lines)


# ------------------------------------------------------------------------------------------- parts


def _first(published: Published) -> Story:
    movement = _since_last_year(published)
    since = "this is the first publication: there is none before it to hold it against"
    notes = tuple(
        Sentence(_update_words(one.assessment, update), recommendation.view_id(one.assessment))
        for one in published.recommendations
        for update in one.assessment.updates[:1]
    )
    standing = tuple(
        Sentence(findings.of_recommendation(one.assessment), recommendation.view_id(one.assessment))
        for one in published.recommendations
    )
    sections = (
        Section("Since the year before", (*_year_sentences(published), *_position(published, None))),
        Section("Recommendations", standing),
        Section("Latest notes", notes),
    )
    return Story(
        f"The first publication: {published.block_name}, {published.authority_name}", since, True, movement, 0,
        tuple(section for section in sections if section.sentences),
    )  # fmt: skip


def _since_last_year(published: Published) -> Movement | None:
    before = published.year_before(published.latest_year)
    return between_years(published, before, published.latest_year) if before else None


def _year_sentences(published: Published) -> tuple[Sentence, ...]:
    movement = _since_last_year(published)
    if movement is None:
        return (
            Sentence(
                f"There is no year before {published.latest_year} to hold it against", each_pound.VIEW_ID
            ),
        )
    return _movement_sentences(movement, f"from {movement.before_year} to {movement.after_year}")


def _revision_sentences(movement: Movement | None) -> tuple[Sentence, ...]:
    if movement is None:
        return (Sentence("The last publication holds no year that this one holds", each_pound.VIEW_ID),)
    return _movement_sentences(movement, f"in {movement.after_year} since the last publication")


def _movement_sentences(movement: Movement, course: str) -> tuple[Sentence, ...]:
    whole = said.part(movement.change, movement.change)
    first = findings.of_movement(movement)
    if movement.change.value is None:
        return (Sentence(first, VIEW_ID),)
    if whole.words == "£0":
        return (Sentence(first, VIEW_ID),)
    then, now = said.millions(movement.before), said.millions(movement.after)
    found = [Sentence(f"{first}: {then.words} then, {now.words} now", VIEW_ID)]
    if movement.effects is None:
        found.append(Sentence(f"The change of {whole.words} {course} is known as a whole; {findings.no_split(movement)}", VIEW_ID))  # fmt: skip
        return tuple(found)
    effects = tuple((name, said.part(movement.effect(name), movement.change)) for name in EFFECTS)
    found.append(Sentence(f"The change of {whole.words} {course} is made of {findings.of_effects(movement)}", VIEW_ID, whole, effects))  # fmt: skip
    moved = sorted(movement.settings, key=lambda one: -abs(one.change.value or 0.0))
    parts = tuple((one.setting, said.part(one.change, movement.change)) for one in moved)
    words = wording.listed([f"{names.inside('setting', code)} {figure.words}" for code, figure in parts])
    found.append(
        Sentence(
            f"By kind of setting the change of {whole.words} is {words}", each_pound.VIEW_ID, whole, parts
        )
    )
    return tuple(found)


def _position(published: Published, before: Published | None) -> tuple[Sentence, ...]:
    """The in-year position and balance of the latest year, against what the earlier publication said of that year."""
    now = _block_row(published, published.latest_year)
    if now is None or now["in_year"] is None:
        return ()
    found = [Sentence(findings.of_position(now), position.VIEW_ID)]
    then = _block_row(before, published.latest_year) if before is not None else None
    if then is None or before is None:
        return tuple(found)
    for name, what in (("in_year", "The year’s position"), ("closing", "The balance")):
        words, _ = findings.against(now[name], then[name], "at the last publication")
        if words:
            change = Cell(
                (now[name] or 0.0) - (then[name] or 0.0), "estimated" if now["is_forecast"] else "reported"
            )
            found.append(Sentence(f"{what} of {now['financial_year']} is {words}: {wording.millions(now[name])}", position.VIEW_ID, said.millions(change, signed=True)))  # fmt: skip
    return tuple(found)


def _block_row(published: Published, year: str) -> Mapping[str, float] | None:
    rows = published.block.filter(published.block["financial_year"] == year).to_dicts()
    return rows[0] if rows else None


def _places(published: Published, before: Published, year: str) -> tuple[Sentence, ...]:
    if not year:
        return ()
    now, then = published.cell("placements", year), before.cell("placements", year)
    change = cells.less(now, then)
    if change.value is None or now.value is None:
        return ()
    same = names.comparable(published, before)
    parts = tuple(
        (code, said.count(_more(published, before, year, code, code in same), signed=True))
        for code in names.SETTINGS
    )
    whole = said.count(change, signed=True)
    if round(change.value) == 0:
        words = f"{wording.count(now.value)} children and young people are placed in {year}, as many as at the last publication"
        return (Sentence(words, places.VIEW_ID),)
    course = "more" if change.value > 0 else "fewer"
    words = f"{wording.count(now.value)} children and young people are placed in {year}, {wording.count(abs(change.value))} {course} than at the last publication"
    known = [figure.value for _, figure in parts if figure.value is not None]
    # A publication of another time may have kinds of setting that are no longer told apart.
    if len(known) < len(parts) or round(sum(known)) != round(change.value):
        return (Sentence(words, places.VIEW_ID, whole),)
    by_setting = wording.listed(
        [f"{names.inside('setting', code)} {figure.words}" for code, figure in parts if figure.value]
    )
    return (Sentence(f"{words}: {by_setting}", places.VIEW_ID, whole, parts),)


def _more(published: Published, before: Published, year: str, setting: str, is_same: bool) -> Cell:
    if not is_same:
        return Cell(None, "not_available")
    now, then = (one.cell("placements", year, setting=setting) for one in (published, before))
    return cells.less(now, then)


def _recommendations(
    published: Published, before: Published
) -> tuple[tuple[Sentence, ...], tuple[Sentence, ...]]:
    """What changed in how recommendations stand, and what was decided and noted since. A change counts as a figure of 1."""
    old = {one.assessment.recommendation_id: one.assessment for one in before.recommendations}
    statuses: list[Sentence] = []
    noted: list[tuple[bool, Sentence]] = []
    one_more = Said(1.0, "1")
    for one in published.recommendations:
        now, then = one.assessment, old.pop(one.assessment.recommendation_id, None)
        where, theme = recommendation.view_id(now), _theme(now)
        if then is None:
            statuses.append(Sentence(f"{theme} is new in the register", where, one_more))
            known: frozenset[Update] = frozenset()
        else:
            words = findings.of_status_change(theme, then, now)
            if words:
                statuses.append(Sentence(f"{words}: {findings.reason_words(now)}", where, one_more))
            known = frozenset(then.updates)
        noted += [
            (not update.decision, Sentence(_update_words(now, update), where))
            for update in now.updates
            if update not in known
        ]
    statuses += [
        Sentence(f"{_theme(gone)} is no longer in the register", VIEW_ID, one_more) for gone in old.values()
    ]
    if not statuses:
        statuses.append(
            Sentence("No recommendation stands differently than at the last publication", VIEW_ID)
        )
    if not noted:
        noted = [
            (False, Sentence("No decision and no note has been recorded since the last publication", VIEW_ID))
        ]
    # Decisions first, each in the register's order.
    return tuple(statuses), tuple(sentence for _, sentence in sorted(noted, key=lambda one: one[0]))


def _theme(assessment: Assessment) -> str:
    return assessment.theme or assessment.title


def _update_words(assessment: Assessment, update: Update) -> str:
    what = f"decided: {update.decision}" if update.decision else f"noted: {update.note}"
    return f"{_theme(assessment)}, {wording.date(update.noted_on)}, {what.rstrip('.')}"
