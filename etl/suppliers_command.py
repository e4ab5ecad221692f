"""`python -m etl suppliers`: which suppliers of the ledger may be providers, shown, and written for a person to decide."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console

from etl.suppliers import suppliers_csv
from hnb.errors import HnbError
from hnb.store import Snapshot
from hnb.wording import pounds


def suppliers(processed: Path, to: Path | None, console: Console) -> int:
    """Shows the offers of the published snapshot; with `to`, writes them there beside what is decided already.

    HnbError where nothing is published, or where the file cannot be written.
    """
    snapshot = Snapshot.open(processed)
    if not snapshot.has("supplier_offers"):
        console.print("Every supplier that is paid for placements is matched, or there is no register or no ledger to match.", highlight=False)  # fmt: skip
        return 0
    offers = snapshot.frame("supplier_offers")
    for supplier, provider, amount in (
        offers[["supplier", "provider", "amount"]].astype(object).itertuples(index=False)
    ):
        known = isinstance(provider, str)
        said = f"may be {provider}" if known else "is like no provider"
        console.print(f"{supplier} ({pounds(amount)}) {said}", highlight=False, markup=False, soft_wrap=True)
    if to is None:
        console.print("Write the list with --to data/mappings/suppliers.csv, decide each, and build again.", highlight=False)  # fmt: skip
        return 0
    matches = snapshot.frame("supplier_matches") if snapshot.has("supplier_matches") else None
    if matches is not None:
        # What another file decides stays there: written here as well it would be decided twice, and refused.
        matches = matches[matches["source"].str.startswith(f"{to.parent.name}/{to.name}!")]
    try:
        to.parent.mkdir(parents=True, exist_ok=True)
        to.write_text(suppliers_csv(offers, matches), encoding="utf-8")
    except OSError as error:
        raise HnbError(f"{to} cannot be written ({error.strerror}). Name another file.") from error
    console.print(f"The list is in {to}: write Confirmed or Not the same into its column Decision, with who and when, and build again.",
                  highlight=False, markup=False, soft_wrap=True)  # fmt: skip
    return 0
