"""The overview of the bureau's work: each measure, what was done with it, how many, and what can be said."""

from __future__ import annotations

from analysis.inference.measures import MeasureRecord, Tally
from analysis.inference.record import Estimate
from analysis.release.claims import Table
from analysis.release.effects import label_of, reason_text
from analysis.release.numbers import round_text
from analysis.release.trails import fill
from analysis.release.wording import join, phrase, wording, words
from analysis.study.objects import Intervention, Measure, Study

ORDER = ("compared", "not_compared", "described", "audited", "no_data", "framing", "not_ingested")
NUMERIC = (False, False, False, False, False)
TEN_THOUSAND = 10_000
Row = tuple[str, tuple[str, ...]]  # what was done, and the cells


def overview_table(
    study: Study,
    effects: list[Estimate],
    records: tuple[MeasureRecord, ...],
    region: str,
    year: int,
) -> Table:
    """Every measure of the bureau's work, those that were compared first, those not taken in last.

    ``effects``: disclosed effects under the primary definitions; ``records``: disclosed counts of the others.
    """
    rows = [programme_row(study, p, effects) for p in study.interventions.values()]
    rows += [record_row(study.measures[r.id], r) for r in records]
    rows.sort(key=lambda row: ORDER.index(row[0]))
    title = fill(phrase("tables", "measures_title", region=region), year=year)
    heads, notes = words("overview", "heads"), words("overview", "notes")
    return Table(
        "measures", title, heads, tuple(cells for _, cells in rows), NUMERIC,
        unit_line=phrase("overview", "unit"), notes=notes, source=phrase("overview", "source"),
    )  # fmt: skip


def programme_row(study: Study, entry: Intervention, effects: list[Estimate]) -> Row:
    """An evaluated programme: what was found for each outcome it is held against."""
    mine = [e for e in effects if e.subject == entry.id]
    status = programme_status(mine)
    found = join_sentences([outcome_words(study, e) for e in mine])
    told = found if status != "described" else phrase("problem", "bias", bias=entry.bias_text)
    blank = phrase("overview", "no_estimate")
    return status, row_cells(entry, status, people_cell(mine), told or blank)


def programme_status(effects: list[Estimate]) -> str:
    """Compared if anything could be; described if that was all that was asked; else why not."""
    if any(e.estimate is not None for e in effects):
        return "compared"
    reasons = {e.reason for e in effects}
    if "described" in reasons:
        return "described"
    return "no_data" if reasons <= {"no_exposure", "no_outcome"} else "not_compared"


def outcome_words(study: Study, estimate: Estimate) -> str:
    """One outcome of a programme: what the interval says and how sure that is, or why nothing can be said."""
    outcome = study.outcomes[estimate.outcome]
    label = label_of(estimate)
    if label == "none":
        reason = reason_text(estimate.reason, outcome.missing_file)
        return phrase("overview", "outcome_none", measure=outcome.measure, reason=reason)
    key = f"outcome_{estimate.verdict}"
    word = wording()["labels"][label]["word"]
    return phrase("overview", key, measure=outcome.measure, label=word)


def people_cell(effects: list[Estimate]) -> str:
    """How many took part, by the first outcome of which that is known."""
    known = [e.n_treated for e in effects if e.n_treated]
    if known:
        return f"{known[0]}{phrase('count_unit', 'persons')}"
    is_hidden = any(e.reason == "hidden" for e in effects)
    return phrase("tables", "hidden" if is_hidden else "not_in_data")


def record_row(entry: Measure, record: MeasureRecord) -> Row:
    """A measure that is counted, audited or left out."""
    status = record_status(record)
    told = phrase("problem", "bias", bias=entry.why_text)
    if status == "no_data":
        told = phrase("overview", "missing", missing_file=entry.missing_file)
    if status == "audited":
        told = audit_words(entry, record) + told
    return status, row_cells(entry, status, tally_cell(record), told)


def record_status(record: MeasureRecord) -> str:
    """What was done with a measure."""
    return record.reason or {"audit": "audited"}.get(record.role, "described")


def audit_words(entry: Measure, record: MeasureRecord) -> str:
    """Which check looked at a measure, and what it found."""
    if not entry.check:
        return ""
    found = "differs" if record.n_differs else "agrees" if record.n_checked else "not_run"
    text = phrase("overview_check", f"{entry.check}_{found}")
    return fill(text, n_checked=record.n_checked, n_differs=record.n_differs)


def tally_cell(record: MeasureRecord) -> str:
    """The counts of a measure with their units, never added up; the sign for hidden, none or not in the data."""
    if not record.tallies:
        return phrase("tables", "not_in_data" if record.reason == "no_data" else "not_applicable")
    if all(t.n is None for t in record.tallies):
        return phrase("tables", "hidden")
    return join([tally_words(t) for t in record.tallies])


def tally_words(tally: Tally) -> str:
    """One count: what is counted, the number, its unit."""
    unit = phrase("count_unit", tally.kind)
    if tally.n is None:
        return tally.label + phrase("overview", "few")
    if tally.kind == "hours_share":
        return f"{tally.label}{round_text(tally.n, 0)}{unit}"
    if tally.kind == "yuan":
        return f"{tally.label}{round_text(tally.n / TEN_THOUSAND, 1)}{unit}"
    return f"{tally.label}{round_text(tally.n, 0)}{unit}"


def row_cells(entry: Intervention | Measure, status: str, count: str, told: str) -> tuple[str, ...]:
    """The cells of a row: the measure with its rows in the lists of work, whom it is for, what was done, and so on."""
    name = phrase("overview", "name", label=entry.label, rows=rows_words(entry.rows))
    done = phrase("overview_status", status)
    return (name if entry.rows else entry.label, entry.target_text, done, count, told)


def rows_words(rows: tuple[str, ...]) -> str:
    """Rows of the lists of work, as ``S1-16``: the list's short name and the number."""
    return join([phrase("overview", row.split("-")[0].lower()) + row.split("-")[1] for row in rows])


def join_sentences(parts: list[str]) -> str:
    """Sentences one after the other."""
    return "".join(parts)
