"""Saved views: a list of links that nobody can turn into anything else, kept whole whatever happens."""

from __future__ import annotations

import datetime
import json
import threading
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import dash
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard.app import create_app, pages
from dashboard.data import Source
from dashboard.saved_views import LONGEST_NAME, SavedViews
from hnb.configuration import Configuration
from hnb.disk import Disk
from hnb.errors import HnbError
from tests.dashboard import snapshots
from tests.dashboard.conftest import HERE, post
from tests.dashboard.reading import text

TODAY = datetime.date(2026, 11, 24)
PATHS = ("/", "/spend")


@pytest.fixture
def views(tmp_path: Path) -> SavedViews:
    return SavedViews(tmp_path / "views" / "views.toml", PATHS)


def names(views: SavedViews) -> list[str]:
    return [view.name for view in views.all()[0]]


def test_a_view_is_kept_in_a_file_that_a_person_can_read(views):
    view = views.save("Independent, secondary", "/spend", "?settings=group:independent&rows=need", TODAY)
    assert view.address == "/spend?settings=group:independent&rows=need"
    assert views.all() == ((view,), ())
    written = tomllib.loads(views.file.read_text("utf-8"))
    assert written == {
        "view": [
            {"name": "Independent, secondary", "path": "/spend", "query": "settings=group:independent&rows=need", "saved_on": TODAY}
        ]
    }  # fmt: skip
    assert [path.name for path in views.file.parent.iterdir()] == ["views.toml"]


def test_views_are_renamed_and_deleted_in_place(views):
    for name in ("a", "b", "c"):
        views.save(name, "/", "", TODAY)
    assert views.rename("b", "  second   one ").name == "second one"
    assert names(views) == ["a", "second one", "c"]
    views.delete("a")
    assert names(views) == ["second one", "c"]
    for act in (lambda: views.delete("a"), lambda: views.rename("a", "x")):
        with pytest.raises(HnbError, match="no view of that name"):
            act()


@pytest.mark.parametrize(
    ("name", "path", "query"),
    [
        ("", "/", ""), ("   ", "/", ""), ("x" * (LONGEST_NAME + 1), "/", ""), ("<b>x</b>", "/", ""), ("a\x00b", "/", ""),
        ("a", "/nowhere", ""), ("a", "//evil.example", ""), ("a", "/../etc/passwd", ""), ("a", "https://evil.example/", ""),
        ("a", "javascript:alert(1)", ""), ("a", "/", "x" * 9_000), ("a", "/", "a=\x00"),
    ],
)  # fmt: skip
def test_what_is_no_link_of_ours_is_refused_and_nothing_is_written(views, name, path, query):
    with pytest.raises(HnbError):
        views.save(name, path, query, TODAY)
    assert not views.file.exists()


def test_a_name_is_given_once(views):
    views.save("a", "/", "", TODAY)
    views.save("b", "/", "", TODAY)
    with pytest.raises(HnbError, match="already"):
        views.save("a", "/spend", "", TODAY)
    with pytest.raises(HnbError, match="already"):
        views.rename("b", "a")
    assert views.rename("b", "b").name == "b"


def test_there_is_an_end_to_the_list(views, monkeypatch):
    monkeypatch.setattr("dashboard.saved_views.MOST_VIEWS", 2)
    for name in ("a", "b"):
        views.save(name, "/", "", TODAY)
    with pytest.raises(HnbError, match="Delete one"):
        views.save("c", "/", "", TODAY)


def test_a_view_whose_codes_are_gone_says_so(views):
    view = views.save("old", "/", "settings=castle&years=2025-26", TODAY)
    assert len(view.gone) == 1
    assert "castle" in view.gone[0]
    assert view.selection.years == ("2025-26",)


@pytest.mark.parametrize(
    "content", ["[[view]", "view = 3", "\xff\xfe", "x" * 3_000_000, "[view]\nname = 'a'"]
)
def test_a_file_that_is_no_list_of_views_is_said_and_left_as_it_is(views, content):
    views.file.parent.mkdir()
    views.file.write_bytes(content.encode("latin-1"))
    with pytest.raises(HnbError, match=r"views\.toml"):
        views.all()
    with pytest.raises(HnbError):
        views.save("a", "/", "", TODAY)
    assert views.file.read_bytes() == content.encode("latin-1")


def test_an_entry_that_is_no_view_is_told_by_its_number_and_never_lost(views):
    views.file.parent.mkdir()
    views.file.write_text(
        '[[view]]\nname = "good"\npath = "/"\nquery = ""\nsaved_on = 2026-11-24\n'
        '[[view]]\nname = "elsewhere"\npath = "//evil.example"\nquery = ""\nsaved_on = 2026-11-24\n'
        '[[view]]\nname = "undated"\npath = "/"\n',
        encoding="utf-8",
    )
    found, faults = views.all()
    assert [view.name for view in found] == ["good"]
    assert [fault.partition(":")[0] for fault in faults] == ["Entry 2 of views.toml", "Entry 3 of views.toml"]
    before = views.file.read_bytes()
    with pytest.raises(HnbError, match="mended by hand"):
        views.save("new", "/", "", TODAY)
    assert views.file.read_bytes() == before


