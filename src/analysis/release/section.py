"""One problem as a section: finding as title, evidence, figure, range and label, what it does not show, what next."""

from __future__ import annotations

from dataclasses import dataclass, replace

from analysis.inference.record import Estimate
from analysis.release.claims import Claim, FigureSpec, Headline, Passage, Section
from analysis.release.described import described_claims, ratio_headline
from analysis.release.figures import gap_figure
from analysis.release.indicators import (
    gap_headline,
    indicator_claims,
    indicator_label,
    is_clear,
    is_full_count,
    names_of,
    status_of,
)
from analysis.release.ranking import certainty_of, people_of, size_of
from analysis.release.wording import join, phrase, wording
from analysis.study.objects import Indicator, Problem, Study

DESCRIBED = ("ratio", "cells", "drivers")


@dataclass(frozen=True)
class Finding:
    """One problem weighed: what its first indicator says, how strongly, and the section made of it."""

    problem: Problem
    status: str
    size: float  # in relevant effects
    people: int  # the teachers it concerns
    section: Section
    claim: Claim | None
    certainty: float = 0.0  # of the leading figure
    refuted: tuple[Claim, ...] = ()  # what the data refute of it, in sentences for the summary


def find_problem(
    study: Study, problem: Problem, estimates: dict[str, Estimate], region: str
) -> Finding:
    """A problem weighed by its first indicator that is in the data."""
    pairs = [(i, estimates[f"{problem.id}.{i.id}"]) for i in problem.indicators]
    speaking = [p for n, p in enumerate(pairs) if n == 0 or p[0].lead_supported]
    lead_by = next((p for p in speaking if p[1].estimate is not None), pairs[0])
    status = status_of(study, lead_by[0], estimates, lead_by[1].id)
    section = make_section(study, problem, pairs, lead_by, status, estimates, region)
    everybody = max((e.n_teachers for e in estimates.values() if e.kind == "level"), default=0)
    size, people = size_of(*lead_by), people_of(lead_by[1], everybody)
    claim = lead_sentence(study, problem, *lead_by)
    refuted = refuted_claims(study, problem, speaking, estimates)
    certainty = certainty_of(section.label, *lead_by)
    return Finding(problem, status, size, people, section, claim, certainty, refuted)


def lead_sentence(
    study: Study, problem: Problem, indicator: Indicator, estimate: Estimate
) -> Claim | None:
    """The one sentence that stands for the problem in the summary; none if nothing may be shown."""
    if estimate.estimate is None:
        return None
    if indicator.kind == "gap" and has_both_sides(estimate):
        return gap_headline(study, problem, indicator, estimate)
    if indicator.kind == "ratio":
        return ratio_headline(study, problem, indicator, estimate)
    return claims_of(study, problem, indicator, {estimate.id: estimate})[0]


def claims_of(
    study: Study, problem: Problem, indicator: Indicator, estimates: dict[str, Estimate]
) -> tuple[Claim, ...]:
    """The sentences of one indicator of any kind."""
    if indicator.kind not in DESCRIBED:
        return indicator_claims(study, problem, indicator, estimates)
    return described_claims(study, problem, indicator, estimates[f"{problem.id}.{indicator.id}"])


def sub_claims(
    study: Study, pairs: list[tuple[Indicator, Estimate]], estimates: dict[str, Estimate],
    claims: dict[str, tuple[Claim, ...]], lead: Indicator,
) -> tuple[Passage, ...]:  # fmt: skip
    """Each part of the problem with what the data say of it, in the order of the study.

    The leading indicator's sentences stand above and are not told again; a part with no others is told by the title.
    """
    found: dict[str, list[tuple[Indicator, Estimate]]] = {}
    for indicator, estimate in pairs:
        found.setdefault(indicator.sub_claim, []).append((indicator, estimate))
    others = ([(i, e) for i, e in part if i.id != lead.id] for part in found.values())
    passages = (part_passage(study, part, estimates, claims) for part in others if part)
    return tuple(p for p in passages if p.claims)


