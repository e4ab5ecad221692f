"""The register of measures: those that come with the program, then those that the installation has declared.

What is in it is what can be asked for anywhere. It is filled once, when a program starts; where the installation's
own measures are read from is `hnb.measures_file`'s affair.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from hnb.metrics.measure import Measure


class Register(Mapping[str, Measure]):
    """Every measure by name, in the order in which the catalogue shows them."""

    def __init__(self, measures: Iterable[Measure]) -> None:
        self._ours = {measure.name: measure for measure in measures}
        self._all = self._ours

    def __getitem__(self, name: str) -> Measure:
        return self._all[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._all)

    def __len__(self) -> int:
        return len(self._all)

    @property
    def shipped(self) -> Mapping[str, Measure]:
        """Those that come with the program."""
        return self._ours

    @property
    def declared(self) -> tuple[Measure, ...]:
        """Those that the installation has declared."""
        return tuple(measure for name, measure in self._all.items() if name not in self._ours)

    def declare(self, measures: Iterable[Measure]) -> None:
        """Take these for the installation's own, in the place of those before; none takes the name of a shipped one.

        Whoever reads the register while this is done sees all of the old or all of the new.
        """
        own = {measure.name: measure for measure in measures}
        taken = sorted(own.keys() & self._ours)
        if taken:
            raise ValueError(f"{', '.join(taken)} comes with the program")
        self._all = {**self._ours, **own}
