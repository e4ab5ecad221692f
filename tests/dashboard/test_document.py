"""The document: every script that a page needs once, in an order that works, and the page's data asked for first."""

from __future__ import annotations

import re

import flask.testing
import pytest

from dashboard import document
from dashboard.app import pages
from tests.dashboard.conftest import get


@pytest.fixture
def opened(client: flask.testing.FlaskClient) -> str:
    return str(get(client, "/").text)


def scripts(opened: str) -> list[str]:
    return re.findall(r'<script src="([^"]+)"', opened)


def test_the_page_s_data_is_asked_for_before_any_script(opened: str) -> None:
    first = opened.index("<script src=")
    for address in document.ASKED_EARLY:
        link = f'<link rel="preload" as="fetch" crossorigin="anonymous" href="{address}">'
        assert opened.count(link) == 1
        assert opened.index(link) < first


def test_each_script_comes_once_and_is_there(client: flask.testing.FlaskClient, opened: str) -> None:
    found = scripts(opened)
    assert len(set(found)) == len(found) > 8
    for address in found:
        answer = get(client, address)
        assert answer.status_code == 200, address
        assert "immutable" in answer.headers["Cache-Control"], address


def test_what_draws_charts_comes_after_what_it_needs_and_tables_of_dash_do_not_come(opened: str) -> None:
    names = [address.rpartition("/")[2].partition(".")[0] for address in scripts(opened)]
    chart = names.index("async-graph")
    assert names[chart - 2 : chart] == ["dash_core_components", "dash_core_components-shared"]
    assert not [address for address in scripts(opened) if "dash_table" in address]


def test_dash_s_own_inline_scripts_stay_and_may_run(client: flask.testing.FlaskClient, opened: str) -> None:
    assert "new DashRenderer()" in opened
    assert "dash_clientside" in opened
    assert "sha256-" in get(client, "/").headers["Content-Security-Policy"]


def test_every_address_has_the_same_document(client: flask.testing.FlaskClient, opened: str) -> None:
    for page in pages():
        assert scripts(get(client, page["path"]).text) == scripts(opened), page["path"]
