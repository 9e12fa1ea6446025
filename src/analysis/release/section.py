"""One problem as a section: finding as title, evidence, figure, range and label, what it does not show, what next."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.inference.record import Estimate
from analysis.release.claims import Claim, FigureSpec, Headline, Section
from analysis.release.figures import gap_figure
from analysis.release.indicators import (
    gap_headline,
    indicator_claims,
    indicator_label,
    is_full_count,
    status_of,
)
from analysis.release.wording import join, phrase, wording
from analysis.study.objects import Indicator, Problem, Study

CERTAINTY = {
    "strong": 3,
    "medium": 2,
    "weak": 1,
    "level": 1,
    "clue": 0,
    "undetermined": 0,
    "none": -1,
}
STATUS_ORDER = {"supported": 0, "unclear": 1, "refuted": 2, "absent": 3}


@dataclass(frozen=True)
class Finding:
    """One problem weighed: what its first indicator says, how strongly, and the section made of it."""

    problem: Problem
    status: str
    size: float  # in relevant effects
    section: Section
    claim: Claim | None


def find_problem(
    study: Study, problem: Problem, estimates: dict[str, Estimate], region: str
) -> Finding:
    """A problem weighed by its first indicator that is in the data."""
    pairs = [(i, estimates[f"{problem.id}.{i.id}"]) for i in problem.indicators]
    speaking = [p for n, p in enumerate(pairs) if n == 0 or p[0].lead_supported]
    lead_by = next((p for p in speaking if p[1].estimate is not None), pairs[0])
    status = status_of(study, lead_by[0], estimates, lead_by[1].id)
    section = make_section(study, problem, pairs, lead_by, status, estimates, region)
    relevant = lead_by[1].relevant_effect or 1.0
    size = abs(lead_by[1].estimate or 0.0) / relevant
    return Finding(problem, status, size, section, lead_sentence(study, problem, *lead_by))


def lead_sentence(
    study: Study, problem: Problem, indicator: Indicator, estimate: Estimate
) -> Claim | None:
    """The one sentence that stands for the problem in the summary; none if nothing may be shown."""
    if estimate.estimate is None:
        return None
    if indicator.kind == "gap" and has_both_sides(estimate):
        return gap_headline(study, problem, indicator, estimate)
    return indicator_claims(study, problem, indicator, {estimate.id: estimate})[0]


def make_section(
    study: Study, problem: Problem, pairs: list[tuple[Indicator, Estimate]],
    lead_by: tuple[Indicator, Estimate], status: str, estimates: dict[str, Estimate], region: str,
) -> Section:  # fmt: skip
    """The section of a problem."""
    claims = {i.id: indicator_claims(study, problem, i, estimates) for i, _ in pairs}
    evidence = tuple(c for i, e in pairs if e.estimate is not None for c in claims[i.id])
    absent = tuple(c.plain() for i, e in pairs if e.estimate is None for c in claims[i.id])
    title = lead_text(problem, lead_by[0], status)
    return Section(
        id=problem.id,
        title=title,
        label=section_label(study, status, *lead_by),
        evidence=evidence,
        strength=strength_text(section_label(study, status, *lead_by)),
        not_shown=not_shown(study, problem, pairs),
        plan_hook=hook_text(problem, status, pairs),
        figures=tuple(section_figures(study, title, pairs, region)),
        absent=absent,
    )


def not_shown(
    study: Study, problem: Problem, pairs: list[tuple[Indicator, Estimate]]
) -> tuple[str, ...]:
    """What the problem's figures cannot show; for a survey also that those who did not answer are unknown."""
    found = [phrase("problem", "bias", bias=problem.not_shown)]
    if any(not is_full_count(study, e) for _, e in pairs if e.estimate is not None):
        found.append(phrase("problem", "bias", bias=phrase("problem", "survey_only")))
    return tuple(found)


def lead_text(problem: Problem, indicator: Indicator, status: str) -> str:
    """The finding in words: the problem's for its first indicator, an indicator's own otherwise, by status."""
    if status == "absent":
        return phrase("problem", "absent_lead", problem=problem.label)
    source = indicator if indicator.lead_supported else problem
    return {
        "supported": source.lead_supported,
        "refuted": source.lead_refuted,
        "unclear": source.lead_unclear,
    }[status]


def hook_text(problem: Problem, status: str, pairs: list[tuple[Indicator, Estimate]]) -> str:
    """What may be done next year: the plan's own words, or which file would answer the question."""
    if status != "absent":
        return phrase("problem", "bias", bias=problem.plan_hook)
    missing = join(list(dict.fromkeys(i.missing_file for i, _ in pairs if i.missing_file)))
    return phrase("problem", "bias", bias=phrase("problem", "absent_hook", missing_file=missing))


def section_label(study: Study, status: str, indicator: Indicator, estimate: Estimate) -> str:
    """The label of the finding in the title: the adjusted comparison's, else that of the plain figures."""
    label = indicator_label(estimate)
    if status != "supported" or label != "undetermined" or indicator.kind != "gap":
        return label
    return "level" if is_full_count(study, estimate) else "weak"


def strength_text(label: str) -> str:
    """The label's meaning, or that a full count has no sampling error."""
    if label == "level":
        return phrase("problem", "strength_full")
    entry = wording()["labels"][label]
    text = phrase("problem", "strength_effect", label=entry["word"], grade_meaning=entry["meaning"])
    return phrase("problem", "bias", bias=text)


def section_figures(
    study: Study, title: str, pairs: list[tuple[Indicator, Estimate]], region: str
) -> list[FigureSpec]:
    """A gap figure for each gap that may be shown in full."""
    return [
        gap_figure(study, indicator, estimate, title, region)
        for indicator, estimate in pairs
        if indicator.kind == "gap" and has_both_sides(estimate)
    ][:1]


def has_both_sides(estimate: Estimate) -> bool:
    """Whether both levels of a gap are there and not hidden."""
    sides = [estimate.arms.get(s) for s in ("focus", "reference")]
    return estimate.estimate is not None and all(
        a is not None and a.level is not None for a in sides
    )


def rank(findings: list[Finding]) -> list[Finding]:
    """Supported problems first, then open, refuted, absent ones; those that matter first, by certainty, then size."""
    return sorted(
        findings,
        key=lambda f: (
            STATUS_ORDER[f.status],
            f.size < 1,
            -CERTAINTY[f.section.label],
            -f.size,
        ),
    )


def headline(finding: Finding) -> Headline:
    """The summary line of a problem: lead, key figure, the sentence that carries the label."""
    return Headline(
        problem=finding.problem.id,
        lead=finding.section.title,
        key_figure=key_figure(finding.section.evidence),
        claim=finding.claim,
        label=finding.section.label,
    )


def key_figure(evidence: tuple[Claim, ...]) -> str:
    """The two sides against each other, a level, or nothing."""
    for claim in evidence:
        slots = {s.name: s for s in claim.slots}
        if "focus" in slots and "reference" in slots:
            pair = {k: slots[k].text for k in ("focus", "reference")}
            return phrase("summary", "key_pair", **pair)
        if "level" in slots:
            return slots["level"].text
    return ""


def refuted_claim(finding: Finding) -> Claim | None:
    """A refuted problem as one sentence for the summary; none if nothing may be shown."""
    claim = finding.claim
    if claim is None:
        return None
    text = phrase("summary", "refuted", lead=finding.section.title, sentence=claim.text)
    return Claim(
        f"{claim.id}:refuted", claim.problem, claim.kind, text, claim.slots, claim.label,
        claim.caveats, claim.estimate,
    )  # fmt: skip
