"""Publications: what is read is what was written, none is ever changed, and a damaged one says so.

published/
  CURRENT ──────────▶ 000002-…/   manifest.json  SHA256SUMS  screen_setting_by_phase.parquet  …
                      000001-…/   kept: the next is audited against it
"""

from __future__ import annotations

import dataclasses
import datetime
import errno
import json
from pathlib import Path

import polars
import pytest
from polars.testing import assert_frame_equal

from hnb import publications
from hnb.counterfactual import Counterfactual
from hnb.disclosure import TOTAL, Account, Rules
from hnb.disk import Disk, sole_publisher
from hnb.errors import HnbError
from hnb.metrics import MEASURES, Selection
from hnb.published import BoardRecommendation, Published
from hnb.recommendation_gap import Gap
from hnb.recommendations import Assessment, Point, Update

NOON = datetime.datetime(2026, 11, 30, 12, 0, tzinfo=datetime.UTC)
LATER = NOON + datetime.timedelta(days=90)

R1 = Assessment(
    "R1", "Places", "Fewer independent placements", "Head of SEND", "in_progress", "The review, page 7", True,
    "register.xlsx!Register!5", MEASURES["placements_share"], Selection(settings=("independent",), authority="E09000029"),
    "behind", "9.4% in 2025-26; 1.9 points above its path", Point("2023-24", 0.06), False, Point("2025-26", 0.094, "estimated"),
    0.075, "2027-28", "fall", 0.0675, 0.0265, 0.034, "adverse",
    (Point("2023-24", 0.06), Point("2024-25", None, "suppressed"), Point("2025-26", 0.094, "estimated")),
    (Update(datetime.date(2026, 3, 5), "in_progress", "Two bases opened", "Continue"),),
)  # fmt: skip
R2 = Assessment("R2", "Voice", "Ask families", "", "planned", "", False, "register.xlsx!Register!6", None, Selection(), "not_assessed", "No measure shows this")  # fmt: skip
WORTH = Counterfactual("2023-24", "2025-26", True, 0.06, 0.094, 3.4, 60_000.0, 12_000.0, 204_000.0, 40_800.0)


def table(placements: float) -> polars.DataFrame:
    return polars.DataFrame({
        "financial_year": ["2025-26"] * 2, "setting": ["independent", TOTAL], "phase": [TOTAL] * 2,
        "placements": [None, placements], "spend": [None, 1_000_000.0], "placement_cost": [None, 900_000.0],
        "placement_years": [None, 95.5], "status": ["suppressed", "reported"],
    })  # fmt: skip


def made(publication_id: str, placements: float = 100.0) -> publications.Publications:
    selected = table(placements).with_columns(polars.lit(TOTAL).alias("need"))
    screen = Published(
        publication_id, NOON, "000001-20261123T120000Z", datetime.date(2026, 10, 31), "screen", "E09000029", "Sutton",
        "Sutton Education Partnership", "SEP", "High Needs Block", Rules(), Account(2, 1, 1, 0, 20, 15, 1e6, 9e5),
        {"setting_by_phase": table(placements)}, ("2025-26",),
        polars.DataFrame({"financial_year": ["2025-26"], "closing": [-3.5e6], "is_forecast": [True]}),
        (BoardRecommendation(R1, Gap(0.019, 1.9, 114_000.0, "priced", 60_000.0), WORTH, ("2024-25",)), BoardRecommendation(R2, Gap(None))),
        selected, {"setting": {"independent": ("special_independent", "independent_mainstream")}},
    )  # fmt: skip
    return {"screen": screen, "pack": dataclasses.replace(screen, audience="pack", rules=Rules(threshold=10))}


def publish(folder: Path, when: datetime.datetime = NOON, make=None, disk: Disk | None = None):
    make = make or (lambda publication_id, before: made(publication_id))
    return publications.publish(folder, make, now=when, code_version="test", disk=disk)


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def assert_same(found: Published, expected: Published) -> None:
    for field in dataclasses.fields(expected):
        have, want = getattr(found, field.name), getattr(expected, field.name)
        if field.name == "tables":
            assert list(have) == list(want)
            for name in want:
                assert_frame_equal(have[name], want[name])
        elif isinstance(want, polars.DataFrame):
            assert_frame_equal(have, want)
        else:
            assert have == want, field.name


def test_what_is_read_is_what_was_written(tmp_path):
    publish(tmp_path)
    read = publications.latest(tmp_path)
    for audience, expected in made("000001-20261130T120000Z").items():
        assert_same(read[audience], expected)
    assert read["screen"].cell("placements", "2025-26", setting="independent").status == "suppressed"
    assert read["pack"].rules.threshold == 10


