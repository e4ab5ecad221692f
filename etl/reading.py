"""The child process that opens workbooks, and the parent's hold on it.

A workbook from outside can make a reader take all memory, never end, or abort; in a child process with
limits that costs one sentence. The child is a plain Python with nothing imported but the readers: it
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

from etl.preflight import Finding, Limits, RefusedError

_LENGTH = struct.Struct("<Q")
_START = "import sys; sys.path[:] = sys.argv[1:]; from etl.reading import serve; serve()"
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

    def ask(self, path: Path, kind: str, limits: Limits, skip_calamine: bool = False) -> Answer:
        """The sheets of a workbook as plain values, and the findings. Refused, or ChildEndedError."""
        process, requests, answers = self._running()
        late = threading.Event()

        def end() -> None:
            late.set()
            process.kill()

        timer = threading.Timer(limits.seconds, end)
        timer.daemon = True
        timer.start()
        try:
            _send(requests, (str(path.resolve()), kind, limits, skip_calamine))
            refusal, sheets, findings = _receive(answers, _PlainUnpickler)
        except (OSError, EOFError, pickle.UnpicklingError) as error:
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
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
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

    def find_class(self, module: str, name: str) -> Any:
        if name not in _ALLOWED.get(module, ()):
            raise pickle.UnpicklingError(f"{module}.{name} is no cell")
        return getattr(importlib.import_module(module), name)


def _send(stream: IO[bytes], message: Any) -> None:
    data = pickle.dumps(message, protocol=5)
    stream.write(_LENGTH.pack(len(data)))
    stream.write(data)
    stream.flush()


def _receive(stream: IO[bytes], unpickler: Callable[[IO[bytes]], pickle.Unpickler]) -> Any:
    length = stream.read(_LENGTH.size)
    if len(length) < _LENGTH.size:
        raise EOFError("the other process has ended")
    data = stream.read(_LENGTH.unpack(length)[0])
    # Millions of new objects, none of them rubbish: the collector would walk them again and again.
    was_collecting = gc.isenabled()
    gc.disable()
    try:
        return unpickler(io.BytesIO(data)).load()
    finally:
        if was_collecting:
            gc.enable()


def serve() -> None:
    """What the child does: reads the workbooks it is asked for until its input ends."""
    requests = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_RDWR), 1)  # a library that prints must not break into the answers
    from etl.readers import read_workbook

    gc.disable()
    while True:
        try:
            path, kind, limits, skip_calamine = _receive(requests, pickle.Unpickler)
        except EOFError:
            return
        _limit_memory(limits.memory_bytes)
        try:
            sheets, findings = read_workbook(Path(path), kind, limits, skip_calamine)
            _send(answers, (None, sheets, findings))
        except RefusedError as refused:
            _send(answers, (refused.finding, [], []))
        sheets, findings = [], []
        gc.collect()


def _limit_memory(size: int) -> None:
    """Limits the address space where the platform can (not Windows; macOS takes no notice of it)."""
    try:
        import resource
    except ImportError:
        return
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(
            resource.RLIMIT_AS, (size if hard == resource.RLIM_INFINITY else min(size, hard), hard)
        )
