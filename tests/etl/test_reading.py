"""A reader that dies, hangs or eats memory costs one sentence, and the next file is read as if nothing had been."""

from __future__ import annotations

import io
import os
import pickle
import subprocess
import sys
import threading
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import openpyxl
import pytest

from etl import workbooks
from etl.preflight import Limits, RefusedError
from etl.readers import read_workbook
from etl.reading import Child, ChildEndedError, Children, _PlainUnpickler
from etl.workbooks import read_file

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    book = openpyxl.Workbook()
    book.active.append(["line", "amount"])
    book.active.append(["1.2.3", 5])
    book.save(tmp_path / "monitor.xlsx")
    return tmp_path / "monitor.xlsx"


@pytest.fixture
def large_workbook(workbook: Path, tmp_path: Path) -> Path:
    """The same with a sheet of 30,000 × 10 cells: half a second's work, and some 30 MB."""
    cells = "".join(f'<c r="{letter}{{0}}"><v>{{0}}</v></c>' for letter in "ABCDEFGHIJ")
    rows = "".join(f'<row r="{row}">{cells.format(row)}</row>' for row in range(1, 30_001))
    path = tmp_path / "large.xlsx"
    with zipfile.ZipFile(workbook) as archive, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as copy:
        for name in archive.namelist():
            text = archive.read(name).decode()
            if name == "xl/worksheets/sheet1.xml":
                before, _, rest = text.partition("<sheetData>")
                text = f"{before}<sheetData>{rows}</sheetData>{rest.partition('</sheetData>')[2]}"
            copy.writestr(name, text)
    return path


def test_one_child_reads_many_files(workbook: Path) -> None:
    child = Child()
    try:
        child.ask(workbook, "monitor.xlsx", Limits())
        first = child.pid
        child.ask(workbook, "monitor.xlsx", Limits())
        assert child.pid == first
        assert first != os.getpid()
    finally:
        child.close()


def test_a_child_that_was_killed_is_started_again(workbook: Path) -> None:
    child = Child()
    try:
        child.ask(workbook, "monitor.xlsx", Limits())
        assert child._process is not None
        child._process.kill()
        child._process.wait()
        sheets, _ = child.ask(workbook, "monitor.xlsx", Limits())
        assert sheets[0]["rows"] == [["line", "amount"], ["1.2.3", 5]]
    finally:
        child.close()


def test_a_child_killed_while_it_reads_says_so(workbook: Path) -> None:
    child = Child()
    process, _, _ = child._running()
    timer = threading.Timer(0.0, process.kill)
    timer.start()
    timer.join()
    process.wait()
    child._process = process
    # it looks alive to a parent that has not noticed yet
    process.poll = lambda: None  # type: ignore[method-assign]
    with pytest.raises(ChildEndedError) as ended:
        child.ask(workbook, "monitor.xlsx", Limits())
    assert not ended.value.is_late
    child.close()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux holds a process to its address space")
def test_too_much_memory_is_one_sentence(large_workbook: Path) -> None:
    workbooks._CHILDREN.close()  # a child that has read something large keeps the memory, and needs no more
    reading = read_file(large_workbook, Limits(memory_bytes=1_000_000))
    assert [(p.where, p.what) for p in reading.problems] == [("large.xlsx", "reader_crashed")]
    assert reading.sheets == ()
    (sheet,) = read_file(large_workbook).sheets
    assert (len(sheet.rows), sheet.width) == (30_000, 10)


def test_too_much_time_is_one_sentence(large_workbook: Path) -> None:
    reading = read_file(large_workbook, Limits(seconds=0.02))
    assert [(p.where, p.what) for p in reading.problems] == [("large.xlsx", "too_slow")]
    assert read_file(large_workbook).problems == ()


def test_after_a_crash_the_second_reader_is_asked(workbook: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[bool] = []
    ask = Child.ask

    def crash_once(self: Child, path: Path, file: str, limits: Limits, skip_calamine: bool = False) -> object:
        asked.append(skip_calamine)
        if not skip_calamine:
            raise ChildEndedError(-6, is_late=False)
        return ask(self, path, file, limits, skip_calamine)

    monkeypatch.setattr(Child, "ask", crash_once)
    reading = read_file(workbook)
    assert asked == [False, True]
    assert reading.sheets[0].reader == "openpyxl"
    assert [p.what for p in reading.problems] == ["fallback_reader"]


def test_a_refusal_leaves_the_child_alive(workbook: Path, tmp_path: Path) -> None:
    (tmp_path / "cut.xlsx").write_bytes(workbook.read_bytes()[:-50])
    child = Child()
    try:
        with pytest.raises(RefusedError):
            child.ask(tmp_path / "cut.xlsx", "cut.xlsx", Limits())
        first = child.pid
        child.ask(workbook, "monitor.xlsx", Limits())
        assert child.pid == first
    finally:
        child.close()


def test_several_threads_read_at_once(workbook: Path) -> None:
    with ThreadPoolExecutor(3) as threads:
        readings = list(threads.map(read_file, [workbook] * 9))
    assert {len(reading.sheets) for reading in readings} == {1}
    assert all(reading.problems == () for reading in readings)


def test_children_are_ended() -> None:
    children = Children()
    with children.lent() as child:
        process, _, _ = child._running()
    children.close()
    assert process.poll() is not None


def test_only_plain_values_come_back() -> None:
    """A child that has been taken over must not be able to run anything here."""

    class Evil:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return os.system, ("true",)

    with pytest.raises(pickle.UnpicklingError, match=r"posix.system|nt.system"):
        _PlainUnpickler(io.BytesIO(pickle.dumps(Evil()))).load()


def test_a_script_without_a_guard_can_read(workbook: Path, tmp_path: Path) -> None:
    """With multiprocessing this would start the script again in each child."""
    script = tmp_path / "script.py"
    script.write_text(
        "import sys\nfrom pathlib import Path\nfrom etl.workbooks import read_file\n"
        "print(read_file(Path(sys.argv[1])).sheets[0].rows)\n",
        encoding="utf-8",
    )
    done = subprocess.run(
        [sys.executable, str(script), str(workbook)],
        env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout.strip()) == (0, "[['line', 'amount'], ['1.2.3', 5]]"), done.stderr


def test_the_child_imports_nothing_heavy() -> None:
    """It is to start in a twentieth of a second."""
    done = subprocess.run(
        [sys.executable, "-c", "import sys, etl.readers, etl.reading; print(*sys.modules)"],
        cwd=ROOT, capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
    assert not {"pandas", "polars", "pyarrow", "numpy", "openpyxl", "odf", "hnb"} & set(done.stdout.split())


def test_a_file_that_changes_while_it_is_read_is_refused(
    workbook: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = workbooks._sheets_and_findings

    def changed(path: Path, file: str, limits: Limits) -> object:
        found = read(path, file, limits)
        path.write_bytes(path.read_bytes() + b" ")
        return found

    monkeypatch.setattr(workbooks, "_sheets_and_findings", changed)
    assert [p.what for p in read_file(workbook).problems] == ["file_changed"]


def test_the_readers_give_plain_values(workbook: Path) -> None:
    (sheet,), findings = read_workbook(workbook, "xlsx", Limits())
    assert findings == []
    assert sheet == {
        "name": "Sheet", "rows": [["line", "amount"], ["1.2.3", 5]], "hidden": False, "hidden_rows": frozenset(),
        "merged": (), "faults": (), "reader": "calamine", "formats": {1: "General"},
    }  # fmt: skip
