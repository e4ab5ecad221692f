"""The only reader and writer of `data/published`: what outside audiences were ever shown, each publication whole.

The folder::

    published/
      CURRENT                       the id of the latest publication
      .lock                         held by the one process that publishes
      000003-20261130T101500Z/      never changed, and never removed: later publications are audited against it
        manifest.json  SHA256SUMS  screen_setting_by_phase.parquet … pack_recommendations.json

What is in it is disclosed figures, the balance statement, and the board's own words about its recommendations.
Nothing here opens the register, and whoever reads a publication needs no other folder. How a publication is made is
`hnb.board`'s affair; how folders are kept is `hnb.version_folders`'.
"""

from __future__ import annotations

import dataclasses
import datetime
import hashlib
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, cast, get_args

import polars
import pyarrow

from hnb.counterfactual import Counterfactual
from hnb.disclosure import Account, Rules
from hnb.disk import Disk, sole_publisher
from hnb.errors import HnbError
from hnb.metrics import measure_named
from hnb.published import Audience, BoardRecommendation, Published
from hnb.recommendation_gap import Gap
from hnb.recommendations import Assessment, Point, Update
from hnb.selection import Selection
from hnb.version_folders import VersionFolders, decoded, encoded

FORMAT = 1
"""The layout of a publication's folder. A reader refuses a number that it does not know."""

AUDIENCES: tuple[Audience, ...] = get_args(Audience)

_REMEDY = "Restore the folder from a backup; without one, remove this publication and publish again"
_FRAMES = ("block", "selected")
_TEXTS = ("authority", "authority_name", "board_name", "board_initials", "block_name", "snapshot_id")
_FACTS = (*_TEXTS, "forecast_years", "categories")

Publications = Mapping[Audience, Published]
"""One publication, for each audience."""


def publish(
    folder: Path,
    make: Callable[[str, Sequence[Publications]], Publications],
    *,
    now: datetime.datetime,
    code_version: str,
    disk: Disk | None = None,
) -> Publications:
    """Make a publication and keep it. Gives it as it is read back.

    Parameters
    ----------
    folder: of publications; made if it is not there.
    make: gives the publication of an id, reckoning with all earlier ones, the oldest first.
    now: when, with a time zone.

    Raises HnbError when another process is publishing, when an earlier publication is damaged (it could not be
    reckoned with), when the disk refuses, and as `make` does; what was published before then still stands.
    """
    disk = disk or Disk()
    try:
        disk.make_folder(folder)
        with sole_publisher(folder, now):
            folders = _folders(folder)
            folders.sweep_leftovers(disk)
            publication_id = folders.new_id(now)
            made = make(publication_id, [read(earlier) for earlier in folders.all()])
            contents = _contents(made)
            folders.put_in_place(
                publication_id, _manifest(publication_id, made, contents, code_version), contents, disk
            )
            return read(folder / publication_id)
    except OSError as error:
        raise HnbError(
            f"{error.filename or folder} cannot be written ({error.strerror or error}), so nothing new was "
            "published; what was published before still stands. Make room or get leave to write there, and publish again."
        ) from error


def latest(folder: Path) -> Publications:
    """The publication that `CURRENT` names, every byte checked. HnbError when there is none, or it is damaged."""
    current = latest_id(folder)
    if current is None:
        raise HnbError(
            f"Nothing is published in {folder} yet. Run `python -m dashboard publish` after a build."
        )
    return read(folder / current)


def latest_id(folder: Path) -> str | None:
    """The id of the latest publication, or None before the first. Reads one line: cheap to ask often."""
    return _folders(folder).current_id()


def before(folder: Path, publication_id: str) -> Publications | None:
    """The publication before one, for what changed since the last meeting; None where it is the first."""
    earlier = [path for path in _folders(folder).all() if path.name < publication_id]
    return read(earlier[-1]) if earlier else None


def read(folder: Path) -> Publications:
    """The publication in one folder, every byte checked against its sha256. HnbError where one is not right."""
    folders = _folders(folder.parent)
    manifest = folders.manifest(folder, FORMAT)
    contents = {
        name: folders.verified(folder / entry["file"], entry["sha256"])
        for name, entry in manifest["tables"].items()
    }
    return {audience: _published(audience, manifest, contents) for audience in AUDIENCES}


def _folders(folder: Path) -> VersionFolders:
    return VersionFolders(folder, "", "publication", _REMEDY)


# ---------------------------------------------------------------------------------------- writing


