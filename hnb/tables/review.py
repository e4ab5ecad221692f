"""The review's recommendations, as the board keeps them."""

from __future__ import annotations

from hnb.contract import Column, Table
from hnb.tables.columns import AUTHORITY, SOURCE

RECOMMENDATIONS = Table(
    "recommendations",
    "one recommendation of the review, as the board keeps it",
    (
        AUTHORITY,
        Column("recommendation_id", "identifier", "The board's own number."),
        Column("theme", "text", "Theme of the review or strategy."),
        Column("title", "text", "What is recommended, in plain words."),
        Column("owner", "text", "Role or body that owns it; never a person's private details.", required=False),
        Column("measure", "text", "Name of the measure in hnb.metrics that shows it; blank if none can.", required=False),
        Column("setting", "text", "Settings or groups of settings that it is about, comma between; blank = all.", required=False),
        Column("phase", "text", "Phases that it is about, comma between; blank = all.", required=False),
        Column("need", "text", "Needs that it is about, comma between; blank = all.", required=False),
        Column("baseline_year", "year", "Financial year of the baseline.", required=False),
        Column("baseline", "number", "Baseline figure in the measure's unit; blank = computed from the measure.", required=False),
        Column("target", "number", "Target in the measure's unit; blank = no target published.", required=False),
        Column("target_year", "year", "Financial year of the target.", required=False),
        Column("aim", "code", "Whether the measure is to rise or to fall; blank = as the measure is better, else from baseline toward target.", codes="aims", required=False),
        Column("status", "code", "Status of the work.", codes="recommendation_statuses"),
        Column("evidence_source", "text", "Where the recommendation is published.", required=False),
        Column("is_illustrative", "flag", "Whether the target is an example and not the review's."),
        SOURCE,
    ),
    ("authority", "recommendation_id"),
    comes_from="the board's register of recommendations",
)  # fmt: skip

RECOMMENDATION_UPDATES = Table(
    "recommendation_updates",
    "one note of progress on a recommendation",
    (
        AUTHORITY,
        Column("recommendation_id", "identifier", "The board's own number of the recommendation."),
        Column("noted_on", "date", "Date of the note."),
        Column("status", "code", "Status noted.", codes="recommendation_statuses", required=False),
        Column("note", "text", "What was said.", required=False),
        Column("decision", "text", "What was decided.", required=False),
        SOURCE,
    ),
    ("authority", "recommendation_id", "noted_on"),
    comes_from="the board's register of recommendations",
)
