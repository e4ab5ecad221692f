"""The filter bar: what is looked at, in controls and in words. It holds no callback; `dashboard.pages.filters` does.

Settings can be chosen by group or one by one; providers, a long list, are searched on the server.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import dcc
from dash.development.base_component import Component

from dashboard.components import html
from hnb import wording
from hnb.codelists import CODELISTS
from hnb.metrics import Selection
from hnb.selection import CODED

INSIDE = {"in": "In the borough", "out": "Out of the borough"}
"""The values of the control for in or out of the borough."""

_DROPDOWN: dict[str, Any] = {
    "maxDropdownHeight": 320,
    "comboboxProps": {"withinPortal": False, "transitionProps": {"duration": 0}},
    "clearable": True,
    "hidePickedOptions": False,
}


def filter_bar(
    page: str,
    selection: Selection,
    *,
    years: Sequence[str],
    providers: Sequence[str],
    said: str,
    dropped: Sequence[str] = (),
    beside: Component | None = None,
    clear: str = "",
    heading: str = "",
    is_status: bool = True,
) -> Component:
    """The bar of one page.

    page: prefix of the controls' ids. years: those that can be chosen. providers: the first of those that
    can be; the rest are searched for. said: what is selected and how many placements that is. dropped: a
    sentence for each thing of the link that could not be read. beside: how fresh the figures are. clear: the address without a selection,
    "" when nothing is selected. heading: what is seen above it, where a page has several. is_status: whether what is
    said is the page's status, which only one of them can be.
    """
    controls = [
        _many(page, "years", "Years", "All years", [{"value": year, "label": year} for year in reversed(years)], list(selection.years)),
        _many(page, "settings", "Settings", "All settings", setting_options(), CODED["settings"].compact(selection.settings)),
        _many(page, "phases", "Phases", "All phases", _options("phases"), list(selection.phases)),
        _many(page, "needs", "Needs", "All needs", _options("needs"), list(selection.needs), searchable=True),
        dmc.Select(
            id=f"{page}-inside",
            label="In or out of borough",
            placeholder="Both",
            data=[{"value": value, "label": label} for value, label in INSIDE.items()],
            value={True: "in", False: "out", None: None}[selection.in_borough],
            clearButtonProps={"aria-label": "Clear in or out of borough"},
            **{name: value for name, value in _DROPDOWN.items() if name != "hidePickedOptions"},
        ),
        _many(page, "providers", "Providers", "All providers", provider_options(providers, selection.providers),
              list(selection.providers), searchable=True, nothingFoundMessage="No provider of that name", limit=50),
    ]  # fmt: skip
    return html.Section(
        [
            html.H2(heading or "What is shown", className="" if heading else "visually-hidden"),
            html.Div(controls, className="controls"),
            html.Div(
                [
                    html.P(said, **({"data-status": said} if is_status else {})),
                    *([dcc.Link("Clear the selection", href=clear, className="clear")] if clear else []),
                    *([beside] if beside is not None else []),
                ],
                className="said",
            ),
            *(html.P(sentence, className="dropped") for sentence in dropped),
        ],
        className="filters",
        # From which the shortcuts take the year before and the year after.
        **({"data-years": ",".join(years)} if is_status else {}),
    )


def setting_options() -> list[dict[str, Any]]:
    """Settings under their groups, each group of several with a choice for all of it."""
    groups, settings = CODELISTS["setting_groups"], CODELISTS["settings"]
    options = []
    for group in groups.codes:
        members = settings.members(group)
        whole = (
            [{"value": f"group:{group}", "label": f"All {wording.lowered(groups.short(group))}"}]
            if len(members) > 1
            else []
        )
        items = [{"value": code, "label": settings.label(code)} for code in members]
        options.append({"group": groups.label(group), "items": whole + items})
    return options


def provider_options(found: Sequence[str], chosen: Sequence[str]) -> list[dict[str, str]]:
    """What the list of providers offers: those found, and those chosen, which must stay to be shown."""
    return [{"value": name, "label": name} for name in dict.fromkeys((*chosen, *found))]


def choice(page: str, name: str, label: str, options: Sequence[tuple[str, str]], value: str) -> Component:
    """One of a few: the page's own choices, such as what stands in the rows."""
    return dmc.Select(
        id=f"{page}-{name}",
        label=label,
        data=[{"value": code, "label": words} for code, words in options],
        value=value,
        allowDeselect=False,
        maxDropdownHeight=360,
        comboboxProps=_DROPDOWN["comboboxProps"],
    )


def _options(codes: str) -> list[dict[str, str]]:
    return [{"value": code, "label": CODELISTS[codes].label(code)} for code in CODELISTS[codes].codes]


def _many(
    page: str, name: str, label: str, placeholder: str, data: list[Any], value: list[str], **more: Any
) -> Component:
    return dmc.MultiSelect(
        id=f"{page}-{name}",
        label=label,
        # Beside what is chosen a placeholder would read as one more choice.
        placeholder="" if value else placeholder,
        data=data,
        value=value,
        clearButtonProps={"aria-label": f"Clear {label.lower()}"},
        **_DROPDOWN,
        **more,
    )
