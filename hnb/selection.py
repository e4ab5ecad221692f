"""What is being looked at: years × settings × phases × needs …, as a value.

A selection applies itself to a frame, goes to and from a URL's query, and says itself in words. It knows
neither measures nor pages.
"""

from __future__ import annotations

import copy
import dataclasses
import datetime
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl, quote

import narwhals as nw

from hnb import years as financial_years
from hnb.codelists import CODELISTS, CodeList
from hnb.errors import HnbError
from hnb.wording import date, listed, lowered

# Bounds of what a link may carry, far above what a person selects, so that no link can be a burden.
_LONGEST_QUERY = 8_000
_LONGEST_NAME = 120
_MOST_PROVIDERS = 50
_AUTHORITY = re.compile(r"[A-Za-z0-9]{1,12}")


@dataclass(frozen=True)
class CodedDimension:
    """A dimension whose values are codes: its list, the list of its groups, and how the query names it."""

    name: str
    codes: str
    groups: str = ""

    @property
    def codelist(self) -> CodeList:
        """The list of codes."""
        return CODELISTS[self.codes]

    def expand(self, text: str) -> tuple[str, ...]:
        """The codes that a text stands for: a code or spelling, or a group of them; empty if unknown.

        A text that names both a code and a group ("mainstream") means the code, unless it is just the
        group's own code ("state_special"); "group:mainstream" always means the group.
        """
        wanted = text.strip()
        if wanted.startswith("group:") and self.groups:
            group = CODELISTS[self.groups].encode(wanted.removeprefix("group:"))
            return self.codelist.members(group) if group else ()
        # Blank and rubbish mean "not recorded" in a cell; in a selection they mean nothing.
        if not wanted or self.codelist.is_rubbish(wanted):
            return ()
        groups = CODELISTS[self.groups] if self.groups else None
        if groups and wanted in groups.entries and wanted not in self.codelist.entries:
            return self.codelist.members(wanted)
        code = self.codelist.encode(wanted)
        if code:
            return (code,)
        group = groups.encode(wanted) if groups else None
        return self.codelist.members(group) if group else ()

    def compact(self, chosen: tuple[str, ...]) -> list[str]:
        """The codes in order, with a group's name in place of all of its members."""
        written: list[str] = []
        for code in chosen:
            group = self.codelist.group(code) if self.groups else ""
            members = self.codelist.members(group) if group else ()
            text = f"group:{group}" if len(members) > 1 and set(members) <= set(chosen) else code
            if text not in written:
                written.append(text)
        return written


CODED: Mapping[str, CodedDimension] = {
    "settings": CodedDimension("settings", "settings", "setting_groups"),
    "phases": CodedDimension("phases", "phases"),
    "needs": CodedDimension("needs", "needs"),
    "lines": CodedDimension("lines", "budget_lines", "line_groups"),
}
"""The dimensions of a selection that are codes, by the name of their field."""

DIMENSION_OF_FIELD: Mapping[str, str] = {
    "years": "financial_year",
    "settings": "setting",
    "phases": "phase",
    "needs": "need",
    "in_borough": "in_borough",
    "providers": "provider",
    "lines": "line",
    "authority": "authority",
    "as_at": "as_at",
}
"""The dimension of the tables that each field of a selection cuts."""


_FIELDS = frozenset(DIMENSION_OF_FIELD)


