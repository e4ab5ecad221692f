"""What each role sees, and that nothing is seen by whoever has less: every callback, page, route and file is walked.

nobody  →  signing in, whether the server is well, the program's own scripts
meeting →  a sentence, and a link to the meeting's own screen
analyst →  measures and tables: no number of a child or placement, no row of one, no small provider by name
officer →  everything
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dash
import flask.testing
import polars
import pytest

from dashboard import access, routes, sign_in
from dashboard.app import create_app, least_role, pages
from dashboard.data import Source
from dashboard.listings import listings
from dashboard.record_exports import RECORDS
from dashboard.roles import ANALYST, MEETING, OFFICER, PUBLIC, ROLES, least_role_of, reaches
from hnb.metrics import MEASURES
from hnb.store import Snapshot
from tests.dashboard.openid_issuer import Issuer, served_issuer
from tests.dashboard.signed_in import THERE, configured, signed_in

CALLBACKS = "/_dash-update-component"
FORGED = ({"a": 1}, ["not offered"], "not offered", -1)
OFFICERS_PAGES = {
    "/rows",
    "/placements/list",
    "/placements/exceptions",
    "/placements/one",
    "/reconcile",
    "/views",
}


@pytest.fixture(scope="module")
def issuer() -> Iterator[Issuer]:
    with served_issuer() as issuer:
        yield issuer


@pytest.fixture(scope="module")
def gated(full_folder: Path, issuer: Issuer, tmp_path_factory: pytest.TempPathFactory) -> dash.Dash:
    """The dashboard with sign-in, over the same snapshot as the other tests."""
    configuration = configured(tmp_path_factory.mktemp("gated"), full_folder, issuer)
    return create_app(Source(full_folder, configuration), configuration)


@pytest.fixture(scope="module")
def clients(gated: dash.Dash, issuer: Issuer) -> dict[str, flask.testing.FlaskClient]:
    """A browser of each role, signed in at the issuer; that of nobody is not."""
    found = {role: gated.server.test_client() for role in ROLES}
    for role in (MEETING, ANALYST, OFFICER):
        assert signed_in(found[role], issuer, f"subject of {role}", role).status_code == 302
    return found


def get(client: flask.testing.FlaskClient, path: str, **options: Any) -> Any:
    return client.get(path, base_url=THERE, **options)


def post(client: flask.testing.FlaskClient, body: Any, **headers: str) -> Any:
    return client.post(CALLBACKS, base_url=THERE, json=body, headers={"Origin": THERE, **headers})


def asked(output: str, entry: Any, value: Any) -> dict[str, Any]:
    """The body of a post that asks a callback with one value for everything."""
    given = [{**item, "value": value} for item in (*entry["inputs"], *entry["state"])]
    names = [dict(zip(("id", "property"), name.rsplit(".", 1), strict=True)) for name in output.strip(".").split("...")]  # fmt: skip
    return {
        "output": output, "outputs": names if output.startswith("..") else names[0], "changedPropIds": [],
        "inputs": given[: len(entry["inputs"])], "state": given[len(entry["inputs"]) :],
    }  # fmt: skip


def routed(app: dash.Dash, path: str, search: str = "") -> dict[str, Any]:
    """The body of a post by which Dash's router asks for a page."""
    output = next(name for name in app.callback_map if "_pages_content.children" in name)
    location = [{"id": "_pages_location", "property": name, "value": value} for name, value in (("pathname", path), ("search", search))]  # fmt: skip
    return {
        "output": output,
        "outputs": [dict(zip(("id", "property"), name.rsplit(".", 1), strict=True)) for name in output.strip(".").split("...")],
        "changedPropIds": [], "inputs": location,
        "state": [location[1], {"id": "_pages_store", "property": "data", "value": None}],
    }  # fmt: skip


# ------------------------------------------------------------------------------- what says its role


def test_every_callback_says_its_least_role(gated: dash.Dash) -> None:
    assert access.unguarded(gated.callback_map) == []
    said = [least_role_of(entry["callback"]) for entry in gated.callback_map.values() if hasattr(entry.get("callback"), "is_guarded")]  # fmt: skip
    assert len(said) > 25
    assert set(said) == {ANALYST, OFFICER}


