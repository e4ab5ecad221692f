"""`python -m etl providers`: which names of providers may be one, shown, and written as a list for a person to confirm."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console

from etl.providers import FILE, provider_groups, providers_toml, read_providers
from hnb.errors import HnbError
from hnb.store import Snapshot


def providers(processed: Path, to: Path | None, console: Console) -> int:
    """Shows the groups of the published registers; with `to`, writes them beside what that file has already.

    The groups are those of the snapshot, so a build comes first. HnbError where nothing is published, or where
    the file is there and is no list of providers.
    """
    snapshot = Snapshot.open(processed)
    found = provider_groups(snapshot.frame("placements")) if snapshot.has("placements") else ()
    for group in found:
        console.print(f"{group.name}: {' | '.join(group.spellings)}", highlight=False, markup=False)
    if not found:
        console.print("No two names of providers are so alike that they may be one.", highlight=False)
    if to is None:
        if found:
            console.print(
                f"Nothing is merged. To confirm some: --to etl/corrections/{FILE}", highlight=False, markup=False
            )  # fmt: skip
        return 0
    try:
        known = read_providers(to.read_text(encoding="utf-8"), str(to)) if to.exists() else ()
        to.write_text(providers_toml(found, known), encoding="utf-8")
    except OSError as error:
        raise HnbError(f"{to} cannot be written ({error.strerror}). Give another file with --to.") from error
    console.print(f"Written to {to}. Set confirmed = true, who and on for those that are one.", highlight=False, markup=False)  # fmt: skip
    return 0
