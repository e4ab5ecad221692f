"""Who is asking and what that person may see: the roles, from the least to the most, and the one check of them.

A role comes from the server's session only (`dashboard.sign_in` puts the person there); nothing that a browser sends
is asked. Whatever shows something says its least role once, with `for_role`, `guarded_callback` or `register_page`;
what says none is for officers.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import flask

PUBLIC, MEETING, ANALYST, OFFICER = "public", "meeting", "analyst", "officer"

ROLES = (PUBLIC, MEETING, ANALYST, OFFICER)
"""From the least to the most. `PUBLIC` is whoever can reach the address: scripts, signing in, whether the server is well."""

_PERSON = "hnb_person"


class ForbiddenError(Exception):
    """Somebody asked for what that person's role does not see. The sentence says which role would."""


@dataclass(frozen=True)
class Person:
    """Who asks: the subject that the issuer or the proxy gave, and the role. `name` is for the person's own eyes."""

    subject: str
    role: str
    name: str = ""

    def __post_init__(self) -> None:
        if self.role not in ROLES:
            raise ValueError("there is no such role")


NOBODY = Person("", PUBLIC)
AT_THIS_MACHINE = Person("this machine", OFFICER)
"""Whoever sits at the machine that a dashboard without sign-in serves; and the server, which draws pages beforehand."""

AS_AN_ANALYST = Person("this machine", ANALYST)
"""The server when it draws beforehand what analysts see."""


def person() -> Person:
    """Who the request being answered is from; nobody where that was never said.

    Of an application that was told to answer one person only (`answer_only`), it is that person.
    """
    if not flask.has_app_context():
        return NOBODY
    asking: Person = flask.g.get(_PERSON) or flask.current_app.extensions.get(_PERSON, NOBODY)
    return asking


def answer_only(server: flask.Flask, asking: Person) -> None:
    """Have an application take everybody for one person: one that answers this machine only."""
    server.extensions[_PERSON] = asking


def is_from(asking: Person) -> None:
    """Say who the request being answered is from: for `dashboard.sign_in`, and for what the server does by itself."""
    setattr(flask.g, _PERSON, asking)


def reaches(role: str, least: str) -> bool:
    """Whether a role sees what the least role is for."""
    return ROLES.index(role) >= ROLES.index(least)


def may(least: str) -> bool:
    """Whether the person asking sees what the least role is for."""
    return reaches(person().role, least)


def require(least: str) -> None:
    """Raise ForbiddenError unless the person asking sees what the least role is for."""
    if not may(least):
        raise ForbiddenError(f"This is for the role {least}.")


def for_role(least: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """The function for those who see what the least role is for; others get ForbiddenError before it runs."""
    if least not in ROLES:
        raise ValueError("there is no such role")

    @functools.wraps(function)
    def allowed(*arguments: Any, **named: Any) -> Any:
        require(least)
        return function(*arguments, **named)

    allowed.least_role = least  # type: ignore[attr-defined]  # what the walks of the tests look for
    return allowed


def each_for_role(least: str, functions: Mapping[str, Callable[..., Any]]) -> dict[str, Callable[..., Any]]:
    """Functions by their names, each for those who see what the least role is for."""
    return {name: for_role(least, function) for name, function in functions.items()}


def least_role_of(what: Any) -> str:
    """The least role that something says; an officer where it says none."""
    said: str = getattr(what, "least_role", OFFICER)
    return said
