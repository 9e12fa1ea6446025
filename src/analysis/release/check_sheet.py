"""The data check sheet: what came, what could be matched, what was repaired, refused or dropped, as tables."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from analysis.intake.delivery import Delivery, FileRecord, Verdict
from analysis.release.claims import Table
from analysis.release.numbers import round_text
from analysis.release.trails import day_text, fill
from analysis.release.wording import join, phrase, wording, words
from analysis.study.objects import Study

NAMES = "check_sheet"
VERDICTS: tuple[Verdict, ...] = ("usable", "usable_with_notes", "not_usable")  # the worst last


def sheet_tables(study: Study, delivery: Delivery) -> Iterator[Table]:
    """The tables of what was read, matched, changed and left unused; one that would be empty is left out."""
    tables = (
        files_table(delivery),
        links_table(delivery),
        ledger_table(study, delivery),
        unmapped_table(delivery),
    )
    yield from (table for table in tables if table.rows)


def check_line(delivery: Delivery) -> str:
    """The line under the title: the date of the data, files and rows read and kept, this year's files by verdict."""
    read = sum(f.n_rows_in for f in delivery.files)
    kept = sum(f.n_rows_kept for f in delivery.files)
    files = len({(f.year, f.file) for f in delivery.files})
    text = phrase(NAMES, "line")
    line = fill(text, as_of=day_text(delivery.as_of), files=files, read=read, kept=kept)
    return line + fill(phrase(NAMES, "verdicts"), **verdict_counts(delivery))


def verdict_counts(delivery: Delivery) -> dict[str, int]:
    """How many files of the newest delivery have each verdict; the worst of a file's sheets counts."""
    worst: dict[str, int] = {}
    for record in (f for f in delivery.files if f.year == delivery.year):
        worst[record.file] = max(worst.get(record.file, 0), VERDICTS.index(record.verdict))
    return {name: list(worst.values()).count(rank) for rank, name in enumerate(VERDICTS)}


def check_notes(delivery: Delivery) -> tuple[str, ...]:
    """What a reader must know of the delivery as a whole; a sentence if there is nothing."""
    return tuple(delivery.notes) or (phrase(NAMES, "no_notes"),)


def files_table(delivery: Delivery) -> Table:
    """One row per file that was read, newest delivery first; sheets of one file with another verdict apart."""
    groups: dict[tuple[int, str, str, str], list[FileRecord]] = {}
    for record in sorted(delivery.files, key=lambda f: -f.year):
        key = (record.year, record.table, record.file, record.verdict)
        groups.setdefault(key, []).append(record)
    rows = tuple(file_row(records) for records in groups.values())
    numeric = (False, False, False, False, True, True, True)
    return make_table(delivery, "files", rows, numeric)


def file_row(records: list[FileRecord]) -> tuple[str, ...]:
    """Sheets of one file: what they hold, the file, whether they can be used and why not, its year, rows read and kept.

    The verdict stands third, so that a phone shows it without swiping.
    """
    first = records[0]
    read, kept = (sum(getattr(r, n) for r in records) for n in ("n_rows_in", "n_rows_kept"))
    counts = (str(first.year), str(read), str(kept))
    verdict = phrase("file_verdict", first.verdict)
    return (table_name(first.table), place_of(records), verdict, reasons_of(records), *counts)


def reasons_of(records: list[FileRecord]) -> str:
    """What speaks against a file, added up over its sheets; what was found in the whole file is told once."""
    found: dict[str, int] = {}
    checks = wording()["check_name"]
    for rule, n in (reason for record in records for reason in record.reasons):
        found[rule] = n if rule in checks else found.get(rule, 0) + n
    told = (fill(phrase(NAMES, "reason"), what=reason_text(rule), n=n) for rule, n in found.items())
    return phrase(NAMES, "reason_stop").join(told)


def reason_text(rule: str) -> str:
    """A rule of the ledger or a check in words."""
    return phrase("check_name" if rule in wording()["check_name"] else "ledger_rule", rule)


def place_of(records: list[FileRecord]) -> str:
    """The file and its sheet, or how many sheets of it."""
    first = records[0]
    if len(records) > 1:
        return fill(phrase(NAMES, "sheets"), file=first.file, n=len(records))
    return f"{first.file} / {first.sheet}" if first.sheet else first.file


def links_table(delivery: Delivery) -> Table:
    """How many people of each table were found on the rosters, by what they were found; the newest year."""
    links = delivery.links
    newest = links[links["year"] == links["year"].max()] if len(links) else links
    rows = tuple(link_row(row) for _, row in newest.iterrows())
    return make_table(delivery, "links", rows, (False, True, False, False, True, True, True))


def link_row(row: pd.Series) -> tuple[str, ...]:
    """One pass of matching: table, year, what was looked for, by what, rows asked and found, the share."""
    share = phrase("tables", "not_applicable")
    if pd.notna(row["share"]):
        share = fill(phrase(NAMES, "percent"), share=round_text(100 * row["share"], 1))
    what = (phrase("link_found", row["found"]), phrase("link_pass", row["link_pass"]))
    counts = (str(row["n_rows"]), str(row["n_linked"]))
    return (table_name(row["table"]), str(row["year"]), *what, *counts, share)


def ledger_table(study: Study, delivery: Delivery) -> Table:
    """The ledger added up by what was done and why: this year's delivery and all deliveries together."""
    ledger = delivery.ledger.assign(now=lambda d: d["n"].where(d["year"] == delivery.year, 0))
    groups = ledger.groupby(["kind", "rule", "table", "variable"], sort=False)[["now", "n"]].sum()
    order = groups.sort_values(["now", "n"], ascending=False, kind="stable")
    rows = tuple(ledger_row(study, key, now, n) for key, now, n in order.itertuples())
    return make_table(delivery, "ledger", rows, (False, False, False, False, True, True))


def ledger_row(study: Study, key: tuple[str, ...], now: int, n: int) -> tuple[str, ...]:
    """One kind of line: what was done, by which rule, in which table and column, how often."""
    kind, rule, table, variable = key
    known = study.variables.get(variable)
    column = known.label if known else phrase("tables", "not_applicable")
    names = (phrase("ledger_kind", kind), phrase("ledger_rule", rule), table_name(table), column)
    return (*names, str(now), str(n))


def unmapped_table(delivery: Delivery) -> Table:
    """Columns of this year's files that nothing uses: a header that was renamed shows here."""
    found: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for f in delivery.files:
        if f.year == delivery.year and f.unmapped:
            found.setdefault((f.file, f.unmapped), []).append(f.sheet)
    none = phrase("tables", "not_applicable")
    rows = tuple(
        (file, sheets[0] or none if len(sheets) == 1 else str(len(sheets)), join(unmapped))
        for (file, unmapped), sheets in found.items()
    )
    return make_table(delivery, "unmapped", rows, (False, False, False))


def make_table(
    delivery: Delivery, name: str, rows: tuple[tuple[str, ...], ...], numeric: tuple[bool, ...]
) -> Table:
    """A table of the sheet with title and heads from the wording."""
    title = fill(phrase(NAMES, f"{name}_title", region=delivery.label), year=delivery.year)
    return Table(f"check-{name}", title, words(NAMES, f"{name}_heads"), rows, numeric)


def table_name(table: str) -> str:
    """What a typed table is called."""
    return phrase("table_name", table)


def rows_of(delivery: Delivery, name: str) -> list[dict[str, object]]:
    """The rows of one check; none where it was not made."""
    found = delivery.checks.get(name, pd.DataFrame())
    return [{str(k): v for k, v in row.items()} for row in found.to_dict("records")]
