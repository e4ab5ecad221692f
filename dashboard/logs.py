"""What the server says of its own work, a line of JSON each: never a value, a query, a name or a message's filling.

For a server that several people use. Who saw what is another matter, and another file (`dashboard.audit`).
"""

from __future__ import annotations

import datetime
import json
import logging
import sys
import time
import traceback
from typing import Any

import flask

LOGGER = "dashboard"
_FACTS = "facts"
_BEGUN = "hnb_begun"


class JsonLine(logging.Formatter):
    """A record as a line of JSON.

    Of our own records it has the sentence and the facts beside it; of others' only where they come from, since what
    they say may hold what somebody sent. Of an error it has the kind and where it was raised, not what it says.
    """

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        at = datetime.datetime.fromtimestamp(record.created, datetime.UTC).isoformat(timespec="milliseconds")
        line: dict[str, Any] = {"at": at, "level": record.levelname.lower(), "from": record.name}
        if record.name == LOGGER:
            line |= {"said": str(record.msg), **getattr(record, _FACTS, {})}
        else:
            line["where"] = f"{record.module}:{record.lineno}"
        if record.exc_info and record.exc_info[0] is not None:
            frames = traceback.extract_tb(record.exc_info[2])
            line["error"] = record.exc_info[0].__name__
            line["raised"] = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
        return json.dumps(line)


def in_json() -> None:
    """Have every record of this process written as a line of JSON to the standard error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLine())
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)


def say(sentence: str, level: int = logging.INFO, **facts: str | int | float) -> None:
    """A record of our own: a sentence that is always the same, and facts that hold nothing of what was asked."""
    logging.getLogger(LOGGER).log(level, sentence, extra={_FACTS: facts})


def install(server: flask.Flask) -> None:
    """Have an application say of each request by which rule it was answered, how, and how long it took."""

    def begun() -> None:
        setattr(flask.g, _BEGUN, time.perf_counter())

    server.before_request_funcs.setdefault(None, []).insert(0, begun)

    @server.after_request
    def answered(response: flask.Response) -> flask.Response:
        rule = flask.request.url_rule
        milliseconds = (time.perf_counter() - flask.g.get(_BEGUN, time.perf_counter())) * 1000
        say(
            "answered",
            rule=rule.rule if rule else "none",
            method=flask.request.method if flask.request.method in ("GET", "HEAD", "POST") else "other",
            status=response.status_code,
            milliseconds=round(milliseconds, 1),
        )
        return response
