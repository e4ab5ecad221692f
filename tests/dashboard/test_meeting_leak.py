"""The meeting has no register to leak: planted canaries are in no byte that it serves and in no file of its folder."""

from __future__ import annotations

import datetime
import io
import itertools
import json
import re
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pandas
import pyarrow.parquet
import pypdf
import pytest

from dashboard.meeting.app import create_app
from dashboard.meeting.questions_file import QuestionsFile
from dashboard.meeting.shown import Shown
from dashboard.packs import KINDS, KeptPacks
from dashboard.publishing import publish
from hnb.configuration import Configuration
from hnb.placement_months import placement_months
from hnb.spend import spend
from hnb.store import publish as keep_snapshot
from hnb.tables import TABLES
from hnb.tables.placements import PLACEMENTS
from tests.browser.serving import ROOT, meeting_served
from tests.dashboard import snapshots

YEARS = {"2025-26": datetime.date(2026, 3, 31), "2026-27": datetime.date(2026, 10, 31)}
PUPIL, PROVIDER = "kanarienkind", "Kanarienhaus"
"""What every pupil's identifier and every provider's name begins with."""
COST = 98_765.43
"""The yearly cost of a child that is alone in its cell; each other child has a cost of its own as well."""


def _register() -> pandas.DataFrame:
    kinds = (("mainstream", "primary", "SLCN", "1.2.1", 7_301.13, 60), ("special_academy", "secondary", "ASD", "1.2.2", 23_417.71, 40),
             ("special_independent", "secondary", "SEMH", "1.2.3", 61_231.37, 14), ("special_independent", "primary", "HI", "1.2.3", COST, 1))  # fmt: skip
    rows, number = [], 0
    for setting, phase, need, line, cost, many in kinds:
        for place in range(many):
            number += 1
            for year, as_at in YEARS.items():
                rows.append(
                    {
                        "authority": snapshots.SUTTON, "financial_year": year, "register_as_at": as_at,
                        "placement_id": f"P{number}", "pupil_id": f"{PUPIL}{number:04d}", "need": need, "setting": setting,
                        "phase": phase, "provider": f"{PROVIDER} {setting} {place % 7}", "in_borough": True,
                        "start_on": datetime.date(2021, 9, 1), "end_on": None, "status": "open", "age": 9,
                        "annual_cost": round(cost + place * 37.19, 2), "line": line,
                        "source": f"{PROVIDER}_register.xlsx!Register!{number}",
                    }
                )  # fmt: skip
    return PLACEMENTS.conform(pandas.DataFrame(rows))


