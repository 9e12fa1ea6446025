"""The order of the problems: by size, people concerned and certainty; and the sentence that says so."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeVar

from analysis.inference.record import Estimate
from analysis.release.claims import Claim, Section
from analysis.release.wording import phrase, wording
from analysis.study.objects import Indicator, Problem

CERTAINTY = {
    "strong": 3,
    "medium": 2,
    "level": 2,  # a full count has no error of sampling; its cause is not spoken of
    "weak": 1,
    "clue": 0.5,
    "undetermined": 0.5,
    "none": 0,
}
MAX_SIZE = 3.0  # relevant effects; beyond, size says no more about urgency
MAX_NAMED = 3
STATUS_ORDER = {"supported": 0, "unclear": 1, "described": 2, "refuted": 3, "absent": 4}
FIRST = ("strong", "medium", "level")


class Weighed(Protocol):
    """A problem with what its order is decided by."""

    @property
    def problem(self) -> Problem:
        """The problem."""

    @property
    def status(self) -> str:
        """What its leading indicator says."""

    @property
    def size(self) -> float:
        """The leading figure in relevant effects."""

    @property
    def people(self) -> int:
        """The teachers whom it concerns."""

    @property
    def certainty(self) -> float:
        """How sure the leading figure is."""

    @property
    def section(self) -> Section:
        """Its section, with the label."""


F = TypeVar("F", bound=Weighed)


def size_of(indicator: Indicator, estimate: Estimate) -> float:
    """A difference, or a distance from a stated figure, in relevant effects; 0 for what is only described."""
    value, relevant = estimate.estimate, estimate.relevant_effect or 1.0
    if value is None or indicator.kind in ("level", "cells"):
        return 0.0
    if indicator.kind == "ratio":
        return 0.0 if indicator.stated is None else abs(value - indicator.stated) / relevant
    return abs(value) / relevant


def people_of(estimate: Estimate, everybody: int) -> int:
    """The teachers a figure speaks of: the focus of a gap, all of a level; everybody where it counts no teachers."""
    arm = estimate.arms.get("focus") or estimate.arms.get("all")
    return arm.n_teachers if arm is not None and arm.n_teachers else everybody


def score(finding: Weighed) -> float:
    """Size (capped) times people times certainty."""
    return min(finding.size, MAX_SIZE) * finding.people * finding.certainty


def certainty_of(label: str, indicator: Indicator, estimate: Estimate) -> float:
    """How sure the leading figure is; a counted gap that cannot be told like for like weighs as an open one."""
    is_open = indicator.kind == "gap" and estimate.verdict == "undetermined"
    return CERTAINTY["undetermined"] if is_open else CERTAINTY[label]


def rank(findings: Sequence[F]) -> list[F]:
    """Supported problems first, then open, described, refuted, absent ones.

    Within each those that reach a relevant size come first, then by score; ties as in study.
    """
    return sorted(findings, key=lambda f: (STATUS_ORDER[f.status], f.size < 1, -score(f)))


def priority_claim(ranked: Sequence[Weighed]) -> Claim | None:
    """Which problems come first, and which are to be checked before; none if no problem is supported."""
    supported = [f for f in ranked if f.status == "supported"]
    first = [f for f in supported if f.section.label in FIRST][:MAX_NAMED]
    later = [f for f in supported if f.section.label not in FIRST][:MAX_NAMED]
    if not first and not later:
        return None
    key = "both" if first and later else "first" if first else "later"
    text = phrase("priority", key, first=named(first), later=named(later))
    return Claim("summary:priority", "", "level", text, (), "level")


def named(findings: Sequence[Weighed]) -> str:
    """Problems by name, each with its label in brackets."""
    labels = wording()["labels"]
    items = [
        phrase("priority", "item", problem=f.problem.label, label=labels[f.section.label]["word"])
        for f in findings
    ]
    return phrase("priority", "stop").join(items)
