"""Signing in: by an issuer, by a proxy, or not at all; and what is refused, in a sentence.

The issuer of the tests answers on this machine's own address and checks what a real one checks.
"""

from __future__ import annotations

import base64
import hashlib
import json
import logging
import os
import re
import secrets
import stat
import string
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import dash
import flask
import flask.testing
import pytest
import requests
from joserfc.jwk import RSAKey

from dashboard import logs, sign_in
from dashboard.__main__ import main
from dashboard.app import create_app
from dashboard.audit import AuditLog, said_of
from dashboard.data import Source
from dashboard.roles import ANALYST, AT_THIS_MACHINE, MEETING, OFFICER, PUBLIC, Person
from hnb.configuration import Configuration, is_this_machine, open_address_fault, parse
from hnb.errors import HnbError
from tests.dashboard.openid_issuer import Issuer, served_issuer
from tests.dashboard.signed_in import THERE, configured, signed_in

LAYOUT = "/_dash-layout"


@pytest.fixture(scope="module")
def issuer() -> Iterator[Issuer]:
    with served_issuer() as issuer:
        yield issuer


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("sign_in")


@pytest.fixture(scope="module")
def gated(full_folder: Path, issuer: Issuer, folder: Path) -> dash.Dash:
    configuration = configured(folder, full_folder, issuer)
    return create_app(Source(full_folder, configuration), configuration)


@pytest.fixture
def client(gated: dash.Dash, issuer: Issuer) -> flask.testing.FlaskClient:
    issuer.forged, issuer.signed_by, issuer.without_token = {}, None, False
    return gated.server.test_client()


def get(client: flask.testing.FlaskClient, path: str, **options: Any) -> Any:
    return client.get(path, base_url=THERE, **options)


def gate_over(configuration: Configuration, clock: Callable[[], float] = lambda: 0.0) -> flask.Flask:
    """A small application behind the gate, which tells who is asking: what stands before the meeting's screen too."""
    server = flask.Flask("small")
    server.add_url_rule(
        "/", "screen", lambda: f"{sign_in.roles.person().subject} as {sign_in.roles.person().role}"
    )
    server.add_url_rule("/file", "file", lambda: "figures")
    server.add_url_rule("/forgotten", "forgotten", lambda: "nobody said who sees this")
    sign_in.install(
        server,
        configuration,
        {"screen": MEETING, "file": ANALYST},
        documents=["screen"],
        counted=["file"],
        clock=clock,
    )
    return server


# -------------------------------------------------------------------------------- an open address


OPEN = "0.0.0.0"  # noqa: S104 (it is what must be refused)


@pytest.mark.parametrize("address", [OPEN, "192.168.7.1", "::", "10.0.0.2", "some-host"])
def test_an_open_address_without_sign_in_is_refused_in_a_sentence(
    address: str, full_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--address", address, "--processed", str(full_folder), "--port", "8999"]) == 2
    said = capsys.readouterr().err
    assert "Without sign-in the dashboard serves this machine only" in said
    assert address in said
    assert main(["--address", address, "--processed", str(full_folder / "nothing"), "--port", "8999"]) == 2
    assert "serves this machine only" in capsys.readouterr().err, "said before that nothing is published"
    with pytest.raises(HnbError, match="serves this machine only"):
        parse({"address": address}, {})


def test_an_application_with_an_open_address_is_not_made(full_folder: Path) -> None:
    with pytest.raises(HnbError, match="serves this machine only"):
        gate_over(Configuration(address=OPEN))


@pytest.mark.parametrize(("address", "is_ours"), [("127.0.0.1", True), ("127.8.0.1", True), ("::1", True), ("localhost", True), (OPEN, False), ("localhost.evil.example", False)])  # fmt: skip
def test_which_addresses_are_this_machine_s(address: str, is_ours: bool) -> None:
    assert is_this_machine(address) is is_ours
    assert (open_address_fault(address, "none") == "") is is_ours
    assert open_address_fault(address, "openid") == ""


@pytest.mark.parametrize(
    "options",
    [{"environ_overrides": {"REMOTE_ADDR": "192.168.7.9"}}, {"headers": {"X-Forwarded-For": "192.168.7.9"}}, {"headers": {"Forwarded": "for=192.168.7.9"}}],
)  # fmt: skip
def test_without_sign_in_nobody_is_answered_who_comes_from_elsewhere(
    app: dash.Dash, options: dict[str, Any]
) -> None:
    """Whatever server it was put behind: the application looks at each request itself."""
    client = app.server.test_client()
    assert client.get("/", base_url="http://127.0.0.1:8050").status_code == 200
    assert client.get("/", base_url="http://127.0.0.1:8050", **options).status_code == 400


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"sign_in": "openid"}, 'sign_in is "openid" and needs public_address, issuer, client_id'),
        ({"sign_in": "proxy", "public_address": "https://a.example"}, 'sign_in is "proxy" and needs proxy_addresses'),
        ({"sign_in": "password"}, "is not none, openid or proxy"),
        ({"public_address": "http://a.example"}, "is not the beginning of an https address"),
        ({"public_address": "https://a.example/path"}, "is not the beginning of an https address"),
        ({"issuer": "http://issuer.example"}, "is not an https address"),
        ({"officer_values": ["a"], "analyst_values": ["a"]}, "a is in officer_values and in analyst_values"),
        ({"session_key_file": "data/processed/session.key"}, "session_key_file must be outside"),
        ({"audit_folder": "data/raw/audit"}, "audit_folder must be outside"),
    ],
)  # fmt: skip
def test_settings_that_lack_a_part_or_contradict_are_refused(given: dict[str, Any], said: str) -> None:
    with pytest.raises(HnbError) as refused:
        parse(given, {})
    assert said in str(refused.value)


