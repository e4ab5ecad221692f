"""What fits what was typed: the same first, then what begins so, then what holds the words, then misspellings."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hnb.likeness import FITS, likeness


@pytest.mark.parametrize(
    ("typed", "name", "fits"),
    [
        ("Sherwood Park", "Sherwood Park School", True),
        ("sherwod", "Sherwood Park School", True),
        ("park sherw", "Sherwood Park School", True),
        ("Shrewood Park", "Sherwood Park School", True),
        ("1.2.3", "1.2.3 Top-up funding, independent", True),
        ("1.2.3", "1.2.1 Top-up funding, maintained", False),
        ("autism", "Autistic spectrum disorder", False),
        ("cat", "car", False),
        ("", "anything", False),
        ("£%&", "anything", False),
    ],
)
def test_what_fits(typed, name, fits):
    assert (likeness(typed, [name]) >= FITS) is fits


def test_the_order_of_fits():
    typed = "carew"
    names = ["Carew", "Carew Academy", "The Carew", "Carrew House", "Oak"]
    fits = [likeness(typed, [name]) for name in names]
    assert fits == sorted(fits, reverse=True)
    assert len(set(fits)) == len(names)


@given(st.text(max_size=60), st.lists(st.text(max_size=60), max_size=4))
def test_a_fit_is_between_nought_and_a_hundred_whatever_is_typed(typed, names):
    assert 0 <= likeness(typed, names) <= 100
