"""Checks that everything a study entry names exists: columns, codes, outcomes, definitions, programmes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from analysis.errors import DataError, nearest
from analysis.study.objects import (
    Count,
    Indicator,
    Intervention,
    Measure,
    Outcome,
    Problem,
    Scale,
    Study,
    Variable,
)

# kinds of entry that have no file of their own
FILES = {"scales": "outcomes.toml", "measures": "interventions.toml"}
# kinds whose labels a reader sees side by side
LISTED_TOGETHER = (
    ("variables",),
    ("interventions", "measures"),
    ("outcomes",),
    ("problems",),
    ("scales",),
)


def check_references(study: Study) -> list[DataError]:
    """Every name that leads nowhere, as one DataError each."""
    errors = [e for v in study.variables.values() for e in _variable(v)]
    errors += [e for i in study.interventions.values() for e in _intervention(study, i)]
    errors += [e for o in study.outcomes.values() for e in _outcome(study, o)]
    errors += [e for p in study.problems.values() for e in _problem(study, p)]
    errors += [e for s in study.scales.values() for e in _scale(study, s)]
    errors += [e for m in study.measures.values() for e in _measure(study, m)]
    errors += list(_rows(study))
    errors += [e for v in study.variables.values() for e in _dependence(study, v)]
    return errors + list(_labels(study))


def split_measure(measure: str) -> tuple[str, str]:
    """``outcome:definition`` as a pair; a plain panel column gets an empty definition."""
    name, _, definition = measure.partition(":")
    return name, definition


def _missing(file: str, entry: str, what: str, name: str, known: Iterable[str]) -> list[DataError]:
    """A DataError if ``name`` is not known, with the nearest known name."""
    known = list(known)
    if name in known:
        return []
    near = nearest(name, known) or "-"
    return [
        DataError("study_unknown_name", file=file, entry=entry, what=what, name=name, nearest=near)
    ]


def _codes(
    study: Study, file: str, entry: str, wanted: Mapping[str, tuple[str, ...]]
) -> Iterator[DataError]:
    """Problems in a table of panel column -> codes."""
    for column, codes in wanted.items():
        unknown = _missing(file, entry, "variable", column, study.variables)
        yield from unknown
        for code in codes if not unknown else ():
            yield from _missing(file, entry, column, code, study.variables[column].codes)


def _variable(entry: Variable) -> Iterator[DataError]:
    """Exclusive options that are no option of the question."""
    for code in entry.exclusive:
        yield from _missing("variables.toml", entry.id, "exclusive", code, entry.codes)


def _intervention(study: Study, entry: Intervention) -> Iterator[DataError]:
    file, name = "interventions.toml", entry.id
    for outcome in entry.outcomes:
        yield from _missing(file, name, "outcome", outcome, study.outcomes)
    for other in entry.concurrent:
        yield from _missing(file, name, "intervention", other, study.interventions)
    variable = getattr(entry.exposure, "variable", None)
    if variable is not None:
        yield from _codes(study, file, name, {variable: getattr(entry.exposure, "values", ())})
    listed = getattr(entry.exposure, "listed", "")
    if listed:
        yield from _codes(study, file, name, {listed: ("yes",)})
    programme = getattr(entry.exposure, "programme", None)
    if programme is not None:
        yield from _codes(study, file, name, {"programme": (programme,)})
    yield from _codes(study, file, name, entry.target)
    for column in entry.strata:
        yield from _missing(file, name, "variable", column, study.variables)


def _measure(study: Study, entry: Measure) -> Iterator[DataError]:
    """What a measure is counted by: tables, their columns (or those of the school) and codes."""
    file = "interventions.toml"
    tables = {t for v in study.variables.values() for t in v.tables} - {"panel"}
    for count in entry.counts:
        yield from _missing(file, entry.id, "table", count.table, sorted(tables))
        here = [n for n, v in study.variables.items() if {count.table, "schools"} & {*v.tables}]
        for column in (*count.where, *((count.column,) if count.column else ())):
            yield from _missing(file, entry.id, "variable", column, here)
        yield from _codes(study, file, entry.id, _coded(study, count))


def _coded(study: Study, count: Count) -> dict[str, tuple[str, ...]]:
    """The codes of a count's known columns that have a list of codes; others are compared as text."""
    known = study.variables
    return {c: codes for c, codes in count.where.items() if c in known and known[c].codes}


def _rows(study: Study) -> Iterator[DataError]:
    """A row of the seed inventories that two entries claim to cover."""
    seen: dict[str, str] = {}
    entries: list[Intervention | Measure] = [*study.interventions.values()]
    for entry in [*entries, *study.measures.values()]:
        for row in entry.rows:
            if row in seen:
                yield DataError(
                    "study_same_row",
                    file="interventions.toml",
                    entry=entry.id,
                    other=seen[row],
                    row=row,
                )
            seen[row] = entry.id


