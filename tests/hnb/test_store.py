"""The store: what is published is whole, what is read is what was written, and nothing in between is ever seen.

processed/
  CURRENT ──────────────▶ snapshots/000002-…/   manifest.json  SHA256SUMS  balances.parquet  spend.parquet
                          snapshots/000001-…/   kept, until there are more than `keep`
"""

from __future__ import annotations

import contextlib
import datetime
import errno
import hashlib
import json
import multiprocessing
import random
import threading
import time
from pathlib import Path

import pandas
import polars
import pyarrow
import pytest

from hnb import store
from hnb.contract import Column, Problem, Table
from hnb.disk import Disk, sole_publisher
from hnb.errors import HnbError
from hnb.store import Snapshot, current_id, publish, show_again, snapshot_folders, verify
from hnb.tables import TABLES

NOON = datetime.datetime(2026, 11, 23, 12, 0, tzinfo=datetime.UTC)

SPEND = Table(
    "spend",
    "what a setting cost in a year",
    (
        Column("authority", "identifier", "Whose."),
        Column("financial_year", "year", "Which year."),
        Column("setting", "code", "Kind of setting.", codes="settings"),
        Column("amount", "pounds", "What it cost."),
        Column("placements", "count", "How many.", unit="placements", required=False),
        Column("rate", "share", "A part of the whole.", required=False),
        Column("counted_on", "date", "When counted.", required=False),
        Column("in_borough", "flag", "Whether near.", required=False),
        Column("source", "text", "Where it was read."),
    ),
    ("authority", "financial_year", "setting"),
)
BALANCES = Table(
    "balances",
    "the balance at the end of a year",
    (Column("financial_year", "year", "Which year."), Column("amount", "pounds", "Balance.")),
    ("financial_year",),
)
CONTRACT = {"balances": BALANCES, "spend": SPEND}


def spend(amount: float = 10.0, rows: int = 6) -> pandas.DataFrame:
    """A few rows, with a blank in each column that may have one; `amount` tells one build from another."""
    settings = ["special_independent", "mainstream", "resourced"]
    return pandas.DataFrame(
        {
            "authority": "E09000029",
            "financial_year": [f"20{20 + row // 3}-{21 + row // 3}" for row in range(rows)],
            "setting": [settings[row % 3] for row in range(rows)],
            "amount": [amount + row for row in range(rows)],
            "placements": [None if row == 1 else row for row in range(rows)],
            "rate": [None if row == 2 else row / 7 for row in range(rows)],
            "counted_on": [None if row == 3 else datetime.date(2026, 1, 15) for row in range(rows)],
            "in_borough": [None if row == 4 else row % 2 == 0 for row in range(rows)],
            "source": [f"monitor.xlsx!Budget!{row + 5}" for row in range(rows)],
        }
    )


def balances(amount: float = 10.0) -> pandas.DataFrame:
    return pandas.DataFrame({"financial_year": ["2024-25", "2023-24"], "amount": [amount, amount + 1]})


def published(processed: Path, amount: float = 10.0, **given) -> Snapshot:
    """Publish one build, in which both tables say `amount`."""
    options = {"now": NOON, "code_version": "test", "contract": CONTRACT} | given
    return publish({"spend": spend(amount), "balances": balances(amount)}, processed, **options)


def amount_of(snapshot: Snapshot) -> float:
    """Which build the snapshot is of; fails if its tables come from two."""
    amounts = {snapshot.table("spend")["amount"].min(), snapshot.table("balances")["amount"].min()}
    assert len(amounts) == 1, f"tables of two builds: {amounts}"
    return amounts.pop()


@pytest.fixture
def processed(tmp_path: Path) -> Path:
    return tmp_path / "data" / "processed"


