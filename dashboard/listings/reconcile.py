"""The tables of Reconcile as listings: comparisons, kinds, whom to ring, exceptions, months, bridge, suppliers, codes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from dashboard.components.records import RecordColumn
from dashboard.listing import Listing
from dashboard.pages.held_against import HeldAgainst
from dashboard.roles import OFFICER, each_for_role
from hnb import exception_sums, reconciled_rows, wording
from hnb.codelists import CODELISTS

EXCEPTIONS_SHOWN = 25
RING_SHOWN = 12
CODES_SHOWN = 25
_PAIRS, _KINDS = CODELISTS["ledger_pairs"], CODELISTS["ledger_exceptions"]
_LEDGER = ("payments", "ledger_mapping")
_OF_THE_REGISTER = ("provider", "placement_id", "paid", "register_amount", "difference", "source")
_BOTH = ("placements", "payments", "ledger_mapping", "supplier_matches")


def comparisons(asked: HeldAgainst) -> Listing:
    """Every two sources of the year, line by line, with the difference and whether it matters."""
    status = CODELISTS["reconciled_statuses"]
    rows = [
        {
            **row,
            "item": reconciled_rows.item(row["line"], row["line_group"]),
            "first": _PAIRS.entry(row["pair"]).details["first"],
            "second": _PAIRS.entry(row["pair"]).details["second"],
            "missing": row["months_missing"]
            or ("none" if row["pair"].endswith("_ledger") else "does not apply"),
        }
        for row in asked.yearly.iter_rows(named=True)
    ]
    columns = [
        RecordColumn("item", "Line", link=lambda row: asked.of_line(row.get("line"))),
        RecordColumn("first", "First source"),
        RecordColumn("first_amount", "First (£)", "pounds"),
        RecordColumn("second", "Second source"),
        RecordColumn("second_amount", "Second (£)", "pounds"),
        RecordColumn("difference", "Difference (£)", "change"),
        RecordColumn("share", "Share of first", "share"),
        RecordColumn("allowed", "Tolerance (£)", "pounds"),
        RecordColumn("status", "Status", words=status.label),
        RecordColumn("missing", "Months missing"),
    ]
    return Listing(
        title=f"Do the sources agree, {asked.year}",
        caption=f"Two sources at a time, {_about(asked)}: second less first, pounds",
        columns=columns,
        rows=rows,
        about=[("Selected", _about(asked)), ("Tolerance", CODELISTS["tolerances"].label(asked.tolerance)), ("Status", "; ".join(f"{status.label(code)}: {status.meaning(code)}" for code in status.codes))],
        caution="In a year in progress the ledger is compared up to its last month, and a register with a monitor over the whole year.",
        tables=("placements", "budget", "payments", "ledger_mapping", "spend_returns"),
        class_of=lambda row: f"reconciled-{row['status']}",
    )  # fmt: skip


def kinds(asked: HeldAgainst) -> Listing:
    """The exceptions by kind."""
    columns = [
        RecordColumn(
            "exception",
            "Kind",
            link=lambda row: asked.address(kind=row["exception"]),
            words=lambda code: _KINDS.label(code) if code else "All exceptions",
        ),
        RecordColumn("lines", "Exceptions", "count"),
        RecordColumn("providers", "Providers or suppliers", "count"),
        RecordColumn("register_amount", "Register (£)", "pounds"),
        RecordColumn("ledger_amount", "Paid (£)", "pounds"),
        RecordColumn("difference", "Difference (£)", "change"),
        RecordColumn("act", "What to do"),
    ]
    rows = [
        {**row, "act": _KINDS.entry(row["exception"]).details["act"]}
        for row in asked.by_kind.iter_rows(named=True)
    ]
    return Listing(
        title=f"Exceptions between register and ledger by kind, {asked.year}",
        caption=f"Exceptions by kind, {_about(asked)}; with what is met they add up to the whole difference",
        columns=columns,
        rows=rows,
        whole={"exception": None, **exception_sums.whole(asked.exceptions)} if rows else None,
        about=[
            ("Selected", _about(asked)),
            *((_KINDS.label(code), _KINDS.meaning(code)) for code in _KINDS.codes),
        ],
        tables=_BOTH,
    )


def ring(asked: HeldAgainst) -> Listing:
    """Whom to ring, the most at stake first."""
    columns = [
        RecordColumn("name", "Provider or supplier"),
        RecordColumn("kinds", "What is odd", words=lambda said: said[:1].upper() + said[1:]),
        RecordColumn("lines", "Exceptions", "count"),
        RecordColumn("unpaid", "Due, not paid (£)", "pounds"),
        RecordColumn("overpaid", "Paid, not due (£)", "pounds"),
        RecordColumn("at_stake", "At stake (£)", "pounds"),
        RecordColumn("waits", "What to do"),
    ]
    rows = [
        {**row, "waits": f"Confirm whether it is {row['offer']}" if row["offer"] else "Ring"}
        for row in asked.to_ring.iter_rows(named=True)
    ]
    return Listing(
        title=f"Whom to ring about {asked.year}",
        caption=f"Providers and suppliers with something to settle, {_about(asked)}; the most at stake first, those to confirm last",
        columns=columns,
        rows=rows,
        shown=RING_SHOWN,
        about=[("Selected", _about(asked))],
        caution="What is due and what is overpaid are not set against each other: one does not make good the other.",
        tables=_BOTH,
    )


def exceptions(asked: HeldAgainst) -> Listing:
    """Every exception, months run together, with the row of either side."""
    columns = [
        RecordColumn("exception", "Kind", words=_KINDS.label),
        RecordColumn("provider", "Provider"),
        RecordColumn("supplier", "Supplier in the ledger"),
        RecordColumn("placement_id", "Placement"),
        RecordColumn("months", "For"),
        RecordColumn("paid", "Paid in"),
        RecordColumn("register_amount", "Register (£)", "pounds"),
        RecordColumn("ledger_amount", "Paid (£)", "pounds"),
        RecordColumn("difference", "Difference (£)", "change"),
        RecordColumn("detail", "What was found"),
        RecordColumn("source", "Row of the register", "address", link=_row_link("source")),
        RecordColumn("ledger_source", "Row of the ledger", "address", link=_row_link("ledger_source")),
    ]
    rows = [
        {
            **row,
            "paid": "the same" if row["paid"] == row["months"] else row["paid"] or "not paid",
            "source": None if row["source"] == row["ledger_source"] else row["source"],
        }
        for row in asked.listed.iter_rows(named=True)
    ]
    if asked.together("register_ledger") is None:
        # Without a register every exception is a payment: columns that nothing could fill are left out.
        columns = [column for column in columns if column.name not in _OF_THE_REGISTER]
    return Listing(
        title=f"Exceptions between register and ledger, {asked.year}",
        caption=f"Exceptions, {_about(asked)}{_of_kind(asked)}; those to settle first",
        columns=columns,
        rows=rows,
        shown=EXCEPTIONS_SHOWN,
        about=[("Selected", f"{_about(asked)}{_of_kind(asked)}")],
        caution="Each row may be a child: for officers only, never for the meeting.",
        tables=_BOTH,
    )


def months(asked: HeldAgainst) -> Listing:
    """Register and ledger, or the ledger alone, month by month."""
    pair = asked.monthly("register_ledger")
    columns = [RecordColumn("name", "Month")]
    if pair.height:
        columns += [RecordColumn("first_amount", "Register (£)", "pounds"), RecordColumn("second_amount", "Paid (£)", "pounds"), RecordColumn("difference", "Difference (£)", "change")]  # fmt: skip
        rows = [{**row, "second_amount": None if row["months_missing"] else row["second_amount"]} for row in pair.iter_rows(named=True)]  # fmt: skip
    else:
        columns += [
            RecordColumn("second_amount", "Paid (£)", "pounds"),
            RecordColumn("payments", "Payments", "count"),
        ]
        rows = [{**row, "second_amount": row["amount"]} for row in asked.paid_by_month.iter_rows(named=True)]
    columns.append(RecordColumn("loaded", "Loaded"))
    for row in rows:
        row["name"] = f"{row['month']:%B %Y}"
        row["loaded"] = "not loaded" if row.get("is_missing") or row.get("months_missing") else "yes"
    return Listing(
        title=f"Register and ledger by month, {asked.year}"
        if pair.height
        else f"Paid by month, {asked.year}",
        caption=f"{'Register and ledger' if pair.height else 'Paid, ledger'} by month, {_about(asked)}, pounds",
        columns=columns,
        rows=rows,
        about=[("Selected", _about(asked))],
        tables=_BOTH if pair.height else _LEDGER,
    )


def bridge(asked: HeldAgainst) -> Listing:
    """From the budget return to the outturn return."""
    steps = CODELISTS["bridge_steps"]
    columns = [
        RecordColumn("name", "Step"),
        RecordColumn("places_before", "Places, April on", "years"),
        RecordColumn("places_after", "Places, autumn on", "years"),
        RecordColumn("places", "Part-year places", "years"),
        RecordColumn("worked_out", "Places × rate (£)", "pounds"),
        RecordColumn("amount", "£", "change"),
        RecordColumn("meaning", "What it is"),
        RecordColumn("source", "Row", "address", link=_row_link("source")),
    ]
    rows = [
        {
            **row,
            "name": bridge_step(row),
            "meaning": steps.meaning(row["step"]),
            "source": row["source"] if "!" in str(row["source"]) else None,
        }
        for row in asked.bridge.iter_rows(named=True)
    ]
    return Listing(
        title=f"From the budget return to the outturn return, {asked.bridge_year}",
        caption=f"From the budget return to the outturn return of {asked.bridge_year}: the budget and the steps add up to the outturn, pounds",
        columns=columns,
        rows=rows,
        about=[("Selected", f"{asked.bridge_year}, all groups of lines")],
        caution="Part-year places: before 16 five twelfths at the old number and seven at the new; after 16 four and eight.",
        tables=("spend_returns", "place_deductions"),
    )


def bridge_step(row: Mapping[str, Any]) -> str:
    """What one step of the bridge is called."""
    if row["step"] == "paid_by_dfe":
        kind, place = CODELISTS["provider_kinds"], CODELISTS["place_kinds"]
        return f"{kind.label(row['provider_kind'])}: {wording.lowered(place.label(row['place_kind']))}"
    if row["step"] == "change":
        return f"{CODELISTS['line_groups'].label(row['line_group'])}: more or less than budgeted"
    return CODELISTS["bridge_steps"].label(row["step"])


def suppliers(asked: HeldAgainst) -> Listing:
    """Suppliers that wait for a person's word."""
    columns = [
        RecordColumn("supplier", "Supplier in the ledger"),
        RecordColumn("provider", "May be"),
        RecordColumn("likeness", "Likeness of the names", "share"),
        RecordColumn("payments", "Payments", "count"),
        RecordColumn("amount", "Paid, all years (£)", "pounds"),
        RecordColumn("source", "First row", "address", link=_row_link("source")),
    ]
    rows = [{**row, "provider": row["provider"] or "no provider is like it"} for row in asked.table("supplier_offers").iter_rows(named=True)]  # fmt: skip
    return Listing(
        title="Suppliers that nobody has matched to a provider yet",
        caption="Suppliers paid on the register's lines that nobody has matched yet, the dearest first",
        columns=columns,
        rows=rows,
        shown=EXCEPTIONS_SHOWN,
        about=[
            (
                "To confirm",
                "python -m etl suppliers --to data/mappings/suppliers.csv, decide, and build again",
            )
        ],
        caution="Nothing is merged unasked: until a person confirms one, its payments are “paid, not in register”.",
        tables=_BOTH,
    )


