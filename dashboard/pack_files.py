"""The packs that the desk hands out: made from the folder of publications alone, once each, and kept with the app."""

from __future__ import annotations

import flask

from dashboard.data import request_data
from dashboard.packs import KeptPacks, Kind
from hnb import wording


def request_packs() -> KeptPacks:
    """The app's kept packs. They know the folder of publications and no snapshot."""
    folder = request_data().configuration.published_folder
    kept: KeptPacks = flask.current_app.extensions.setdefault("hnb_packs", KeptPacks(folder))
    return kept


def address(kind: Kind) -> str:
    """Where a format of the latest publication's pack is downloaded."""
    return f"/pack/{kind}"


def kilobytes(size: int) -> str:
    """A file's size in words.

    >>> kilobytes(736_182)
    '736 kB'
    """
    return f"{wording.count(size / 1_000)} kB"