class TestWhatIsReadIsWhatWasWritten:
    def test_pandas_frames_come_back_as_conformed_sorted_by_key(self, processed):
        published(processed)
        expected = SPEND.conform(spend()).sort_values(list(SPEND.key), ignore_index=True)
        pandas.testing.assert_frame_equal(Snapshot.open(processed).frame("spend"), expected)

    def test_polars_types_follow_the_kind_of_each_column(self, processed):
        assert published(processed).table("spend").schema == {
            "authority": polars.String,
            "financial_year": polars.String,
            "setting": polars.String,
            "amount": polars.Float64,
            "placements": polars.Int64,
            "rate": polars.Float64,
            "counted_on": polars.Date,
            "in_borough": polars.Boolean,
            "source": polars.String,
        }

    def test_blanks_stay_blank(self, processed):
        table = published(processed).table("spend")
        blanks = {name: table[name].null_count() for name in table.columns}
        assert {name for name, count in blanks.items() if count} == {
            "placements",
            "rate",
            "counted_on",
            "in_borough",
        }
        assert set(blanks.values()) == {0, 1}

    def test_meanings_units_and_ordered_codes_come_back_with_the_fields(self, processed):
        published(processed)
        schema = Snapshot.open(processed).arrow("spend").schema
        assert schema.equals(SPEND.arrow_schema(), check_metadata=True)
        assert schema.field("amount").metadata[b"unit"] == "£".encode()

    def test_each_of_our_tables_survives_without_rows(self, processed):
        empty = {name: table.empty() for name, table in TABLES.items()}
        snapshot = publish(empty, processed, now=NOON, code_version="test")
        for name, table in TABLES.items():
            assert snapshot.table(name).columns == list(table.names)
            pandas.testing.assert_frame_equal(snapshot.frame(name), table.empty())
        assert verify(processed) == []

    def test_the_snapshot_that_publish_gives_is_the_one_that_open_gives(self, processed):
        given = published(processed)
        opened = Snapshot.open(processed)
        assert given.id == opened.id == current_id(processed)
        assert given.manifest == opened.manifest
        assert given.table("spend").equals(opened.table("spend"))

    def test_neither_frame_given_nor_frame_read_is_shared(self, processed):
        frame = spend()
        before = frame.copy(deep=True)
        snapshot = publish({"spend": frame}, processed, now=NOON, code_version="", contract=CONTRACT)
        pandas.testing.assert_frame_equal(frame, before)
        read = snapshot.frame("spend")
        read["amount"] = 0.0
        assert snapshot.frame("spend")["amount"].min() == 10.0

    def test_a_table_that_is_not_there_is_said(self, processed):
        snapshot = published(processed)
        assert snapshot.has("spend") and not snapshot.has("plans")
        with pytest.raises(HnbError, match="holds no table plans"):
            snapshot.table("plans")


