"""The pack as a PDF: the page of `dashboard.packs.page`, printed by a browser, then told what it is.

The browser makes real text, tables with headings that know their scope, alternative text and bookmarks; the
margins of each sheet say source, as-at date and number.
"""

from __future__ import annotations

import io
from collections.abc import Iterator

import pypdf
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

from dashboard.packs.browser import printed
from dashboard.packs.pack import METHOD, Pack
from dashboard.packs.page import page


def paper(pack: Pack) -> bytes:
    """The PDF file. NoBrowserError where no browser is found, HnbError where it prints nothing."""
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(printed(page(pack))))
    writer.pdf_header = "%PDF-1.7"
    at = pack.published.published_at.strftime("D:%Y%m%d%H%M%S+00'00'")
    writer.metadata = None
    writer.add_metadata(
        {
            "/Title": f"{pack.title}: {pack.subtitle}",
            "/Author": pack.published.board_name,
            "/Subject": f"{pack.as_at}. Publication {pack.published.publication_id}",
            "/CreationDate": at,
            "/ModDate": at,
        }
    )
    # The bookmarks stand open beside the first page.
    writer.root_object[NameObject("/PageMode")] = NameObject("/UseOutlines")
    _bookmarks(writer, pack)
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def _bookmarks(writer: pypdf.PdfWriter, pack: Pack) -> None:
    """Give the bookmarks their words anew: the browser leaves out the space at which a heading's line was broken."""
    titles = iter([pack.title, *(view.headline for view in pack.views), METHOD])
    for item in _items(writer.root_object["/Outlines"].get_object()):
        item[NameObject("/Title")] = TextStringObject(next(titles))


def _items(parent: DictionaryObject) -> Iterator[DictionaryObject]:
    """The bookmarks below one, in order, each followed by its own."""
    item = parent.get("/First")
    while item is not None:
        found = item.get_object()
        yield found
        yield from _items(found)
        item = found.get("/Next")
