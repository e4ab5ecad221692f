"""Making a pack: from a terminal, from the desk's page, and with or without a browser to print."""

from __future__ import annotations

import datetime
import os
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import dash
import flask.testing
import pytest

from dashboard import packs
from dashboard.__main__ import main
from dashboard.app import create_app, pages
from dashboard.data import Source
from dashboard.packs import KeptPacks, browser, pack_bytes, pack_of
from dashboard.packs.browser import NoBrowserError
from hnb import publications
from hnb.configuration import Configuration
from hnb.errors import HnbError
from hnb.meeting.questions import Question
from tests.dashboard.conftest import components, get, layout_of, post, text_of
from tests.dashboard.pack_records import PUBLISHED, QUESTIONS, VIEWS

NOW = datetime.datetime(2026, 11, 30, 10, 15, tzinfo=datetime.UTC)
ASKED = Question(1, "position", "Why did transport rise?", "head teacher", datetime.date(2026, 11, 24))


def publish(folder: Path, now: datetime.datetime = NOW) -> str:
    """A publication of the records in the folder; gives its id."""

    def make(publication_id, before):
        one = replace(PUBLISHED, publication_id=publication_id, published_at=now)
        return {"screen": replace(one, audience="screen"), "pack": one}

    return publications.publish(folder, make, now=now, code_version="test")["pack"].publication_id


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of publications whose views are those of the records."""
    monkeypatch.setattr(packs, "views", lambda latest, before, asked: VIEWS)
    publish(tmp_path / "published")
    return tmp_path / "published"


@pytest.fixture
def no_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browser, "_places", lambda given: iter(()))
    monkeypatch.delenv("PACK_BROWSER", raising=False)


# ------------------------------------------------------------------------------------ which browser


def executable(path: Path, words: str = "") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!{sys.executable}\n{words}", "utf-8")
    path.chmod(0o755)
    return path


@pytest.mark.parametrize("name", ["chromium", "google-chrome", "microsoft-edge", "msedge"])
def test_a_browser_on_the_path_is_found(tmp_path, name, monkeypatch):
    monkeypatch.setattr(browser, "_MACOS", ())
    if os.name == "nt":
        name = f"{name}.exe"
    made = executable(tmp_path / name)
    assert browser.browser({"PATH": str(tmp_path)}) == made


@pytest.mark.parametrize(
    "variable, place",
    [
        ("PROGRAMFILES", "Google/Chrome/Application/chrome.exe"),
        ("PROGRAMFILES(X86)", "Microsoft/Edge/Application/msedge.exe"),
        ("LOCALAPPDATA", "Chromium/Application/chrome.exe"),
        ("PLAYWRIGHT_BROWSERS_PATH", "chromium-1200/chrome-linux/chrome"),
        ("HOME", ".cache/ms-playwright/chromium-1200/chrome-linux64/chrome"),
    ],
)
def test_a_browser_where_it_is_installed_is_found(tmp_path, variable, place, monkeypatch):
    monkeypatch.setattr(browser, "_MACOS", ())
    made = executable(tmp_path / place)
    assert browser.browser({variable: str(tmp_path)}) == made


def test_one_that_is_named_comes_before_all_others_and_must_be_there(tmp_path):
    made = executable(tmp_path / "other")
    assert browser.browser({"PACK_BROWSER": str(made), "PATH": os.environ["PATH"]}) == made
    with pytest.raises(NoBrowserError, match="there is no such file"):
        browser.browser({"PACK_BROWSER": str(tmp_path / "none")})


def test_where_there_is_none_one_sentence_says_what_to_do(no_browser):
    with pytest.raises(
        NoBrowserError, match=r"none of Chromium, Chrome and Edge was found.*PACK_BROWSER.*need none"
    ):
        browser.printed(b"<p>")


@pytest.mark.skipif(os.name == "nt", reason="a script is no program there")
def test_a_browser_that_prints_nothing_is_told_with_what_it_said(tmp_path, monkeypatch):
    fake = executable(tmp_path / "fake", "import sys; sys.stderr.write('no display\\n'); sys.exit(3)")
    monkeypatch.setenv("PACK_BROWSER", str(fake))
    with pytest.raises(HnbError, match=r"fake printed no PDF \(it ended with 3: no display\)"):
        browser.printed(b"<p>")
    slow = executable(tmp_path / "slow", "import time; time.sleep(30)")
    monkeypatch.setenv("PACK_BROWSER", str(slow))
    monkeypatch.setattr(browser, "SECONDS", 0.5)
    with pytest.raises(HnbError, match="slow did not print the PDF within"):
        browser.printed(b"<p>")


@pytest.mark.skipif(os.name == "nt", reason="a script is no program there")
def test_nothing_is_left_of_what_the_browser_was_given(tmp_path, monkeypatch):
    said = tmp_path / "said"
    fake = executable(tmp_path / "fake", f"import sys; open({str(said)!r}, 'w').write('\\n'.join(sys.argv))")
    monkeypatch.setenv("PACK_BROWSER", str(fake))
    with pytest.raises(HnbError, match="printed no PDF"):
        browser.printed(b"<p>")
    given = said.read_text("utf-8").splitlines()
    assert "--host-resolver-rules=MAP * ~NOTFOUND" in given and given[-1].startswith("file:///")
    profile = next(one.partition("=")[2] for one in given if one.startswith("--user-data-dir="))
    assert not Path(profile).parent.exists()


# ------------------------------------------------------------------------------------ what is made


def test_the_pack_of_a_folder_is_of_its_latest_publication_for_those_outside(folder):
    second = publish(folder, NOW + datetime.timedelta(days=1))
    pack = pack_of(folder)
    assert pack.published.publication_id == second and pack.published.audience == "pack"
    #  What people typed in a meeting goes out only where somebody has said so.
    assert QUESTIONS in pack_of(folder, [ASKED]).views and QUESTIONS not in pack.views


def test_the_bytes_of_a_pack_come_with_name_and_media_type(folder):
    name, content, media_type = pack_bytes("html", folder)
    assert name == "high-needs-block-sutton-pack-000001-2026-10-31.html"
    assert content.startswith(b"<!doctype html>") and media_type == "text/html; charset=utf-8"
    with pytest.raises(HnbError, match="Nothing is published"):
        pack_bytes("html", folder.parent / "elsewhere")


def test_a_pack_is_made_once_a_publication(folder, monkeypatch):
    kept = KeptPacks(folder)
    assert kept.made_already() == {}
    first = kept.file("xlsx")
    assert kept.file("xlsx") is first and kept.made_already() == {"xlsx": len(first.content)}
    publish(folder, NOW + datetime.timedelta(days=1))
    assert kept.made_already() == {}
    assert kept.file("xlsx").name == "high-needs-block-sutton-pack-000002-2026-10-31.xlsx"


# ------------------------------------------------------------------------------------- the command


def test_the_command_makes_the_files_that_are_asked_for(folder, tmp_path, capsys):
    target = tmp_path / "papers"
    asked = ["pack", "--published", str(folder), "--to", str(target), "--only", "xlsx, html"]
    assert main(asked) == 0
    assert sorted(file.name for file in target.iterdir()) == [
        "high-needs-block-sutton-pack-000001-2026-10-31.html",
        "high-needs-block-sutton-pack-000001-2026-10-31.xlsx",
    ]
    said = capsys.readouterr().out
    assert (
        "5 views of publication 000001-20261130T101500Z. Figures as at 31 October 2026; counts from 1 to 9 are hidden."
        in said
    )
    assert "000001-2026-10-31.xlsx" in said.splitlines()[1] and " kB in " in said  # in the order asked for


def test_without_a_browser_the_others_are_made_all_the_same(folder, tmp_path, capsys, no_browser):
    assert main(["pack", "--published", str(folder), "--to", str(tmp_path / "papers")]) == 2
    assert {file.suffix for file in (tmp_path / "papers").iterdir()} == {".pptx", ".xlsx", ".html"}
    assert capsys.readouterr().err.count("No PDF is made") == 1


def test_what_cannot_be_made_or_written_is_a_sentence(folder, tmp_path, capsys):
    with pytest.raises(SystemExit):
        main(["pack", "--only", "doc"])
    assert "some of pdf,pptx,xlsx,html" in capsys.readouterr().err
    assert main(["pack", "--published", str(tmp_path / "none"), "--only", "html"]) == 2
    assert "Nothing is published" in capsys.readouterr().err
    (tmp_path / "file").write_text("", "utf-8")
    assert main(["pack", "--published", str(folder), "--only", "html", "--to", str(tmp_path / "file")]) == 2
    assert "cannot be written" in capsys.readouterr().err


# ---------------------------------------------------------------------------------------- the desk


@pytest.fixture
def desk(folder: Path, full_folder: Path) -> Iterator[dash.Dash]:
    configuration = Configuration(processed_folder=full_folder, published_folder=folder)
    yield create_app(Source(full_folder, configuration), configuration)


@pytest.fixture
def asking(desk: dash.Dash) -> flask.testing.FlaskClient:
    return desk.server.test_client()


def of_the_meeting(app: dash.Dash) -> dash.development.base_component.Component:
    return layout_of(app, next(page for page in pages() if page["path"] == "/meeting-papers"))


def test_the_page_lists_what_was_published_and_how_much_each_shows(desk, folder):
    publish(folder, NOW + datetime.timedelta(days=1))
    words = text_of(of_the_meeting(desk))
    assert "The latest publication is of 1 December 2026, figures as at 31 October 2026" in words
    assert "000002-20261201T101500Z" in words and "000001-20261130T101500Z" in words
    assert "75.0%" in words and "82.0%" in words  # 690 of 920 cells, £984m of £1,200m
    assert "python -m dashboard meeting" in words and "Publishing is a command and no button" in words
    links = [
        part.href
        for part in components(of_the_meeting(desk))
        if getattr(part, "className", "") == "button" and hasattr(part, "href")
    ]
    assert links == ["/pack/pdf", "/pack/pptx", "/pack/xlsx", "/pack/html"]


def test_where_nothing_is_published_the_page_says_how_to(app, full_folder, tmp_path):
    configuration = Configuration(processed_folder=full_folder, published_folder=tmp_path)
    empty = create_app(Source(full_folder, configuration), configuration)
    words = text_of(of_the_meeting(empty))
    assert "Nothing has been published to the meeting yet" in words and "python -m dashboard publish" in words
    assert get(empty.server.test_client(), "/pack/html").status_code == 400


def test_a_damaged_publication_is_a_sentence_on_the_page(desk, folder):
    manifest = next(folder.glob("*/manifest.json"))
    manifest.write_text("{", "utf-8")
    alerts = [
        text_of(part) for part in components(of_the_meeting(desk)) if getattr(part, "role", "") == "alert"
    ]
    assert len(alerts) == 1 and "manifest.json" in alerts[0]


def test_a_link_makes_and_downloads_a_format(asking):
    for kind, begins in (("html", b"<!doctype html>"), ("pptx", b"PK"), ("xlsx", b"PK")):
        answer = get(asking, f"/pack/{kind}")
        assert answer.status_code == 200 and answer.data.startswith(begins)
        assert (
            answer.headers["Content-Disposition"]
            == f'attachment; filename="high-needs-block-sutton-pack-000001-2026-10-31.{kind}"'
        )
        assert answer.headers["Cache-Control"] == "no-store"
    assert get(asking, "/pack/doc").status_code == 404
    assert post(asking, "/pack/html", json={}).status_code == 405


def test_a_pdf_that_cannot_be_made_is_a_sentence(asking, no_browser):
    answer = get(asking, "/pack/pdf")
    assert answer.status_code == 400 and answer.text.startswith("No PDF is made")


def test_the_button_makes_all_and_says_what_could_not_be_made(desk, asking, no_browser):
    outputs = [{"id": "packs-list", "property": "children"}, {"id": "packs-said", "property": "children"}]
    body = {
        "output": "..packs-list.children...packs-said.children..",
        "outputs": outputs,
        "inputs": [{"id": "packs-make", "property": "n_clicks", "value": 1}],
        "changedPropIds": ["packs-make.n_clicks"],
    }
    answer = post(asking, "/_dash-update-component", json=body).get_json()["response"]
    assert answer["packs-said"]["children"].startswith("No PDF is made")
    said = str(answer["packs-list"]["children"])
    assert said.count("kB, made") == 3 and said.count("not made yet") == 1
