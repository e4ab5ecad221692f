"""Colours of screens and charts, in light and dark, and how the browser goes from one to the other.

The colours of setting groups are read from `hnb/codes/settings.toml`; the rest (ink, grid, adverse, the
steps of a heat table) stand here. Nothing else in `dashboard` names a colour.

How charts turn dark, and why so: a figure is made on the server, which does not know the reader's
scheme, and plotly.js writes its colours into each mark's style, where CSS variables do not reach. So
figures are always drawn in the light colours, and `stylesheet` holds one rule a colour that repaints
every mark of that colour with the scheme's variable: `[style*="fill: rgb(18, 67, 109)"] { fill:
var(--group-mainstream) !important }`. Against two templates swapped by a script: no second drawing, no
flash, no callback, print is light of itself, and a downloaded picture is always the light one.
Colours that play different parts therefore differ by at least one step in one channel.
"""

from __future__ import annotations

from dataclasses import dataclass

from hnb.codelists import CODELISTS


@dataclass(frozen=True)
class Shade:
    """One part's colour in the light and in the dark scheme, as #RRGGBB."""

    light: str
    dark: str


TOKENS: dict[str, Shade] = {
    "ink": Shade("#0B0C0C", "#F3F5F6"),
    "muted": Shade("#505A5F", "#B6C0C6"),
    "grid": Shade("#E1E5E8", "#3A4249"),
    "rule": Shade("#8A949A", "#78848B"),
    "card": Shade("#FEFEFE", "#191E22"),
    "page": Shade("#F2F4F6", "#0E1113"),
    "border": Shade("#D5DADE", "#343C42"),
    "on_fill": Shade("#FFFFFF", "#0C0D0D"),
    "adverse": Shade("#A50F24", "#FF9A9A"),
    "favourable": Shade("#0A6142", "#66D6A2"),
    "neutral": Shade("#4A5459", "#BAC4CA"),
    "link": Shade("#0F4880", "#92C8F7"),
    "accent": Shade("#12446E", "#6BADE7"),
    "accent_soft": Shade("#E6EEF6", "#1F3244"),
}
"""Every colour that is not a setting group's, by the part that it plays."""

HEAT: tuple[tuple[Shade, Shade], ...] = (
    (Shade("#F1F6FB", "#1D2830"), Shade("#0B0C0C", "#F3F5F6")),
    (Shade("#D9E8F6", "#1F3A52"), Shade("#0B0C0C", "#F3F5F6")),
    (Shade("#B5D2EE", "#224C70"), Shade("#0B0C0C", "#F3F5F6")),
    (Shade("#8AB8E2", "#27608F"), Shade("#0B0C0C", "#F3F5F6")),
    (Shade("#2D6DA8", "#5593CB"), Shade("#FFFFFF", "#0B0C0C")),
    (Shade("#1C5488", "#77B2E8"), Shade("#FFFFFF", "#0B0C0C")),
    (Shade("#123A60", "#A6D0F5"), Shade("#FFFFFF", "#0B0C0C")),
)
"""Steps of the heat table, weakest first: the cell's colour and its text's."""


def group_shade(group: str) -> Shade:
    """The colour of a group of settings. KeyError if there is no such group."""
    details = CODELISTS["setting_groups"].entry(group).details
    return Shade(details["colour"], details["colour_dark"])


def shade(name: str) -> Shade:
    """The colour of a token or of a group of settings, whichever has the name."""
    return TOKENS[name] if name in TOKENS else group_shade(name)


def colour(name: str) -> str:
    """The light colour of a token or a group, which is what figures are drawn in."""
    return shade(name).light


def variable(name: str) -> str:
    """The CSS variable that holds the colour in the reader's scheme, such as "var(--state-special)"."""
    return f"var(--{name.replace('_', '-')})"


def channels(hexadecimal: str) -> tuple[int, int, int]:
    """Red, green and blue, 0 to 255, of "#RRGGBB"."""
    return (int(hexadecimal[1:3], 16), int(hexadecimal[3:5], 16), int(hexadecimal[5:7], 16))


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1 to 21, as WCAG 2.2 defines it.

    >>> round(contrast("#FFFFFF", "#000000"))
    21
    """
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(hexadecimal: str) -> float:
    linear = [
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in (channel / 255 for channel in channels(hexadecimal))
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def stylesheet() -> str:
    """The CSS that gives every colour its variable in both schemes, and repaints charts with them.

    The dark values hold where the shell marks the page dark, or where the reader's system asks for dark
    and the shell has not marked it light. Print is always light.
    """
    rules = variables()
    for name in _names():
        red, green, blue = channels(colour(name))
        for mark in ("fill", "stroke"):
            rules.append(
                f'.js-plotly-plot [style*="{mark}: rgb({red}, {green}, {blue})"]{{{mark}:{variable(name)}!important}}'
            )
        # The strokes of a hatch are attributes, not styles.
        rules.append(
            f'.js-plotly-plot pattern [stroke="rgb({red}, {green}, {blue})"]{{stroke:{variable(name)}}}'
        )
    return "\n".join([*rules, *heat_rules()])


def variables(attribute: str = "data-mantine-color-scheme") -> list[str]:
    """The rules that give every colour its variable: light, dark where the reader's system asks for it, print always light.

    attribute: the one of the document's root by which a page says that its reader chose "light" or "dark".
    """
    light, dark = _declarations(_names(), "light"), _declarations(_names(), "dark")
    return [
        f":root{{color-scheme:light;{light}}}",
        f'@media screen{{:root[{attribute}="dark"]{{color-scheme:dark;{dark}}}}}',
        "@media screen and (prefers-color-scheme:dark){"
        f":root:not([{attribute}]){{color-scheme:dark;{dark}}}}}",
    ]


def heat_rules() -> list[str]:
    """The classes of a heat table's steps, weakest first: "heat-0" and up."""
    return [
        f".heat-{step}{{background-color:var(--heat-{step});color:var(--on-heat-{step})}}"
        for step in range(len(HEAT))
    ]


def _names() -> list[str]:
    return [*TOKENS, *CODELISTS["setting_groups"].codes]


def _declarations(names: list[str], scheme: str) -> str:
    shades = {name: shade(name) for name in names}
    for step, (fill, text) in enumerate(HEAT):
        shades[f"heat-{step}"] = fill
        shades[f"on-heat-{step}"] = text
    return "".join(f"--{name.replace('_', '-')}:{getattr(value, scheme)};" for name, value in shades.items())