@dataclass(frozen=True)
class Selection:
    """What is being looked at. An empty field means everything, so `Selection()` is all there is.

    years: financial years, "2023-24". settings, phases, needs, lines: codes, or names of groups of them
    ("independent", "group:mainstream"), which are put in their place at once. in_borough: True, False,
    or None for both and for not recorded. providers: names as the tables have them. authority: the code
    of one authority; tables of the whole country hold many. as_at: the date ("2026-10-31") of the budget
    report to use; empty is the latest of each year.

    Fields are put into code-list order, and a field that holds every code becomes empty: two selections
    of the same things are equal. An unknown code raises HnbError (`read` drops it instead).

    >>> Selection(settings=("independent",), years=("2025-26", "2024-25")).words()
    'Independent placements, 2024-25 and 2025-26'
    """

    years: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    phases: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    in_borough: bool | None = None
    providers: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    authority: str = ""
    as_at: str = ""

    def __post_init__(self) -> None:
        self._settle(_FIELDS)

    def _settle(self, names: Collection[str]) -> None:
        """Check these fields and put their values in order."""
        if "years" in names:
            for year in self.years:
                financial_years.first_of(year)
            _put(self, "years", tuple(sorted(set(self.years))))
        for name, dimension in CODED.items():
            if name in names:
                _put(self, name, _expanded(dimension, getattr(self, name)))
        if "providers" in names:
            _put(self, "providers", tuple(sorted({name.strip() for name in self.providers} - {""})))
        if "authority" in names and self.authority and not _AUTHORITY.fullmatch(self.authority):
            raise HnbError(
                f'"{self.authority[:20]}" is not the code of an authority; it looks like "E09000029"'
            )
        if "as_at" in names and self.as_at and not _is_iso_date(self.as_at):
            raise HnbError(f'"{self.as_at[:20]}" is not a date; write it as "2026-10-31"')

    def with_(self, **changes: Any) -> Selection:
        """The selection with some fields changed; the others stay."""
        unknown = changes.keys() - _FIELDS
        if unknown:
            raise TypeError(f"A selection has no {', '.join(sorted(unknown))}.")
        # A page makes a selection for each of its links: what stays was checked when it came.
        changed = copy.copy(self)
        for name, value in changes.items():
            object.__setattr__(changed, name, value)
        changed._settle(changes)
        return changed

    @property
    def chosen(self) -> tuple[str, ...]:
        """The dimensions that are narrowed, such as ("financial_year", "setting"), in the order of the fields."""
        return tuple(
            DIMENSION_OF_FIELD[field.name]
            for field in dataclasses.fields(self)
            if getattr(self, field.name) != field.default
        )

    def unsupported(self, dimensions: Iterable[str]) -> tuple[str, ...]:
        """The narrowed dimensions that a table or measure with these dimensions cannot be cut by.

        Pass the names of a frame's columns, or a measure's dimensions. A page says what comes back:
        "budget lines are not split by need".
        """
        there = set(dimensions)
        there |= {"financial_year"} if "year" in there else set()
        there |= {"phase"} if "age_band" in there else set()
        return tuple(name for name in self.chosen if name not in there and name != "as_at")

    @property
    def wanted(self) -> Mapping[str, tuple[object, ...]]:
        """The values of each narrowed dimension that are selected. `as_at` is not among them (see `apply`)."""
        pairs: dict[str, tuple[object, ...]] = {
            "financial_year": self.years,
            "setting": self.settings,
            "phase": self.phases,
            "need": self.needs,
            "line": self.lines,
            "provider": self.providers,
            "authority": (self.authority,) if self.authority else (),
            "in_borough": () if self.in_borough is None else (self.in_borough,),
        }
        return {dimension: values for dimension, values in pairs.items() if values}

    def predicates(self, columns: Iterable[str]) -> list[nw.Expr]:
        """The conditions of the selection that can be put to a frame with these columns."""
        there = set(columns)
        conditions: list[nw.Expr] = []

        def among(column: str, values: Iterable[object]) -> None:
            conditions.append(nw.col(column).is_in(list(values)))

        if self.years and "financial_year" in there:
            among("financial_year", self.years)
        elif self.years and "year" in there:  # plans are counted in the January of the financial year
            among("year", [financial_years.january_of(year) for year in self.years])
        if self.phases and "phase" in there:
            among("phase", self.phases)
        elif self.phases and "age_band" in there:
            among("age_band", _age_bands(self.phases))
        for column, values in (
            ("setting", self.settings),
            ("need", self.needs),
            ("line", self.lines),
            ("provider", self.providers),
            ("authority", (self.authority,) if self.authority else ()),
        ):
            if values and column in there:
                among(column, values)
        if self.in_borough is not None and "in_borough" in there:
            conditions.append(nw.col("in_borough") if self.in_borough else ~nw.col("in_borough"))
        return conditions

    def apply(self, frame: Any) -> Any:
        """The rows of a frame that are selected; a frame of the same kind as was given.

        Any frame that Narwhals knows (Polars, pandas, PySpark …). Only columns that the frame has are
        filtered: ask `unsupported` which of the narrowed dimensions it lacks. `as_at` is not applied
        here, since which report is in force is a measure's to say.
        """
        wrapped = nw.from_native(frame, pass_through=False)
        conditions = self.predicates(wrapped.collect_schema().names())
        narrowed = wrapped.filter(*conditions) if conditions else wrapped
        return narrowed if isinstance(frame, (nw.DataFrame, nw.LazyFrame)) else narrowed.to_native()

    def to_query(self) -> str:
        """The selection as a URL's query, without what is at its default: ``years=2023-24..2025-26&settings=group:independent``."""
        pairs: list[tuple[str, str]] = []
        if self.years:
            pairs.append(("years", ",".join(_runs(self.years))))
        pairs += [
            (name, ",".join(dimension.compact(getattr(self, name))))
            for name, dimension in CODED.items()
            if getattr(self, name)
        ]
        if self.in_borough is not None:
            pairs.append(("in_borough", "yes" if self.in_borough else "no"))
        pairs += [("provider", name) for name in self.providers]
        pairs += [(name, getattr(self, name)) for name in ("authority", "as_at") if getattr(self, name)]
        return "&".join(f"{name}={quote(value, safe=':,.')}" for name, value in pairs)

    @classmethod
    def from_query(cls, query: str) -> Selection:
        """The selection that a query stands for; whatever cannot be read is dropped (see `read`)."""
        return cls.read(query)[0]

    @classmethod
    def read(cls, query: str) -> tuple[Selection, tuple[str, ...]]:
        """The selection that a query stands for, and a sentence for each thing in it that was dropped.

        Never raises: a link that is old, cut or forged still opens a page. Names that are not a
        selection's are left to the page.
        """
        notes: list[str] = []
        text = query.removeprefix("?")
        if len(text) > _LONGEST_QUERY:
            notes.append("The link is too long; its end was left out.")
            text = text[:_LONGEST_QUERY].rpartition("&")[0]
        given: dict[str, list[str]] = {}
        for name, value in parse_qsl(text, errors="replace", max_num_fields=None):
            given.setdefault(name, []).append(value)

        fields: dict[str, Any] = {"years": tuple(_years(given.get("years", []), notes))}
        for name, dimension in CODED.items():
            fields[name] = tuple(_codes(dimension, given.get(name, []), notes))
        providers = [name.strip() for name in given.get("provider", []) if name.strip()]
        kept = [name for name in dict.fromkeys(providers) if len(name) <= _LONGEST_NAME][:_MOST_PROVIDERS]
        if len(kept) < len(set(providers)):
            notes.append("Some providers of the link were left out.")
        fields["providers"] = tuple(kept)
        fields["in_borough"] = _yes_or_no(given.get("in_borough", []), notes)
        authority, as_at = given.get("authority", [""])[-1], given.get("as_at", [""])[-1]
        if authority and not _AUTHORITY.fullmatch(authority):
            notes.append(f"“{authority[:20]}” is not the code of an authority and was left out.")
            authority = ""
        if as_at and not _is_iso_date(as_at):
            notes.append(f"“{as_at[:20]}” is not a date and was left out.")
            as_at = ""
        return cls(**fields, authority=authority, as_at=as_at), tuple(notes)

    def words(self) -> str:
        """What is selected, as a person says it: "Independent placements, secondary, 2023-24 to 2025-26".

        The authority is not named: the page's title does that.
        """
        parts = [self.about(), _years_words(self.years) if self.years else "all years"]
        parts += [f"as at {date(self.as_at)}"] if self.as_at else []
        return ", ".join(parts)

    def about(self) -> str:
        """What is selected, whatever the years and the report: "Independent placements, secondary"."""
        parts = [_settings_words(self.settings)] if self.settings else []
        parts += (
            [listed([lowered(CODELISTS["phases"].short(code)) for code in self.phases])]
            if self.phases
            else []
        )
        parts += [listed([CODELISTS["needs"].short(code) for code in self.needs])] if self.needs else []
        if self.in_borough is not None:
            parts.append("in the borough" if self.in_borough else "out of the borough")
        parts += [_providers_words(self.providers)] if self.providers else []
        parts += [_lines_words(self.lines)] if self.lines else []
        if not parts:
            parts = ["All settings, phases and needs"]
        elif not self.settings:
            parts.insert(0, "All settings")
        return ", ".join(parts)


