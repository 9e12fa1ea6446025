"""Every programme held against one outcome: rows, design and one Estimate record each, adjusted as a family."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from analysis.inference.arms import policy_arms
from analysis.inference.designs import (
    eligible_rows,
    exposure_column,
    group_column,
    is_policy,
    make_design,
    undefined_arm,
)
from analysis.inference.family import adjust_family
from analysis.inference.jobs import Job, make_job, measure_all, run_job
from analysis.inference.record import Check, Estimate, Point
from analysis.panel.build import Panel
from analysis.study.objects import Attendance, Intervention, Lot, Outcome, Study, WaitingList

MIN_PRE_SCORES = 0.5
SOURCE_TABLES = {
    "roster": ("roster", "exits"),
    "assessments": ("assessments",),
    "survey": ("survey",),
}
FROM_DESIGN = (
    "estimate", "std_error", "std_error_kind", "df", "ci_low", "ci_high", "p_value", "mde", "ratio",
    "ratio_low", "ratio_high", "n_teachers", "n_schools", "n_treated", "n_treated_schools",
    "n_control_schools", "n_dropped", "raw_difference", "arms", "checks", "series", "sample_id",
    "left_out", "reason", "note",
)  # fmt: skip


def evaluate_outcome(
    study: Study,
    panel: Panel,
    outcome: str,
    definition: str = "",
    *,
    cheap: bool = False,
    workers: int = 1,
    folder: Path | None = None,
) -> tuple[Estimate, ...]:
    """One estimate per programme that names the outcome, adjusted as a family; parts of a population come after.

    ``definition`` is one of the outcome's variants, by default its primary one. A programme that cannot be
    evaluated comes back with grade E and the reason. ``cheap`` leaves out the checks that refit (for simulations);
    ``workers`` processes work side by side; ``folder`` keeps answers by a hash of what they rest on.
    """
    entry = study.outcomes[outcome]
    chosen = definition or entry.primary
    members = [i for i in study.interventions.values() if outcome in i.design]
    asked = [ask(study, panel, i, entry, chosen, cheap=cheap) for i in members]
    whole = answer_all(panel, asked, workers, folder)
    for other in () if cheap or chosen != entry.primary else same_score(entry, chosen):
        again = [ask(study, panel, i, entry, other, cheap=True) for i in members]
        told = answer_all(panel, again, workers, folder)
        whole = [with_same_score(e, o) for e, o in zip(whole, told, strict=True)]
    parts = [
        p for i in members for p in evaluate_parts(study, panel, i, entry, chosen, cheap=cheap)
    ]
    # the family is of the primary definition; another one is a further try at the same question
    tries = 1 if chosen == entry.primary else len(entry.definitions)
    size = tries * sum(e.p_value is not None for e in whole)
    return adjust_family(whole, size=size) + adjust_family(parts)


@dataclass(frozen=True)
class Asked:
    """One programme and outcome: the record so far, and the job that fills it unless nothing can."""

    programme: Intervention
    outcome: Outcome
    blank: Estimate
    rows: pd.DataFrame
    job: Job | None = None


def evaluate(
    study: Study,
    panel: Panel,
    programme: Intervention,
    outcome: Outcome,
    definition: str,
    *,
    cheap: bool = False,
) -> Estimate:
    """One programme and one outcome; without an estimate but with its reason where there can be none."""
    asked = ask(study, panel, programme, outcome, definition, cheap=cheap)
    return asked.blank if asked.job is None else answered(panel, asked, run_job(asked.job))


def ask(
    study: Study,
    panel: Panel,
    programme: Intervention,
    outcome: Outcome,
    definition: str,
    *,
    cheap: bool,
) -> Asked:
    """The question of a programme and an outcome to the panel, or why it cannot be asked."""
    blank = blank_effect(study, panel, programme, outcome, definition)
    column = study.outcome_column(outcome.id, definition)
    if programme.design[outcome.id] == "describe":
        return Asked(programme, outcome, described(blank, panel, programme, outcome), panel.frame)
    rows = eligible_rows(panel, programme, outcome, column)
    reason = reason_against(rows, panel, programme, outcome, column)
    if reason:
        return Asked(programme, outcome, replace(blank, reason=reason), rows)
    design = make_design(rows, programme, outcome, column, panel.replicates)
    return Asked(programme, outcome, blank, rows, make_job(rows, design, cheap=cheap))


def answered(panel: Panel, asked: Asked, found: Estimate) -> Estimate:
    """The record with what was found, and the levels of both groups of a policy before and after."""
    record = replace(asked.blank, **{name: getattr(found, name) for name in FROM_DESIGN})
    if asked.job is not None and asked.job.design.kind == "replicate":
        record = replace(record, checks=(same_day(), *record.checks), is_weighted=True)
    if is_policy(asked.programme, asked.outcome) and record.arms:
        arms = policy_arms(asked.rows, panel.year, asked.programme, asked.blank)
        record = replace(record, arms=record.arms | arms)
    return record


def answer_all(
    panel: Panel, asked: list[Asked], workers: int, folder: Path | None
) -> list[Estimate]:
    """The record of each question in order."""
    jobs = [q.job for q in asked if q.job is not None]
    answers = iter(measure_all(jobs, workers=workers, folder=folder))
    return [q.blank if q.job is None else answered(panel, q, next(answers)) for q in asked]


def same_score(outcome: Outcome, definition: str) -> tuple[str, ...]:
    """The other definitions that read the same score: what they find is one finding with this one's."""
    own = outcome.definitions[definition].variable
    others = (k for k, rule in outcome.definitions.items() if own and rule.variable == own)
    return tuple(k for k in others if k != definition)


