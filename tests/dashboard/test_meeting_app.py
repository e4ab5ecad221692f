"""The meeting's server: every view a page of its own, questions kept as data, and nobody else let in."""

from __future__ import annotations

import datetime
import html
import re
import tomllib

import pytest

from dashboard.meeting.app import create_app
from dashboard.meeting.questions_file import QuestionsFile
from dashboard.meeting.shown import Pair
from hnb.configuration import Configuration
from tests.hnb.test_meeting_story import NOW, THEN
from tests.hnb.test_meeting_views import PUBLISHED, VIEWS

HOST = "http://127.0.0.1:8051"
TODAY = datetime.date(2026, 11, 30)


class _Shown:
    def __init__(self, published, before=None):
        self._pair = Pair(published, before)

    def pair(self):
        return self._pair


@pytest.fixture
def file(tmp_path):
    return tmp_path / "meeting" / "questions.toml"


@pytest.fixture
def client(file):
    return _client(PUBLISHED, None, file)


def _client(published, before, file):
    app = create_app(_Shown(published, before), QuestionsFile(file), Configuration(), lambda: TODAY)
    return app.test_client()


def get(client, path, **headers):
    return client.get(path, base_url=HOST, headers=headers)


def words_of(page):
    """A page's text without the spans that keep years and names whole."""
    return html.unescape(re.sub(r"</?span[^>]*>", "", page))


def post(client, path, data, origin=HOST, **more):
    return client.post(path, base_url=HOST, data=data, headers={"Origin": origin} if origin else {}, **more)


def ask(client, text="Why did it rise?", asked_by="head teacher", view_id="places", **more):
    return post(
        client, "/meeting/questions", {"text": text, "asked_by": asked_by, "view_id": view_id}, **more
    )


@pytest.mark.parametrize("view_id", VIEWS)
def test_every_view_is_a_whole_page_without_script(client, view_id):
    answer = get(client, f"/meeting/{view_id}")
    page = answer.text
    assert answer.status_code == 200
    assert (
        re.sub(r"</?span[^>]*>", "", re.search(r"<h1[^>]*>(.*?)</h1>", page).group(1))
        == VIEWS[view_id].headline
    )
    assert page.count("<h1") == 1 and page.count("<main") == 1 and '<html lang="en-GB">' in page
    assert f"{list(VIEWS).index(view_id) + 1} of {len(VIEWS)}" in page
    assert " style=" not in page and "<style" not in page and not re.search(r"<script(?![^>]*src=)", page)


def test_the_ways_on_and_back_lead_through_all_views_in_order(client):
    path, found = "/meeting", []
    while path:
        page = get(client, path).text
        found.append(re.search(r'data-view="([^"]+)"', page).group(1))
        way = re.search(r'id="next" rel="next" href="([^"]+)"', page)
        path = way.group(1) if way else ""
    assert found == list(VIEWS)
    assert 'id="previous"' not in get(client, "/meeting").text


def test_the_table_holds_the_numbers_of_the_view(client):
    page = get(client, "/meeting/table/each-pound").text
    for name, figures in VIEWS["each-pound"].table.rows:
        assert f'<th scope="row">{name}</th>' in page
        assert all(f">{figure.words}</td>" in page for figure in figures)
    assert "c hidden" in get(client, "/meeting/table/setting-by-need").text


def test_notes_have_the_next_headline(client):
    page = words_of(get(client, "/meeting/notes/position").text)
    assert VIEWS["position"].notes[0] in page
    assert VIEWS["each-pound"].headline in page
    assert "This is the last view" in get(client, "/meeting/notes/questions").text


def test_the_story_is_a_page_and_a_text(file):
    client = _client(NOW, THEN, file)
    page, text = get(client, "/meeting/story"), get(client, "/story.md")
    assert "went from “on course” to “behind”" in words_of(page.text)
    assert text.mimetype == "text/markdown" and f"({HOST}/meeting/recommendation-r1)" in text.text
    for path in set(re.findall(rf"{HOST}(/meeting/[a-z0-9-]+)", text.text)):
        assert get(client, path).status_code == 200


def test_a_question_is_kept_as_data_shown_marked_and_opened_again(client, file):
    assert ask(client).status_code == 303
    assert tomllib.loads(file.read_text("utf-8"))["question"] == [
        {"question_id": 1, "view_id": "places", "text": "Why did it rise?", "asked_by": "head teacher", "asked_on": TODAY}
    ]  # fmt: skip
    assert "Why did it rise?" in get(client, "/meeting/questions").text
    assert post(client, "/meeting/questions/1", {"answered": "yes"}).status_code == 303
    assert tomllib.loads(file.read_text("utf-8"))["question"][0]["answered_on"] == TODAY
    assert "all are answered" not in get(client, "/meeting/questions").text
    assert "1 question taken away, and it is answered" in get(client, "/meeting/questions").text
    post(client, "/meeting/questions/1", {"answered": "no", "back": "all"})
    assert "answered_on" not in tomllib.loads(file.read_text("utf-8"))["question"][0]
    assert "Why did it rise?" in get(client, "/meeting/questions/all").text


@pytest.mark.parametrize("text", ["What of A123456789012?", "the boy born 03/04/2012", "", "x" * 301])
def test_what_must_not_be_written_down_is_refused_and_not_sent_back(client, file, text):
    answer = ask(client, text=text)
    assert answer.status_code == 422 and 'role="alert"' in answer.text
    assert not text or text not in answer.text
    assert not file.exists()


def test_a_question_with_markup_is_text(client):
    ask(client, text="<script>alert(1)</script> & more")
    page = get(client, "/meeting/questions").text
    assert "<script>alert(1)" not in page and "&lt;script&gt;alert(1)&lt;/script&gt; &amp; more" in page


def test_only_our_own_pages_may_change_anything(client, file):
    assert ask(client, origin="https://elsewhere.example").status_code == 403
    assert ask(client, origin="").status_code == 403
    assert ask(client, text="x" * 5_000).status_code == 413
    assert ask(client, view_id="no-such-view").status_code == 400
    assert post(client, "/meeting/questions", "{}", content_type="application/json").status_code == 415
    assert post(client, "/meeting/questions/7", {"answered": "yes"}).status_code == 503
    assert not file.exists()


@pytest.mark.parametrize("path", ["/meeting/nothing", "/meeting/table/nothing", "/meeting/notes/nothing", "/x", "/meeting/%2e%2e/app.py", "/assets/../app.py"])  # fmt: skip
def test_what_is_not_there_is_not_there(client, path):
    assert get(client, path).status_code == 404


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "10.0.0.5:8051"])
def test_another_name_of_this_machine_is_refused(client, host):
    assert client.get("/meeting", base_url=f"http://{host}").status_code == 400


@pytest.mark.parametrize("method", ["put", "delete", "patch", "options"])
def test_other_methods_are_refused(client, method):
    assert getattr(client, method)("/meeting", base_url=HOST).status_code == 405


@pytest.mark.parametrize(
    "path", ["/meeting", "/meeting/questions", "/assets/meeting.js", "/colours.css", "/nothing", "/story.md"]
)
def test_every_answer_carries_the_headers(client, path):
    headers = get(client, path).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy and "frame-ancestors 'none'" in policy
    assert headers["Cache-Control"] == "no-store" and headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY" and headers["Referrer-Policy"] == "same-origin"


def test_a_file_of_questions_that_is_not_one_is_told(client, file):
    file.parent.mkdir()
    file.write_text('[[question]]\ntext = "half"\n', "utf-8")
    answer = get(client, "/meeting")
    assert answer.status_code == 503 and "Entry 1 of questions.toml is no question" in answer.text
