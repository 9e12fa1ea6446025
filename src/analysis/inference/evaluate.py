"""Every programme held against one outcome: the sample, the fit, the checks, and one Estimate record each."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from analysis.inference.arms import arms_of, policy_arms, raw_difference
from analysis.inference.checks import (
    MDE_FACTOR,
    arm_clusters,
    balance_check,
    cluster_check,
    missing_check,
    needs_jackknife,
    overlap_check,
    size_check,
)
from analysis.inference.designs import (
    eligible_rows,
    exposure_column,
    group_column,
    is_policy,
    make_design,
    undefined_arm,
)
from analysis.inference.diagnose import diagnose, policy_checks
from analysis.inference.effects import Effect, linear_effect, risk_effect
from analysis.inference.family import adjust_family
from analysis.inference.fits import Fit, fit_linear, fit_logit, interval, p_value
from analysis.inference.record import Check, Estimate
from analysis.inference.replicates import fit_replicates
from analysis.inference.sample import Sample, draw_sample
from analysis.panel.build import Panel
from analysis.study.objects import Attendance, Intervention, Lot, Outcome, Study

MIN_PRE_SCORES = 0.5
SOURCE_TABLES = {
    "roster": ("roster", "exits"),
    "assessments": ("assessments",),
    "survey": ("survey",),
}


def evaluate_outcome(
    study: Study, panel: Panel, outcome: str, definition: str = ""
) -> tuple[Estimate, ...]:
    """One estimate per programme that names the outcome, adjusted as a family; parts of a population come after.

    ``definition`` is one of the outcome's variants, by default its primary one. A programme that cannot be
    evaluated comes back with grade E and the reason.
    """
    entry = study.outcomes[outcome]
    chosen = definition or entry.primary
    members = [i for i in study.interventions.values() if outcome in i.design]
    whole = [evaluate(study, panel, i, entry, chosen) for i in members]
    parts = [p for i in members for p in evaluate_parts(study, panel, i, entry, chosen)]
    return adjust_family(whole) + adjust_family(parts)


def evaluate(
    study: Study, panel: Panel, programme: Intervention, outcome: Outcome, definition: str
) -> Estimate:
    """One programme and one outcome; without an estimate but with its reason where there can be none."""
    blank = blank_estimate(study, panel, programme, outcome, definition)
    column = study.outcome_column(outcome.id, definition)
    rows = eligible_rows(panel, programme, outcome, column)
    if programme.design[outcome.id] == "describe":
        return described(blank, panel, programme, outcome)
    reason = reason_against(rows, panel, programme, outcome, column)
    if reason:
        return replace(blank, reason=reason)
    sample = draw_sample(rows, make_design(rows, programme, outcome, column))
    blocked = cluster_check(sample)
    if blocked.blocks or len(sample.y) < sample.x.shape[1] + 2:
        return replace(with_counts(blank, sample), checks=(blocked,), reason="too_few")
    if sample.design.kind == "replicate":
        return survey_estimate(blank, sample, rows)
    return clustered_estimate(blank, sample, rows, panel, programme)


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


def blank_estimate(
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
        "survey_answer": ("survey",),
    }[programme.exposure.kind]


def exposure_marks(programme: Intervention) -> tuple[str, ...]:
    """What a file must hold to say anything of a programme's exposure; nothing for rosters and schools."""
    rule = programme.exposure
    return (f"programme:{rule.programme}",) if isinstance(rule, (Attendance, Lot)) else ()


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


def with_counts(blank: Estimate, sample: Sample) -> Estimate:
    """The record with the sizes of its sample."""
    t, rows = sample.is_treated, sample.rows
    school, sides = rows[sample.design.cluster], arm_clusters(sample)
    return replace(
        blank,
        n_teachers=int(rows["teacher_id"].nunique()),
        n_schools=int(school.nunique()),
        n_treated=int(rows.loc[t, "teacher_id"].nunique()),
        n_treated_schools=sides[0],
        n_control_schools=sides[1],
        n_dropped=sample.n_dropped,
        raw_difference=raw_difference(sample),
        arms=arms_of(sample),
        sample_id=sample.sample_id,
        left_out=sample.left_out,
    )