def with_same_score(record: Estimate, other: Estimate) -> Estimate:
    """The record with what another definition of its score says beside it: shown, not tested, not counted again."""
    if record.estimate is None or other.estimate is None:
        return record
    sides = [a.n_teachers for k, a in other.arms.items() if k in ("treated", "control")]
    ends = (other.std_error, other.ci_low, other.ci_high)
    point = Point(other.definition, other.estimate, *ends, n=min(sides, default=None))
    points = (*record.series.get("same_score", ()), point)
    line = Check("one_score", len(points), "pass", detail=", ".join(p.label for p in points))
    checks = (*(c for c in record.checks if c.name != line.name), line)
    return replace(record, checks=checks, series=record.series | {"same_score": points})


def same_day() -> Check:
    """Exposure and outcome of one wave are of the same day: C at best."""
    return Check("exposure_before_outcome", None, "caution", cap="C", detail="one wave")


def reason_against(
    rows: pd.DataFrame, panel: Panel, programme: Intervention, outcome: Outcome, column: str
) -> str:
    """Why no estimate can be made, as a key of wording.toml; empty if one can."""
    exposure = exposure_column(programme, outcome)
    if column in panel.absent or column not in panel.frame:
        return "no_outcome"
    if exposure not in panel.frame or panel.frame[exposure].notna().sum() == 0:
        return "no_exposure"
    sides = group_column(programme) if is_policy(programme, outcome) else exposure
    if undefined_arm(rows, column, sides):
        return "undefined_in_arm"
    known = rows[[column, exposure]].dropna()
    if known[exposure].nunique() < 2:
        return "one_arm"
    if programme.design[outcome.id] == "ancova" and not has_pre_score(rows, column):
        return "no_pre_score"
    return "constant_outcome" if known[column].nunique() < 2 else ""


def has_pre_score(rows: pd.DataFrame, column: str) -> bool:
    """Whether most of those with a score have one from the year before; without it nothing can be aligned."""
    known = rows[rows[column].notna()]
    return "pre_score" in known and float(known["pre_score"].notna().mean()) >= MIN_PRE_SCORES


