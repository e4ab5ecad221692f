"""The document that a browser opens: which scripts, in which order, and what is asked for before they run.

What stands in the way of a first chart is the browser running scripts, one after the other. So the page's own data
is asked for while they are still being read, what Dash would fetch only once it needs it comes with the others,
and what no page of ours uses does not come at all. What stands around a page is `dashboard.shell`'s.
"""

from __future__ import annotations

import re
from typing import Any

from dash import Dash

ASKED_EARLY = ("/_dash-layout", "/_dash-dependencies")
"""Dash's first two questions, which it puts only when every script has run."""

UNUSED = "/dash/dash_table/"
"""Dash's library of which no page has a component."""

CORE = "/dash/dcc/dash_core_components-shared."
"""The second half of Dash's own components, which the part that draws charts needs before it."""

_SCRIPT = re.compile(r'<script src="([^"]+)"></script>')


class DashWithDocument(Dash):
    """Dash with its document's scripts as we want them."""

    def interpolate_index(self, **parts: Any) -> str:
        """The document, which is the same for every address."""
        parts |= {"css": _asked_early() + parts["css"], "scripts": self._arranged(parts["scripts"])}
        return str(super().interpolate_index(**parts))

    def _arranged(self, scripts: str) -> str:
        """The scripts without what is not used, and with the part that draws charts, which Dash fetches at the first one."""
        found = []
        for address in _SCRIPT.findall(scripts):
            if UNUSED not in address:
                found.append(address)
            if CORE in address:
                found.append(self._chart_script())
        inline = _SCRIPT.sub("", scripts).strip()
        return "\n".join([*(f'<script src="{address}"></script>' for address in found), inline])

    def _chart_script(self) -> str:
        part = {"relative_package_path": "dcc/async-graph.js", "namespace": "dash"}
        return str(self._collect_and_register_resources([part])[0])


def _asked_early() -> str:
    """The first questions as the browser puts them at once, from the same address and with the same Referer.

    It keeps the answers until Dash asks; that they are not to be stored does not matter to this one use.
    """
    return "".join(
        f'<link rel="preload" as="fetch" crossorigin="anonymous" href="{address}">' for address in ASKED_EARLY
    )