def clustered_estimate(
    blank: Estimate, sample: Sample, rows: pd.DataFrame, panel: Panel, programme: Intervention
) -> Estimate:
    """A logit or linear estimate with school-clustered t intervals; CRV3 where schools are few."""
    is_logit = sample.design.kind == "logit"
    fit = fit_logit(sample) if is_logit else fit_linear(sample)
    scale = 100.0 if blank.unit == "pp" else 1.0
    effect = risk_effect(sample, fit) if is_logit else linear_effect(sample, fit, scale)
    cov = fit.cov_jackknife if needs_jackknife(sample) else fit.cov
    record = with_interval(
        with_counts(blank, sample), effect.value, effect.std_error(cov), fit.n_clusters - 1
    )
    if record.reason:
        return record
    if programme.design[blank.outcome] == "policy_logit":
        arms = policy_arms(rows, panel.year, programme, blank)
        record = replace(record, arms=record.arms | arms)
    checks = diagnose(sample, rows, fit, effect, record)
    checks += policy_checks(panel, programme, sample, record)
    return with_ratio(replace(record, checks=checks), effect, fit, cov)


def with_interval(record: Estimate, value: float, std_error: float, df: float) -> Estimate:
    """The record with estimate, standard error, interval, p and smallest detectable effect; none without variation."""
    if not (std_error > 0 and np.isfinite(std_error)):
        return replace(record, reason="no_variation")
    low, high = interval(value, std_error, df)
    return replace(
        record,
        estimate=value,
        std_error=std_error,
        df=float(df),
        ci_low=low,
        ci_high=high,
        p_value=p_value(value, std_error, df),
        mde=MDE_FACTOR * std_error,
    )


def with_ratio(record: Estimate, effect: Effect, fit: Fit, cov: np.ndarray) -> Estimate:
    """The record with the ratio of risks and its interval, where the outcome is yes/no."""
    if effect.ratio is None:
        return drop_if_blocked(record)
    low, high = interval(np.log(effect.ratio), effect.log_ratio_error(cov), fit.n_clusters - 1)
    return drop_if_blocked(
        replace(
            record,
            ratio=effect.ratio,
            ratio_low=float(np.exp(low)),
            ratio_high=float(np.exp(high)),
        )
    )


def drop_if_blocked(record: Estimate) -> Estimate:
    """The record without its numbers if a check says that they mean nothing; the check stays as the reason."""
    blocking = [c.name for c in record.checks if c.blocks]
    if not blocking:
        return record
    return replace(
        record,
        estimate=None, std_error=None, ci_low=None, ci_high=None, p_value=None, mde=None,
        ratio=None, ratio_low=None, ratio_high=None, reason=f"blocked_{blocking[0]}",
    )  # fmt: skip


def survey_estimate(blank: Estimate, sample: Sample, rows: pd.DataFrame) -> Estimate:
    """A weighted regression with replicate weights; exposure and outcome are of the same day, so C at best."""
    fit = fit_replicates(sample)
    scale = 100.0 if blank.unit == "pp" else 1.0
    record = with_interval(
        with_counts(blank, sample), scale * fit.estimate, scale * fit.std_error, fit.df
    )
    same_day = Check("exposure_before_outcome", None, "caution", cap="C", detail="one wave")
    smaller = min(int(sample.is_treated.sum()), int((~sample.is_treated).sum()))
    found = (
        same_day,
        cluster_check(sample),
        size_check(smaller),
        missing_check(rows, sample.design.outcome, sample.design.treatment),
        balance_check(sample),
        overlap_check(sample),
    )
    return replace(record, checks=found, is_weighted=True)


def evaluate_parts(
    study: Study, panel: Panel, programme: Intervention, outcome: Outcome, definition: str
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
            study, replace(panel, frame=rows, absent=absent), programme, outcome, definition
        )
        found.append(replace(one, id=f"{one.id}:{part}", population=str(part), family=""))
    return found