def part_passage(
    study: Study, part: list[tuple[Indicator, Estimate]], estimates: dict[str, Estimate],
    claims: dict[str, tuple[Claim, ...]],
) -> Passage:  # fmt: skip
    """One part of a problem: its name, what its indicators say together, and their sentences."""
    statuses = [part_status(study, i, estimates, e) for i, e in part]
    first, record = part[0]
    words = phrase("sub_claim", verdict_on(statuses))
    head = phrase("sub_claim", "line", claim=first.sub_claim, status=words)
    told = tuple(c for i, e in part if e.estimate is not None for c in claims[i.id])
    return Passage(record.id, head, told)


def part_status(
    study: Study, indicator: Indicator, estimates: dict[str, Estimate], estimate: Estimate
) -> str:
    """The status of one indicator, agreeing with both its sentences.

    ``small``: a gap that is there and below the one that matters; ``plain``: one that is there, but like for like open.
    """
    status = status_of(study, indicator, estimates, estimate.id)
    raw = estimates.get(f"{estimate.id}:raw")
    if raw is None or raw.estimate is None:
        return status
    if estimate.verdict == "undetermined":
        return "plain" if status == "supported" else "unclear"
    if estimate.verdict == "direction" and raw.estimate * (estimate.estimate or 0.0) < 0:
        return "unclear"
    is_small = abs(raw.estimate) < (estimate.relevant_effect or 0.0)
    return "small" if status == "supported" and is_small else status


def verdict_on(statuses: list[str]) -> str:
    """What the indicators of one part say together; description decides nothing where something is judged."""
    judged = {s for s in statuses if s in ("supported", "plain", "small", "refuted", "unclear")}
    if len(judged & {"supported", "plain", "small"}) and "refuted" in judged:
        return "mixed"
    order = ("supported", "refuted", "plain", "small", "unclear", "described", "absent")
    return next(s for s in order if s in (judged or set(statuses)))


def make_section(
    study: Study, problem: Problem, pairs: list[tuple[Indicator, Estimate]],
    lead_by: tuple[Indicator, Estimate], status: str, estimates: dict[str, Estimate], region: str,
) -> Section:  # fmt: skip
    """The section of a problem."""
    claims = {i.id: claims_of(study, problem, i, estimates) for i, _ in pairs}
    evidence = tuple(c for i, e in pairs if e.estimate is not None for c in claims[i.id])
    absent = tuple(c.plain() for i, e in pairs if e.estimate is None for c in claims[i.id])
    title = lead_text(
        problem, lead_by[0], lead_status(study, lead_by[0], estimates, lead_by[1], status)
    )
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
        sub_claims=sub_claims(study, pairs, estimates, claims, lead_by[0]),
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
        "near": source.lead_near or source.lead_refuted,
        "unclear": source.lead_unclear,
        "described": source.lead_unclear,
    }[status]


def lead_status(
    study: Study,
    indicator: Indicator,
    estimates: dict[str, Estimate],
    estimate: Estimate,
    status: str,
) -> str:
    """The status as a title has it: ``near`` where a gap is refuted by how near its sides are, not by its sign."""
    if status != "refuted" or indicator.kind != "gap":
        return status
    raw = estimates.get(f"{estimate.id}:raw", estimate)
    return status if is_clear(study, indicator, raw) else "near"


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
        if "level" in slots and "stated" in slots:
            pair = {"focus": slots["level"].text, "reference": slots["stated"].text}
            return phrase("summary", "key_pair", **pair)
        if "level" in slots:
            return slots["level"].text
    return ""


def refuted_claims(
    study: Study,
    problem: Problem,
    speaking: list[tuple[Indicator, Estimate]],
    estimates: dict[str, Estimate],
) -> tuple[Claim, ...]:
    """What the data refute of a problem, each as one sentence for the summary; none that may not be shown."""
    found = []
    for indicator, estimate in speaking:
        claim = lead_sentence(study, problem, indicator, estimate)
        if claim is None or status_of(study, indicator, estimates, estimate.id) != "refuted":
            continue
        lead = lead_text(problem, indicator, "refuted")
        sides = tuple(s for s in claim.slots if s.name in ("focus", "reference", "bound"))
        names = names_of(study, indicator) if len(sides) == 3 else {"lead": lead}
        keys = {
            3: "refuted_bounded",
            2: "refuted",
        }  # a bounded gap may still lean to the other side
        text = phrase("summary", keys.get(len(sides), "refuted_plain"), **names)
        found.append(replace(claim, id=f"{claim.id}:refuted", text=text, slots=sides))
    return tuple(found)