# ------------------------------------------------------------------------------------ the issuer


@pytest.mark.parametrize(
    ("given", "role"),
    [(["officer"], OFFICER), (["analyst"], ANALYST), (["meeting"], MEETING), (["meeting", "officer"], OFFICER), (["chief"], PUBLIC), ([], PUBLIC), (["Officer"], PUBLIC)],
)  # fmt: skip
def test_the_highest_role_that_the_issuer_gives_counts(given: list[str], role: str) -> None:
    assert sign_in.role_of(given, Configuration()) == role


def test_signing_in_shows_each_role_what_it_sees(client: flask.testing.FlaskClient, issuer: Issuer) -> None:
    back = signed_in(client, issuer, "ada", "officer", at="/spend?years=2024-25")
    assert (back.status_code, back.location) == (302, "/spend?years=2024-25")
    shell = get(client, LAYOUT).text
    assert "Person ada (officer)" in shell
    assert "Sign out" in shell
    assert signed_in(client.application.test_client(), issuer, "ben", "meeting").status_code == 302


def test_the_cookie_is_signed_secure_and_of_this_site(client: flask.testing.FlaskClient, issuer: Issuer, folder: Path) -> None:  # fmt: skip
    cookie = signed_in(client, issuer, "ada", "officer").headers["Set-Cookie"]
    assert cookie.startswith("__Host-hnb=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= {part.strip() for part in cookie.split(";")}
    assert "Domain" not in cookie
    if os.name != "nt":
        assert stat.S_IMODE((folder / "session.key").stat().st_mode) == 0o600
    altered = cookie.partition(";")[0].removeprefix("__Host-hnb=")
    other = client.application.test_client()
    other.set_cookie("__Host-hnb", f"{altered[:-4]}AAAA", domain="hnb.council.example", secure=True)
    assert get(other, LAYOUT).status_code == 401


@pytest.mark.parametrize(
    "forged",
    [{"aud": "another-client"}, {"iss": "https://evil.example"}, {"nonce": "another"}, {"exp": 1}, {"sub": ""}, {"sub": None}, {"aud": ["high-needs", "another"]}],
    ids=str,
)  # fmt: skip
def test_a_token_that_is_for_another_or_late_signs_nobody_in(
    client: flask.testing.FlaskClient, issuer: Issuer, forged: dict[str, Any]
) -> None:
    issuer.forged = forged
    answer = signed_in(client, issuer, "mallory", "officer")
    assert answer.status_code == 403
    assert "You could not be signed in" in answer.text
    assert get(client, LAYOUT).status_code == 401


def test_a_token_that_another_key_signed_signs_nobody_in(
    client: flask.testing.FlaskClient, issuer: Issuer
) -> None:
    issuer.signed_by = RSAKey.generate_key(2048, {"kid": "one"})
    assert signed_in(client, issuer, "mallory", "officer").status_code == 403
    assert get(client, LAYOUT).status_code == 401


def test_an_answer_without_a_token_signs_nobody_in(client: flask.testing.FlaskClient, issuer: Issuer) -> None:
    issuer.without_token = True
    assert signed_in(client, issuer, "mallory", "officer").status_code == 403
    assert get(client, LAYOUT).status_code == 401


def test_coming_back_unasked_or_twice_signs_nobody_in(
    client: flask.testing.FlaskClient, issuer: Issuer
) -> None:
    assert get(client, "/sign-in/return?code=x&state=y").status_code == 403
    issuer.claims = {"sub": "ada", "roles": ["officer"]}
    leaving = get(client, "/sign-in")
    back = (
        requests.get(leaving.location, allow_redirects=False, timeout=10)
        .headers["Location"]
        .removeprefix(THERE)
    )
    stranger = client.application.test_client()
    assert get(stranger, back).status_code == 403, "another browser did not ask"
    assert get(client, back).status_code == 302
    assert get(client, back).status_code == 403, "a code is worth one session"


def test_whoever_has_no_role_here_is_told_so(client: flask.testing.FlaskClient, issuer: Issuer) -> None:
    answer = signed_in(client, issuer, "eve", "caretaker")
    assert answer.status_code == 403
    assert "none of your roles or groups is one that this dashboard knows" in answer.text
    assert get(client, LAYOUT).status_code == 401


@pytest.mark.parametrize(
    ("asked", "leads"),
    [("/spend?a=b", "/spend?a=b"), ("//evil.example", "/"), ("https://evil.example", "/"), ("/\\evil.example", "/"), ("/sign-in?next=/", "/"), ("/spend?" + "x" * 2_000, "/spend"), ("/a\nb", "/"), (None, "/")],
)  # fmt: skip
def test_after_signing_in_one_comes_back_to_our_own_pages_only(asked: Any, leads: str) -> None:
    assert sign_in._own_address(asked) == leads


def test_the_issuer_is_asked_with_proof_and_by_our_own_name(
    client: flask.testing.FlaskClient, issuer: Issuer
) -> None:
    asked = parse_qs(urlsplit(get(client, "/sign-in").location).query)
    assert asked["redirect_uri"] == [f"{THERE}/sign-in/return"]
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["response_type"] == ["code"]
    assert {"state", "nonce", "code_challenge"} <= set(asked)


def test_a_picture_that_a_browser_looks_for_begins_no_sign_in(client: flask.testing.FlaskClient) -> None:
    assert get(client, "/favicon.ico", headers={"Sec-Fetch-Dest": "image"}).status_code == 401
    assert get(client, "/spend", headers={"Sec-Fetch-Dest": "document"}).status_code == 302


def test_a_sign_in_in_two_windows_ends_in_both(client: flask.testing.FlaskClient, issuer: Issuer) -> None:
    issuer.claims = {"sub": "ada", "roles": ["officer"]}
    first, second = (get(client, f"/sign-in?next={path}").location for path in ("/spend", "/budget"))
    back = requests.get(first, allow_redirects=False, timeout=10).headers["Location"].removeprefix(THERE)
    assert get(client, back).status_code == 302
    assert second != first


def test_what_is_kept_while_signing_in_fits_into_a_cookie(client: flask.testing.FlaskClient) -> None:
    for number in range(6):
        query = "".join(secrets.choice(string.ascii_letters) for _ in range(990))
        answer = get(client, f"/sign-in?next=/spend?years={query}{number}")
        assert len(answer.headers["Set-Cookie"]) < 4_096


def test_whoever_is_not_signed_in_adds_no_line_to_the_log(
    client: flask.testing.FlaskClient, folder: Path
) -> None:
    before = lines(folder)
    get(client, "/export/spend.csv")
    client.get("/export/spend.csv", base_url="https://other.example")
    assert lines(folder) == before


def test_an_issuer_that_does_not_answer_is_said(full_folder: Path, tmp_path: Path) -> None:
    configuration = configured(tmp_path, full_folder, Issuer(address="http://127.0.0.1:9"))
    answer = gate_over(configuration).test_client().get("/sign-in", base_url=THERE)
    assert (answer.status_code, "You could not be signed in" in answer.text) == (403, True)


def test_a_secret_that_is_not_there_is_a_sentence(full_folder: Path, tmp_path: Path, issuer: Issuer) -> None:
    configuration = configured(tmp_path, full_folder, issuer)
    configuration.client_secret_file.unlink()
    with pytest.raises(HnbError, match=r"client_secret_file in settings\.toml"):
        gate_over(configuration)


# ------------------------------------------------------------------------------------ the session


def test_signing_out_ends_the_session_even_for_a_copy_of_its_cookie(
    client: flask.testing.FlaskClient, issuer: Issuer
) -> None:
    cookie = (
        signed_in(client, issuer, "ada", "officer").headers["Set-Cookie"].partition(";")[0].partition("=")[2]
    )
    copied = client.application.test_client()
    copied.set_cookie("__Host-hnb", cookie, domain="hnb.council.example", secure=True)
    assert get(copied, LAYOUT).status_code == 200
    assert (
        client.post("/sign-out", base_url=THERE, headers={"Origin": "https://evil.example"}).status_code
        == 403
    )
    assert client.post("/sign-out", base_url=THERE).status_code == 403, "no Origin at all"
    assert get(client, "/sign-out").status_code in (403, 404, 405), "a link cannot sign anybody out"
    answer = client.post("/sign-out", base_url=THERE, headers={"Origin": THERE})
    assert "You are signed out" in answer.text
    assert get(client, LAYOUT).status_code == 401
    assert get(copied, LAYOUT).status_code == 401


def test_a_session_ends_after_its_hours(full_folder: Path, tmp_path: Path, issuer: Issuer) -> None:
    now = [1_000.0]
    server = gate_over(configured(tmp_path, full_folder, issuer, session_hours=2), clock=lambda: now[0])
    client = server.test_client()
    assert signed_in(client, issuer, "ada", "officer", at="/").status_code == 302
    now[0] += 2 * 3600 - 1
    assert get(client, "/").text == "ada as officer"
    now[0] += 1
    assert get(client, "/").status_code == 302


def test_a_script_is_the_same_for_everybody_and_caches_know_it(client: flask.testing.FlaskClient, issuer: Issuer) -> None:  # fmt: skip
    signed_in(client, issuer, "ada", "officer")
    assert get(client, "/assets/shell.js").status_code == 200
    assert "Cookie" not in get(client, "/assets/shell.js").headers.get("Vary", "")
    assert "Cookie" in get(client, LAYOUT).headers["Vary"]


def test_an_endpoint_that_nobody_spoke_of_is_for_officers(
    full_folder: Path, tmp_path: Path, issuer: Issuer
) -> None:
    server = gate_over(configured(tmp_path, full_folder, issuer))
    for role, status in ((MEETING, 403), (ANALYST, 403), (OFFICER, 200)):
        client = server.test_client()
        signed_in(client, issuer, role, role, at="/")
        assert get(client, "/").text == f"{role} as {role}", (
            "the same gate stands before the meeting's screen"
        )
        assert get(client, "/forgotten").status_code == status


def test_only_the_name_that_people_reach_it_by_is_answered(
    client: flask.testing.FlaskClient, issuer: Issuer
) -> None:
    signed_in(client, issuer, "ada", "officer")
    assert client.get(LAYOUT, base_url="https://other.example").status_code == 400
    assert client.get(LAYOUT, base_url="http://127.0.0.1:8050").status_code == 400
    for path in ("/healthz", "/readyz"):
        assert client.get(path, base_url="http://127.0.0.1:8050").status_code == 200


def test_too_much_in_a_minute_is_refused_for_one_and_not_for_others(full_folder: Path, tmp_path: Path, issuer: Issuer) -> None:  # fmt: skip
    server = gate_over(
        configured(tmp_path, full_folder, issuer, requests_per_minute=20, exports_per_minute=2)
    )
    ada, ben = server.test_client(), server.test_client()
    signed_in(ada, issuer, "ada", "officer", at="/")
    signed_in(ben, issuer, "ben", "officer", at="/")
    assert [get(ada, "/file").status_code for _ in range(3)] == [200, 200, 429]
    assert [get(ada, "/").status_code for _ in range(18)][-1] == 429
    refused = get(ada, "/")
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "60")
    assert get(ben, "/file").status_code == 200


