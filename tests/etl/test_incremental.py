"""A build that keeps what files gave before finds the same as one from nothing, and tells nobody's identifier."""

from __future__ import annotations

import dataclasses
import datetime
import json
import os
import re
import shutil
from pathlib import Path

import numpy
import pandas
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from etl import fingerprint, kept, packed, pipeline, readings
from etl.correct import read_corrections
from etl.one_file import FileRead, OneFile
from etl.pipeline import Report, build
from hnb.configuration import Configuration
from hnb.contract import Problem
from hnb.store import Snapshot
from hnb.tables import ABOUT_THE_BUILD
from tests.conftest import Built
from tests.etl.pictures import MONITOR_LAYOUT, csv_text, layout, sound_monitor

NOW = datetime.datetime(2026, 11, 23, 21, 0, tzinfo=datetime.UTC)
MONITOR = layout()
CORRECTION = """
[[corrections]]
layout = "monitor"
where = { line = "1.2.3.*" }
column = "Setting"
was = "Special - independent"
becomes = "Central"
what = "x"
why = "x"
who = "x"
on = 2026-11-20
"""


@dataclasses.dataclass
class Office:
    """A folder of workbooks and all else that an edit can change."""

    folder: Path
    layouts: list = dataclasses.field(default_factory=lambda: [MONITOR])
    corrections: list = dataclasses.field(default_factory=list)
    configuration: Configuration = dataclasses.field(default_factory=Configuration)
    key: bytes = b"k" * 32

    @property
    def raw(self) -> Path:
        return self.folder / "raw"

    def write(self, name: str, year: int, budget: int) -> None:
        text = csv_text(sound_monitor(budget=(budget, 50), total=budget + 50))
        self.raw.mkdir(parents=True, exist_ok=True)
        (self.raw / f"{name}.csv").write_text(
            text.replace("2023-24", f"20{year}-{year + 1}"), encoding="utf-8"
        )

    def built(self, processed: str = "processed", **more) -> Report:
        return build(self.raw, self.folder / processed, self.configuration, pupil_key=self.key, now=NOW, code_version="test",
                     layouts=self.layouts, corrections=self.corrections, accept_problems=True, **more)  # fmt: skip


@pytest.fixture
def office(tmp_path) -> Office:
    office = Office(tmp_path)
    office.write("a", 22, 100)
    office.write("b", 23, 200)
    return office


@pytest.fixture
def read(monkeypatch) -> list[str]:
    """The names of the files that are really read, as they are."""
    names: list[str] = []
    really = readings.one_file

    def counted(path, name, reading):
        names.append(name)
        return really(path, name, reading)

    monkeypatch.setattr(readings, "one_file", counted)
    return names


def contents(report: Report) -> dict[str, str]:
    """The sha256 of each published table."""
    return {name: entry["sha256"] for name, entry in report.snapshot.manifest["tables"].items()}


def test_nothing_changed_and_nothing_is_published(office, read):
    first, second = office.built(), office.built()
    assert sorted(read) == ["a.csv", "b.csv"]
    assert (first.is_unchanged, second.is_unchanged) == (False, True)
    assert second.snapshot.id == first.snapshot.id == Snapshot.open(office.folder / "processed").id
    assert (second.files, second.sheets, second.problems) == (first.files, first.sheets, first.problems)
    assert set(second.tables) == set(first.tables)
    assert second.tables["budget"].equals(first.snapshot.frame("budget"))


def test_only_the_file_that_changed_is_read_again(office, read):
    office.built()
    read.clear()
    office.write("b", 23, 300)
    report = office.built()
    assert read == ["b.csv"]
    assert report.tables["budget"]["amount"].sum() == 100 + 50 + 300 + 50 + 2 * 80


def test_anew_reads_all_and_publishes(office, read):
    first = office.built()
    again = office.built(anew=True)
    assert sorted(read) == ["a.csv", "a.csv", "b.csv", "b.csv"]
    assert again.snapshot.id != first.snapshot.id


def test_refusals_that_were_accepted_once_are_not_accepted_by_a_build_that_does_not_say_so(office):
    (office.raw / "bad.csv").write_text("Name,Sum\nApple,3\n")
    assert office.built().snapshot is not None
    strict = build(office.raw, office.folder / "processed", office.configuration, pupil_key=office.key, now=NOW, code_version="test",
                   layouts=office.layouts, corrections=[])  # fmt: skip
    assert (strict.exit_code, strict.snapshot) == (1, None)


