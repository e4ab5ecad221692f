"""Serves a folder of snapshots as a user would, in a process of its own, on a free port of this machine."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import AnyStr
from urllib.error import URLError
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parents[2]


def free_port() -> int:
    """A port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment_of_others() -> dict[str, str]:
    """The environment without what would be a setting of the dashboard, of Dash or of gunicorn."""
    ours = ("DASH_", "HNB_", "HOST", "GUNICORN")
    return {name: value for name, value in os.environ.items() if not name.upper().startswith(ours)}


@contextmanager
def ended(process: subprocess.Popen[AnyStr]) -> Iterator[subprocess.Popen[AnyStr]]:
    """A process that is ended when the body is done: asked to, and after half a minute made to."""
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def served(processed: Path, root: Path = ROOT) -> Iterator[str]:
    """The dashboard's address while it serves the folder; its process is ended afterwards.

    root: the copy of the project whose program it is.
    """
    with _process(root, processed, "--processed", str(processed)) as address:
        yield address


@contextmanager
def meeting_served(published: Path) -> Iterator[str]:
    """The meeting's address while it serves a folder of publications; its process is ended afterwards."""
    with _process(ROOT, published, "meeting", "--published", str(published)) as address:
        yield address


@contextmanager
def _process(root: Path, folder: Path, *arguments: str) -> Iterator[str]:
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    environment = environment_of_others()
    # Views and questions that a test saves are kept beside its snapshots, not in the project's own folder.
    environment["HNB_VIEWS_FILE"] = str(folder.parent / f"{folder.name}-views" / "views.toml")
    environment["HNB_QUESTIONS_FILE"] = str(folder.parent / f"{folder.name}-questions" / "questions.toml")
    process = subprocess.Popen(
        [sys.executable, "-m", "dashboard", *arguments, "--port", str(port)],
        cwd=root, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    try:
        with ended(process):
            _wait_for(address, process)
            yield address
    finally:
        if process.stdout:
            process.stdout.close()


def _wait_for(address: str, process: subprocess.Popen[str]) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        if process.poll() is not None:
            said = process.stdout.read() if process.stdout else ""
            raise RuntimeError(f"the dashboard ended with {process.returncode}: {said}")
        try:
            with urlopen(address, timeout=5):  # noqa: S310 (our own address)
                return
        except (URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    raise RuntimeError("the dashboard did not answer within a minute")