class TestManifest:
    def test_it_says_what_was_read_what_was_made_when_and_by_what(self, processed):
        files = [{"name": "monitor.xlsx", "sha256": "0f", "bytes": 12, "rows": 6}]
        problems = [Problem("a", "x", "y"), Problem("a", "x", "z", severity="note"), Problem("b", "x", "z")]
        manifest = published(processed, files=files, problems=problems, code_version="abc").manifest
        assert manifest["made_at"] == "2026-11-23T12:00:00+00:00"
        assert manifest["code_version"] == "abc"
        assert manifest["files"] == files
        assert manifest["problems"] == {"note": 1, "refusal": 2}
        assert list(manifest["tables"]) == ["balances", "spend"]
        table = manifest["tables"]["spend"]
        assert (table["rows"], table["row"]) == (6, "what a setting cost in a year")
        assert {"name": "amount", "kind": "pounds", "unit": "£"} in table["columns"]

    def test_its_sums_are_those_of_the_files_and_sha256sum_can_check_them(self, processed):
        snapshot = published(processed)
        folder = processed / "snapshots" / snapshot.id
        for entry in snapshot.manifest["tables"].values():
            content = (folder / entry["file"]).read_bytes()
            assert (hashlib.sha256(content).hexdigest(), len(content)) == (entry["sha256"], entry["bytes"])
        listed = dict(line.split("  ")[::-1] for line in (folder / "SHA256SUMS").read_text().splitlines())
        assert set(listed) == {path.name for path in folder.iterdir()} - {"SHA256SUMS"}
        for name, digest in listed.items():
            assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest

    def test_the_same_rows_in_any_order_give_the_same_bytes(self, processed):
        first = published(processed)
        shuffled = {"balances": balances().iloc[::-1], "spend": spend().sample(frac=1, random_state=1)}
        second = publish(
            shuffled,
            processed,
            now=NOON + datetime.timedelta(days=1),
            code_version="test",
            contract=CONTRACT,
        )
        assert second.manifest["content"] == first.manifest["content"]
        assert second.manifest["previous"] == first.id
        for name in ("spend.parquet", "balances.parquet"):
            contents = {(folder / name).read_bytes() for folder in snapshot_folders(processed)}
            assert len(contents) == 1
        assert published(processed, 11.0).manifest["content"] != first.manifest["content"]

    def test_a_table_without_a_key_is_sorted_too(self, processed):
        keyless = Table("spend", SPEND.row, SPEND.columns, ())
        contents = {
            publish(
                {"spend": spend().sample(frac=1, random_state=seed)},
                processed,
                now=NOON,
                code_version="",
                contract={"spend": keyless},
            ).manifest["content"]
            for seed in range(3)
        }
        assert len(contents) == 1


class TestWhatIsOursToMend:
    def test_a_table_without_contract(self, processed):
        with pytest.raises(ValueError, match="no contract for table"):
            publish({"guesses": spend()}, processed, now=NOON, code_version="")

    def test_a_blank_where_none_may_be(self, processed):
        frame = balances()
        frame.loc[0, "amount"] = None
        with pytest.raises(ValueError, match="null"):
            publish({"balances": frame}, processed, now=NOON, code_version="", contract=CONTRACT)
        assert current_id(processed) is None

    def test_a_time_without_zone_and_keeping_nothing(self, processed):
        with pytest.raises(ValueError, match="time zone"):
            published(processed, now=NOON.replace(tzinfo=None))
        with pytest.raises(ValueError, match="keep"):
            published(processed, keep=0)