def _outcome(study: Study, entry: Outcome) -> Iterator[DataError]:
    file = "outcomes.toml"
    yield from _missing(file, entry.id, "definition", entry.primary, entry.definitions)
    if entry.placebo:
        yield from _missing(file, entry.id, "definition", entry.placebo, entry.definitions)
    for column in entry.controls:
        yield from _missing(file, entry.id, "variable", column, study.variables)
    for definition in entry.definitions.values():
        if definition.variable is not None:
            yield from _missing(file, entry.id, "variable", definition.variable, study.variables)
        for reason in definition.excludes:
            codes = study.variables["exit_reason"].codes
            yield from _missing(file, entry.id, "exit_reason", reason, codes)
        yield from _codes(study, file, entry.id, definition.population)


def _problem(study: Study, entry: Problem) -> Iterator[DataError]:
    file = "problems.toml"
    for name in entry.interventions:
        yield from _missing(file, entry.id, "intervention", name, study.interventions)
    for indicator in entry.indicators:
        yield from _indicator(study, f"{entry.id}.{indicator.id}", indicator)


def _indicator(study: Study, entry: str, indicator: Indicator) -> Iterator[DataError]:
    file = "problems.toml"
    name, definition = split_measure(indicator.measure)
    yield from _parts(study, entry, indicator)
    for column in (*indicator.measures, *indicator.across):
        yield from _missing(file, entry, "variable", column, study.variables)
    if definition:
        yield from _missing(file, entry, "outcome", name, study.outcomes)
        known = study.outcomes[name].definitions if name in study.outcomes else ()
        yield from _missing(file, entry, "definition", definition, known)
    elif name or indicator.kind in ("level", "gap", "association"):
        yield from _missing(file, entry, "variable", name, study.variables)
    for column in indicator.adjust:
        yield from _missing(file, entry, "variable", column, study.variables)
    if indicator.group is not None:
        codes = indicator.focus + indicator.reference
        yield from _codes(study, file, entry, {indicator.group: codes})
    yield from _codes(study, file, entry, indicator.among)


def _parts(study: Study, entry: str, indicator: Indicator) -> Iterator[DataError]:
    """A ratio's two parts: tables (or the panel), columns and codes; both are needed, and only a ratio has them."""
    file, parts = "problems.toml", (indicator.numerator, indicator.denominator)
    if any(p is None for p in parts) is (indicator.kind == "ratio"):
        yield DataError("study_ratio_parts", file=file, entry=entry, kind=indicator.kind)
    tables = {t for v in study.variables.values() for t in v.tables}
    for count in (p for p in parts if p is not None):
        yield from _missing(file, entry, "table", count.table, sorted(tables))
        here = [n for n, v in study.variables.items() if {count.table, "schools"} & {*v.tables}]
        for column in (*count.where, *((count.column,) if count.column else ())):
            yield from _missing(file, entry, "variable", column, here)
        yield from _codes(study, file, entry, _coded(study, count))


def _scale(study: Study, entry: Scale) -> Iterator[DataError]:
    """A scale's score and items are survey variables of its range, and what is reversed is among its items."""
    file = "outcomes.toml"
    for name, kind in ((entry.id, "number"), *((item, "integer") for item in entry.items)):
        unknown = _missing(file, entry.id, "variable", name, study.variables)
        yield from unknown
        variable = study.variables.get(name)
        if variable is not None and not _fits(entry, variable, kind):
            yield DataError(
                "study_scale_item",
                file=file,
                entry=entry.id,
                name=name,
                kind=kind,
                low=entry.low,
                high=entry.high,
            )
    for item in entry.reversed:
        yield from _missing(file, entry.id, "items", item, entry.items)


def _fits(scale: Scale, variable: Variable, kind: str) -> bool:
    """Whether a variable is of the survey, of this kind and of the scale's range."""
    limits = (variable.low, variable.high)
    is_survey = "survey" in variable.tables
    return is_survey and variable.kind == kind and limits == (scale.low, scale.high)


def _dependence(study: Study, entry: Variable) -> Iterator[DataError]:
    """The topic of a need and the answers on which a question depends."""
    file = "variables.toml"
    if entry.topic:
        yield from _codes(study, file, entry.id, {"topic": (entry.topic,)})
    yield from _codes(study, file, entry.id, entry.only_if)


def _labels(study: Study) -> Iterator[DataError]:
    """Two entries of one kind with the same Chinese label cannot be told apart by a reader."""
    for kinds in LISTED_TOGETHER:
        seen: dict[str, str] = {}
        for kind in kinds:
            for name, entry in getattr(study, kind).items():
                if entry.label in seen:
                    yield DataError(
                        "study_same_label",
                        file=FILES.get(kind, f"{kind}.toml"),
                        entry=name,
                        other=seen[entry.label],
                        label=entry.label,
                    )
                seen[entry.label] = name
