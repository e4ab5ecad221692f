"""The meeting: a sequence of views with one headline each, worked out from what is published and from nothing else.

The same views are the screen, the paper, the slides and the workbook; none of those works anything out.
"""

from hnb.meeting.view import Chart, Mark, Said, Series, Table, Tile, View

__all__ = ["Chart", "Mark", "Said", "Series", "Table", "Tile", "View"]
