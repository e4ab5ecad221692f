"""What a reading depends on beside the file: our code, the layouts, the corrections, the settings, as one short text.

Two builds with the same fingerprint read the same bytes alike. It is for telling readings apart, and no secret:
the pupils' key goes in only as a keyed digest, from which it cannot be told.
"""

from __future__ import annotations

import dataclasses
import hashlib
import hmac
import importlib.metadata
import platform
import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from etl.one_file import Reading

_ROOT = Path(__file__).resolve().parent.parent
_PACKAGES = ("etl", "hnb")
_NOT_READING = ("etl/sample/",)  # the generator of workbooks reads none
_LIBRARIES = ("pandas", "pyarrow", "numpy", "python-calamine", "openpyxl", "charset-normalizer")


def of_reading(reading: Reading) -> str:
    """All that decides what a file gives, beside its bytes and its name. Hexadecimal."""
    surroundings = reading.surroundings
    key = hmac.new(surroundings.pupil_key, b"which key the readings were made with", "sha256").hexdigest()
    decides = [
        source(),
        *map(described, reading.layouts),
        *map(described, reading.corrections),
        surroundings.authority,
        key,
        repr(reading.total_tolerance),
    ]
    return _digest(decides)


def of_build(reading: str, settings: Mapping[str, Any], files: Mapping[str, str]) -> str:
    """All that decides what a build publishes, the last load apart: sha256 of each file by name, and the settings."""
    return _digest([reading, described(settings), described(files)])


@cache
def source() -> str:
    """The code and data of our packages (layouts, corrections and code lists with them) and what they stand on."""
    return source_of(_ROOT, _PACKAGES)


def source_of(root: Path, packages: Sequence[str]) -> str:
    """The same for packages in another folder; every file counts that is no generator's and nothing compiled."""
    parts = [
        platform.python_version(),
        *(f"{name} {importlib.metadata.version(name)}" for name in _LIBRARIES),
    ]
    for package in packages:
        for path in sorted((root / package).rglob("*")):
            name = path.relative_to(root).as_posix()
            if path.is_file() and "__pycache__" not in name and not name.startswith(_NOT_READING):
                parts.append(f"{name} {hashlib.sha256(path.read_bytes()).hexdigest()}")
    return _digest(parts)


def described(value: Any) -> str:
    """A value with all its parts as text: the same for equal values.

    TypeError for what has no parts that we know: better no fingerprint than one that misses something.
    """
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        parts = (
            f"{field.name}={described(getattr(value, field.name))}" for field in dataclasses.fields(value)
        )
        return f"{type(value).__name__}({', '.join(parts)})"
    if isinstance(value, re.Pattern):  # its own repr stops after 200 characters
        return f"pattern({value.pattern!r}, {value.flags})"
    if isinstance(value, Mapping):
        # In their order: of several rules the first that matches counts.
        return "{" + ", ".join(f"{described(name)}: {described(of)}" for name, of in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(described, value)) + "]"
    if isinstance(value, (set, frozenset)):
        return "{" + ", ".join(sorted(map(described, value))) + "}"
    if (
        value is None
        or isinstance(value, (str, int, float, bool, bytes, Path))
        or type(value).__name__ == "_Unsaid"
    ):
        return f"{type(value).__name__} {value!r}"
    if type(value).__module__ == "datetime":
        return repr(value)
    raise TypeError(f"a {type(value).__name__} has no fingerprint")


def _digest(parts: Sequence[str]) -> str:
    total = hashlib.sha256()
    for part in parts:
        content = part.encode()
        total.update(f"{len(content)}:".encode() + content)
    return total.hexdigest()
