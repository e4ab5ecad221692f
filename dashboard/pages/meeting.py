"""Meeting: what has been published to it, how it is shown, and the papers that go out. Nothing is published from here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import dash
from dash import Input, Output
from dash.development.base_component import Component

from dashboard.access import Given, guarded_callback, number_of_clicks
from dashboard.components import html
from dashboard.components.panel import empty_panel, panel
from dashboard.components.records import RecordColumn, records_table
from dashboard.data import request_data
from dashboard.pack_files import address, kilobytes, request_packs
from dashboard.packs import KINDS, TITLES, Kind
from dashboard.roles import OFFICER
from hnb import publications, wording
from hnb.errors import HnbError
from hnb.publications import Publications

QUESTION = "What is the meeting shown, and what do people take away?"
PATH = "/meeting-papers"
SHOWN = 10
"""Publications that the page lists, the latest first."""

dash.register_page(
    __name__, path=PATH, name="Meeting", title="The meeting and its papers", order=85, least_role=OFFICER
)

_PUBLISH = "python -m dashboard publish"
_NOT_HERE = (
    "Publishing is a command and no button: it decides what leaves the office, takes some seconds, and every "
    "publication after it is checked against what it showed."
)


@guarded_callback(
    [Output("packs-list", "children"), Output("packs-said", "children")],
    [Given(Input("packs-make", "n_clicks"), number_of_clicks())],
    least_role=OFFICER,
    prevent_initial_call=True,
    running=[
        (Output("packs-make", "disabled"), True, False),
        (Output("packs-make", "children"), "Making them …", "Make all four"),
    ],
)
def make(clicks: int) -> Any:
    """Make every format of the latest publication; the list as it is then, and what could not be made."""
    if not clicks:
        return dash.no_update, dash.no_update
    packs, faults = request_packs(), []
    for kind in KINDS:
        try:
            packs.file(kind)
        except HnbError as error:
            faults.append(str(error))
    return _files(), " ".join(dict.fromkeys(faults)) or "All four are made."


def layout(view: str = "") -> Component:
    """The page; it takes nothing from its address."""
    found, fault = _publications()
    said = _said(found)
    return html.Div(
        [
            html.Div([html.H1(QUESTION), html.P("What leaves the office, and how")], className="page-head"),
            html.P(said, **{"data-status": said}),
            *([html.P(fault, className="dropped", role="alert")] if fault else []),
            *(_body(found) if found else [_nothing()]),
        ],
        className="page",
    )


def _publications() -> tuple[list[Publications], str]:
    """The latest publications, and why one of them could not be read."""
    folder = request_data().configuration.published_folder
    found: list[Publications] = []
    try:
        if publications.latest_id(folder) is None:
            return found, ""
        one: Publications | None = publications.latest(folder)
        while one is not None and len(found) < SHOWN:
            found.append(one)
            one = publications.before(folder, one["pack"].publication_id)
    except HnbError as error:
        return found, str(error)
    return found, ""


def _said(found: Sequence[Publications]) -> str:
    if not found:
        return "Nothing has been published to the meeting yet"
    latest = found[0]["pack"]
    dated = f", figures as at {wording.date(latest.as_at)}" if latest.as_at else ""
    return f"The latest publication is of {wording.date(latest.published_at.date())}{dated}"


def _nothing() -> Component:
    return empty_panel(
        "publications",
        "Nothing has been published to the meeting yet",
        f"Publish with {_PUBLISH} once a build is as it should be. {_NOT_HERE}",
    )


def _body(found: Sequence[Publications]) -> list[Component]:
    return [_papers(found[0]), _meeting(), _history(found)]


def _papers(latest: Publications) -> Component:
    pack = latest["pack"]
    most = wording.count(pack.rules.threshold - 1)
    return panel(
        "papers",
        f"The papers of publication {pack.publication_id.partition('-')[0]} can be taken away",
        f"The views of the meeting as four files with the same figures; counts from 1 to {most} are hidden in them",
        [
            html.Div(_files(), id="packs-list"),
            html.Div(
                html.Button("Make all four", id="packs-make", type="button", className="button", n_clicks=0),
                className="chooser",
            ),
            html.P(id="packs-said", role="status"),
        ],
        caution="A file is made when it is first asked for, which takes some seconds for the PDF, and kept until there is another publication. From a terminal: python -m dashboard pack",
    )  # fmt: skip


def _files() -> Component:
    made = request_packs().made_already()
    return html.Ul([html.Li(_file(kind, made.get(kind))) for kind in KINDS], className="pack-files")


def _file(kind: Kind, size: int | None) -> list[Component | str]:
    title, _, what_for = TITLES[kind].partition(", ")
    ready = f"{kilobytes(size)}, made" if size else "not made yet"
    return [html.A(title, href=address(kind), className="button"), f" {what_for}; {ready}"]


def _meeting() -> Component:
    return panel(
        "start",
        "The meeting runs in a process of its own, which has no register to show",
        "Start it on the machine at the screen, and open the address that it says",
        html.Pre("python -m dashboard meeting", className="command"),
        caution="It shows the latest publication, and another as soon as there is one. --port gives it another port.",
    )


def _history(found: Sequence[Publications]) -> Component:
    columns = [
        RecordColumn("publication_id", "Publication"),
        RecordColumn("published_on", "Published on", "date"),
        RecordColumn("as_at", "Figures as at", "date"),
        RecordColumn("snapshot_id", "From snapshot"),
        RecordColumn("screen", "Cells shown on the screen", "share"),
        RecordColumn("pack", "Cells shown in packs", "share"),
        RecordColumn("money", "Pounds shown in packs", "share"),
    ]
    latest = found[0]
    on_screen, in_packs = (
        wording.share(latest[audience].account.share_shown) for audience in ("screen", "pack")
    )
    return panel(
        "publications",
        f"The screen shows {on_screen} of the cells, the packs {in_packs}",
        "Cells that are not nought, over the tables and years of each publication, the latest first",
        records_table([_row(one) for one in found], columns, "Publications"),
        caution=f"{_NOT_HERE} The command is {_PUBLISH}",
    )


def _row(one: Publications) -> dict[str, Any]:
    pack = one["pack"]
    return {
        "publication_id": pack.publication_id,
        "published_on": pack.published_at.date(),
        "as_at": pack.as_at,
        "snapshot_id": pack.snapshot_id,
        "screen": one["screen"].account.share_shown,
        "pack": pack.account.share_shown,
        "money": pack.account.amount_share,
    }