def _put(selection: Selection, name: str, value: tuple[str, ...]) -> None:
    object.__setattr__(selection, name, value)


@lru_cache(maxsize=4_096)
def _codes_of(dimension: CodedDimension, text: str) -> tuple[str, ...]:
    # A page makes hundreds of selections, for its links among other things, of the same few codes.
    return dimension.expand(text)


def _expanded(dimension: CodedDimension, chosen: Iterable[str]) -> tuple[str, ...]:
    codes: set[str] = set()
    for text in chosen:
        found = _codes_of(dimension, text)
        if not found:
            raise HnbError(
                f'"{text[:40]}" is not a known {dimension.codelist.noun}; '
                f"see hnb/codes/{dimension.codelist.file} for those that are"
            )
        codes.update(found)
    if len(codes) == len(dimension.codelist.codes):
        return ()
    return tuple(code for code in dimension.codelist.codes if code in codes)


def _age_bands(phases: Iterable[str]) -> list[str]:
    wanted = set(phases)
    return [
        code for code, entry in CODELISTS["age_bands"].entries.items() if entry.details["phase"] in wanted
    ]


def _runs(years: tuple[str, ...]) -> list[str]:
    """Three or more years in a row as "first..last"; the others one by one."""
    runs: list[list[str]] = []
    for year in years:
        if runs and financial_years.next_year(runs[-1][-1]) == year:
            runs[-1].append(year)
        else:
            runs.append([year])
    return [
        text for run in runs for text in ([f"{run[0]}..{run[-1]}"] if len(run) > 2 else run)
    ]  # fmt: skip