def test_without_sign_in_whoever_asks_is_an_officer_and_nothing_is_written(
    app: dash.Dash, tmp_path: Path
) -> None:
    server = gate_over(Configuration(audit_folder=tmp_path / "audit"))
    answer = server.test_client().get("/", base_url="http://127.0.0.1:8050")
    assert answer.text == f"{AT_THIS_MACHINE.subject} as {OFFICER}"
    assert "Set-Cookie" not in answer.headers
    assert not (tmp_path / "audit").exists()
    assert "sign_in" not in app.server.view_functions


# -------------------------------------------------------------------------------------- the proxy


@pytest.fixture
def behind_a_proxy(full_folder: Path, tmp_path: Path) -> flask.testing.FlaskClient:
    configuration = Configuration(
        sign_in="proxy", public_address=THERE, proxy_addresses=("10.1.1.1",), audit_folder=tmp_path / "audit",
        processed_folder=full_folder, officer_values=("finance", "heads"),
    )  # fmt: skip
    return gate_over(configuration).test_client()


def from_proxy(client: flask.testing.FlaskClient, address: str = "10.1.1.1", **headers: str) -> Any:
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.get("/", base_url=THERE, headers=sent, environ_overrides={"REMOTE_ADDR": address})


def test_a_proxy_says_who_it_is(behind_a_proxy: flask.testing.FlaskClient) -> None:
    told = {"X_Forwarded_User": "ada", "X_Forwarded_Groups": "staff, heads"}
    assert from_proxy(behind_a_proxy, **told).text == "ada as officer"
    assert (
        from_proxy(behind_a_proxy, X_Forwarded_User="ben", X_Forwarded_Groups="meeting").text
        == "ben as meeting"
    )
    assert (
        from_proxy(behind_a_proxy, X_Forwarded_User="eve", X_Forwarded_Groups="caretaker").status_code == 403
    )


