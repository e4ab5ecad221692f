"""The meeting's screen behind sign-in: whoever has at least its role sees it, nobody else does."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from dashboard.meeting.app import create_app
from dashboard.meeting.questions_file import QuestionsFile
from dashboard.meeting.shown import Pair
from tests.dashboard.openid_issuer import served_issuer
from tests.dashboard.signed_in import THERE, configured, signed_in
from tests.hnb.test_meeting_views import PUBLISHED

TODAY = datetime.date(2026, 11, 30)


class Shown:
    def pair(self) -> Pair:
        return Pair(PUBLISHED, None)


@pytest.mark.parametrize(
    ("given", "status"), [("meeting", 200), ("analyst", 200), ("officer", 200), ("caretaker", 302)]
)
def test_the_meeting_s_role_and_those_above_it_see_the_screen(
    given: str, status: int, tmp_path: Path
) -> None:
    with served_issuer() as issuer:
        configuration = configured(tmp_path, tmp_path, issuer, meeting_address=THERE)
        questions = QuestionsFile(tmp_path / "questions.toml")
        client = create_app(Shown(), questions, configuration, lambda: TODAY).test_client()
        assert client.get("/meeting", base_url="http://127.0.0.1:8051").status_code == 400
        assert client.get("/meeting", base_url=THERE).status_code == 302
        back = signed_in(client, issuer, "ada", given, at="/meeting")
        # What tells somebody that they have no role brings its own style, which the screen's policy would drop.
        assert ("style-src 'sha256-" in back.headers["Content-Security-Policy"]) is (given == "caretaker")
        assert client.get("/meeting", base_url=THERE).status_code == status
        foreign = client.post(
            "/meeting/questions", base_url=THERE, headers={"Origin": "https://evil.example"}
        )
        assert foreign.status_code == 403
