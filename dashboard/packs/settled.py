"""A zip file (PPTX, XLSX) that does not tell when or where it was made: the same figures give the same bytes."""

from __future__ import annotations

import datetime
import io
import re
import zipfile

_TOLD = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:\2>)")


def settled_zip(content: bytes, at: datetime.datetime) -> bytes:
    """The same file with the publication's time instead of the clock's, in it and in the files it embeds."""
    buffer = io.BytesIO()
    stamp = (at.year, at.month, at.day, at.hour, at.minute, at.second)
    told = at.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(buffer, "w") as new:
        for name in old.namelist():
            inside = old.read(name)
            if name.endswith(".xlsx"):
                inside = settled_zip(inside, at)
            elif name == "docProps/core.xml":
                inside = _TOLD.sub(rb"\g<1>" + told + rb"\g<3>", inside)
            entry = zipfile.ZipInfo(name, stamp)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            new.writestr(entry, inside)
    return buffer.getvalue()