def test_a_callback_that_says_none_or_is_for_everybody_would_be_found() -> None:
    def guarded(value: Any) -> Any:
        return value

    guarded.is_guarded = True  # type: ignore[attr-defined]
    assert access.unguarded({"a.b": {"callback": guarded}}) == ["a.b"]
    guarded.least_role = PUBLIC  # type: ignore[attr-defined]
    assert access.unguarded({"a.b": {"callback": guarded}}) == ["a.b"]


def test_every_page_says_its_least_role(gated: dash.Dash) -> None:
    said = {page["path"]: page.get("least_role") for page in pages()}
    assert set(said.values()) == {ANALYST, OFFICER}
    assert {path for path, role in said.items() if role == OFFICER} >= OFFICERS_PAGES
    assert all(page["layout"].least_role == page["least_role"] for page in pages())


def test_every_endpoint_says_its_least_role_and_few_are_for_everybody(gated: dash.Dash) -> None:
    said = {**routes.LEAST_ROLES, **sign_in.ENDPOINTS}
    assert {rule.endpoint for rule in gated.server.url_map.iter_rules()} == set(said)
    everybodys = {endpoint for endpoint, role in said.items() if role == PUBLIC}
    assert everybodys == {
        "healthz", "readyz", "sign_in", "sign_in_return", "_dash_assets.static", "/_favicon.ico",
        "/_dash-component-suites/<string:package_name>/<path:fingerprinted_path>",
    }  # fmt: skip


def test_every_listing_says_its_least_role() -> None:
    assert all(hasattr(maker, "least_role") for maker in listings().values())
    officers = {name for name, maker in listings().items() if maker.least_role == OFFICER}  # type: ignore[attr-defined]
    assert {"rows", "placements", "placement-exceptions", "placement-history", "outliers", "movers", "reconcile-exceptions"} < officers  # fmt: skip


def test_what_says_nothing_is_for_officers() -> None:
    assert least_role_of(lambda: None) == OFFICER
    assert least_role({"path": "/new"}) == OFFICER


# ---------------------------------------------------------------------------- who is refused what


@pytest.mark.parametrize("role", ROLES)
def test_every_callback_posted_as_every_role_with_forged_values(
    gated: dash.Dash, clients: dict[str, flask.testing.FlaskClient], role: str
) -> None:
    walked = 0
    for output, entry in gated.callback_map.items():
        if not hasattr(entry.get("callback"), "is_guarded"):
            continue
        least = least_role_of(entry["callback"])
        for value in FORGED:
            answer = post(clients[role], asked(output, entry, value))
            if role == PUBLIC:
                expected = {401}
            elif not reaches(role, least):
                expected = {403}
            else:
                # A text may be the query of an address: what it says in vain is dropped, never obeyed.
                expected = {400, 200, 204} if isinstance(value, str) else {400}
            assert answer.status_code in expected, (role, output, value, answer.text[:200])
            if expected <= {401, 403}:
                assert "not offered" not in answer.text
            walked += 1
    assert walked > 100


@pytest.mark.parametrize("role", ROLES)
def test_a_role_that_is_sent_along_changes_nothing(
    gated: dash.Dash, clients: dict[str, flask.testing.FlaskClient], role: str
) -> None:
    """In the body, in headers that a proxy might set, in a cookie of the browser's own making."""
    output, entry = next(
        (output, entry)
        for output, entry in gated.callback_map.items()
        if least_role_of(entry.get("callback")) == OFFICER and hasattr(entry.get("callback"), "is_guarded")
    )
    body = {**asked(output, entry, "x"), "role": OFFICER, "user": {"role": OFFICER}}
    headers = {"X-Forwarded-User": "chief", "X-Forwarded-Groups": "officer", "X-Role": "officer", "Authorization": "Bearer officer"}  # fmt: skip
    expected = {PUBLIC: 401, MEETING: 403, ANALYST: 403}
    answer = post(clients[role], body, **headers)
    assert answer.status_code == expected.get(role, answer.status_code)
    if role != OFFICER:
        assert answer.status_code in (401, 403)


