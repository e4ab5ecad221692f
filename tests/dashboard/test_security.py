"""What an attacker who can reach the port, or whose page the officer has open, gets: nothing."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import brotli
import dash
import flask.testing
import pytest
from dash import dcc
from waitress.buffers import ReadOnlyFileBasedBuffer

from dashboard import access, compression
from dashboard import app as shell
from dashboard.components.graph import CONFIG
from hnb.errors import HnbError
from tests.dashboard.conftest import HERE, components, get, layout_of, post

CALLBACKS = "/_dash-update-component"
EVERYWHERE = [
    "/",
    "/_dash-layout",
    "/_dash-dependencies",
    "/export/spend.csv",
    "/assets/shell.js",
    "/nowhere",
]


@pytest.mark.parametrize("path", EVERYWHERE)
def test_every_answer_carries_the_headers(client: flask.testing.FlaskClient, path: str) -> None:
    headers = get(client, path).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["X-Frame-Options"] == "DENY"
    policy = headers["Content-Security-Policy"]
    for rule in (
        "default-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    ):
        assert rule in policy
    scripts = policy.partition("script-src ")[2].partition(";")[0]
    assert "unsafe" not in scripts
    assert "http" not in scripts


@pytest.mark.parametrize(
    "path", ["/", "/_dash-layout", "/_dash-dependencies", "/export/spend.csv", "/export/spend.xlsx"]
)
def test_no_figure_is_kept_by_a_browser_or_a_proxy(client: flask.testing.FlaskClient, path: str) -> None:
    assert get(client, path).headers["Cache-Control"] == "no-store"


def test_the_policy_allows_the_inline_scripts_that_are_there_and_no_others(
    app: dash.Dash, client: flask.testing.FlaskClient
) -> None:
    document = get(client, "/").text
    inline = [
        part
        for part in document.split("<script")[1:]
        if not part.lstrip().startswith("src") and "application/json" not in part.partition(">")[0]
    ]
    assert len(inline) == len(app.csp_hashes())


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:8050", "192.168.0.2:8050", ""]
)
def test_another_name_for_this_machine_is_refused(client: flask.testing.FlaskClient, host: str) -> None:
    answer = client.get("/_dash-layout", headers={"Host": host})
    assert answer.status_code == 400


@pytest.mark.parametrize("host", ["127.0.0.1:8050", "localhost:9000", "127.0.0.1", "[::1]:8050"])
def test_this_machines_own_names_are_answered(client: flask.testing.FlaskClient, host: str) -> None:
    assert client.get("/", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "origin",
    ["http://evil.example", "null", "", "http://127.0.0.1:8050.evil.example", "http://127.0.0.1:9999"],
)
def test_a_post_from_another_site_is_refused(client: flask.testing.FlaskClient, origin: str) -> None:
    answer = post(client, CALLBACKS, json={"output": "x.children"}, headers={"Origin": origin})
    assert answer.status_code == 403


def test_a_post_that_a_form_could_make_is_refused(client: flask.testing.FlaskClient) -> None:
    assert post(client, CALLBACKS, data={"output": "x"}).status_code == 403


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_other_methods_are_refused(client: flask.testing.FlaskClient, method: str) -> None:
    assert client.open("/", method=method, base_url=HERE).status_code == 405


def test_a_request_may_not_bring_more_than_a_megabyte(client: flask.testing.FlaskClient) -> None:
    assert post(client, CALLBACKS, json={"output": "x" * 1_100_000}).status_code == 413


def test_every_callback_is_guarded(app: dash.Dash) -> None:
    assert access.unguarded(app.callback_map) == []


def test_a_callback_without_a_guard_would_be_found() -> None:
    def plain(value: Any) -> Any:
        return value

    assert access.unguarded({"table.children": {"callback": plain}, "title.children": {}}) == [
        "table.children"
    ]


def test_every_layout_is_guarded(app: dash.Dash) -> None:
    assert all(getattr(page["layout"], "is_guarded", False) for page in shell.pages())


@pytest.mark.parametrize(
    "forged", [{"a": 1}, ["not offered"], "not offered", 12345678901234567890, [["nested"]], -1, 1.5]
)
def test_no_callback_takes_a_value_that_was_never_offered(
    app: dash.Dash, client: flask.testing.FlaskClient, forged: Any
) -> None:
    for output, entry in app.callback_map.items():
        if "callback" not in entry or "_pages_content" in output:
            continue
        given = [{**item, "value": forged} for item in (*entry["inputs"], *entry["state"])]
        names = output.strip(".").split("...")
        outputs = [dict(zip(("id", "property"), name.rsplit(".", 1), strict=True)) for name in names]
        body = {
            "output": output, "outputs": outputs if output.startswith("..") else outputs[0],
            "inputs": given[: len(entry["inputs"])], "state": given[len(entry["inputs"]) :], "changedPropIds": [],
        }  # fmt: skip
        answer = post(client, CALLBACKS, json=body)
        # A text may be a legitimate query of an address: what it says is then dropped, never obeyed.
        assert answer.status_code in ((400, 200, 204) if isinstance(forged, str) else (400,)), (
            output,
            answer.text[:200],
        )


@pytest.mark.parametrize("search", ["?" + "x" * 9_000, {"a": 1}, ["?x"], 7, "?a=\x00"])
def test_a_page_does_not_take_a_forged_address(
    app: dash.Dash, client: flask.testing.FlaskClient, search: Any
) -> None:
    output = next(name for name in app.callback_map if "_pages_content.children" in name)
    ids = [
        dict(zip(("id", "property"), name.rsplit(".", 1), strict=True))
        for name in output.strip(".").split("...")
    ]
    body = {
        "output": output, "outputs": ids, "changedPropIds": [],
        "inputs": [{"id": "_pages_location", "property": "pathname", "value": "/"}, {"id": "_pages_location", "property": "search", "value": "?"}],
        "state": [{"id": "_pages_location", "property": "search", "value": search}, {"id": "_pages_store", "property": "data", "value": None}],
    }  # fmt: skip
    answer = post(client, CALLBACKS, data=json.dumps(body), content_type="application/json")
    assert answer.status_code == 200
    assert "This page cannot be shown" in answer.text


def test_a_callback_that_is_only_drawn_does_nothing(
    app: dash.Dash, client: flask.testing.FlaskClient
) -> None:
    """Dash calls it when its inputs appear, and says that all of them changed; a person changes one."""
    drawn = 0
    for output, entry in app.callback_map.items():
        if "callback" not in entry or "_pages_location.search" not in output or len(entry["inputs"]) < 2:
            continue
        given = [{**item, "value": None} for item in (*entry["inputs"], *entry["state"])]
        name, _, property_name = output.rpartition(".")
        body = {
            "output": output, "outputs": {"id": name, "property": property_name},
            "inputs": given[: len(entry["inputs"])], "state": given[len(entry["inputs"]) :],
            "changedPropIds": [f"{item['id']}.{item['property']}" for item in entry["inputs"]],
        }  # fmt: skip
        assert post(client, CALLBACKS, json=body).status_code == 204, output
        drawn += 1
    assert drawn


def test_a_longer_answer_than_the_screen_takes_is_refused() -> None:
    from dash import html

    with pytest.raises(access.RefusedError, match="Narrow the selection"):
        access._limit_rows(html.Table(html.Tbody([html.Tr() for _ in range(access.ROW_LIMIT + 1)])))


def test_every_chart_has_sharing_switched_off(app: dash.Dash) -> None:
    assert CONFIG["showSendToCloud"] is False
    assert CONFIG["plotlyServerURL"] == ""
    for page in shell.pages():
        graphs = [item for item in components(layout_of(app, page)) if isinstance(item, dcc.Graph)]
        assert all(item.config == CONFIG for item in graphs), page["path"]


def test_the_layout_of_the_shell_holds_no_figure(client: flask.testing.FlaskClient, data: Any) -> None:
    assert data.id not in get(client, "/_dash-layout").text


@pytest.mark.parametrize(
    ("check", "good", "bad"),
    [
        (access.one_of(["a", "b"]), [("a", "a"), (None, None), ("", None)], ["c", ["a"], {"a": 1}, 1, 1.0]),
        (access.one_of(lambda: ["a"], blank=False), [("a", "a")], [None, ""]),
        (access.any_of(["a", "b"]), [(None, ()), (["b", "a", "b"], ("b", "a"))], ["a", ["c"], [["a"]], [None], ["a"] * 1001]),
        (access.flag(), [(True, True), (None, False)], ["yes", 1]),
        (access.number_of_clicks(), [(3, 3), (None, 0)], [-1, True, "3", 10**9]),
        (access.view_query(), [("?a=b", "a=b"), (None, "")], ["x" * 9_000, 3, "a\nb"]),
    ],
)  # fmt: skip
def test_checks_give_what_was_offered_and_refuse_the_rest(
    check: access.Check, good: list[Any], bad: list[Any]
) -> None:
    for sent, used in good:
        assert check(sent) == used
    for sent in bad:
        with pytest.raises(access.RefusedError) as refused:
            check(sent)
        assert repr(sent)[:8] not in str(refused.value), "what was sent is not repeated"


def test_a_fault_to_mend_is_a_sentence_on_the_page(app: dash.Dash) -> None:
    def broken(view: str) -> Any:
        raise HnbError("The register has no rows. Load one.")

    with app.server.test_request_context("/", base_url=HERE):
        layout = access.guarded_layout(broken, lambda page: page)(search="?x")
    assert [item.children for item in components(layout) if item._type == "P"] == [
        "The register has no rows. Load one."
    ]


# ------------------------------------------------------------------------------------- compression


def test_what_never_changes_is_cached_for_ever_and_comes_compressed(
    client: flask.testing.FlaskClient,
) -> None:
    document = get(client, "/").text
    scripts = [part.partition('"')[0] for part in document.split('src="')[1:]]
    for script in scripts:
        answer = get(client, script, headers={"Accept-Encoding": "br"})
        assert answer.status_code == 200, script
        assert "immutable" in answer.headers["Cache-Control"], script
        assert answer.headers.get("Content-Encoding") == "br" or len(answer.data) < 500, script


@pytest.mark.parametrize("path", ["/assets/shell.js", "/_dash-component-suites/dash/dcc/async-graph.js"])
def test_a_file_that_the_browser_has_is_not_sent_again(client: flask.testing.FlaskClient, path: str) -> None:
    for algorithm in ("gzip", "br"):
        first = get(client, path, headers={"Accept-Encoding": algorithm})
        assert (first.status_code, first.headers["Content-Encoding"]) == (200, algorithm)
        assert first.headers["Cache-Control"] == "no-cache"
        known = {"Accept-Encoding": algorithm, "If-None-Match": first.headers["ETag"]}
        again = get(client, path, headers=known)
        assert (again.status_code, again.data) == (304, b"")


def test_equal_bytes_are_compressed_once_whoever_asks(client: flask.testing.FlaskClient) -> None:
    def asked(path: str, algorithm: str) -> flask.testing.TestResponse:
        return get(client, path, headers={"Accept-Encoding": algorithm, "Referer": f"{HERE}/spend"})

    plain = asked("/_dash-layout", "identity").data
    for algorithm, decompressed in (("br", brotli.decompress), ("gzip", gzip.decompress)):
        first, again = asked("/_dash-layout", algorithm), asked("/_dash-layout", algorithm)
        assert first.headers["Content-Encoding"] == algorithm
        assert first.data == again.data
        assert decompressed(again.data) == plain
    assert asked("/_dash-dependencies", "br").data != asked("/_dash-layout", "br").data


def test_a_file_comes_whole_from_waitress_whose_files_have_a_length(
    client: flask.testing.FlaskClient,
) -> None:
    own = {"wsgi.file_wrapper": ReadOnlyFileBasedBuffer}
    for algorithm in ("br", "identity"):
        answer = get(
            client, "/assets/shell.js", headers={"Accept-Encoding": algorithm}, environ_overrides=own
        )
        assert answer.status_code == 200
        text = brotli.decompress(answer.data) if algorithm == "br" else answer.data
        assert text == (Path(shell.__file__).parent / "assets/shell.js").read_bytes()


def test_the_kept_bodies_do_not_grow_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compression, "BYTES_KEPT", 80)
    kept = compression._Kept()
    kept.set("br;", b"figures")
    assert kept.get("br;") is None, "what has no digest is never kept"
    kept.set("br;large", b"a download of rows")
    assert kept.get("br;large") is None, "one answer does not drive out the others"
    for number in range(1_000):
        kept.get("br;0")
        kept.set(f"br;{number}", b"ten bytes.")
    assert (len(kept._bodies), kept._bodies.size) == (8, 80)
    assert kept.get("br;0") and kept.get("br;999") and not kept.get("br;1"), "what is asked for stays"