def test_a_publication_reckons_with_all_earlier_ones_and_changes_none(tmp_path):
    publish(tmp_path)
    first = files(tmp_path)
    given = []

    def make(publication_id, before):
        given.extend(before)
        return made(publication_id, 120.0)

    publish(tmp_path, LATER, make)
    assert [one["screen"].publication_id for one in given] == ["000001-20261130T120000Z"]
    assert {name: files(tmp_path)[name] for name in first if name[0] == "0"} == {name: first[name] for name in first if name[0] == "0"}  # fmt: skip
    assert publications.latest_id(tmp_path) == "000002-20270228T120000Z"
    earlier = publications.before(tmp_path, "000002-20270228T120000Z")
    assert earlier is not None and earlier["screen"].publication_id == "000001-20261130T120000Z"
    assert publications.before(tmp_path, "000001-20261130T120000Z") is None


def test_before_the_first_there_is_nothing_and_it_says_what_to_run(tmp_path):
    assert publications.latest_id(tmp_path) is None
    with pytest.raises(HnbError, match="python -m dashboard publish"):
        publications.latest(tmp_path)


def test_a_refusal_leaves_what_was_published(tmp_path):
    publish(tmp_path)

    def refused(publication_id, before):
        raise HnbError("A cell cannot be kept hidden.")

    with pytest.raises(HnbError, match="kept hidden"):
        publish(tmp_path, LATER, refused)
    assert publications.latest_id(tmp_path) == "000001-20261130T120000Z"
    assert not list(tmp_path.glob(".building-*"))


@pytest.mark.parametrize("name", ["manifest.json", "SHA256SUMS", "screen_recommendations.json", "pack_block.parquet"])  # fmt: skip
def test_a_changed_or_missing_file_is_told_of_and_stops_the_next(tmp_path, name):
    publish(tmp_path)
    path = tmp_path / "000001-20261130T120000Z" / name
    content = path.read_bytes()
    path.write_bytes(content[:-20] + b"x" * 20)
    with pytest.raises(HnbError, match="damaged"):
        publications.latest(tmp_path)
    with pytest.raises(HnbError, match="damaged"):
        publish(tmp_path, LATER)
    path.unlink()
    with pytest.raises(HnbError, match=f"{name} is missing from its publication"):
        publications.latest(tmp_path)
    path.write_bytes(content)
    assert publications.latest(tmp_path)


def test_a_later_format_is_not_guessed_at(tmp_path, monkeypatch):
    monkeypatch.setattr(publications, "FORMAT", 2)
    publish(tmp_path)
    monkeypatch.undo()
    with pytest.raises(HnbError, match="written in format 2"):
        publications.latest(tmp_path)


def test_one_publishes_at_a_time(tmp_path):
    with sole_publisher(tmp_path, NOON), pytest.raises(HnbError, match="publishing into"):
        publish(tmp_path)


class Failing(Disk):
    """A disk that refuses the change of one number."""

    def __init__(self, number: int) -> None:
        self.left = number

    def _count(self) -> None:
        self.left -= 1
        if self.left == 0:
            raise OSError(errno.ENOSPC, "No space left on device")

    def write(self, path: Path, content: bytes) -> None:
        self._count()
        super().write(path, content)

    def rename(self, source: Path, target: Path) -> None:
        self._count()
        super().rename(source, target)

    def replace(self, source: Path, target: Path) -> None:
        self._count()
        super().replace(source, target)


def test_whichever_write_fails_the_earlier_one_still_stands(tmp_path):
    publish(tmp_path)
    failed = 0
    for number in range(1, 40):
        try:
            publish(tmp_path, LATER, disk=Failing(number))
        except HnbError as error:
            failed += 1
            assert "still stands" in str(error)
            assert publications.latest(tmp_path)["screen"].publication_id == "000001-20261130T120000Z"
        else:
            break
    assert failed == 13, "4 files an audience, manifest, sums, rename, pointer, replace"
    assert publications.latest(tmp_path)["screen"].publication_id.startswith("000002-")


def test_the_manifest_says_by_what_rules_and_how_much_is_shown(tmp_path):
    publish(tmp_path)
    manifest = json.loads((tmp_path / "000001-20261130T120000Z" / "manifest.json").read_text("utf-8"))
    assert manifest["audiences"]["pack"]["rules"]["threshold"] == 10
    assert manifest["audiences"]["screen"]["account"]["cells_shown"] == 1
    assert manifest["snapshot_id"] == "000001-20261123T120000Z"


def test_a_publication_is_read_without_the_store_of_snapshots():
    import subprocess
    import sys

    told = "import sys, hnb.publications; print([name for name in sys.modules if name in ('hnb.store', 'dashboard.data', 'hnb.board')])"
    result = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"
