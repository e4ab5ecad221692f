"""A list that people keep in one TOML file, and may edit: read with a bound, written whole or not at all.

What an entry means, and whether it is one, is for whoever keeps the list: saved views, questions taken away.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import tomlkit

from hnb.disk import Disk
from hnb.errors import HnbError


@dataclass(frozen=True)
class KeptList:
    """One file with `[[entry]]` tables. noun: what the list is of, in words; largest: bytes; note: its first line."""

    file: Path
    entry: str
    noun: str
    note: str
    largest: int
    disk: Disk = field(default_factory=Disk, repr=False)

    def entries(self) -> list[Any]:
        """The entries as they stand; a file that is not there has none. HnbError for one that cannot be read."""
        found = self._document().get(self.entry, [])
        if not isinstance(found, list):
            raise HnbError(f"{self.file} has no list of [[{self.entry}]] entries. Mend it, or take it away.")
        return found

    def write(self, entries: Iterable[Mapping[str, Any]]) -> None:
        """Put the entries in the place of those that were there. HnbError where the disk refuses: then those stand."""
        document, tables = tomlkit.document(), tomlkit.aot()
        document.add(tomlkit.comment(self.note))
        for entry in entries:
            table = tomlkit.table()
            for name, value in entry.items():
                table.add(name, value)
            tables.append(table)
        document.add(self.entry, tables)
        new = self.file.with_name(f".{self.file.name}-new")
        try:
            self.disk.make_folder(self.file.parent)
            self.disk.write(new, tomlkit.dumps(document).encode())
            self.disk.replace(new, self.file)
        except OSError as error:
            raise HnbError(
                f"{self.file} cannot be written ({error.strerror}). The list is as it was."
            ) from error

    def _document(self) -> dict[str, Any]:
        try:
            if self.file.stat().st_size > self.largest:
                raise HnbError(f"{self.file} is larger than a list of {self.noun} can be. Take it away.")
            return tomllib.loads(self.file.read_text("utf-8-sig"))
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise HnbError(f"{self.file} cannot be read ({error.strerror}).") from error
        except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise HnbError(f"{self.file} is not TOML: {error}. Mend it, or take it away.") from error
