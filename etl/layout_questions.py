"""The questions of a layout: what only a person can answer, and where in the file an answer goes. Pure.

A question without an answer leaves its places in the file as they are; the layout still reads and recognises,
and `etl.reshape` refuses every row of a sheet that it fits.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from etl.layout import Question
from etl.layout_keys import Keys
from hnb.codelists import folded

_PART = re.compile(r'"([^"]*)"|\'([^\']*)\'|([^.]+)')


def questions(keys: Keys, given: Mapping[str, Any]) -> tuple[Question, ...]:
    """[questions.NAME], each with its answer held against its choices."""
    return tuple(_question(keys, name, one) for name, one in given.items())


def _question(keys: Keys, name: str, given: Mapping[str, Any]) -> Question:
    where = f"[questions.{name}]"
    keys.only(given, where, "ask because choices sets answer")
    if not given.get("ask") or not given.get("sets"):
        raise keys.fault(where, "it needs `ask` (the question) and `sets` (the places that the answer fills)")
    listed = given.get("choices", {})
    choices = dict(listed) if isinstance(listed, dict) else {choice: choice for choice in listed}
    question = Question(name, str(given["ask"]), str(given.get("because", "")), MappingProxyType(choices),
                        tuple(given["sets"]), given.get("answer", ""))  # fmt: skip
    if not question.is_answered or not choices:
        return question
    chosen = [
        choice
        for choice in choices
        if folded(str(choice)) == folded(str(question.answer)) and str(choice).strip()
    ]
    exact = [choice for choice in choices if str(choice) == str(question.answer).strip()]
    if not (exact or len(chosen) == 1):
        raise keys.fault(
            where, f"its `answer` “{question.answer}” is none of its choices: {_listed(choices)}"
        )
    return Question(
        name, question.ask, question.because, question.choices, question.sets, (exact or chosen)[0]
    )


def filled(keys: Keys, document: Mapping[str, Any], asked: Sequence[Question]) -> dict[str, Any]:
    """The document with every answer in its places; the one that was given stays as it is."""
    answered = [question for question in asked if question.is_answered]
    if not answered:
        return dict(document)
    after: dict[str, Any] = copy.deepcopy(dict(document))
    for question in answered:
        for path in question.sets:
            _fill(keys, after, path, question)
    return after


def _fill(keys: Keys, document: dict[str, Any], path: str, question: Question) -> None:
    where = f"[questions.{question.name}] sets “{path}”"
    *parents, last = path_parts(path)
    place: Any = document
    for part in parents:
        place = _item(keys, place, part, where) if isinstance(place, list) else place.setdefault(part, {})
        if not isinstance(place, (dict, list)):
            raise keys.fault(where, f"there is nothing to fill below “{part}”")
    if isinstance(place, list):
        _item(keys, place, last, where)
        place[int(last)] = question.value
    else:
        place[last] = question.value


def _item(keys: Keys, items: list[Any], part: str, where: str) -> Any:
    if not part.isdigit() or int(part) >= len(items):
        raise keys.fault(where, f"“{part}” is no place in a list of {len(items)}, counted from 0")
    return items[int(part)]


def path_parts(path: str) -> tuple[str, ...]:
    """The parts of a dotted path; a part with a dot in it stands in quotation marks.

    >>> path_parts('columns.line.values."1.9 Income"')
    ('columns', 'line', 'values', '1.9 Income')
    """
    return tuple(next(text for text in found if text) for found in _PART.findall(path) if any(found))


def _listed(choices: Mapping[str, Any]) -> str:
    return ", ".join(f"“{choice}”" for choice in choices)
