"""A page of a few sentences, for those who do not see the dashboard: to sign in, to sign out, to be told why not.

It stands alone, in the dashboard's colours: whoever is not signed in is given no file of ours. So its style is written into
it, and its own policy lets the browser take that and nothing else, in the desk and on the meeting's screen alike.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from functools import cache

import flask
from markupsafe import Markup

from dashboard.figures import palette

_STYLE = """
body{margin:0;background:var(--page);color:var(--ink);font:1.125rem/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
header{background:var(--card);border-bottom:1px solid var(--border);padding:.875rem clamp(1rem,4vw,2rem);font-weight:700}
main{box-sizing:border-box;max-width:40rem;margin:clamp(1rem,8vh,5rem) auto;padding:clamp(1.25rem,4vw,2.5rem);background:var(--card);border:1px solid var(--border);border-top:.375rem solid var(--accent);border-radius:.25rem}
@media(max-width:42rem){main{margin-inline:1rem}}
h1{margin:0 0 1rem;font-size:1.75rem;line-height:1.2;text-wrap:balance}
p{margin:0 0 1rem;max-width:34em}
form{margin:0}
.ways{display:flex;flex-wrap:wrap;gap:.75rem;margin-top:1.75rem}
.ways a,button{box-sizing:border-box;min-height:2.75rem;padding:.5rem 1.125rem;border:1px solid var(--link);border-radius:.25rem;font:inherit;font-weight:600;text-decoration:none;cursor:pointer}
.ways a{background:var(--link);color:var(--on-fill)}
button{background:var(--card);color:var(--link)}
.ways a:hover,button:hover{text-decoration:underline}
:focus-visible{outline:3px solid #fd0;box-shadow:0 0 0 5px #0b0c0c}
"""

_PAGE = Markup(
    '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><meta name="color-scheme" content="light dark">'
    '<meta name="viewport" content="width=device-width, initial-scale=1"><title>{title}</title><style>{style}</style></head>'
    '<body><header>High Needs Block</header><main><div role="alert"><h1>{title}</h1>{sentences}</div>{ways}</main></body></html>'
)


def plain_page(
    title: str,
    sentences: Sequence[str],
    links: Sequence[tuple[str, str]] = (),
    status: int = 200,
    *,
    sign_out: str = "",
) -> flask.Response:
    """The page as an answer; `links` are pairs of words and an address, `sign_out` the address to sign out at."""
    ways = Markup("").join(Markup('<a href="{1}">{0}</a>').format(*link) for link in links)
    if sign_out:
        ways += Markup('<form method="post" action="{}"><button>Sign out</button></form>').format(sign_out)
    written = _PAGE.format(
        title=title,
        style=Markup(_style()),  # noqa: S704 (our own, with nothing that came from outside)
        sentences=Markup("").join(Markup("<p>{}</p>").format(sentence) for sentence in sentences),
        ways=Markup('<div class="ways">{}</div>').format(ways) if ways else "",
    )
    answer = flask.Response(str(written), status=status, content_type="text/html; charset=utf-8")
    answer.headers["Content-Security-Policy"] = _policy()
    return answer


@cache
def _style() -> str:
    return "\n".join([*palette.variables(), _STYLE])


@cache
def _policy() -> str:
    digest = base64.b64encode(hashlib.sha256(_style().encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