@pytest.mark.parametrize("address", ["127.0.0.1", "10.1.1.2", ""])
def test_the_same_headers_from_elsewhere_are_not_believed(behind_a_proxy: flask.testing.FlaskClient, address: str) -> None:  # fmt: skip
    told = {"X_Forwarded_User": "ada", "X_Forwarded_Groups": "heads", "X_Forwarded_For": "10.1.1.1"}
    assert from_proxy(behind_a_proxy, address, **told).status_code == 401


def test_a_proxy_that_names_nobody_lets_nobody_in(behind_a_proxy: flask.testing.FlaskClient) -> None:
    answer = from_proxy(behind_a_proxy, X_Forwarded_Groups="heads")
    assert answer.status_code == 401
    assert "did not say who you are" in answer.text


# ----------------------------------------------------------------------------------- what is written


def lines(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for path in sorted((folder / "audit").glob("*.jsonl")) for line in path.read_text().splitlines()]  # fmt: skip


def test_it_is_written_who_saw_which_view_and_took_which_file(
    full_folder: Path, tmp_path: Path, issuer: Issuer
) -> None:
    configuration = configured(tmp_path, full_folder, issuer)
    client = create_app(Source(full_folder, configuration), configuration).server.test_client()
    signed_in(client, issuer, "ben", "analyst")
    get(
        client,
        LAYOUT,
        headers={"Referer": f"{THERE}/spend?years=2024-25&provider=Fir+House&provider=Oak+School"},
    )
    get(client, LAYOUT, headers={"Referer": f"{THERE}/search?q=Kevin+Child"})
    get(client, LAYOUT, headers={"Referer": f"{THERE}/placements/one?placement=P7"})
    get(client, "/export/spend.csv?years=2024-25&by=need&note=Kevin")
    get(client, "/export/listing/placements.csv?find=Kevin")
    get(client, "/export/Kevin.csv")
    client.post("/sign-out", base_url=THERE, headers={"Origin": THERE})
    told = [(line["who"], line["role"], line["did"], line["what"], line["selection"], line["status"]) for line in lines(tmp_path)]  # fmt: skip
    assert told == [
        ("ben", "analyst", "sign_in", "signed in", "", 200),
        ("ben", "analyst", "view", "/spend", "years=2024-25", 200),
        ("ben", "analyst", "view", "/search", "", 200),
        ("ben", "analyst", "view", "/placements/one", "", 403),
        ("ben", "analyst", "export", "/export/spend.csv", "years=2024-25", 200),
        ("ben", "analyst", "export", "listing", "", 403),
        ("ben", "analyst", "export", "export", "", 404),
        ("ben", "analyst", "sign_out", "signed out", "", 200),
    ]
    written = "".join(path.read_text() for path in (tmp_path / "audit").glob("*.jsonl"))
    assert not [word for word in ("Kevin", "P7", "Fir", "Oak") if word in written]
    assert [line["providers"] for line in lines(tmp_path) if "providers" in line] == [2]


