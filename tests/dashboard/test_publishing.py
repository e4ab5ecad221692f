"""`python -m dashboard publish`, as a user sees it: what it says, what it refuses, and what it is one of."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from dashboard import publishing
from dashboard.__main__ import COMMANDS, main
from hnb import publications
from hnb.configuration import Configuration
from hnb.errors import HnbError
from hnb.store import Snapshot


def test_it_says_how_much_is_shown_and_that_nothing_hidden_can_be_worked_out(sample_published: Path) -> None:
    said = (sample_published.parent / "output.txt").read_text("utf-8")
    assert "On the meeting's screen (counts from 1 to 5 hidden):" in said
    assert "In packs that leave the room (counts from 1 to 9 hidden):" in said
    assert said.count("each count and each amount: none can be worked out") == 2
    assert "years that are hidden: R7" in said
    assert "HiGHS" not in said, "the solver's greeting is not for the terminal"
    made = publications.latest(sample_published)
    assert said == publishing.account_of(made, sample_published)


def test_without_a_snapshot_it_says_so_and_leaves_no_folder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    published = tmp_path / "published"
    assert main(["publish", "--processed", str(tmp_path), "--published", str(published)]) == 2
    assert "python -m etl build" in capsys.readouterr().err
    assert not published.exists()


def test_it_publishes_into_the_settings_folders(
    tmp_path: Path, sample_build, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = []
    snapshot = Snapshot.open(sample_build.processed)

    def published(tables, configuration, **more):
        asked.append((tables.id, configuration.published_folder, more["as_at"], more["before"]))
        raise HnbError("That is enough.")

    monkeypatch.setattr(publishing.board, "published", published)
    monkeypatch.setenv("HNB_PROCESSED_FOLDER", str(sample_build.processed))
    monkeypatch.setenv("HNB_PUBLISHED_FOLDER", str(tmp_path / "here"))
    assert main(["publish"]) == 2
    assert "That is enough." in capsys.readouterr().err
    assert asked == [(snapshot.id, tmp_path / "here", datetime.date(2026, 10, 31), [])]
    assert Configuration().published_folder == Path("data/published")


def test_help_tells_of_every_command_and_an_unknown_one_is_refused(
    capsys: pytest.CaptureFixture[str],
) -> None:
    for arguments, code in ((["-h"], 0), (["celebrate"], 2), (["publish", "--help"], 0)):
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        assert ended.value.code == code
        said = "".join(capsys.readouterr())
        assert all(name in said for name in COMMANDS) or arguments[0] == "publish"
