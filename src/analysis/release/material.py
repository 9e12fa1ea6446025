"""What the parts of a report are composed from: names, disclosed estimates by id, counts; no sentence yet."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.inference.destinations import KINDS, Destination, find_rule
from analysis.inference.measures import MeasureRecord
from analysis.inference.record import Estimate
from analysis.intake.delivery import Delivery
from analysis.panel.build import Panel
from analysis.release.disclosure import Hidden
from analysis.study.objects import Outcome, Study


@dataclass(frozen=True)
class Material:
    """The study, what was delivered, the disclosed estimates by id and counts.

    ``counts``: sizes of the report year; ``destinations``: where the teachers of a year ago are, not yet disclosed.
    """

    study: Study
    delivery: Delivery
    panel: Panel
    estimates: dict[str, Estimate]
    hidden: tuple[Hidden, ...]
    measures: tuple[MeasureRecord, ...] = ()
    destinations: tuple[Destination, ...] = ()

    @property
    def region(self) -> str:
        """The name of the region."""
        return self.delivery.label

    @property
    def year(self) -> int:
        """The report year."""
        return self.delivery.year

    def effects(self) -> list[Estimate]:
        """Programme effects under the primary definitions, whole populations, in the study's order."""
        return [
            e
            for e in self.estimates.values()
            if e.kind == "effect" and e.family and e.definition == self.primary(e.outcome)
        ]

    def primary(self, outcome: str) -> str:
        """The primary definition of an outcome."""
        return self.study.outcomes[outcome].primary

    def level(self, outcome: str, definition: str, year: int) -> Estimate | None:
        """A level that may be shown; None if there is none or it is hidden."""
        found = self.estimates.get(f"level:{outcome}:{definition}:{year}")
        return None if found is None or found.estimate is None or found.reason else found

    def headline_level(self, outcome: Outcome, back: int = 0) -> Estimate | None:
        """The level under the primary definition, of the report year or of years before it."""
        return self.level(outcome.id, outcome.primary, self.year - back)

    def absent_outcomes(self) -> list[Outcome]:
        """Outcomes without a single value in the report year."""
        levels = [e for e in self.estimates.values() if e.id.startswith("level:")]
        present = {e.outcome for e in levels if e.year == self.year}
        return [o for o in self.study.outcomes.values() if o.id not in present]

    def roster_levels(self) -> dict[str, Estimate]:
        """The rates of leaving the bureau (``lost``) and of moving within it (``moved``) that may be shown.

        Everyone gone (``gone``) stands in for ``lost`` where the study's definitions set no reasons apart.
        """
        outcome = next((o for o in self.study.outcomes.values() if o.source == "roster"), None)
        rules = {
            name: find_rule(outcome, *kind)
            for name, kind in zip(("gone", "moved", "lost"), KINDS, strict=True)
        }
        if rules["lost"] is not None:
            del rules["gone"]
        found = {}
        for name, rule in rules.items():
            level = self.level(outcome.id, rule.id, self.year) if outcome and rule else None
            if level is not None:
                found[name] = level
        return found