def test_files_of_the_log_are_kept_their_days_and_read_by_nobody_else(tmp_path: Path) -> None:
    import datetime

    day = [datetime.datetime(2026, 11, 1, 9, tzinfo=datetime.UTC)]
    log = AuditLog(tmp_path / "audit", 2, clock=lambda: day[0])
    for _ in range(4):
        log.write(Person("ada", OFFICER), "view", "/spend")
        day[0] += datetime.timedelta(days=1)
    kept = sorted((tmp_path / "audit").iterdir())
    assert [path.name for path in kept] == ["audit-2026-11-02.jsonl", "audit-2026-11-03.jsonl", "audit-2026-11-04.jsonl"]  # fmt: skip
    if os.name != "nt":
        assert {stat.S_IMODE(path.stat().st_mode) for path in kept} == {0o600}


def test_what_cannot_be_written_down_is_not_shown(full_folder: Path, tmp_path: Path, issuer: Issuer) -> None:
    configuration = configured(tmp_path, full_folder, issuer)
    client = gate_over(configuration).test_client()
    (tmp_path / "audit").write_text("a file where the folder would be")
    answer = signed_in(client, issuer, "ada", "officer", at="/")
    assert answer.status_code == 500
    assert "figures" not in get(client, "/file").text


@pytest.mark.parametrize(
    ("query", "said"),
    [("years=2024-25&provider=A&q=x", ("years=2024-25", 1)), ("settings=nowhere", ("", 0)), ("find=Kevin&placement=P1", ("", 0)), ("", ("", 0))],
)  # fmt: skip
def test_of_an_address_only_the_selection_is_written(query: str, said: tuple[str, int]) -> None:
    assert said_of(query) == said


