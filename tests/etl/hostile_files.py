"""Files made to do harm, or broken as real ones are: each is written by a function that takes a folder and gives the path."""

from __future__ import annotations

import io
import struct
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import openpyxl

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
AFTER = "<!--after-->"
CELLS = (
    '<row r="1"><c r="A1" t="inlineStr"><is><t>line</t></is></c></row><row r="2"><c r="A2"><v>5</v></c></row>'
)


def workbook_parts(
    sheets: Mapping[str, str] | None = None,
    *,
    properties: str = "",
    space: str = MAIN,
    before: str = "",
    strings: str = "",
    styles: str = "",
) -> dict[str, str]:
    """The parts of a small .xlsx: sheets as name → XML of their rows (and what follows sheetData after `AFTER`)."""
    sheets = sheets or {"Data": CELLS}
    relations = (
        space.replace("spreadsheetml/main", "officeDocument/relationships") if space == STRICT else RELATIONS
    )
    numbered = list(enumerate(sheets.items(), start=1))
    listed = "".join(f'<sheet name="{name}" sheetId="{n}" r:id="rId{n}"/>' for n, (name, _) in numbered)
    targets = "".join(
        f'<Relationship Id="rId{n}" Type="{relations}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n, _ in numbered
    )
    parts = {
        "[Content_Types].xml": f'{DECLARATION}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
        + "".join(
            f'<Override PartName="/xl/worksheets/sheet{n}.xml" '
            'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
            for n, _ in numbered
        )
        + "</Types>",
        "_rels/.rels": f'{DECLARATION}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{relations}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'{DECLARATION}<workbook xmlns="{space}" xmlns:r="{relations}">{properties}<sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'{DECLARATION}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f"{targets}</Relationships>",
    }
    for n, (_, rows) in numbered:
        inside, _, after = rows.partition(AFTER)
        parts[f"xl/worksheets/sheet{n}.xml"] = (
            f'{DECLARATION}<worksheet xmlns="{space}">{before}<sheetData>{inside}</sheetData>{after}</worksheet>'
        )
    if strings:
        parts["xl/sharedStrings.xml"] = f'{DECLARATION}<sst xmlns="{space}">{strings}</sst>'
        parts["xl/_rels/workbook.xml.rels"] = parts["xl/_rels/workbook.xml.rels"].replace(
            "</Relationships>",
            f'<Relationship Id="rIdS" Type="{relations}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        )
    if styles:
        parts["xl/styles.xml"] = f'{DECLARATION}<styleSheet xmlns="{space}">{styles}</styleSheet>'
        parts["xl/_rels/workbook.xml.rels"] = parts["xl/_rels/workbook.xml.rels"].replace(
            "</Relationships>",
            f'<Relationship Id="rIdT" Type="{relations}/styles" Target="styles.xml"/></Relationships>',
        )
    return parts


def written(path: Path, parts: Mapping[str, str | bytes], *, stored: bool = False) -> Path:
    """A zip archive of the parts."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def workbook(path: Path, sheets: Mapping[str, str] | None = None, **options: str) -> Path:
    """A small .xlsx, written part by part; see `workbook_parts`."""
    return written(path, workbook_parts(sheets, **options))


def rewritten(source: Path, path: Path, part: str, change: Callable[[bytes], bytes]) -> Path:
    """A copy of a zip archive with one part changed."""
    with zipfile.ZipFile(source) as archive, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as copy:
        for name in archive.namelist():
            data = archive.read(name)
            copy.writestr(name, change(data) if name == part else data)
    return path


def deflated(pieces: Iterable[bytes]) -> bytes:
    """Pieces as one raw deflate stream, never together in memory."""
    deflater = zlib.compressobj(9, zlib.DEFLATED, -15)
    return b"".join(deflater.compress(piece) for piece in pieces) + deflater.flush()


def raw_archive(path: Path, entries: Iterable[tuple[str, bytes, int, int | None]]) -> Path:
    """A zip of (name, deflated bytes, size it declares, offset of another entry's data or None), whatever is true."""
    body, directory, count = io.BytesIO(), io.BytesIO(), 0
    for name, data, declared, elsewhere in entries:
        label, offset = name.encode(), body.tell() if elsewhere is None else elsewhere
        if elsewhere is None:
            body.write(
                struct.pack(
                    "<4sHHHHHIIIHH", b"PK\x03\x04", 20, 0, 8, 0, 0, 0, len(data), declared, len(label), 0
                )
            )
            body.write(label + data)
        directory.write(
            struct.pack(
                "<4sHHHHHHIIIHHHHHII",
                b"PK\x01\x02",
                20,
                20,
                0,
                8,
                0,
                0,
                0,
                len(data),
                declared,
                len(label),
                0,
                0,
                0,
                0,
                0,
                offset,
            )
        )
        directory.write(label)
        count += 1
    start, size = body.tell(), directory.tell()
    end = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, min(count, 65535), min(count, 65535), size, start, 0)
    path.write_bytes(body.getvalue() + directory.getvalue() + end)
    return path


def flat_bomb(path: Path) -> Path:
    """One sheet of 4 GB of spaces, which it declares, in 4 MB."""
    spaces = bytes(1 << 20).replace(b"\x00", b" ")
    parts = {name: text.encode() for name, text in workbook_parts().items()}
    entries = [(name, deflated([data]), len(data), None) for name, data in parts.items()]
    entries.append(("xl/media/image1.xml", deflated(spaces for _ in range(600)), 4_000_000_000, None))
    return raw_archive(path, entries)


def overlapping_bomb(path: Path) -> Path:
    """Four thousand csv members that are all the same ten megabytes (as in 42.zip's quieter successor)."""
    data = deflated(b"0,0\n" * 1024 for _ in range(2560))
    entries = [("a0.csv", data, 10_485_760, None)]
    entries += [(f"a{n}.csv", data, 10_485_760, 0) for n in range(1, 4000)]
    return raw_archive(path, entries)


def nested_bomb(path: Path) -> Path:
    """A zip in a zip in a zip, each ten of the next; the innermost a gigabyte of noughts."""
    data = deflated(bytes(1 << 20) for _ in range(100))
    inner = raw_archive(path.with_name("inner.zip"), [("0.csv", data, 100 << 20, None)]).read_bytes()
    for level in range(3):
        folder = io.BytesIO()
        with zipfile.ZipFile(folder, "w", zipfile.ZIP_DEFLATED) as archive:
            for n in range(10):
                archive.writestr(f"level{level}_{n}.zip", inner)
        inner = folder.getvalue()
    path.with_name("inner.zip").unlink()
    path.write_bytes(inner)
    return path


def billion_laughs(path: Path, part: str) -> Path:
    """Ten entities of ten of the one before, in one part of a workbook."""
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha"}">' for n in range(10))
    return _with_doctype(path, part, f"<!DOCTYPE x [{entities}]>", "&l9;")


def external_entity(path: Path, part: str, address: str) -> Path:
    """A part that asks for a file or a web page to be put in its place."""
    return _with_doctype(path, part, f'<!DOCTYPE x [<!ENTITY e SYSTEM "{address}">]>', "&e;")


def _with_doctype(path: Path, part: str, doctype: str, text: str) -> Path:
    parts = workbook_parts(strings=f"<si><t>{text}</t></si>", styles="<cellXfs/>",
                           sheets={"Data": '<row r="1"><c r="A1" t="s"><v>0</v></c></row>'})  # fmt: skip
    start, mark, rest = parts[part].partition("?>")
    parts[part] = f"{start}{mark}{doctype}{rest}"
    return written(path, parts)


def sound_workbook(path: Path) -> Path:
    """A little workbook as openpyxl writes it, with a date, a text and a formula's result."""
    book = openpyxl.Workbook()
    book.active.title = "Data"
    for row in (["line", "amount"], ["1.2.3", 5], ["1.2.4", 6.5]):
        book.active.append(row)
    book.save(path)
    return path


def with_duplicates(path: Path, part: str) -> Path:
    """The sound workbook with one part twice."""
    sound_workbook(path)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        with zipfile.ZipFile(path, "a") as archive:
            archive.writestr(part, "<worksheet/>")
    return path


def encrypted_ods(path: Path) -> Path:
    """An .ods as LibreOffice saves it with a password: every part a heap of bytes, the manifest says how."""
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml" manifest:size="900">'
        '<manifest:encryption-data manifest:checksum-type="SHA1/1K" manifest:checksum="x"/></manifest:file-entry></manifest:manifest>'
    )
    return written(path, {
        "mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": bytes(range(256)) * 4,
        "META-INF/manifest.xml": manifest,
    })  # fmt: skip


def sparse(path: Path, size: int) -> Path:
    """A csv that says two lines and is then as long as that; the disk keeps a few bytes of it."""
    with path.open("wb") as file:
        file.write(b"line,amount\n1.2.3,5\n")
        file.truncate(size)
    return path
