"""The one family of errors that a user can mend. Everything else is ours: let it crash."""

from __future__ import annotations


class HnbError(Exception):
    """Something the user can put right, said in one sentence.

    The commands show the sentence without a traceback and exit with code 2. Raise it with where it
    happened, what was found, what was expected and what to do; never with a child's name, date of
    birth or UPN.
    """