def test_a_cookie_that_another_key_signed_is_nobody_s(gated: dash.Dash, full_folder: Path) -> None:
    other = flask.Flask("other")
    other.secret_key = b"k" * 32
    signer = other.session_interface.get_signing_serializer(other)  # type: ignore[attr-defined]
    forged = signer.dumps(
        {"subject": "chief", "role": OFFICER, "number": "1", "until": 9e12, "_permanent": True}
    )
    client = gated.server.test_client()
    client.set_cookie("__Host-hnb", forged, domain="hnb.council.example", secure=True)
    assert get(client, "/_dash-layout").status_code == 401


@pytest.mark.parametrize("role", ROLES)
def test_every_page_asked_for_as_every_role(
    gated: dash.Dash, clients: dict[str, flask.testing.FlaskClient], role: str
) -> None:
    for page in pages():
        answer = post(clients[role], routed(gated, page["path"]))
        document = get(clients[role], page["path"])
        layout = get(clients[role], "/_dash-layout", headers={"Referer": f"{THERE}{page['path']}"})
        if role == PUBLIC:
            assert (answer.status_code, document.status_code, layout.status_code) == (401, 302, 401)
        elif role == MEETING:
            assert (answer.status_code, document.status_code, layout.status_code) == (403, 403, 403)
            assert "https://meeting.council.example" in document.text
        else:
            is_shown = reaches(role, page["least_role"])
            assert ("This is for the role officer" in answer.text) is not is_shown, page["path"]
            assert ("This is for the role officer" in layout.text) is not is_shown, page["path"]
            assert document.status_code == (200 if is_shown else 403), page["path"]


@pytest.mark.parametrize("role", ROLES)
def test_every_file_asked_for_as_every_role(clients: dict[str, flask.testing.FlaskClient], role: str) -> None:
    files = {f"/export/{name}.csv": ANALYST for name in MEASURES}
    files |= {f"/export/record/{name}.csv": ANALYST for name in RECORDS}
    files |= {f"/export/listing/{name}.csv": least_role_of(maker) for name, maker in listings().items()}
    for path, least in files.items():
        answer = get(clients[role], path)
        if role == PUBLIC:
            assert answer.status_code == 401, path
        elif not reaches(role, least):
            assert answer.status_code == 403, path
        else:
            # Some listings want something chosen first, and say so.
            assert answer.status_code in (200, 400), (path, answer.text[:200])


@pytest.mark.parametrize(
    "path", ["/_dash-layout", "/_dash-dependencies", "/_reload-hash", "/static/x", "/nowhere"]
)
def test_what_dash_answers_to_anyone_is_answered_to_nobody_who_is_not_signed_in(
    clients: dict[str, flask.testing.FlaskClient], path: str
) -> None:
    assert get(clients[PUBLIC], path).status_code in (401, 302)
    assert get(clients[MEETING], path).status_code == 403


# -------------------------------------------------------------------------- what an analyst never sees


@pytest.fixture(scope="module")
def secret_words(full_folder: Path) -> set[str]:
    """Every number of a child or placement, every address of a row of the register, every small provider's name."""
    placements = Snapshot.open(full_folder).table("placements")
    words = {str(word) for name in ("pupil_id", "placement_id", "source") for word in placements[name].drop_nulls().unique()}  # fmt: skip
    children = placements.group_by("financial_year", "provider").agg(polars.col("pupil_id").n_unique())
    most = children.group_by("provider").agg(polars.col("pupil_id").max())
    small = most.filter(polars.col("pupil_id") < 6)["provider"].drop_nulls().to_list()
    assert words and small
    # The invented pupils are called a, b, c: that their numbers are gone is for tests/hnb/test_identifiers.py.
    # A file of the build is called monitor_P7.xlsx.
    return {word for word in words | set(small) if len(word) > 1} - {"P7"}


