"""What Excel and PowerPoint show for a number in one of our number formats: they round a half away from nought, and of
the fifteen digits that they keep. Python rounds the binary number, so £7,050,000 is £7.0m in a sentence and £7.1m there.

Used to find the few figures that would show otherwise than they are said; those are given their words.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal

from hnb.meeting.view import Shape
from hnb.wording import MINUS

FORMATS: Mapping[Shape, str] = {
    "pounds": f"£#,##0;{MINUS}£#,##0;£0",
    "price": f"£#,##0;{MINUS}£#,##0;£0",
    "count": f"#,##0;{MINUS}#,##0;0",
    "number": f"#,##0.0;{MINUS}#,##0.0;0.0",
    "share": f"0.0%;{MINUS}0.0%;0.0%",
}
"""The number format of each shape of value, in full."""

_PLACES: Mapping[Shape, int] = {"pounds": 0, "price": 0, "count": 0, "number": 1, "share": 1}
_STEPS: Mapping[str, tuple[int, int]] = {"": (0, 0), "k": (3, 0), "m": (6, 1)}
"""Of amounts in thousands and millions: the power of ten, and the decimals."""


def displayed(value: float, shape: Shape, step: str = "", *, signed: bool = False) -> str:
    """What is shown for a value in the format of its shape; step: "k" or "m" for amounts in thousands or millions.

    >>> displayed(-7_050_000, "pounds", "m"), displayed(1234.5, "pounds"), displayed(0.0705, "share")
    ('−£7.1m', '£1,235', '7.1%')
    """
    power, places = _STEPS[step] if step else (0, _PLACES[shape])
    exact = abs(Decimal(f"{value:.15g}")).scaleb(2 if shape == "share" else -power)
    size = exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    pound, ending = "£" if shape in ("pounds", "price") else "", "%" if shape == "share" else step
    if not value:
        return f"{pound}{size if step == '' else 0}{ending if step == '' else ''}"
    sign = MINUS if value < 0 else "+" if signed else ""
    return f"{sign}{pound}{size:,}{ending}"


def format_of(value: float, shape: Shape, words: str) -> str:
    """The number format of a cell: its shape's, or its very words where Excel would round them otherwise.

    words: how the figure is said. Where it is said in other units, as "£7.0m" of a figure in full pounds, the cell
    shows more than the words and keeps its shape's format.
    """
    shown = displayed(value, shape)
    is_same_style = _skeleton(shown) == _skeleton(words)
    return FORMATS[shape] if shown == words or not is_same_style else f'"{words}"'


def _skeleton(words: str) -> str:
    """A figure without its digits and its sign of more: two with the same are said in one style."""
    return "".join("" if letter.isdigit() or letter == "+" else letter for letter in words)
