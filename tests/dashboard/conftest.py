"""The dashboard over an invented snapshot: made once for all tests, since an app takes a second to make."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dash
import flask.testing
import pytest
from dash.development.base_component import Component

from dashboard.app import create_app
from dashboard.data import Data, Source
from hnb.configuration import Configuration
from hnb.store import Snapshot
from tests.dashboard import snapshots

HERE = "http://127.0.0.1:8050"


@pytest.fixture(scope="session")
def full_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a published snapshot in which every page has something to show."""
    folder = tmp_path_factory.mktemp("processed")
    snapshots.full(folder)
    return folder


@pytest.fixture(scope="session")
def configuration(full_folder: Path) -> Configuration:
    return Configuration(processed_folder=full_folder)


@pytest.fixture(scope="session")
def data(full_folder: Path, configuration: Configuration) -> Data:
    """What a request over that folder reads."""
    return Data(Snapshot.open(full_folder), configuration)


@pytest.fixture(scope="session")
def app(full_folder: Path, configuration: Configuration) -> dash.Dash:
    return create_app(Source(full_folder, configuration), configuration)


@pytest.fixture
def client(app: dash.Dash) -> flask.testing.FlaskClient:
    """Asks as the dashboard's own pages do."""
    return app.server.test_client()


def get(client: flask.testing.FlaskClient, path: str, **options: Any) -> Any:
    return client.get(path, base_url=HERE, **options)


def post(client: flask.testing.FlaskClient, path: str, **options: Any) -> Any:
    options.setdefault("headers", {"Origin": HERE})
    return client.post(path, base_url=HERE, **options)


def components(tree: Any) -> Iterator[Component]:
    """Every component of a layout, wherever Dash may keep one: children, icons, labels."""
    if isinstance(tree, list | tuple):
        for item in tree:
            yield from components(item)
    elif isinstance(tree, dict):
        yield from components(list(tree.values()))
    elif isinstance(tree, Component):
        yield tree
        for name in tree._prop_names:
            yield from components(getattr(tree, name, None))


def text_of(tree: Any) -> str:
    """The words of a component and what is in it, in order."""
    if isinstance(tree, list | tuple):
        return " ".join(text_of(item) for item in tree)
    if isinstance(tree, Component):
        return text_of(getattr(tree, "children", None))
    return "" if tree is None else str(tree)


def layout_of(app: dash.Dash, page: dict[str, Any], search: str = "") -> Component:
    """A page as its reader gets it, at an address with the query `search`."""
    with app.server.test_request_context("/", base_url=HERE):
        layout: Component = page["layout"](search=search)
        return layout
