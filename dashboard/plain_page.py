"""A page of a few sentences, for those who do not see the dashboard: to sign in, to sign out, to be told why not."""

from __future__ import annotations

from collections.abc import Sequence

import flask
from markupsafe import Markup

_PAGE = Markup(
    '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><meta name="color-scheme" content="light dark">'
    '<meta name="viewport" content="width=device-width, initial-scale=1"><title>{title}</title>'
    "<style>body{{font:1.1rem/1.5 system-ui,sans-serif;max-width:36rem;margin:4rem auto;padding:0 1rem}}"
    "a:focus{{outline:3px solid #fd0;outline-offset:2px}}</style></head>"
    '<body><main role="alert"><h1>{title}</h1>{sentences}{links}{button}</main></body></html>'
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
    written = _PAGE.format(
        title=title,
        sentences=Markup("").join(Markup("<p>{}</p>").format(sentence) for sentence in sentences),
        links=Markup("").join(Markup('<p><a href="{1}">{0}</a></p>').format(*link) for link in links),
        button=Markup('<form method="post" action="{}"><button>Sign out</button></form>').format(sign_out)
        if sign_out
        else "",
    )
    return flask.Response(str(written), status=status, content_type="text/html; charset=utf-8")