class TestDamage:
    @pytest.fixture
    def folder(self, processed) -> Path:
        return processed / "snapshots" / published(processed).id

    @pytest.mark.parametrize("name", ["spend.parquet", "manifest.json", "SHA256SUMS"])
    @pytest.mark.parametrize("harm", ["missing", "truncated", "emptied", "flipped"])
    def test_is_one_sentence_that_names_the_file_and_what_to_do(self, processed, folder, name, harm):
        path = folder / name
        content = path.read_bytes()
        harmed = {
            "missing": None,
            "truncated": content[:-7],
            "emptied": b"",
            "flipped": flipped(content, 70),
        }[harm]
        path.unlink()
        if harmed is not None:
            path.write_bytes(harmed)
        with pytest.raises(HnbError) as caught:
            Snapshot.open(processed)
        # A damaged list of sums shows as a manifest that it does not match.
        assert str(path) in str(caught.value) or (
            name == "SHA256SUMS" and "manifest.json" in str(caught.value)
        )
        assert "python -m etl build" in str(caught.value)
        assert [problem.severity for problem in verify(processed)] == ["refusal"]

    def test_no_flipped_bit_of_any_file_passes(self, processed, folder):
        randomly = seeded(20261123)
        for path in sorted(folder.iterdir()):
            content = path.read_bytes()
            for _ in range(60):
                path.write_bytes(flipped(content, randomly.randrange(len(content) * 8)))
                with pytest.raises(HnbError):
                    Snapshot.open(processed)
            path.write_bytes(content)
        assert verify(processed) == []

    def test_page_checksums_alone_catch_every_flip_in_a_page(self, processed):
        """The sums apart: a Parquet file copied elsewhere still knows its pages.

        Without write_page_checksum, 185 of these 200 flips read silently wrong.
        """
        rows = pandas.DataFrame(
            {"financial_year": [f"20{n % 80 + 10}-{n % 80 + 11}" for n in range(4000)], "amount": range(4000)}
        )
        snapshot = publish({"balances": rows}, processed, now=NOON, code_version="", contract=CONTRACT)
        content = (processed / "snapshots" / snapshot.id / "balances.parquet").read_bytes()
        footer = int.from_bytes(content[-8:-4], "little") + 8
        sound = store._decoded(content)
        randomly = seeded(5)
        silently_wrong = 0
        for _ in range(200):
            harmed = flipped(content, randomly.randrange(4 * 8, (len(content) - footer) * 8))
            try:
                read = store._decoded(harmed)
            except (OSError, pyarrow.ArrowException):
                continue
            silently_wrong += not read.equals(sound)
        assert silently_wrong == 0

    def test_a_pointer_that_is_not_an_id(self, processed, folder):
        for text in ("", "../../../etc", "latest", "000001-20261123T120000Z/../x"):
            (processed / "CURRENT").write_text(text)
            with pytest.raises(HnbError, match="CURRENT does not hold the id of a snapshot"):
                Snapshot.open(processed)
            assert [Path(problem.where).name for problem in verify(processed)] == ["CURRENT"]
        assert amount_of(published(processed, 11.0)) == amount_of(Snapshot.open(processed)) == 11.0

    def test_a_pointer_to_a_snapshot_that_is_not_there(self, processed, folder):
        (processed / "CURRENT").write_text("000009-20261123T120000Z\n")
        with pytest.raises(HnbError, match="000009-20261123T120000Z"):
            Snapshot.open(processed)
        assert [problem.where for problem in verify(processed)] == [str(processed / "CURRENT")]
        assert published(processed, 11.0).id.startswith("000010-")
        assert folder.is_dir(), "what a wrong pointer does not name is not swept for that"

    def test_a_manifest_that_tells_of_other_rows(self, processed, folder):
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        manifest["tables"]["spend"]["rows"] = 7
        rewrite_manifest(folder, manifest)
        assert ["6 rows where the manifest says 7" in problem.found for problem in verify(processed)] == [
            True
        ]

    def test_a_later_format_is_refused(self, processed, folder):
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        rewrite_manifest(folder, manifest | {"format": 2})
        with pytest.raises(HnbError, match="format 2 and this version reads format 1"):
            Snapshot.open(processed)

    def test_nothing_published_yet(self, processed):
        assert current_id(processed) is None and snapshot_folders(processed) == [] and verify(processed) == []
        with pytest.raises(HnbError, match=r"Nothing is published .*`make demo`"):
            Snapshot.open(processed)