def blank_effect(
    study: Study, panel: Panel, programme: Intervention, outcome: Outcome, definition: str
) -> Estimate:
    """The record before anything is estimated: what it is about, and nothing more."""
    tables = SOURCE_TABLES[outcome.source] + exposure_tables(programme)
    one_year = programme.design[outcome.id] in ("ancova", "describe", "survey_regression")
    first = panel.year - 1 if one_year else 0
    return Estimate(
        id=f"{programme.id}:{outcome.id}:{definition}",
        kind="effect",
        subject=programme.id,
        outcome=outcome.id,
        definition=definition,
        estimand=programme.design[outcome.id],
        design=programme.design[outcome.id],
        assignment=programme.assignment,
        population=programme.target_text,
        unit=outcome.unit if outcome.definitions[definition].at_least is None else "pp",
        year=panel.year,
        estimate=None, std_error=None, df=None, ci_low=None, ci_high=None,
        p_value=None, p_adjusted=None, ci_adj_low=None, ci_adj_high=None,
        n_teachers=0, n_schools=0, n_treated=0, n_treated_schools=0, n_control_schools=0,
        n_dropped=0, mde=None,
        relevant_effect=outcome.relevant_effect if definition == outcome.primary else None,
        family=outcome.id,
        files=panel.files_of(tables, first, panel.year, exposure_marks(programme)),
        period=period_of(panel, one_year),
    )  # fmt: skip


def period_of(panel: Panel, one_year: bool) -> str:
    """First base and last look-up of the years a design looks at, as ISO dates; empty without snapshots."""
    spans = {y: p for y, p in panel.periods.items() if y <= panel.year}
    if not spans or one_year:
        return spans.get(panel.year, "")
    return f"{spans[min(spans)].split('/')[0]}/{spans[max(spans)].split('/')[1]}"


def exposure_tables(programme: Intervention) -> tuple[str, ...]:
    """The typed tables a programme's exposure is read from."""
    return {
        "roster_flag": ("roster",),
        "school_start": ("schools",),
        "school_flag": ("schools",),
        "attendance": ("trainings", "programmes"),
        "lot": ("programmes",),
        "waiting_list": ("programmes",),
        "fund_grade": ("funds",),
        "survey_answer": ("survey",),
    }[programme.exposure.kind]


def exposure_marks(programme: Intervention) -> tuple[str, ...]:
    """What a file must hold to say anything of a programme's exposure; nothing for rosters and schools."""
    rule = programme.exposure
    return (
        (f"programme:{rule.programme}",) if isinstance(rule, (Attendance, Lot, WaitingList)) else ()
    )


def described(blank: Estimate, panel: Panel, programme: Intervention, outcome: Outcome) -> Estimate:
    """A programme that is only counted: how many teachers were exposed, and no comparison."""
    exposure = exposure_column(programme, outcome)
    now = panel.of_year()
    if exposure not in now or now[exposure].notna().sum() == 0:
        return replace(blank, reason="no_exposure")
    chosen = now[now[exposure] == 1]
    return replace(
        blank,
        reason="described",
        n_teachers=int(now[exposure].notna().sum()),
        n_schools=int(now["school_id"].nunique()),
        n_treated=int(chosen["teacher_id"].nunique()),
        n_treated_schools=int(chosen["school_id"].nunique()),
    )


def evaluate_parts(
    study: Study,
    panel: Panel,
    programme: Intervention,
    outcome: Outcome,
    definition: str,
    *,
    cheap: bool = False,
) -> list[Estimate]:
    """The same estimate within each population of a survey; shown beside the whole, never tested on its own."""
    is_survey = programme.design[outcome.id] == "survey_regression"
    if not is_survey or "survey_stratum" not in panel.frame:
        return []
    found = []
    for part in sorted(panel.frame["survey_stratum"].dropna().unique()):
        rows = panel.frame[panel.frame["survey_stratum"] == part]
        absent = dict(panel.absent)
        column = study.outcome_column(outcome.id, definition)
        if column in rows and rows[column].notna().sum() == 0:
            absent[column] = "no_data"
        one = evaluate(
            study,
            replace(panel, frame=rows, absent=absent),
            programme,
            outcome,
            definition,
            cheap=cheap,
        )
        found.append(replace(one, id=f"{one.id}:{part}", population=str(part), family=""))
    return found