def _contents(made: Publications) -> dict[str, bytes]:
    """File name → bytes."""
    contents = {}
    for audience, one in made.items():
        frames = {**one.tables, **{name: getattr(one, name) for name in _FRAMES}}
        for name, frame in frames.items():
            contents[f"{audience}_{name}.parquet"] = encoded(frame.to_arrow())
        written = [_written(recommendation) for recommendation in one.recommendations]
        contents[f"{audience}_recommendations.json"] = (
            json.dumps(written, ensure_ascii=False, indent=1, allow_nan=False) + "\n"
        ).encode()
    return contents


def _manifest(
    publication_id: str, made: Publications, contents: Mapping[str, bytes], code_version: str
) -> dict[str, Any]:
    any_audience = next(iter(made.values()))
    manifest = {
        "format": FORMAT,
        "publication": publication_id,
        "published_at": any_audience.published_at.isoformat(),
        "as_at": any_audience.as_at.isoformat() if any_audience.as_at else None,
        "code_version": code_version,
        "written_with": {"python": sys.version.split()[0], "pyarrow": pyarrow.__version__},
        **{name: getattr(any_audience, name) for name in _FACTS},
        "audiences": {
            audience: {
                "rules": dataclasses.asdict(one.rules),
                "account": dataclasses.asdict(one.account),
                "tables": list(one.tables),
            }
            for audience, one in made.items()
        },
        "tables": {
            file.partition(".")[0]: {
                "file": file,
                "sha256": hashlib.sha256(content).hexdigest(),
                "bytes": len(content),
            }
            for file, content in contents.items()
        },
    }
    # What is checked when it is read is what stands in the file.
    read_back: dict[str, Any] = json.loads(json.dumps(manifest))
    return read_back


def _written(recommendation: BoardRecommendation) -> dict[str, Any]:
    """A recommendation as JSON: its measure by name, its selection as a link's query."""
    one = recommendation.assessment
    fields = {
        field.name: getattr(one, field.name)
        for field in dataclasses.fields(one)
        if field.name not in ("measure", "selection", "baseline", "latest", "series", "updates")
    }
    return {
        **fields,
        "measure": one.measure.name if one.measure is not None else None,
        "selection": one.selection.to_query(),
        "baseline": dataclasses.asdict(one.baseline) if one.baseline is not None else None,
        "latest": dataclasses.asdict(one.latest) if one.latest is not None else None,
        "series": [dataclasses.asdict(point) for point in one.series],
        "updates": [
            {**dataclasses.asdict(update), "noted_on": update.noted_on.isoformat()} for update in one.updates
        ],
        "gap": dataclasses.asdict(recommendation.gap),
        "worth": dataclasses.asdict(recommendation.worth) if recommendation.worth is not None else None,
        "hidden_years": list(recommendation.hidden_years),
    }


# ---------------------------------------------------------------------------------------- reading


def _published(audience: Audience, manifest: Mapping[str, Any], contents: Mapping[str, bytes]) -> Published:
    facts = manifest["audiences"][audience]

    def frame(name: str) -> polars.DataFrame:
        return cast(polars.DataFrame, polars.from_arrow(decoded(contents[f"{audience}_{name}"])))

    as_at = manifest["as_at"]
    return Published(
        publication_id=manifest["publication"],
        published_at=datetime.datetime.fromisoformat(manifest["published_at"]),
        as_at=datetime.date.fromisoformat(as_at) if as_at else None,
        audience=audience,
        rules=Rules(**facts["rules"]),
        account=Account(**facts["account"]),
        tables={name: frame(name) for name in facts["tables"]},
        recommendations=tuple(
            _recommendation(written) for written in json.loads(contents[f"{audience}_recommendations"])
        ),
        block=frame("block"),
        selected=frame("selected"),
        **{name: str(manifest[name]) for name in _TEXTS},
        forecast_years=tuple(manifest["forecast_years"]),
        categories={
            dimension: {name: tuple(codes) for name, codes in of.items()}
            for dimension, of in manifest["categories"].items()
        },
    )


def _recommendation(written: Mapping[str, Any]) -> BoardRecommendation:
    fields = dict(written)
    gap = Gap(**fields.pop("gap"))
    worth = fields.pop("worth")
    hidden_years = tuple(fields.pop("hidden_years"))
    name = fields.pop("measure")
    assessment = Assessment(
        measure=measure_named(name) if name else None,
        selection=Selection.from_query(fields.pop("selection")),
        baseline=_point(fields.pop("baseline")),
        latest=_point(fields.pop("latest")),
        series=tuple(Point(**point) for point in fields.pop("series")),
        updates=tuple(
            Update(**{**update, "noted_on": datetime.date.fromisoformat(update["noted_on"])})
            for update in fields.pop("updates")
        ),
        **fields,
    )
    return BoardRecommendation(assessment, gap, Counterfactual(**worth) if worth else None, hidden_years)


def _point(written: Mapping[str, Any] | None) -> Point | None:
    return Point(**written) if written is not None else None