def test_a_log_line_holds_no_value(full_folder: Path, tmp_path: Path, issuer: Issuer) -> None:
    server = gate_over(configured(tmp_path, full_folder, issuer))
    logs.install(server)
    told: list[str] = []

    class Kept(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            told.append(logs.JsonLine().format(record))

    logger = logging.getLogger()
    handler, level = Kept(), logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    try:
        get(server.test_client(), "/?q=Kevin")
        logging.getLogger("library").warning("could not read %s", "Kevin")
        try:
            raise ValueError("Kevin")
        except ValueError:
            logging.getLogger("library").exception("failed for Kevin")
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)
    assert "Kevin" not in "".join(told)
    answered = next(json.loads(line) for line in told if json.loads(line).get("said") == "answered")
    assert (answered["rule"], answered["status"], answered["method"]) == ("/", 302, "GET")
    assert any(json.loads(line).get("error") == "ValueError" for line in told)


# ---------------------------------------------------------------------------------- whether it is well


def test_it_is_well_while_it_answers_and_ready_while_a_snapshot_can_be_read(app: dash.Dash, full_folder: Path, tmp_path: Path) -> None:  # fmt: skip
    client = app.server.test_client()
    assert client.get("/healthz", base_url="http://127.0.0.1:8050").text == "well\n"
    assert client.get("/readyz", base_url="http://127.0.0.1:8050").text == "ready\n"
    source = app.server.extensions["hnb"]
    app.server.extensions["hnb"] = Source(
        tmp_path / "nothing", replace(Configuration(), processed_folder=tmp_path)
    )
    try:
        answer = client.get("/readyz", base_url="http://127.0.0.1:8050")
        assert (answer.status_code, answer.text) == (503, "the newest snapshot cannot be read\n")
        assert client.get("/healthz", base_url="http://127.0.0.1:8050").status_code == 200
    finally:
        app.server.extensions["hnb"] = source


# --------------------------------------------------------------------------- a page that stands alone


def test_a_page_that_stands_alone_is_drawn_as_written_and_loads_nothing(
    client: flask.testing.FlaskClient, issuer: Issuer
) -> None:
    """Its policy stands against the desk's and the meeting's own, by which its style would be dropped or any style be taken."""
    signed_in(client, issuer, "mia", "meeting")
    for answer in (get(client, "/spend"), get(client.application.test_client(), LAYOUT)):
        style = re.search("<style>(.*?)</style>", answer.text, re.DOTALL)
        assert style
        digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
        assert answer.headers["Content-Security-Policy"] == (
            f"default-src 'none'; style-src 'sha256-{digest}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
        )
        assert "src=" not in answer.text and "url(" not in answer.text
        assert answer.headers["X-Frame-Options"] == "DENY"


def test_whoever_is_in_the_wrong_place_is_shown_the_way_out(
    client: flask.testing.FlaskClient, issuer: Issuer
) -> None:
    signed_in(client, issuer, "ann", "analyst")
    answer = get(client, "/pack/pdf")
    assert answer.status_code == 403
    assert '<a href="/">To the first page</a>' in answer.text
    assert '<form method="post" action="/sign-out">' in answer.text