REGISTER = _register()
CANARIES = [PUPIL, PROVIDER, *(f"{cost:.2f}" for cost in sorted(set(REGISTER["annual_cost"].tolist())))]
LONE = [f"{COST:,.0f}", f"{COST:.0f}", "£98.8k", "£99k"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of two publications of the register with the canaries."""
    place = tmp_path_factory.mktemp("leak")
    months = placement_months(REGISTER)
    frames = {
        "placements": REGISTER,
        "placement_months": months,
        "spend": spend(REGISTER, months, TABLES["budget"].empty()),
        "grant": snapshots.grant_rows(),
        "balances": snapshots.balance_rows(),
        "recommendations": snapshots.recommendation_rows(),
    }
    tables = {name: frames.get(name, table.empty()) for name, table in TABLES.items()}
    keep_snapshot(tables, place / "processed", files=[], now=snapshots.NOW, code_version="test")
    configuration = Configuration(processed_folder=place / "processed")
    for day in (3, 4):
        now = datetime.datetime(2026, 11, day, 9, 0, tzinfo=datetime.UTC)
        publish(place / "processed", place / "published", configuration, now)
    return place / "published"


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    """Where the meeting's own process serves it."""
    with meeting_served(folder) as where:
        yield where


def _asked(address: str, path: str, method: str, data: bytes | None) -> tuple[int, bytes]:
    request = urllib.request.Request(  # noqa: S310 (our own address)
        f"{address}{path}", data=data, method=method, headers={"Origin": address}
    )
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
            return answer.status, answer.read() + str(answer.headers).encode()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read() + str(refused.headers).encode()


def test_no_canary_is_in_any_byte_that_any_route_serves(address, folder):
    app = create_app(
        Shown(folder),
        QuestionsFile(folder.parent / "q.toml"),
        Configuration(),
        datetime.date.today,
        KeptPacks(folder),
    )
    views = [view.view_id for view in Shown(folder).pair().views()]
    forged = [*views, f"{PUPIL}0115", PROVIDER, "..%2f..%2fprocessed", "%00", "all'--", "1", "115"]
    queries = [
        "",
        "?provider=x&pupil_id=1&audience=officer&threshold=1",
        f"?view_id={PUPIL}0115&role=officer&format=csv",
    ]
    form = urllib.parse.urlencode(
        {"view_id": "places", "text": "Why?", "asked_by": "chair", "answered": "yes", "audience": "officer"}
    ).encode()
    rules = list(app.url_map.iter_rules())
    assert {
        "/meeting",
        "/meeting/<view_id>",
        "/meeting/table/<view_id>",
        "/meeting/notes/<view_id>",
        "/story.md",
    } <= {rule.rule for rule in rules}
    served, seen = 0, {}
    for rule in rules:
        names = re.findall(r"<(?:[a-z]+:)?([a-z_]+)>", rule.rule)
        values = forged if names else [""]
        if "filename" in names:
            values = ["meeting.js", "meeting.css", "scheme.js", "../app.py", "..%2f..%2fdata.py"]
        for value, query in itertools.product(values, queries):
            path = re.sub(r"<[^>]+>", value, rule.rule) + query
            for method in ("GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS"):
                status, body = _asked(address, path, method, form if method == "POST" else None)
                seen[method, status] = seen.get((method, status), 0) + 1
                served += len(body)
                text = body.decode("utf-8", "replace")
                # The forged parts of an address are the asker's own; they do not come back either.
                found = [canary for canary in [*CANARIES, *LONE] if canary in text]
                assert not found, (path, method, found)
    assert served > 1_000_000 and seen["GET", 200] > 100
    assert not any(status == 500 for _, status in seen), seen


@pytest.mark.parametrize("kind", list(KINDS))
def test_no_canary_is_in_a_pack_that_the_meeting_hands_out(address, kind):
    status, body = _asked(address, f"/meeting/pack/{kind}", "GET", None)
    assert status == 200
    parts = [body]
    if kind in ("xlsx", "pptx"):
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            parts = [archive.read(name) for name in archive.namelist()]
    if kind == "pdf":
        parts.append(
            "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(body)).pages).encode()
        )
    text = b"".join(parts).decode("utf-8", "replace")
    assert "Sutton" in text
    assert [canary for canary in [*CANARIES, *LONE] if canary in text] == []
    assert _asked(address, f"/meeting/pack/{kind}x", "GET", None)[0] == 404


def test_no_canary_is_in_any_file_of_the_folder_decompressed_or_not(folder):
    costs = set(REGISTER["annual_cost"].tolist())
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert any(path.suffix == ".parquet" for path in files)
    for path in files:
        raw = path.read_bytes()
        assert not [canary for canary in CANARIES if canary.encode() in raw], path
        if path.suffix == ".parquet":
            table = pyarrow.parquet.read_table(path)
            text = json.dumps(table.to_pylist(), default=str) + str(table.schema)
            assert not [canary for canary in CANARIES if canary in text], path
            values = {
                value for column in table.columns for value in column.to_pylist() if isinstance(value, float)
            }
            assert not costs & values, path
    assert not {"placements", "pupil_id", "provider"} & {path.stem for path in files}


def test_the_lone_child_is_in_the_register_so_that_the_search_can_fail():
    assert COST in REGISTER["annual_cost"].tolist()
    assert all(
        re.search("|".join(map(re.escape, CANARIES)), value) for value in REGISTER["pupil_id"].tolist()
    )


def test_the_meetings_process_holds_nothing_that_could_open_a_register(folder):
    program = (
        "import sys, datetime\nfrom pathlib import Path\n"
        "from dashboard.__main__ import main\n"
        f"code = main(['meeting', '--published', {str(folder)!r}, '--check'])\n"
        "print('MODULES', *sorted(sys.modules))\nsys.exit(code)"
    )
    result = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr
    modules = next(line for line in result.stdout.splitlines() if line.startswith("MODULES")).split()
    refused = ("etl", "hnb.store", "hnb.board", "dashboard.data", "dashboard.app", "dashboard.pages", "dashboard.serving", "dashboard.publishing",
               "dash", "plotly", "openpyxl", "python_calamine", "odf")  # fmt: skip
    assert [
        name for name in modules if any(name == one or name.startswith(f"{one}.") for one in refused)
    ] == []
    assert "dashboard.meeting.app" in modules
