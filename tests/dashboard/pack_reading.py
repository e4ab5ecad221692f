"""How tests read a made pack: the words of its page, the parts of a zip in zips, what a PDF's tags say."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import pypdf


def plain(words: str) -> str:
    """Words with every run of white space as one space, as they are compared."""
    return " ".join(words.replace("\u00a0", " ").split())


def parts(content: bytes, name: str = "") -> Iterator[tuple[str, bytes]]:
    """Every part of a zip, and of the zips in it, by its path: "ppt/embeddings/x.xlsx!xl/sharedStrings.xml"."""
    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        for entry in opened.namelist():
            inside = opened.read(entry)
            if inside[:2] == b"PK":
                yield from parts(inside, f"{name}{entry}!")
            else:
                yield f"{name}{entry}", inside


class Element(HTMLParser):
    """A page read: `words` of each element with an id, and every start tag with its attributes in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: dict[str, str] = {}
        self._open: list[tuple[str, str]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.append((tag, given))
        if tag not in ("meta", "br", "link", "img"):
            self._open.append((tag, given.get("id") or ""))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1][0] == "style":
            return
        for _, name in self._open:
            if name:
                self.words[name] = f"{self.words.get(name, '')} {data}"

    def all(self, tag: str) -> list[dict[str, str | None]]:
        """The attributes of every element of that name."""
        return [given for name, given in self.tags if name == tag]


def tagged(reader: pypdf.PdfReader) -> list[dict[str, Any]]:
    """Every element of a PDF's structure, depth first."""

    def walk(node: Any) -> Iterator[dict[str, Any]]:
        found = node.get_object()
        if isinstance(found, dict):
            if "/S" in found:
                yield found
            yield from walk(found["/K"]) if "/K" in found else ()
        elif isinstance(found, list):
            for child in found:
                yield from walk(child)

    return list(walk(reader.trailer["/Root"]["/StructTreeRoot"]))


def scope(element: dict[str, Any]) -> str:
    """What a heading cell is the heading of: "/Column", "/Row"; "" where it does not say."""
    given = element.get("/A", [])
    given = [given] if isinstance(given, dict) else given
    return next((str(one.get_object()["/Scope"]) for one in given if "/Scope" in one.get_object()), "")


def shown_figures(text: str) -> str:
    """The text of a table or chart without what stands between its letters when a line was broken."""
    return re.sub(r"\s+", "", text)
