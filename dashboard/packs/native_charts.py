"""A view's chart as one that PowerPoint draws and lets people edit: its numbers stand in a workbook inside the slide.

What is hidden is a gap, in the drawing and in that workbook. A forecast is dashed with an open mark (lines) or
hatched (bars). Lines and bars are named where they end, so there is no legend.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape

from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import (
    XL_CHART_TYPE,
    XL_LEGEND_POSITION,
    XL_MARKER_STYLE,
    XL_TICK_LABEL_POSITION,
    XL_TICK_MARK,
)
from pptx.enum.dml import MSO_LINE_DASH_STYLE, MSO_PATTERN_TYPE
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls
from pptx.slide import Slide
from pptx.util import Emu, Inches, Pt

from dashboard.figures.palette import colour
from dashboard.packs.excel_words import FORMATS, displayed
from hnb.meeting import Chart, Said, Series

KINDS: Mapping[str, Any] = {
    "lines": XL_CHART_TYPE.LINE_MARKERS,
    "bars": XL_CHART_TYPE.BAR_CLUSTERED,
    "columns": XL_CHART_TYPE.COLUMN_CLUSTERED,
}

TEXT = Pt(14)
_PLOT = {"lines": (0.075, 0.04, 0.665, 0.85), "bars": (0.27, 0.01, 0.62, 0.98), "columns": (0.02, 0.06, 0.96, 0.83)}  # fmt: skip
"""Where the plot stands in the chart: left, top, width and height as shares; the rest is for names and labels."""

_DASHES = {
    "path": MSO_LINE_DASH_STYLE.DASH,
    "trend": MSO_LINE_DASH_STYLE.ROUND_DOT,
    "target": MSO_LINE_DASH_STYLE.DASH,
}
_APART = Inches(0.25)
"""How far apart the names of two lines must stand: a line of their type."""


def rgb(name: str) -> RGBColor:
    """A colour of the palette, as slides take it."""
    return RGBColor.from_string(colour(name).removeprefix("#"))


def number_format(chart: Chart) -> str:
    """Excel's number format of the chart's values: £m with one decimal, £k or pounds by their size; shares in %.

    Where the words have a plus before a rise, so has the format.
    """
    plus = "+" if _is_signed(chart) else ""
    rise, fall, nought = FORMATS[chart.shape].split(";")
    if chart.shape == "pounds":
        ending = {"": "", "k": ',"k"', "m": '.0,,"m"'}[_step(chart)]
        rise, fall = f"{rise}{ending}", f"{fall}{ending}"
    return f"{plus}{rise};{fall};{nought}"


def is_plain(chart: Chart, said: Said) -> bool:
    """Whether PowerPoint shows a value in the chart's number format as it is said, so that the number may stand for it."""
    return said.value is not None and said.words == displayed(said.value, chart.shape, _step(chart), signed=_is_signed(chart))  # fmt: skip


def _step(chart: Chart) -> str:
    """In what amounts are shown: pounds, thousands or millions, by the largest."""
    size = max((abs(one.value) for one in _points(chart) if one.value is not None), default=0.0)
    return "" if chart.shape != "pounds" or size < 1_000 else "k" if size < 999_500 else "m"


def _is_signed(chart: Chart) -> bool:
    return any(one.words.startswith("+") for one in _points(chart))


def add_chart(
    slide: Slide, chart: Chart, box: tuple[int, int, int, int], *, name: str, described: str
) -> None:
    """Put the chart on the slide, in the box (left, top, width, height in EMU)."""
    data = CategoryChartData(number_format=number_format(chart))
    data.categories = [_category(chart, at) for at in range(len(chart.categories))]
    for series in chart.series:
        data.add_series(series.name, [one.value for one in series.points])
    frame = slide.shapes.add_chart(KINDS[chart.kind], *(Emu(edge) for edge in box), data)
    frame.name = name
    frame._element.nvGraphicFramePr.cNvPr.set("descr", described)
    drawn = frame.chart
    drawn.has_legend, drawn.has_title = False, False
    drawn.font.size, drawn.font.name = TEXT, "Arial"
    drawn.font.color.rgb = rgb("muted")
    _place_plot(drawn, chart.kind)
    _axes(drawn, chart)
    if chart.kind == "lines":
        _lines(drawn, chart, box[3])
    else:
        _bars(drawn, chart)


