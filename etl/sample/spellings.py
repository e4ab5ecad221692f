"""How a workbook of the sample spells a code: the words of its time, several of them at once.

The spellings are in `spellings.toml`; a test holds each of them to `hnb.codelists`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from importlib import resources
from typing import Any

import numpy
import pandas

from hnb.codelists import CODELISTS

SPELLINGS: Mapping[str, Any] = tomllib.loads(
    (resources.files("etl.sample") / "spellings.toml").read_text(encoding="utf-8")
)
"""By manner of writing ("case_system", "return_words", "council_words"), then code list, then code."""


def spelt(
    codes: pandas.Series, codelist: str, manner: str, generator: numpy.random.Generator
) -> list[str | None]:
    """Codes in the manner's spellings, one of its several drawn for each cell; a missing code stays None."""
    ways = {
        code: SPELLINGS[manner][codelist].get(code, [CODELISTS[codelist].label(code)])
        for code in CODELISTS[codelist].codes
    }
    draws = generator.random(len(codes))
    return [
        None if pandas.isna(code) else ways[code][int(draw * len(ways[code]))]
        for code, draw in zip(codes, draws, strict=True)
    ]