EDITS = {
    "a cell": lambda office, n: office.write("b", 23, 201 + n % 50),
    "another file": lambda office, n: office.write(f"more{n % 3}", 10 + n % 3, 70 + n % 5),
    "a file less": lambda office, n: (office.raw / f"more{n % 3}.csv").unlink(missing_ok=True),
    "a copy": lambda office, n: shutil.copy(office.raw / "a.csv", office.raw / "copy.csv"),
    "no copy": lambda office, n: (office.raw / "copy.csv").unlink(missing_ok=True),
    "another name": lambda office, n: (office.raw / "b.csv").rename(office.raw / f"b{n}.csv") and office.write("b", 7, 9),
    "a broken file": lambda office, n: (office.raw / "broken.csv").write_text(f"Name,Sum\nApple,{n}\n"),
    "a layout's code": lambda office, n: setattr(office, "layouts", [layout(MONITOR_LAYOUT.replace("revised_budget", "original_budget" if n % 2 else "revised_budget"))]),
    "a layout more": lambda office, n: setattr(office, "layouts", [MONITOR, layout(MONITOR_LAYOUT.replace('"monitor"', '"fruit"').replace('find = ["Budget line", "Setting"]', 'find = ["Name", "Sum"]'))]),
    "a correction": lambda office, n: setattr(office, "corrections", list(read_corrections(CORRECTION, "x.toml")) if n % 2 else []),
    "the authority": lambda office, n: setattr(office, "configuration", dataclasses.replace(office.configuration, authority="E09000029" if n % 2 else "E10000016")),
    "the tolerance": lambda office, n: setattr(office, "configuration", dataclasses.replace(office.configuration, total_tolerance=float(n))),
    "the key": lambda office, n: setattr(office, "key", bytes([n % 256]) * 32),
    "nothing": lambda office, n: None,
}  # fmt: skip


@settings(
    max_examples=60 if os.environ.get("HNB_LONG_TESTS") else 6, suppress_health_check=[HealthCheck.too_slow]
)
@given(edits=st.lists(st.tuples(st.sampled_from(sorted(EDITS)), st.integers(0, 99)), min_size=1, max_size=5))
def test_after_any_edit_a_build_finds_what_a_build_from_nothing_finds(tmp_path_factory, edits):
    office = Office(tmp_path_factory.mktemp("office"))
    office.write("a", 22, 100)
    office.write("b", 23, 200)
    office.built()
    for name, number in edits:
        EDITS[name](office, number)
        shutil.rmtree(office.folder / "nothing", ignore_errors=True)
        # The same last load, and nothing read.
        shutil.copytree(office.folder / "processed", office.folder / "nothing", ignore=shutil.ignore_patterns("read"))  # fmt: skip
        ours, fresh = office.built(), office.built("nothing")
        assert not fresh.is_unchanged
        assert (ours.files, ours.sheets) == (fresh.files, fresh.sheets)
        # What tells how a load stands to the one before is another thing where nothing was loaded.
        about = ABOUT_THE_BUILD if ours.is_unchanged else ()
        assert {k: v for k, v in contents(ours).items() if k not in about} == {k: v for k, v in contents(fresh).items() if k not in about}  # fmt: skip
        assert ours.is_unchanged or ours.problems == fresh.problems


@pytest.mark.parametrize("damage", [
    lambda content: content[:-1],
    lambda content: b"",
    lambda content: content[:200],
    lambda content: content[:150] + bytes([content[150] ^ 1]) + content[151:],
    lambda content: content[:-3] + b"xyz",
    lambda content: b"\xff" * len(content),
], ids=["cut", "empty", "short", "a bit of its header", "its end", "other bytes"])  # fmt: skip
def test_a_damaged_reading_is_read_anew(office, read, damage):
    first = office.built()
    for path in (office.folder / "processed" / "read").iterdir():
        path.write_bytes(damage(path.read_bytes()))
    read.clear()
    again = office.built()
    assert sorted(read) == ["a.csv", "b.csv"] and not again.is_unchanged
    assert again.tables["budget"].equals(first.tables["budget"])


def test_a_snapshot_that_was_damaged_or_put_back_is_published_anew(office):
    first = office.built()
    processed = office.folder / "processed"
    (processed / "snapshots" / first.snapshot.id / "budget.parquet").write_bytes(b"x")
    second = office.built()
    assert not second.is_unchanged and Snapshot.open(processed).id == second.snapshot.id
    office.write("b", 23, 300)
    office.built()
    (processed / "CURRENT").write_text(second.snapshot.id + "\n")
    assert not office.built().is_unchanged


def test_readings_that_nothing_needs_are_swept(office):
    office.built()
    folder = office.folder / "processed" / "read"
    (folder / "0123-1.half").write_bytes(b"from a build that was killed")
    before = {path.name for path in folder.iterdir()}
    (office.raw / "b.csv").unlink()
    office.write("c", 21, 5)
    office.built()
    after = {path.name for path in folder.iterdir()}
    assert len(after) == 3 and len(before & after) == 2  # a.csv's and last.json stay


