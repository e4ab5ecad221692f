"""The report of a build as one page of HTML that needs nothing else: no script, no font, no request.

It opens from a folder or an attachment, prints, and reads in the dark and at 320 pixels. `etl/report.html` is
its form; what it says is `etl.report_content`'s.
"""

from __future__ import annotations

import re
from importlib import resources

import jinja2
import markupsafe

from etl.report_content import Content, change_place
from hnb import load_findings, quality, wording

SHOWN_OF_A_KIND = 200
"""Problems of one kind on the page; the workbook beside it has all of them."""

SHOWN_CHANGES = 200
"""Lines of changes in one cut on the page."""

_ENVIRONMENT = jinja2.Environment(
    autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
)


def page(content: Content) -> str:
    """The whole page."""
    template = _ENVIRONMENT.from_string((resources.files("etl") / "report.html").read_text("utf-8"))
    return template.render(
        content=content,
        severities=[
            (severity, title, [kind for kind in content.kinds if kind.severity == severity])
            for severity, title in (("refusal", "Refused"), ("note", "Worth knowing"))
        ],
        changes={} if content.is_first_load else {cut: content.changes(cut).to_dicts() for cut in ("by_sheet", "by_line")},
        coverage=content.coverage.to_dicts(),
        gaps=quality.gaps(content.coverage).to_dicts(),
        has_money=content.whole["amount_read"] is not None,
        breaking=_breaking,
        change_place=change_place,
        findings=load_findings,
        wording=wording,
        shown_of_a_kind=SHOWN_OF_A_KIND,
        shown_changes=SHOWN_CHANGES,
    )  # fmt: skip


def _breaking(address: str) -> markupsafe.Markup:
    """An address that may go on in the next line after its joints, and there only: budget_|monitor.xlsx!|Monitor P7."""
    return markupsafe.Markup(re.sub(r"([_!/]+)", r"\1<wbr>", str(markupsafe.escape(address))))  # noqa: S704 — escaped just before
