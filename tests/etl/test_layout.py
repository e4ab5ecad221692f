"""The layout language: the README's example is a layout, every shipped file is sound, and mistakes are told by key."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from etl.layout_columns import READS
from etl.layout_language import all_layouts, read_layout
from etl.values import unit_factor
from hnb.errors import HnbError

FOLDER = Path(__file__).resolve().parents[2] / "etl" / "layouts"
MINIMAL = """
name = "small"
title = "Small"
tables = ["budget"]
[[header]]
find = ["Line"]
"""


def test_the_example_in_the_readme_is_a_layout():
    example = re.search(r"```toml\n(.*?)```", (FOLDER / "README.md").read_text("utf-8"), re.S)[1]
    layout = read_layout(example, "budget_monitor.toml")
    assert layout.tables == ("budget",)
    assert set(layout.columns) == {"line", "setting", "phase"}
    assert [wide.codes["money"] for wide in layout.wide] == ["original_budget", "actual_to_date"]


def test_every_key_of_the_language_is_in_the_readme():
    sources = "".join(path.read_text("utf-8") for path in sorted(FOLDER.parent.glob("layout_*.py")))
    keys = {
        key
        for listed in re.findall(r"\.only\(\s*[^,]+,\s*[^,]+,\s*((?:\"[a-z_ ]+\"\s*)+)", sources)
        for key in listed.replace('"', " ").split()
    }
    readme = (FOLDER / "README.md").read_text("utf-8")
    assert len(keys) > 70
    assert [key for key in sorted(keys) if not re.search(rf"\b{key}\b", readme)] == []
    assert [read for read in READS if not re.search(rf"\b{read}\b", readme)] == []


def test_every_shipped_layout_is_sound_and_says_what_it_is():
    layouts = all_layouts()
    #  What an officer reads when a title lacks its date is an example, never a pattern.
    assert [
        (one.name, context.name) for one in layouts for context in one.context if not context.example
    ] == []
    assert [one.name for one in layouts if one.sheet_pattern and not one.sheet_example] == []
    assert [one.name for one in layouts if one.file_pattern and not one.file_example] == []
    assert [
        (one.name, spelling.pattern.pattern)
        for one in layouts
        for spelling in (
            *(column.spelling for column in one.columns.values()),
            *(wide.spelling for wide in one.wide),
        )
        if spelling.pattern and not spelling.headings and not spelling.example
    ] == []
    assert {layout.name for layout in layouts} == {path.stem for path in FOLDER.glob("*.toml")}
    for layout in layouts:
        assert layout.title and layout.publisher and layout.version >= 1, layout.name


def test_what_a_title_should_say_is_told_by_an_example():
    context = next(one for one in all_layouts() if one.name == "placement_register").context[1]
    assert context.wanted == "in the title, such as “as at 31 October 2026”"


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("[columns.line]\nheading = ['x']", 'no key "heading"; perhaps "headings"'),
        ("[columns.lines]\nheadings = ['x']", 'no table of this layout has this column; perhaps "line"'),
        ("[columns.line]\npattern = '('", "is not a pattern"),
        ("[[ignored_headings]]\nheadings = ['x']", "needs a `reason`"),
        ("[[wide]]\nheadings = ['x']\nvalue = 'amounts'", 'has no column "amounts"; perhaps "amount"'),
        ("[constants]\nlinee = '1.2.3'", 'perhaps "line"'),
        ("[columns.line]\nheadings = ['x']\nread = 'poundz'", "no way to read a cell"),
        ("[columns.line]\nheadings = ['x']\nunit = 'furlongs'", "is not a unit"),
        ("[context.as_at]\nfrom = 'title'\npattern = 'as at'", "needs a `pattern` with a group"),
        (
            "[context.as_at]\nfrom = 'title'\npattern = 'on (.*)'\nexample = 'at 1 May'",
            "does not match its pattern",
        ),
        ("[[totals]]\nover = 'all'", "needs `when`"),
        ("[[totals]]\nwhen = {line = 'T'}\nover = 'most'", "cannot be"),
        ("[[totals]]\nwhen = {line = 'T'}\nseverity = 'note'", "`because`"),
        ("[[checks]]\ntotal = 'x'", "needs `total`"),
    ],
)
def test_a_mistake_is_told_with_file_and_key(more, said):
    with pytest.raises(HnbError, match=re.escape(said)) as told:
        read_layout(MINIMAL + more, "small.toml")
    assert "etl/layouts/small.toml" in str(told.value)


@pytest.mark.parametrize(
    "broken",
    [
        "name = ",
        "name = 'other'\ntitle='t'\ntables=['budget']\nheader=[{find=['x']}]",
        "title = 'x'",
        MINIMAL.replace("budget", "bugdet"),
    ],
)
def test_a_broken_file_is_told_and_not_crashed_on(broken):
    with pytest.raises(HnbError, match=r"etl/layouts/small\.toml"):
        read_layout(broken, "small.toml")


def test_units_as_sheets_write_them():
    assert [unit_factor(text) for text in ("£", "£'000", "£’000s", "£m", "£ million", "%", 2)] == [
        1,
        1000,
        1000,
        1e6,
        1e6,
        0.01,
        2,
    ]
    assert unit_factor("miles") is None
