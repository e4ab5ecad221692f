"""The child process that opens files from outside, and the parent's hold on it.

Such a file can make a reader take all memory, never end, or abort; in a child process with limits that
costs one sentence. The parent itself only counts a file's bytes: it takes no structure of it apart. The child is a plain Python with nothing imported but the readers: it
starts in a twentieth of a second, serves many files, and is started again after a crash. It is started
as a program and not by `multiprocessing`, which would import the parent's main module (and with it
pandas) into every child, and needs a guard in every script and notebook that calls it.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import io
import os
import pickle
import struct
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any

from etl.cells import SHEET_FIELDS
from etl.preflight import Finding, Limits, RefusedError

_LENGTH = struct.Struct("<Q")
_START = "import sys; sys.path[:] = sys.argv[1:]; from etl.reading import serve; serve()"
_PARSER = {"OPENPYXL_LXML": "False"}
"""openpyxl takes lxml where another library brought it (python-pptx does), whose faults are not those that the readers
tell in a sentence, and which defusedxml does not guard. The child parses with the guarded parser, whatever is installed."""
# What an answer that is none can raise, in a parent that trusts no byte of it.
_ANSWER_RAISES = (
    OSError, EOFError, pickle.UnpicklingError, MemoryError, RecursionError, ArithmeticError,
    AttributeError, ImportError, LookupError, TypeError, ValueError,
)  # fmt: skip
_ALLOWED = {
    "datetime": {"date", "datetime", "time", "timedelta"},
    "etl.cells": {"CellError"},
    "etl.preflight": {"Finding"},
    "builtins": {"frozenset", "set"},
}

Answer = tuple[list[dict[str, Any]], list[Finding]]


class ChildEndedError(Exception):
    """The child process ended before it answered; `is_late` if that was for want of time."""

    def __init__(self, status: int | None, is_late: bool) -> None:
        super().__init__(f"exit status {status}")
        self.status = status
        self.is_late = is_late


class Child:
    """One child process: started when first asked, started again if it has ended."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        """The process's number, None before it is first asked."""
        return self._process.pid if self._process else None

    def ask(self, path: Path, file: str, limits: Limits, skip_calamine: bool = False) -> Answer:
        """The sheets of a file as plain values, and the findings. Refused, or ChildEndedError.

        `file` is what addresses call it; `skip_calamine` once it has brought a child down.
        """
        process, requests, answers = self._running()
        late = threading.Event()

        def end() -> None:
            late.set()
            process.kill()

        timer = threading.Timer(limits.seconds, end)
        timer.daemon = True
        timer.start()
        try:
            _send(requests, pickled((str(path.absolute()), file, limits, skip_calamine)))
            refusal, sheets, findings = _checked(_receive(answers, _PlainUnpickler, limits.answer_bytes))
        except _ANSWER_RAISES as error:
            self.close()
            raise ChildEndedError(process.returncode, late.is_set()) from error
        except BaseException:  # such as the user's Ctrl-C: the answer that is on its way is nobody's
            self.close()
            raise
        finally:
            timer.cancel()
            if late.is_set():  # the answer came at the same moment; the child is being killed all the same
                self.close()
        if refusal is not None:
            raise RefusedError(refusal)
        return sheets, findings

    def close(self) -> None:
        """Ends the child process, if there is one."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None

    def _running(self) -> tuple[subprocess.Popen[bytes], IO[bytes], IO[bytes]]:
        """The process, started if need be, with the streams of requests to it and answers from it."""
        if self._process is None or self._process.poll() is not None:
            self.close()
            # The child's own messages can quote cells, so they go nowhere.
            self._process = subprocess.Popen(
                [sys.executable, "-c", _START, *(str(Path(entry).resolve()) for entry in sys.path)],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={**os.environ, **_PARSER},
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )  # fmt: skip
        if self._process.stdin is None or self._process.stdout is None:
            raise OSError("the child process has no streams")
        return self._process, self._process.stdin, self._process.stdout


class Children:
    """Child processes at rest, lent out one at a time, so that several threads can read at once."""

    def __init__(self) -> None:
        self._resting: list[Child] = []
        self._lock = threading.Lock()

    @contextlib.contextmanager
    def lent(self) -> Iterator[Child]:
        """A child process for the length of a `with`; it rests afterwards and is lent again."""
        with self._lock:
            child = self._resting.pop() if self._resting else Child()
        try:
            yield child
        finally:
            with self._lock:
                self._resting.append(child)

    def close(self) -> None:
        """Ends those at rest."""
        with self._lock:
            while self._resting:
                self._resting.pop().close()


class _PlainUnpickler(pickle.Unpickler):
    """Takes plain values only: the child has read a stranger's file, and might not be itself any more."""

    def persistent_load(self, pid: Any) -> Any:
        raise pickle.UnpicklingError("no cell is kept elsewhere")

    def find_class(self, module: str, name: str) -> Any:
        if name not in _ALLOWED.get(module, ()):
            raise pickle.UnpicklingError(f"{module}.{name} is no cell")
        return getattr(importlib.import_module(module), name)