def seeded(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311 (chance for a test, not for a secret)


def flipped(content: bytes, bit: int) -> bytes:
    harmed = bytearray(content)
    harmed[bit // 8] ^= 1 << bit % 8
    return bytes(harmed)


def rewrite_manifest(folder: Path, manifest: dict) -> None:
    content = json.dumps(manifest).encode()
    (folder / "manifest.json").write_bytes(content)
    sums = {entry["file"]: entry["sha256"] for entry in manifest["tables"].values()}
    sums["manifest.json"] = hashlib.sha256(content).hexdigest()
    (folder / "SHA256SUMS").write_text("".join(f"{digest}  {name}\n" for name, digest in sums.items()))


class Killed(BaseException):
    """Stands for the end of the process: nothing of ours runs after it."""


class FailingDisk(Disk):
    """A disk whose `failing`th change fails; a write may leave half its bytes. `dies`: no change works after it."""

    def __init__(self, failing: int, *, dies: bool, halfway: bool) -> None:
        self.failing, self.dies, self.halfway, self.changes = failing, dies, halfway, 0

    def _change(self, name: str, *given) -> None:
        self.changes += 1
        if self.changes < self.failing or (self.changes > self.failing and not self.dies):
            return getattr(Disk, name)(self, *given)
        if self.changes == self.failing and self.halfway:
            if name == "write":
                given[0].write_bytes(given[1][: len(given[1]) // 2])
            else:
                getattr(Disk, name)(self, *given)  # done, but its success is never heard of
        if self.dies:
            raise Killed
        raise OSError(errno.ENOSPC, "No space left on device", str(given[0]))

    def make_folder(self, folder):
        self._change("make_folder", folder)

    def write(self, path, content):
        self._change("write", path, content)

    def settle(self, folder):
        self._change("settle", folder)

    def rename(self, source, target):
        self._change("rename", source, target)

    def replace(self, source, target):
        self._change("replace", source, target)

    def remove(self, path):
        self._change("remove", path)


def changes_of_one_build(processed: Path) -> int:
    """How many changes to the disk the third build makes when two are there and one is kept."""
    disk = FailingDisk(10_000, dies=False, halfway=False)
    published(processed, 10.0)
    published(processed, 11.0, disk=disk, keep=1)
    return disk.changes


class TestAnyChangeToTheDiskMayFail:
    """The old snapshot stands, or the new one does, whole; and the next build works and sweeps."""

    def test_there_are_changes_to_fail(self, tmp_path):
        # folders 2; files 4; settle, rename, settle; pointer written, replaced, settled; the old renamed, removed
        assert changes_of_one_build(tmp_path) == 14

    @pytest.mark.parametrize("halfway", [False, True], ids=["before", "halfway"])
    @pytest.mark.parametrize("dies", [False, True], ids=["disk full", "process dies"])
    @pytest.mark.parametrize("failing", range(1, 15))
    def test_at_each_of_them(self, processed, failing, dies, halfway):
        published(processed, 10.0)
        outcome = "published"
        try:
            published(processed, 11.0, disk=FailingDisk(failing, dies=dies, halfway=halfway), keep=1)
        except HnbError as error:
            outcome = "refused"
            assert not dies and "No space left on device" in str(error)
        except Killed:
            outcome = "killed"
        amount = amount_of(Snapshot.open(processed))
        # Change 11 replaces the pointer, 12 settles it, 13 and 14 sweep.
        is_pointed_to = failing > 11 or (failing == 11 and halfway)
        assert amount == (11.0 if is_pointed_to else 10.0)
        if outcome == "published":
            assert failing >= 13, "only sweeping may fail without a word"
        assert verify(processed) == [], "no snapshot is ever half there under its own name"

        published(processed, 12.0, keep=1)
        assert amount_of(Snapshot.open(processed)) == 12.0
        assert names(processed) == {".lock", "CURRENT", "snapshots"}
        assert [folder.name for folder in snapshot_folders(processed)] == [current_id(processed)]

    @pytest.mark.parametrize("dies", [False, True], ids=["disk full", "process dies"])
    @pytest.mark.parametrize("failing", range(1, 13))
    def test_at_the_very_first_build(self, processed, failing, dies):
        with contextlib.suppress(HnbError, Killed):
            published(processed, disk=FailingDisk(failing, dies=dies, halfway=False))
        assert current_id(processed) is None or amount_of(Snapshot.open(processed)) == 10.0
        assert verify(processed) == []
        assert amount_of(published(processed, 12.0)) == amount_of(Snapshot.open(processed)) == 12.0

    def test_where_nobody_may_write(self, tmp_path):
        (tmp_path / "processed").write_text("a file where the folder should be")
        with pytest.raises(HnbError, match="cannot be written"):
            published(tmp_path / "processed")


def names(folder: Path) -> set[str]:
    return {entry.name for entry in folder.iterdir()}


class SlowDisk(Disk):
    """A disk that takes its time between changes and in the middle of a file, so that death finds it at work."""

    def write(self, path, content):
        with path.open("wb") as file:
            file.write(content[:100])
            file.flush()
            time.sleep(0.012)
        super().write(path, content)

    def settle(self, folder):
        super().settle(folder)
        time.sleep(0.012)

    def rename(self, source, target):
        super().rename(source, target)
        time.sleep(0.012)


def publish_for_ever(processed: Path, started) -> None:
    """What the child process does until it is killed: build upon build, each with its own amount."""
    amount = 100.0
    while True:
        published(processed, amount, keep=2, disk=SlowDisk())
        started.set()
        amount += 1


class TestKillMinus9:
    @pytest.mark.slow
    def test_a_build_killed_at_any_moment_leaves_a_whole_snapshot(self, processed):
        methods = multiprocessing.get_all_start_methods()
        context = multiprocessing.get_context("forkserver" if "forkserver" in methods else "spawn")
        if "forkserver" in methods:
            context.set_forkserver_preload(["pytest", "hnb.store"])
        randomly = seeded(9)
        published(processed)
        died_building = 0
        for kills in range(40):
            if kills >= 12 and died_building >= 2:
                break
            started = context.Event()
            child = context.Process(target=publish_for_ever, args=(processed, started), daemon=True)
            child.start()
            assert started.wait(60), "the child never published"
            time.sleep(randomly.random() * 0.3)
            child.kill()
            child.join()
            died_building += any(name.startswith(".building") for name in names(processed))
            assert amount_of(Snapshot.open(processed)) >= 100.0
            assert verify(processed) == []
        assert died_building, "no build was met at work, so nothing was shown"
        published(processed, 12.0, keep=2)
        assert names(processed) == {".lock", "CURRENT", "snapshots"}, "leftovers"
        assert len(snapshot_folders(processed)) == 2


class TestSweeping:
    def test_the_last_few_stay(self, processed):
        ids = [published(processed, float(number), keep=3).id for number in range(10, 16)]
        assert [folder.name for folder in snapshot_folders(processed)] == ids[-3:]

    def test_order_is_by_number_even_if_the_clock_was_put_back(self, processed):
        for number in range(4):
            published(processed, float(number), now=NOON - datetime.timedelta(days=number), keep=2)
        assert [folder.name[:6] for folder in snapshot_folders(processed)] == ["000003", "000004"]
        assert amount_of(Snapshot.open(processed)) == 3.0

    def test_leftovers_of_dead_builds_go_and_what_is_not_ours_stays(self, processed):
        published(processed)
        dead = processed / ".building-000002-20261123T120000Z"
        dead.mkdir()
        (dead / "spend.parquet").write_bytes(b"half")
        (processed / ".removing-000000-20261123T120000Z").mkdir()
        (processed / ".current-new").write_text("0000")
        (processed / "README.md").write_text("what this folder is")
        published(processed)
        assert names(processed) == {".lock", "CURRENT", "README.md", "snapshots"}

    def test_a_live_builds_folder_is_never_swept(self, processed):
        """The sweeper works only under the lock, and so does a live build."""
        published(processed)
        seen = []

        class Watching(Disk):
            def settle(self, folder):
                if folder.name.startswith(".building"):
                    with pytest.raises(HnbError, match="Another build is publishing"):
                        published(processed, 11.0)
                    seen.append(folder.is_dir())
                super().settle(folder)

        assert amount_of(published(processed, 12.0, disk=Watching())) == 12.0
        assert seen == [True]


class TestTwoAtOnce:
    def test_the_second_is_told_who_has_it_and_the_lock_is_free_afterwards(self, processed):
        processed.mkdir(parents=True)
        told = pytest.raises(HnbError, match=r"\(process \d+, since 2026-11-23 12:00:00 UTC\). Wait for it")
        with sole_publisher(processed, NOON), told:
            published(processed)
        assert amount_of(published(processed)) == 10.0

    def test_many_publishers_and_readers(self, processed):
        """Each reader sees whole snapshots only, never an older one after a newer; each refusal is the sentence."""
        published(processed, 0.0)
        ended, faults, refusals = threading.Event(), [], []

        def builds(offset: int) -> None:
            for number in range(15):
                try:
                    published(processed, 100.0 * offset + number, keep=1)
                except HnbError as error:
                    refusals.append(str(error))

        def reads() -> None:
            last = ""
            while not ended.is_set():
                try:
                    snapshot = Snapshot.open(processed)
                    amount_of(snapshot)
                except (HnbError, AssertionError) as error:
                    faults.append(repr(error))
                    return
                if snapshot.id < last:
                    faults.append(f"{snapshot.id} after {last}")
                last = snapshot.id

        builders = [threading.Thread(target=builds, args=(offset,)) for offset in (1, 2)]
        readers = [threading.Thread(target=reads) for _ in range(2)]
        for thread in builders + readers:
            thread.start()
        for thread in builders:
            thread.join()
        ended.set()
        for thread in readers:
            thread.join()
        assert faults == []
        assert all("Another build is publishing" in refusal for refusal in refusals)
        assert verify(processed) == []

    def test_a_reader_keeps_what_it_opened(self, processed):
        published(processed, 10.0)
        reader = Snapshot.open(processed)
        published(processed, 11.0, keep=1)
        assert not (processed / "snapshots" / reader.id).exists()
        assert amount_of(reader) == 10.0
        assert current_id(processed) != reader.id
        assert amount_of(Snapshot.open(processed)) == 11.0

    def test_a_table_is_decoded_once_for_all_threads(self, processed, monkeypatch):
        snapshot = published(processed)
        decoded = []
        plain = store._decoded
        monkeypatch.setattr(store, "_decoded", lambda content: decoded.append(1) or plain(content))
        frames: list[polars.DataFrame] = []
        threads = [threading.Thread(target=lambda: frames.append(snapshot.table("spend"))) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(decoded) == 1 and len({id(frame) for frame in frames}) == 1


class TestShowingAnEarlierOne:
    def test_an_earlier_snapshot_is_opened_again_and_the_later_one_stays(self, tmp_path):
        first, second = published(tmp_path, 10.0), published(tmp_path, 20.0)
        show_again(tmp_path, first.id, NOON)
        assert Snapshot.open(tmp_path).frame("spend")["amount"].min() == 10.0
        assert [folder.name for folder in snapshot_folders(tmp_path)] == [first.id, second.id]
        show_again(tmp_path, second.id, NOON)
        assert current_id(tmp_path) == second.id

    def test_the_next_build_goes_on_from_the_one_shown_and_takes_later_ones_away(self, tmp_path):
        first, second = published(tmp_path, 10.0), published(tmp_path, 20.0)
        show_again(tmp_path, first.id, NOON)
        third = published(tmp_path, 30.0, now=NOON + datetime.timedelta(hours=1))
        assert [folder.name for folder in snapshot_folders(tmp_path)] == [first.id, third.id]
        assert second.id != third.id == current_id(tmp_path)

    def test_one_that_is_not_there_or_not_whole_is_refused_and_nothing_changes(self, tmp_path):
        first, second = published(tmp_path, 10.0), published(tmp_path, 20.0)
        for name in ("000009-0123456789ab", "../snapshots", ""):
            with pytest.raises(HnbError, match="There is no snapshot"):
                show_again(tmp_path, name, NOON)
        (tmp_path / "snapshots" / first.id / "spend.parquet").write_bytes(b"changed")
        with pytest.raises(HnbError):
            show_again(tmp_path, first.id, NOON)
        assert current_id(tmp_path) == second.id

    def test_not_while_a_build_publishes(self, tmp_path):
        first = published(tmp_path, 10.0)
        with sole_publisher(tmp_path, NOON), pytest.raises(HnbError, match="Another build is publishing"):
            show_again(tmp_path, first.id, NOON)