def codes(asked: HeldAgainst) -> Listing:
    """The ledger's codes that are mapped or look like SEND, each with its rule."""
    status, certain = CODELISTS["ledger_statuses"], CODELISTS["certainties"]
    columns = [
        RecordColumn("code", "Expense code"),
        RecordColumn("ledger_status", "The mapping says", words=status.label),
        RecordColumn("item", "Line or group"),
        RecordColumn("payments", "Payments", "count"),
        RecordColumn("amount", "Paid (£)", "pounds"),
        RecordColumn("certainty", "Certainty", words=lambda code: certain.label(code) if code else "no rule"),
        RecordColumn("rule_id", "Rule"),
        RecordColumn("reason", "Why"),
    ]
    rows = [
        {
            **row,
            "code": " ".join(part for part in (row["expense_code"], row["expense_type"]) if part) or "No code",
            "item": reconciled_rows.item(row["line"], row["line_group"]) if row["line"] or row["line_group"] else "none told",
        }
        for row in asked.codes.iter_rows(named=True)
    ]  # fmt: skip
    return Listing(
        title=f"Ledger codes and their lines, {asked.year}",
        caption=f"Ledger codes that are mapped or look like SEND, {asked.year}: those without a rule first",
        columns=columns,
        rows=rows,
        shown=CODES_SHOWN,
        about=[
            ("Selected", f"{asked.year}, all lines"),
            ("Where it is kept", "data/mappings/ledger_mapping.csv"),
        ],
        tables=_LEDGER,
    )


def _row_link(column: str) -> Any:
    """The page of the row that an address names; "" where it names none."""

    def link(row: Mapping[str, Any]) -> str:
        address = str(row.get(column) or "").partition(" and ")[0]
        return f"/rows?source={quote(address, safe='')}" if address.count("!") >= 2 else ""

    return link


def _about(asked: HeldAgainst) -> str:
    return f"{asked.name.lower() if not asked.line else asked.name.replace('Line', 'line')}, {asked.year}"


def _of_kind(asked: HeldAgainst) -> str:
    return "" if asked.kind == "all" else f", {wording.lowered(_KINDS.label(asked.kind))} only"


def _maker(make: Any) -> Any:
    return lambda query: make(HeldAgainst.read(query))


LISTINGS = each_for_role(
    OFFICER,
    {
        "reconcile-sources": _maker(comparisons),
        "reconcile-kinds": _maker(kinds),
        "reconcile-ring": _maker(ring),
        "reconcile-exceptions": _maker(exceptions),
        "reconcile-months": _maker(months),
        "reconcile-bridge": _maker(bridge),
        "reconcile-suppliers": _maker(suppliers),
        "reconcile-codes": _maker(codes),
    },
)