def _years(values: list[str], notes: list[str]) -> list[str]:
    found: list[str] = []
    for text in filter(None, ",".join(values).split(",")):
        ends = text.split("..")
        try:
            read = [financial_years.financial_year(end) for end in ends]
        except HnbError:
            read = []
        if 1 <= len(read) <= 2:
            found += financial_years.year_range(read[0], read[-1])
        else:
            notes.append(f"“{text[:20]}” is not a year and was left out.")
    return found


def _codes(dimension: CodedDimension, values: list[str], notes: list[str]) -> list[str]:
    found: list[str] = []
    for text in filter(None, ",".join(values).split(",")):
        codes = dimension.expand(text)
        if not codes:
            notes.append(f"“{text[:40]}” is not a known {dimension.codelist.noun} and was left out.")
        found += codes
    return found


def _yes_or_no(values: list[str], notes: list[str]) -> bool | None:
    text = values[-1].lower() if values else ""
    if text not in ("", "yes", "no"):
        notes.append(f"“{text[:20]}” says neither in nor out of the borough and was left out.")
    return {"yes": True, "no": False}.get(text)


def _is_iso_date(text: str) -> bool:
    try:
        return datetime.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _settings_words(settings: tuple[str, ...]) -> str:
    names: list[str] = []
    services = set(CODELISTS["settings"].members("services"))
    for text in CODED["settings"].compact(settings):
        group = text.removeprefix("group:")
        short = (
            CODELISTS["setting_groups"].short(group) if text != group else CODELISTS["settings"].short(text)
        )
        names.append(short if not names else lowered(short))
    return listed(names) + ("" if set(settings) & services else " placements")


def _lines_words(lines: tuple[str, ...]) -> str:
    names = []
    for text in CODED["lines"].compact(lines):
        group = text.removeprefix("group:")
        names.append(lowered(CODELISTS["line_groups"].short(group)) if text != group else f"line {text}")
    return listed(names)


def _years_words(years: tuple[str, ...]) -> str:
    return listed([" to ".join(run.split("..")) for run in _runs(years)])


def _providers_words(providers: tuple[str, ...]) -> str:
    return f"at {listed(list(providers))}" if len(providers) <= 3 else f"at {len(providers)} providers"