def _points(chart: Chart) -> list[Said]:
    return [one for series in chart.series for one in series.points]


def _category(chart: Chart, at: int) -> str:
    """The category's name, with the sign of a bar that is not there, or the word for a year that is no more than expected."""
    name, points = chart.categories[at], [series.points[at] for series in chart.series]
    signs = {one.words for one in points if one.value is None}
    if chart.kind != "lines" and len(signs) == 1 and all(one.value is None for one in points):
        return f"{name} ({signs.pop()})"
    happened = [one for one, series in zip(points, chart.series, strict=True) if series.stroke == "actual" and one.value is not None]  # fmt: skip
    is_expected = bool(happened) and all(one.is_forecast for one in happened)
    is_all = all(one.is_forecast for one in _points(chart) if one.value is not None)
    return f"{name} forecast" if is_expected and not is_all else name


# ------------------------------------------------------------------------------------------ axes


def scale(chart: Chart) -> tuple[float, float, float]:
    """Least, largest and step of the axis of values: from nought, in round steps, four to seven of them."""
    values = [one.value for one in _points(chart) if one.value is not None] or [1.0]
    low, high = min(0.0, *values), max(0.0, *values)
    rough = ((high - low) or 1.0) / 4
    power = 10.0 ** _whole_power(rough)
    step = next(power * factor for factor in (1, 2, 2.5, 5, 10) if power * factor >= rough)
    below, above = -int(-low // step + ((-low) % step > 0)), int(high // step + (high % step > 0))
    return below * step, above * step, step


def _whole_power(number: float) -> int:
    return int(f"{number:e}".partition("e")[2])


def _axes(drawn: Any, chart: Chart) -> None:
    least, largest, step = scale(chart)
    values, categories = drawn.value_axis, drawn.category_axis
    values.minimum_scale, values.maximum_scale, values.major_unit = least, largest, step
    values.tick_labels.number_format, values.tick_labels.number_format_is_linked = (
        number_format(chart),
        False,
    )
    values.format.line.fill.background()
    values.major_tick_mark = categories.major_tick_mark = XL_TICK_MARK.NONE
    categories.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    categories.format.line.color.rgb = rgb("rule")
    categories.tick_labels.font.color.rgb = rgb("ink")
    is_lines = chart.kind == "lines"
    values.has_major_gridlines = is_lines
    # Every bar carries its figure, so an axis beside it would say it twice.
    values.visible = is_lines
    if is_lines:
        values.major_gridlines.format.line.color.rgb = rgb("grid")
        values.major_gridlines.format.line.width = Pt(0.75)
    if chart.kind == "bars":
        categories.reverse_order = True


def _place_plot(drawn: Any, kind: str) -> None:
    left, top, width, height = _PLOT[kind]
    area = drawn._chartSpace.chart.plotArea
    for old in area.findall("{*}layout"):
        area.remove(old)
    layout = parse_xml(
        f'<c:layout {nsdecls("c")}><c:manualLayout><c:layoutTarget val="inner"/><c:xMode val="edge"/><c:yMode val="edge"/>'
        f'<c:x val="{left}"/><c:y val="{top}"/><c:w val="{width}"/><c:h val="{height}"/></c:manualLayout></c:layout>'
    )
    area.insert(0, layout)


# ------------------------------------------------------------------------------------------ lines


def _lines(drawn: Any, chart: Chart, height: int) -> None:
    shifts = _label_shifts(chart, _APART / height)
    for series, line in zip(chart.series, drawn.plots[0].series, strict=True):
        line.smooth = False
        stroke = line.format.line
        stroke.color.rgb = rgb(series.colour)
        stroke.width = Pt(4 if series.is_accent else 2.25 if series.stroke == "actual" else 1.5)
        is_mark_only = series.stroke == "target" and sum(one.value is not None for one in series.points) == 1
        if series.stroke != "actual":
            stroke.dash_style = _DASHES[series.stroke]
        _mark(
            line.marker,
            series,
            is_open=is_mark_only,
            is_shown=is_mark_only or (series.stroke == "actual" and series.is_accent),
        )
        for at in _alone(series):
            _mark(line.points[at].marker, series, is_open=False, is_shown=True)
        for at, said in enumerate(series.points):
            if series.stroke == "actual" and said.is_forecast and said.value is not None:
                point = line.points[at]
                point.format.line.color.rgb = rgb(series.colour)
                point.format.line.width = stroke.width
                point.format.line.dash_style = MSO_LINE_DASH_STYLE.DASH
                _mark(point.marker, series, is_open=True, is_shown=True)
        last = _last(series)
        if series in shifts and last is not None:
            said = series.points[last]
            words = {} if is_plain(chart, said) else {last: f"{series.name} {said.words}"}
            _label(
                line, {last: shifts[series]}, "r", rgb(series.colour), is_bold=series.is_accent, with_name=True, words=words
            )  # fmt: skip


def _mark(marker: Any, series: Series, *, is_open: bool, is_shown: bool) -> None:
    if not is_shown:
        marker.style = XL_MARKER_STYLE.NONE
        return
    marker.style = XL_MARKER_STYLE.SQUARE if series.stroke == "target" else XL_MARKER_STYLE.CIRCLE
    marker.size = 9
    marker.format.fill.solid()
    marker.format.fill.fore_color.rgb = rgb("card" if is_open else series.colour)
    marker.format.line.color.rgb = rgb(series.colour)
    marker.format.line.width = Pt(2)


def _alone(series: Series) -> list[int]:
    """The points with a gap on either side, which no line would show."""
    values = [None, *(one.value for one in series.points), None]
    return [
        at
        for at in range(len(series.points))
        if values[at + 1] is not None and values[at] is None and values[at + 2] is None
    ]


def _last(series: Series) -> int | None:
    return max((at for at, one in enumerate(series.points) if one.value is not None), default=None)


def _label_shifts(chart: Chart, apart: float) -> dict[Series, float]:
    """How far down (a share of the chart's height) the name at the end of each line goes, so that none covers another.

    A path that ends in a target is named by the target.
    """
    has_target = any(series.stroke == "target" for series in chart.series)
    named = [
        series
        for series in chart.series
        if _last(series) is not None and not (series.stroke == "path" and has_target)
    ]
    least, largest, _ = scale(chart)

    def height(series: Series) -> float:
        value = series.points[_last(series) or 0].value or 0.0
        return (largest - value) / ((largest - least) or 1.0) * _PLOT["lines"][3]

    ordered = sorted(named, key=height)
    placed = [height(series) for series in ordered]
    for at in range(len(placed) - 1):
        placed[at + 1] = max(placed[at + 1], placed[at] + apart)
    over = max(0.0, (placed[-1] if placed else 0.0) - _PLOT["lines"][3] - 0.02)
    for at in range(len(placed) - 1, -1, -1):
        limit = _PLOT["lines"][3] + 0.02 if at == len(placed) - 1 else placed[at + 1] - apart
        placed[at] = min(placed[at], limit) if over else placed[at]
    return {series: place - height(series) for series, place in zip(ordered, placed, strict=True)}


# ------------------------------------------------------------------------------------------- bars


def _bars(drawn: Any, chart: Chart) -> None:
    plot = drawn.plots[0]
    # Where each category has one bar, whichever series it is of, bars stand in one another's place.
    is_one_each = all(
        sum(series.points[at].value is not None for series in chart.series) <= 1
        for at in range(len(chart.categories))
    )
    plot.gap_width, plot.overlap = 45, 100 if is_one_each else -5
    if len(chart.series) > 1 and not is_one_each:
        drawn.has_legend = True
        drawn.legend.position, drawn.legend.include_in_layout = XL_LEGEND_POSITION.TOP, False
    for series, bars in zip(chart.series, plot.series, strict=True):
        bars.invert_if_negative = False
        _fill(bars.format, series.colour, is_forecast=False)
        for at, said in enumerate(series.points):
            name = chart.colours[at] if chart.colours else series.colour
            if said.value is not None and (said.is_forecast or name != series.colour):
                _fill(bars.points[at].format, name, is_forecast=said.is_forecast)
        shown = {at: 0.0 for at, one in enumerate(series.points) if one.value is not None}
        words = {at: series.points[at].words for at in shown if not is_plain(chart, series.points[at])}
        _label(bars, shown, "outEnd", rgb("ink"), is_bold=True, with_name=False, words=words)


def _fill(drawn: Any, name: str, *, is_forecast: bool) -> None:
    if is_forecast:
        drawn.fill.patterned()
        # Light stripes on the colour, as on the screen; the other way round some programs show it pale.
        drawn.fill.pattern = MSO_PATTERN_TYPE.WIDE_UPWARD_DIAGONAL
        drawn.fill.fore_color.rgb, drawn.fill.back_color.rgb = rgb("card"), rgb(name)
        drawn.line.color.rgb, drawn.line.width = rgb(name), Pt(1.5)
    else:
        drawn.fill.solid()
        drawn.fill.fore_color.rgb = rgb(name)


# ----------------------------------------------------------------------------------------- labels


def _label(
    series: Any, shifts: Mapping[int, float], position: str, ink: RGBColor, *, is_bold: bool, with_name: bool,
    words: Mapping[int, str] | None = None,
) -> None:  # fmt: skip
    """Labels at some points of a series, each its value in the chart's own number format, with the series' name or not.

    words: of those points whose words say more than the number.
    """
    labels = series._element.get_or_add_dLbls()
    for child in list(labels):
        labels.remove(child)
    look = f'sz="1400" b="{int(is_bold)}"><a:solidFill><a:srgbClr val="{ink}"/></a:solidFill>'
    body = f'<a:bodyPr wrap="none"/><a:lstStyle/><a:p><a:pPr><a:defRPr {look}</a:defRPr></a:pPr>'
    text = f'<c:txPr>{body}<a:endParaRPr lang="en-GB"/></a:p></c:txPr>'
    for at, shift in sorted(shifts.items()):
        layout = f'<c:layout><c:manualLayout><c:x val="0"/><c:y val="{shift:.4f}"/></c:manualLayout></c:layout>' if abs(shift) > 0.001 else "<c:layout/>"  # fmt: skip
        said = escape((words or {}).get(at, ""))
        own = f'<c:tx><c:rich>{body}<a:r><a:rPr lang="en-GB" {look}</a:rPr><a:t>{said}</a:t></a:r></a:p></c:rich></c:tx>' if said else ""  # fmt: skip
        labels.append(
            parse_xml(
                f'<c:dLbl {nsdecls("c", "a")}><c:idx val="{at}"/>{layout}{own}<c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>{"" if own else text}'
                f'<c:dLblPos val="{position}"/>{_shown(True, with_name)}<c:separator> </c:separator></c:dLbl>'
            )
        )
    for child in parse_xml(f"<c:dLbls {nsdecls('c')}>{_shown(False, False)}</c:dLbls>"):
        labels.append(child)


def _shown(value: bool, name: bool) -> str:
    flags: Sequence[tuple[str, bool]] = (
        ("LegendKey", False), ("Val", value), ("CatName", False), ("SerName", name), ("Percent", False), ("BubbleSize", False),
    )  # fmt: skip
    return "".join(f'<c:show{flag} val="{int(on)}"/>' for flag, on in flags)