def test_an_analyst_s_pages_and_files_hold_no_identifier(
    gated: dash.Dash, clients: dict[str, flask.testing.FlaskClient], secret_words: set[str]
) -> None:
    texts = {page["path"]: post(clients[ANALYST], routed(gated, page["path"])).text for page in pages()}
    for name in listings():
        texts[name] = get(clients[ANALYST], f"/export/listing/{name}.csv").text
    for name in MEASURES:
        if "provider" in MEASURES[name].dimensions:
            texts[f"{name} by provider"] = get(
                clients[ANALYST], f"/export/{name}.csv?by=financial_year,provider"
            ).text
    for name in RECORDS:
        texts[name] = get(clients[ANALYST], f"/export/record/{name}.csv").text
    for typed in sorted(secret_words)[:20]:
        found = json.loads(post(clients[ANALYST], routed(gated, "/search", f"?q={typed}")).text)
        assert "/rows?source" not in json.dumps(found)
    shown = {
        (where, word)
        for where, text in texts.items()
        for word in secret_words
        if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text)
    }
    assert shown == set()
    seen_by_officers = post(clients[OFFICER], routed(gated, "/placements/list")).text
    assert any(word in seen_by_officers for word in secret_words), "the words are those that would be shown"


def test_an_analyst_s_sums_are_an_officer_s(clients: dict[str, flask.testing.FlaskClient]) -> None:
    """Taking identifiers out takes no pound out: every measure, split by year and by its finest kinds."""
    for name, measure in MEASURES.items():
        by = ",".join(part for part in ("financial_year", "setting", "phase", "need", "line") if part in measure.dimensions)  # fmt: skip
        path = f"/export/{name}.csv?by={by}"
        assert get(clients[ANALYST], path).data == get(clients[OFFICER], path).data, name


def test_an_analyst_who_names_a_small_provider_in_the_address_is_given_no_figure(
    clients: dict[str, flask.testing.FlaskClient],
) -> None:
    """Oak School has three children, each at 73,000 or 65,700 a year."""
    path = "/export/placement_cost.csv?years=2026-27&provider=Oak+School&by=provider"
    officers, analysts = (get(clients[role], path).text for role in (OFFICER, ANALYST))
    assert "Oak School" in officers
    assert len(officers.splitlines()) == 2
    assert len(analysts.splitlines()) == 1, "the heading, and no row"


def test_an_analyst_is_given_no_link_that_leads_nowhere(
    gated: dash.Dash, clients: dict[str, flask.testing.FlaskClient]
) -> None:
    officers_files = [name for name, maker in listings().items() if least_role_of(maker) == OFFICER]
    for page in pages():
        if page["least_role"] == OFFICER:
            continue
        text = post(clients[ANALYST], routed(gated, page["path"])).text
        assert [path for path in OFFICERS_PAGES if f'"href":"{path}' in text] == [], page["path"]
        assert [name for name in officers_files if f"/export/listing/{name}." in text] == [], page["path"]


def test_an_officer_sees_with_sign_in_what_is_seen_without(
    gated: dash.Dash, app: dash.Dash, clients: dict[str, flask.testing.FlaskClient]
) -> None:
    local = app.server.test_client().get("/export/spend.csv?by=provider", base_url="http://127.0.0.1:8050")
    assert get(clients[OFFICER], "/export/spend.csv?by=provider").data == local.data


def test_a_page_that_is_kept_is_each_role_s_own_and_every_view_of_it_is_written_down(
    gated: dash.Dash, clients: dict[str, flask.testing.FlaskClient]
) -> None:
    folder = gated.server.extensions["hnb_audit"].folder

    def lines() -> int:
        return sum(len(path.read_text().splitlines()) for path in folder.glob("*.jsonl"))

    for page in (page for page in pages() if page.get("is_kept")):
        shown: dict[str, list[str]] = {OFFICER: [], ANALYST: []}
        before = lines()
        for role in (OFFICER, ANALYST, ANALYST, OFFICER):
            shown[role].append(post(clients[role], routed(gated, page["path"], "?years=2025-26")).text)
        assert lines() - before == 4, page["path"]
        assert all(len(set(answers)) == 1 and "provenance" in answers[0] for answers in shown.values())
        if page["path"] == "/":
            assert "do the sources agree?" in shown[OFFICER][0]
            assert '"/reconcile' not in shown[ANALYST][0], "a link that leads an analyst nowhere"