class FullDisk(Disk):
    """A disk with no room left."""

    def write(self, path: Path, content: bytes) -> None:
        raise OSError(28, "No space left on device")


def test_a_full_disk_leaves_the_list_as_it_was(views):
    views.save("a", "/", "", TODAY)
    before = views.file.read_bytes()
    with pytest.raises(HnbError, match="No space left"):
        replace(views, disk=FullDisk()).save("b", "/", "", TODAY)
    assert views.file.read_bytes() == before


def test_threads_that_save_at_once_lose_nothing(views):
    threads = [threading.Thread(target=views.save, args=(f"v{n}", "/", "", TODAY)) for n in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(names(views)) == sorted(f"v{n}" for n in range(12))


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.text(max_size=100), query=st.text(max_size=200))
def test_whatever_is_saved_comes_back_as_it_was(tmp_path, name, query):
    views = SavedViews(tmp_path / "any.toml", PATHS)
    views.file.unlink(missing_ok=True)
    try:
        view = views.save(name, "/spend", query, TODAY)
    except HnbError:
        assert not views.file.exists()
        return
    assert views.all() == ((view,), ())
    assert "<" not in view.name
    assert "\n" not in view.query


# ------------------------------------------------------------------------------------------ the page


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> dash.Dash:
    folder = tmp_path_factory.mktemp("views")
    snapshots.one_row(folder)
    configuration = Configuration(processed_folder=folder, views_file=folder / "kept" / "views.toml")
    return create_app(Source(folder, configuration), configuration)


def asked(app: dash.Dash, output: str, values: dict[str, Any], changed: str) -> Any:
    """A callback posted as the browser does."""
    (name, entry) = next((name, entry) for name, entry in app.callback_map.items() if output in name)

    def given(items: Any) -> Any:
        return [{**item, "value": values.get(f"{item['id']}.{item['property']}")} for item in items]

    parts = name.strip(".").split("...")
    outputs = [dict(zip(("id", "property"), part.rsplit(".", 1), strict=True)) for part in parts]
    body = {
        "output": name, "outputs": outputs if name.startswith("..") else outputs[0], "inputs": given(entry["inputs"]),
        "state": given(entry["state"]), "changedPropIds": [changed],
    }  # fmt: skip
    return post(app.server.test_client(), "/_dash-update-component", json=body)


SAVE = {
    "save-view-do.n_clicks": 1, "save-view-name.value": "Mine", "_pages_location.pathname": "/spend",
    "_pages_location.search": "?phases=secondary",
}  # fmt: skip


def drawn(app: dash.Dash) -> str:
    page = next(page for page in pages() if page["path"] == "/views")
    with app.server.test_request_context("/", base_url=HERE):
        return text(page["layout"]())


def test_a_view_is_saved_opened_renamed_and_deleted_from_the_page(served):
    assert "No view has been saved yet" in drawn(served)
    answer = asked(served, "save-view-said", SAVE, "save-view-do.n_clicks")
    assert "Saved as" in answer.text
    assert "All settings, secondary, all years" in drawn(served)
    again = asked(served, "save-view-said", SAVE, "save-view-do.n_clicks")
    assert "already" in json.loads(again.text)["response"]["save-view-said"]["children"]
    change = {"views-rename.n_clicks": 1, "views-chosen.value": "Mine", "views-name.value": "Ours"}
    answer = asked(served, "views-list", change, "views-rename.n_clicks")
    assert "is now called" in answer.text
    change = {"views-delete.n_clicks": 1, "views-chosen.value": "Ours"}
    answer = asked(served, "views-list", change, "views-delete.n_clicks")
    assert json.loads(answer.text)["response"]["views-chosen"]["data"] == []
    assert "No view has been saved yet" in drawn(served)


@pytest.mark.parametrize(
    "forged",
    [
        {"_pages_location.pathname": "//evil.example"}, {"_pages_location.pathname": None, "save-view-name.value": "x"},
        {"_pages_location.pathname": "/../../etc"}, {"_pages_location.search": "x" * 9_000},
        {"save-view-name.value": "x" * 200}, {"save-view-name.value": ["x"]}, {"save-view-do.n_clicks": "1"},
        {"save-view-name.value": "<img src=x onerror=alert(1)>"},
    ],
)  # fmt: skip
def test_a_forged_post_saves_nothing(served, forged):
    answer = asked(served, "save-view-said", SAVE | forged, "save-view-do.n_clicks")
    assert answer.status_code == 400 or "Saved" not in answer.text
    assert "No view has been saved yet" in drawn(served)


def test_a_view_that_is_not_there_cannot_be_changed(served):
    change = {"views-delete.n_clicks": 1, "views-chosen.value": "Nobody's"}
    assert asked(served, "views-list", change, "views-delete.n_clicks").status_code == 400
