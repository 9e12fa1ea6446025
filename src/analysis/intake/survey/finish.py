"""Survey and test tables finished: scores, weights, and what the data check says about them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from analysis.errors import messages
from analysis.intake.checking.comparison import FEW_ROWS
from analysis.intake.ledger import join_lines
from analysis.intake.survey.assessments import retake_lines, wave_notes
from analysis.intake.survey.margins import MERGED, UNKNOWN, Margins, empty_groups, find_margins
from analysis.intake.survey.marks import (
    MARKED,
    QUALITY_COLUMNS,
    MarkedAnswers,
    Questionnaire,
)
from analysis.intake.survey.scales import ITEM_COLUMNS, SCALE_COLUMNS, score_survey
from analysis.intake.survey.weights import (
    RESPONSE_COLUMNS,
    WEIGHT_COLUMNS,
    Raked,
    response_rows,
    weigh,
    weight_row,
)
from analysis.intake.tables import order_columns
from analysis.study.objects import Study

CHECKS: Mapping[str, tuple[str, ...]] = {
    "scales": SCALE_COLUMNS,
    "items": ITEM_COLUMNS,
    "response": RESPONSE_COLUMNS,
    "weights": WEIGHT_COLUMNS,
    "quality": QUALITY_COLUMNS,
}
WEIGHT = "survey_weight"


@dataclass(frozen=True)
class SurveyResult:
    """The tables with scores, marks and weights; more ledger lines and notes; the five check tables."""

    tables: dict[str, pd.DataFrame]
    lines: pd.DataFrame
    checks: dict[str, pd.DataFrame]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class WaveWeights:
    """The weights of one survey year (index of the survey rows), its rows of the check tables, and its notes."""

    weights: pd.Series
    rows: list[dict[str, object]] = field(default_factory=list)
    response: list[tuple[object, ...]] = field(default_factory=list)
    notes: tuple[str, ...] = ()


def finish_survey(
    study: Study,
    tables: Mapping[str, pd.DataFrame],
    marked: MarkedAnswers,
    lines: Sequence[pd.DataFrame] = (),
) -> SurveyResult:
    """Tables as they are handed on; ``lines`` is the ledger so far, of which second answers are counted."""
    out = dict(tables)
    told: list[pd.DataFrame] = []
    notes: list[str] = []
    checks = {name: pd.DataFrame(columns=list(columns)) for name, columns in CHECKS.items()}
    tests = tables.get("assessments")
    if tests is not None:
        told.append(retake_lines(tests))
        notes += wave_notes(tests)
    if "survey" in tables:
        scored = score_survey(study, tables["survey"])
        survey, waves = weigh_survey(study, tables, fill_marks(scored.survey), marked)
        out["survey"] = order_columns(study, "survey", survey)
        told.append(scored.lines)
        notes += [*scored.notes, *(n for w in waves for n in w.notes)]
        checks |= {"scales": scored.scales, "items": scored.items} | weight_tables(waves)
        checks["quality"] = quality_table(marked, join_lines(lines))
    return SurveyResult(out, join_lines(told), checks, tuple(notes))


def fill_marks(survey: pd.DataFrame) -> pd.DataFrame:
    """Marks as yes or no; no says that nothing was found, also where there was nothing to judge by."""
    present = [c for c in MARKED.values() if c in survey]
    return survey.assign(
        **{c: survey[c].astype(object).fillna("no").astype("str") for c in present}
    )


def quality_table(marked: MarkedAnswers, lines: pd.DataFrame) -> pd.DataFrame:
    """The marks of every survey file, and its second answers, which were dropped."""
    second = lines[(lines["table"] == "survey") & (lines["rule"] == "second_answer")]
    n_second = second.groupby(["year", "file"])["n"].sum()
    sizes = pd.Series(
        {(p.year, p.file): len(p.frame) for p in marked.parts if p.table == "survey"}, dtype=float
    )
    rows = [
        (year, file, "second_answer", int(n), int(n_second.get((year, file), 0)))
        for (year, file), n in sizes.items()
        if n
    ]
    more = [(*row, row[-1] / row[-2]) for row in rows]
    own = marked.quality.to_numpy(dtype=object).tolist()
    out = pd.DataFrame([*own, *more], columns=list(QUALITY_COLUMNS))
    return out.infer_objects().sort_values(["year", "file"], kind="stable", ignore_index=True)


def weigh_survey(
    study: Study,
    tables: Mapping[str, pd.DataFrame],
    survey: pd.DataFrame,
    marked: MarkedAnswers,
) -> tuple[pd.DataFrame, list[WaveWeights]]:
    """The survey with ``survey_weight`` for every year that brought none, and how it came about."""
    if WEIGHT not in study.variables:
        return survey, []
    given = survey[WEIGHT] if WEIGHT in survey else pd.Series(float("nan"), index=survey.index)
    waves, weights = [], given.astype("float64")
    for year, rows in survey.groupby("year"):
        if weights[rows.index].notna().any():
            continue  # the survey's own design knows better
        answers = rows[answered_main(study, rows, marked, int(year))]
        if len(answers):
            wave = weigh_wave(study, tables, answers, int(year))
            waves.append(wave)
            weights = weights.fillna(wave.weights)
    return (survey.assign(**{WEIGHT: weights}) if weights.notna().any() else survey), waves


def answered_main(study: Study, rows: pd.DataFrame, marked: MarkedAnswers, year: int) -> pd.Series:
    """Whether each row answers the year's main questionnaire: the one with most scale items, then most questions."""
    scaled = {c for s in study.scales.values() for c in (s.id, *s.items)}

    def rank(form: Questionnaire) -> tuple[int, int]:
        return len(scaled & set(form.questions)), len(form.questions)

    forms = sorted((q for q in marked.questionnaires if q.year == year), key=rank)
    questions = [q for q in forms[-1].questions if q in rows] if forms else []
    if not questions:
        return pd.Series(True, index=rows.index)
    return rows[questions].notna().any(axis=1)