def test_a_failure_that_may_pass_is_not_kept(tmp_path):
    store = kept.Kept(tmp_path, "x")
    for what, expected in (("reader_crashed", 0), ("too_slow", 0), ("empty_file", 1)):
        store.keep("f.csv", OneFile(FileRead("f.csv", "1" * 64, 1, 1), (Problem("f.csv", what, "x"),)))
        assert len(list(tmp_path.iterdir())) == expected


def test_a_disk_that_refuses_only_costs_time(office, read):
    (office.folder / "processed").mkdir()
    (office.folder / "processed" / "read").write_text("a file where the folder should be")
    assert office.built().snapshot and office.built().snapshot
    assert len(read) == 4


@given(st.binary(max_size=300))
def test_other_bytes_are_never_taken_for_a_reading(data):
    for content in (data, packed._MARK + data):
        with pytest.raises(packed.DamagedError):
            packed.unpacked(content)


def test_every_reading_of_the_sample_comes_back_as_it_was_and_names_no_child(
    sample_build: Built, tmp_path, monkeypatch
):
    """Each file of the sample is kept; no reference of a child stands in what is kept, whatever column it was in."""
    ones: dict[str, OneFile] = {}
    really = kept.Kept.keep
    monkeypatch.setattr(kept.Kept, "keep", lambda self, name, one: (ones.update({name: one}), really(self, name, one))[1])  # fmt: skip
    build(sample_build.raw, tmp_path / "processed", Configuration(), pupil_key=b"k" * 32, now=NOW, code_version="test", publishing=False)  # fmt: skip
    assert len(list((tmp_path / "processed" / "read").glob("*.reading"))) == len(ones) == len(list(sample_build.raw.iterdir()))  # fmt: skip
    for one in ones.values():
        back = packed.unpacked(packed.packed(one))
        assert dataclasses.replace(back, sheets=()) == dataclasses.replace(one, sheets=())
        for ours, theirs in zip(one.sheets, back.sheets, strict=True):
            assert ours.frames.keys() == theirs.frames.keys()
            for name, frame in ours.frames.items():
                pandas.testing.assert_frame_equal(frame, theirs.frames[name], check_index_type=False)
            assert dataclasses.replace(ours, frames={}, money=None) == dataclasses.replace(
                theirs, frames={}, money=None
            )
            assert (ours.money is None) == (theirs.money is None)
            for name, of_rows in vars(ours.money).items() if ours.money else ():
                numpy.testing.assert_array_equal(of_rows, vars(theirs.money)[name])
    references = {
        str(value)
        for path in sample_build.raw.glob("placement_register_2026*")
        for value in pandas.read_excel(path, sheet_name="Register", header=3, engine="calamine")[
            "Pupil ref"
        ].dropna()
    }
    assert len(references) > 1000
    said = json.dumps([
        [vars(problem) for one in ones.values() for problem in one.problems],
        [frame.astype(str).to_numpy().tolist() for one in ones.values() for sheet in one.sheets for frame in sheet.frames.values()],
    ])  # fmt: skip
    assert not references & set(re.findall(r"[A-Za-z0-9]+", said))


def test_all_that_decides_a_reading_is_in_its_fingerprint(tmp_path):
    (tmp_path / "etl").mkdir()
    (tmp_path / "etl" / "x.toml").write_text("a = 1")
    first = fingerprint.source_of(tmp_path, ["etl"])
    (tmp_path / "etl" / "x.toml").write_text("a = 2")
    assert fingerprint.source_of(tmp_path, ["etl"]) != first
    long = "x" * 300
    assert fingerprint.described(re.compile(long + "a")) != fingerprint.described(re.compile(long + "b"))
    assert fingerprint.described({"a": 1, "b": (2, None)}) != fingerprint.described(
        {"a": 1, "b": (2, "None")}
    )
    with pytest.raises(TypeError, match="no fingerprint"):
        fingerprint.described(object())


def test_the_fingerprint_does_not_tell_the_key(office):
    office.built()
    said = b"".join(path.read_bytes() for path in (office.folder / "processed").rglob("*") if path.is_file())
    assert office.key not in said and office.key.hex().encode() not in said


@pytest.mark.parametrize("at_once", [1, 2, 3])
def test_readings_come_in_order_however_many_are_read_at_once(office, at_once):
    for number in range(6):
        office.write(f"c{number}", 10 + number, number + 1)
    office.configuration = dataclasses.replace(office.configuration, reading_processes=at_once)
    report = office.built()
    assert [file.name for file in report.files] == sorted(path.name for path in office.raw.iterdir())


def test_a_fault_while_reading_is_not_swallowed(office, monkeypatch):
    monkeypatch.setattr(readings, "one_file", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        office.built()


def test_the_pipeline_names_the_settings_that_change_nothing():
    named = pipeline._that_matter(Configuration())
    assert "authority" in named and "port" not in named and "raw_folder" not in named