def _checked(answer: Any) -> tuple[Finding | None, list[dict[str, Any]], list[Finding]]:
    """The answer, if it has the shape of one. TypeError or ValueError otherwise."""
    refusal, sheets, findings = answer
    told = [*findings, *([] if refusal is None else [refusal])]
    if not all(
        isinstance(finding, Finding) and all(isinstance(part, str) for part in finding) for finding in told
    ):
        raise TypeError("what was found is no finding")
    for fields in sheets:
        if fields.keys() != SHEET_FIELDS:
            raise ValueError("a sheet has other fields")
        width = len(fields["rows"][0]) if fields["rows"] else 0
        if not all(type(row) is list and len(row) == width for row in fields["rows"]):
            raise ValueError("a sheet's rows are not equally long")
    return refusal, sheets, findings


def pickled(message: Any) -> bytes:
    """A message between the two processes, as bytes."""
    return pickle.dumps(message, protocol=5)


def _send(stream: IO[bytes], data: bytes) -> None:
    stream.write(_LENGTH.pack(len(data)))
    stream.write(data)
    stream.flush()


def _receive(
    stream: IO[bytes], unpickler: Callable[[IO[bytes]], pickle.Unpickler], most: int = 1 << 20
) -> Any:
    """One message of at most so many bytes. OSError if it says it is longer, EOFError if the other has ended."""
    start = stream.read(_LENGTH.size)
    if len(start) < _LENGTH.size:
        raise EOFError("the other process has ended")
    length = _LENGTH.unpack(start)[0]
    if length > most:
        raise OSError("the message is too long")
    data = stream.read(length)
    # Millions of new objects, none of them rubbish: the collector would walk them again and again.
    was_collecting = gc.isenabled()
    gc.disable()
    try:
        return unpickler(io.BytesIO(data)).load()
    finally:
        if was_collecting:
            gc.enable()


def serve() -> None:
    """What the child does: reads the files it is asked for until its input ends."""
    requests = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_RDWR), 1)  # a library that prints must not break into the answers
    from etl.readers import read_sheets

    gc.disable()
    while True:
        try:
            path, file, limits, skip_calamine = _receive(requests, pickle.Unpickler)
        except EOFError:
            return
        _limit(limits)
        try:
            answer = pickled((None, *read_sheets(Path(path), file, limits, skip_calamine)))
            if len(answer) > limits.answer_bytes:
                answer = pickled((_too_much(len(answer), limits), [], []))
        except RefusedError as refused:
            answer = pickled((refused.finding, [], []))
        except OSError as error:
            answer = pickled((unreadable_finding(error), [], []))
        except RecursionError:
            answer = pickled((_TOO_DEEP, [], []))
        _send(answers, answer)
        answer = b""
        gc.collect()


_TOO_DEEP = Finding("", "unreadable_file", "its parts lie within one another without end", "a workbook that opens without repair",
                    "Do not trust this file; ask its sender")  # fmt: skip


def unreadable_finding(error: OSError) -> Finding:
    """The sentence for a file that the system does not let us open."""
    return Finding("", "unreadable_file", f"it cannot be opened ({error.strerror or type(error).__name__})", "a file that can be read",
                   "Close it in other programs and check that you may read it")  # fmt: skip


def _too_much(found: int, limits: Limits) -> Finding:
    return Finding("", "too_much_text", f"what stands in its cells comes to {found:,} bytes", f"at most {limits.answer_bytes:,} bytes",
                   "Split it, or take out the sheets and columns that are not needed")  # fmt: skip


def _limit(limits: Limits) -> None:
    """Holds this process to the limits where the platform can: not Windows; macOS takes no notice of memory.

    It may write no file at all, and ends itself should its parent be gone before it could say stop.
    """
    try:
        import resource
    except ImportError:
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = int(used.ru_utime + used.ru_stime + limits.seconds) + 5
    for kind, size in (
        (resource.RLIMIT_AS, limits.memory_bytes), (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_CORE, 0),
    ):  # fmt: skip
        _, hard = resource.getrlimit(kind)
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(kind, (size if hard == resource.RLIM_INFINITY else min(size, hard), hard))
