"""The pack as a PDF: the page of `dashboard.packs.page`, printed by a browser, then told what it is.

The browser makes real text, tables with headings that know their scope, alternative text and bookmarks; the
margins of each sheet say source, as-at date and number.
"""

from __future__ import annotations

import io

import pypdf
from pypdf.generic import NameObject

from dashboard.packs.browser import printed
from dashboard.packs.pack import Pack
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
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()
