"""The measures that an installation has declared: read from its measures file into the register.

Every program calls `take_measures` once, as soon as it knows the configuration: the dashboard, a build, a notebook.
What an entry may say is in `hnb.metrics.declared` and, for an analyst, in `docs/how-to/add-a-measure.md`.
"""

from __future__ import annotations

from pathlib import Path

from hnb.errors import HnbError
from hnb.metrics import MEASURES, Measure
from hnb.metrics.declared import declared_measures


def take_measures(path: Path) -> tuple[Measure, ...]:
    """Make the file's measures the installation's own, in the place of those before. Gives them, none without a file.

    Raises HnbError when it cannot be read, or with everything that is wrong in it: then the register stays as it was.
    """
    measures = declared_measures(_text(path), MEASURES.shipped, path.name)
    MEASURES.declare(measures)
    return measures


def _text(path: Path) -> str:
    try:
        # Windows Notepad may begin a file with a byte order mark, which TOML does not allow.
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise HnbError(
            f"{path} cannot be read ({error.strerror}). It holds the measures of this installation."
        ) from error
    except UnicodeDecodeError as error:
        raise HnbError(f"{path} is not UTF-8 text. Save it again with the encoding UTF-8.") from error
