"""What the page Recommendations is asked to show: the board's register, and the one of it that is looked at."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from urllib.parse import parse_qsl

from dashboard.components.links import page_address
from dashboard.pages.view import View
from hnb.counterfactual import Counterfactual, counterfactuals
from hnb.metrics import Selection
from hnb.recommendation_gap import Gap, Trend, gap, trend_of
from hnb.recommendations import Assessment

PATH = "/recommendations"

_ORDER = ("behind", "on_course", "met", "no_target", "not_assessed")


@dataclass(frozen=True)
class BoardRegister:
    """The register of a view. `asked` is the number that the query asks for, "" for none."""

    view: View
    asked: str

    @classmethod
    def read(cls, query: str) -> BoardRegister:
        """What the query asks for."""
        return cls(View.read(query), dict(parse_qsl(query)).get("recommendation", ""))

    @cached_property
    def found(self) -> tuple[Assessment, ...]:
        """Every recommendation with what its measure shows, in the register's order."""
        return self.view.recommendations

    @cached_property
    def numbers(self) -> tuple[str, ...]:
        """The register's numbers, in its order."""
        return tuple(one.recommendation_id for one in self.found)

    @cached_property
    def chosen(self) -> Assessment | None:
        """The one that is asked for, or by itself the first of those furthest from where they should be; None without a register."""
        named = next((one for one in self.found if one.recommendation_id == self.asked), None)
        ranked = sorted(self.found, key=lambda one: _ORDER.index(one.progress))
        return named or next(iter(ranked), None)

    @property
    def notes(self) -> tuple[str, ...]:
        """A sentence for each thing of the query that this page does not apply."""
        said = []
        if self.asked and self.asked not in self.numbers:
            said.append(f"“{self.asked[:20]}” is not a number of the register and was left out.")
        if self.view.is_narrowed or self.view.selection.years:
            said.append(
                "Each recommendation says itself what it is about: the link's selection is not applied here."
            )
        return tuple(said)

    def trend(self, one: Assessment) -> Trend | None:
        """The trend of its last three years."""
        return trend_of(one)

    def gap(self, one: Assessment) -> Gap:
        """How far it is from its target."""
        return gap(one, self.view.data)

    def worths(self, one: Assessment) -> tuple[Counterfactual, ...]:
        """What the shift since each earlier year was worth; none where its measure is not about placements and their cost."""
        if one.measure is None or one.measure.table != "spend":
            return ()
        return counterfactuals(self.view.data, one.selection)

    @staticmethod
    def address(number: str) -> str:
        """The page with that recommendation in view."""
        return page_address(PATH, Selection(), recommendation=number)

    @property
    def query(self) -> str:
        """The query that the page's files are made from."""
        return self.address(self.chosen.recommendation_id).partition("?")[2] if self.chosen else ""