def weigh_wave(
    study: Study, tables: Mapping[str, pd.DataFrame], answers: pd.DataFrame, year: int
) -> WaveWeights:
    """Weights of the main questionnaire of one year, with everything a reader must know about them."""
    margins = find_margins(tables, answers, year)
    none = pd.Series(float("nan"), index=answers.index)
    if margins is None:
        return WaveWeights(none, notes=(messages()["note_weights_none"]["zh"].format(year=year),))
    raked = weigh(margins)
    weights = raked.weights if raked is not None and raked.is_converged else None
    return WaveWeights(
        weights=none if weights is None else weights,
        rows=[weight_row(raked, year)] if raked is not None else [],
        response=[*response_rows(margins, weights, year)] if len(margins.answers.columns) else [],
        notes=tuple(wave_notes_of(study, answers, margins, raked, year)),
    )


def wave_notes_of(
    study: Study, answers: pd.DataFrame, margins: Margins, raked: Raked | None, year: int
) -> Iterator[str]:
    """What a reader must know: who is unlinked, what the weights rest on, what was merged or left out."""
    texts, stop = {k: v["zh"] for k, v in messages().items()}, phrase_marks()
    unlinked = int(answers["teacher_id"].isna().sum())
    if unlinked:
        yield texts["note_answers_unlinked"].format(year=year, n=unlinked, n_all=len(answers))
    if margins.left_out:
        named = stop.join(margin_label(study, m) for m in margins.left_out)
        yield texts["note_margins_left_out"].format(year=year, margins=named)
    yield from empty_notes(study, margins, year)
    if raked is None:
        yield texts["note_weights_none"].format(year=year)
        return
    for margin, names in raked.merged.items():
        groups = stop.join(sorted({to for to in names.values() if MERGED in to}))
        label = margin_label(study, margin)
        yield texts["note_groups_merged"].format(year=year, margin=label, groups=groups)
    single, used = (
        stop.join(margin_label(study, m) for m in ms) for ms in (raked.single, raked.used)
    )
    if single:
        yield texts["note_margin_single"].format(year=year, margins=single)
    if not raked.is_converged:
        yield texts["note_weights_failed"].format(year=year, margins=used)
        return
    n = int(raked.weights.notna().sum())
    facts = {"day": margins.day, "margins": used, "n": n, "n_without": len(answers) - n}
    yield texts["note_weights_made"].format(year=year, **facts)


def empty_notes(study: Study, margins: Margins, year: int) -> Iterator[str]:
    """Who is on the roster and gave no answer that can be weighted, a whole group of them."""
    texts, stop = {k: v["zh"] for k, v in messages().items()}, phrase_marks()
    for margin, sizes in empty_groups(margins).items():
        groups = stop.join(group_size(study, margin, g, n) for g, n in sizes.items())
        named = margin_label(study, margin)
        yield texts["note_group_empty"].format(year=year, margin=named, groups=groups)


def group_size(study: Study, margin: str, group: str, n: int) -> str:
    """A group's label and how many of it are on the roster; one to nine are not told."""
    variable = study.variables.get(margin)
    label = variable.code_label(group) if variable and group in variable.codes else group
    if group == UNKNOWN:
        label = messages()["note_group_unknown"]["zh"]
    if n < FEW_ROWS:
        return label
    return messages()["note_group_size"]["zh"].format(group=label, n=n)


def phrase_marks() -> str:
    """What stands between the parts of an enumeration."""
    return messages()["note_between"]["zh"]


def margin_label(study: Study, margin: str) -> str:
    """What a margin is called: its variable's label; the band of years is that of ``years_teaching``."""
    name = "years_teaching" if margin == "years_band" else margin
    return study.variables[name].label if name in study.variables else margin


def weight_tables(waves: Sequence[WaveWeights]) -> dict[str, pd.DataFrame]:
    """The check tables ``weights`` and ``response`` of all survey years."""
    rows, response = [r for w in waves for r in w.rows], [r for w in waves for r in w.response]
    return {
        "weights": pd.DataFrame(rows, columns=list(WEIGHT_COLUMNS)),
        "response": pd.DataFrame(response, columns=list(RESPONSE_COLUMNS)),
    }
