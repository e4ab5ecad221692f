"""The shell, and what is true of every page because it is a page. None of these tests names a page."""

from __future__ import annotations

import itertools
import subprocess
import sys
from pathlib import Path
from typing import Any

import dash
import flask.testing
import pytest
from dash import dcc, html

from dashboard.__main__ import main, refuse_environment
from dashboard.app import create_app, pages, rendered_pages
from dashboard.data import Source
from hnb.configuration import Configuration
from hnb.errors import HnbError
from tests.conftest import ROOT
from tests.dashboard import snapshots
from tests.dashboard.conftest import components, get, layout_of, text_of

# Measured (standards.md, section 2): these cannot be used by keyboard, lose their label, or fetch from elsewhere.
FORBIDDEN = {
    "dash_core_components": {
        "Tabs", "Tab", "Dropdown", "RadioItems", "Checklist", "Slider", "RangeSlider", "DatePickerRange",
        "DatePickerSingle", "Upload", "Markdown",
    },
    "dash_table": {"DataTable"},
}  # fmt: skip
STATES = {"full": snapshots.full, "one row": snapshots.one_row, "empty": snapshots.empty}


@pytest.fixture(scope="module", params=STATES)
def layouts(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Each page's layout by its address, over a snapshot that is full, has one row, or is empty."""
    folder = tmp_path_factory.mktemp("state")
    STATES[request.param](folder)
    app = create_app(Source(folder, Configuration()), Configuration())
    return {page["path"]: layout_of(app, page) for page in pages()}


def test_each_page_is_a_file_of_the_folder_of_pages(app: dash.Dash) -> None:
    files = {path.stem for path in (ROOT / "dashboard" / "pages").glob("*.py")}
    names = [page["module"].removeprefix("dashboard.pages.") for page in pages()]
    assert names
    assert set(names) <= files


def test_the_navigation_is_the_pages_in_order(app: dash.Dash) -> None:
    navigation = next(item for item in components(app.layout()) if isinstance(item, html.Nav))
    links = [(link.href, link.children) for link in components(navigation) if isinstance(link, dcc.Link)]
    assert links == [(page["path"], page["name"]) for page in pages() if page.get("listed", True)]


def test_every_page_has_a_title_of_its_own(app: dash.Dash) -> None:
    titles = [page["title"] for page in pages()]
    assert all(titles)
    assert len(set(titles)) == len(titles)


def test_the_document_says_its_language_and_begins_with_a_way_past_the_navigation(
    client: flask.testing.FlaskClient,
) -> None:
    document = get(client, "/").text
    assert '<html lang="en">' in document
    body = document.partition("<body>")[2]
    assert body.lstrip().startswith('<a class="skip-link" href="#main">')


def test_there_is_one_main_and_one_status_line(app: dash.Dash, layouts: dict[str, Any]) -> None:
    shell = list(components(app.layout()))
    assert [item.id for item in shell if isinstance(item, html.Main)] == ["main"]
    assert [item.id for item in shell if getattr(item, "role", None) == "status"] == ["status"]
    for path, layout in layouts.items():
        inside = list(components(layout))
        assert not [item for item in inside if isinstance(item, html.Main)], path
        assert not [item for item in inside if getattr(item, "role", None) == "status"], path


def test_every_page_begins_with_one_heading_and_skips_no_level(layouts: dict[str, Any]) -> None:
    ranks = {f"H{rank}": rank for rank in range(1, 7)}
    for path, layout in layouts.items():
        levels = [ranks[name] for item in components(layout) if (name := type(item).__name__) in ranks]
        assert levels[:1] == [1], path
        assert levels.count(1) == 1, path
        assert all(after - before <= 1 for before, after in itertools.pairwise(levels)), (
            path,
            levels,
        )


def test_every_page_says_what_it_covers_and_from_which_snapshot(layouts: dict[str, Any]) -> None:
    for path, layout in layouts.items():
        inside = list(components(layout))
        said = [
            item.to_plotly_json()["props"]["data-status"]
            for item in inside
            if "data-status" in item.to_plotly_json()["props"]
        ]
        assert len(said) == 1, f"{path} must have one element with data-status"
        assert "Snapshot 000001-20261102T093000Z" in text_of(layout), path


def test_no_page_uses_a_control_that_fails_its_readers(app: dash.Dash, layouts: dict[str, Any]) -> None:
    for path, layout in {**layouts, "shell": app.layout()}.items():
        used = {(item._namespace, item._type) for item in components(layout)}
        assert not [name for space, name in used if name in FORBIDDEN.get(space, ())], path


def test_ids_are_there_once(layouts: dict[str, Any], app: dash.Dash) -> None:
    shell = [item.id for item in components(app.layout()) if isinstance(getattr(item, "id", None), str)]
    for path, layout in layouts.items():
        ids = shell + [item.id for item in components(layout) if isinstance(getattr(item, "id", None), str)]
        assert sorted(ids) == sorted(set(ids)), path


def test_every_chart_comes_from_the_one_factory_and_is_named_and_described(layouts: dict[str, Any]) -> None:
    for path, layout in layouts.items():
        inside = list(components(layout))
        ids = {item.id for item in inside if isinstance(getattr(item, "id", None), str)}
        graphs = [item.id for item in inside if isinstance(item, dcc.Graph)]
        frames = [item for item in inside if str(getattr(item, "id", "")).endswith("-frame")]
        assert [frame.id for frame in frames] == [f"{name}-frame" for name in graphs], path
        for frame in frames:
            properties = frame.to_plotly_json()["props"]
            assert properties["role"] == "img"
            assert {properties["aria-labelledby"], properties["aria-describedby"]} <= ids, (path, frame.id)


def test_every_page_is_drawn_by_check(app: dash.Dash) -> None:
    assert [path for path, _ in rendered_pages(app)] == [page["path"] for page in pages()]


def test_two_apps_stand_side_by_side(app: dash.Dash, full_folder: Path) -> None:
    other = create_app(Source(full_folder, Configuration()), Configuration(block_name="Another Block"))
    assert set(other.callback_map) == set(app.callback_map)
    assert "Another Block" in text_of(other.layout())
    assert "Another Block" not in text_of(app.layout())


def test_a_link_that_makes_no_sense_still_opens_the_page(app: dash.Dash) -> None:
    for page in pages():
        layout = layout_of(app, page, "?years=1066&settings=castle&nonsense=%00&view=x&search=y&by=z,z")
        assert "Snapshot" in text_of(layout), page["path"]


def test_without_a_snapshot_it_says_so_in_a_sentence_and_ends_with_two(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--processed", str(tmp_path), "--check"]) == 2
    said = capsys.readouterr().err
    assert "python -m etl build" in said
    assert "Traceback" not in said


@pytest.mark.parametrize(
    ("name", "value"),
    [("HOST", "10.1.2.3"), ("host", "192.168.1.4"), ("DASH_DEBUG", "true"), ("dash_debug", "1"),
     ("DASH_MCP_ENABLED", "true"), ("DASH_ASSETS_EXTERNAL_PATH", "elsewhere")],
)  # fmt: skip
def test_an_environment_that_would_open_it_to_others_is_refused(name: str, value: str) -> None:
    with pytest.raises(HnbError, match=f"Unset {name}"):
        refuse_environment({"PATH": "/bin", name: value})


def test_an_environment_that_says_no_is_not_refused() -> None:
    sound = {"HOST": "127.0.0.1", "DASH_DEBUG": "false", "DASH_MCP_ENABLED": ""}
    assert refuse_environment(sound) is None
    with pytest.raises(HnbError, match="Unset DASH_DEBUG"):
        refuse_environment({**sound, "DASH_DEBUG": "on"})


def test_there_is_no_option_for_another_address(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--host", "10.1.2.3"])
    capsys.readouterr()


@pytest.mark.slow
def test_the_command_refuses_and_checks_as_a_user_would_see_it(full_folder: Path) -> None:
    command = [sys.executable, "-m", "dashboard", "--processed", str(full_folder), "--check"]
    well = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert (well.returncode, well.stderr) == (0, "")
    assert "/ is well" in well.stdout
    open_to_others = {"PATH": "/usr/bin:/bin", "HOST": "10.1.2.3"}
    refused = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False, env=open_to_others
    )
    assert refused.returncode == 2
    assert refused.stderr.startswith("HOST=10.1.2.3")
