"""What the office has to look at first, and which spellings nobody knows: the top of the data check."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.intake.checking.comparison import FEW_ROWS
from analysis.intake.checking.sums import DIFFERS
from analysis.intake.delivery import Delivery
from analysis.release.check_changes import plain, subject
from analysis.release.check_sheet import make_table, reasons_of, rows_of, table_name
from analysis.release.claims import Table
from analysis.release.trails import fill
from analysis.release.wording import phrase
from analysis.study.objects import Study

NAMES = "check_todo"
UNKNOWN = "unknown_spelling"
MOST_SPELLINGS = 40


def todo(study: Study, delivery: Delivery) -> tuple[str, ...]:
    """Sentences in the order in which they should be dealt with; one that says so if there is nothing."""
    said = (
        *bad_files(delivery),
        *wrong_sums(study, delivery),
        *wrong_years(delivery),
        *unknown_spellings(study, delivery),
        *cells_to_ask(delivery),
    )
    return said or (phrase(NAMES, "nothing"),)


def bad_files(delivery: Delivery) -> Iterator[str]:
    """This year's files that cannot be used, one by one, and how many need a word of explanation."""
    now = [f for f in delivery.files if f.year == delivery.year]
    bad = dict.fromkeys(f.file for f in now if f.verdict == "not_usable")
    for file in bad:
        why = reasons_of([f for f in now if f.file == file])
        yield fill(phrase(NAMES, "not_usable"), file=file, why=why or phrase(NAMES, "no_rows"))
    noted = {f.file for f in now if f.verdict == "usable_with_notes"} - bad.keys()
    if noted:
        yield fill(phrase(NAMES, "with_notes"), n=len(noted))


def wrong_sums(study: Study, delivery: Delivery) -> Iterator[str]:
    """Sums that disagree."""
    for row in (r for r in rows_of(delivery, "sums") if r["verdict"] == DIFFERS):
        name = phrase("check_name", str(row["check"]))
        place = " ".join(t for t in (str(row["file"]), subject(study, str(row["subject"]))) if t)
        numbers = {"found": plain(row["found"]), "expected": plain(row["expected"])}
        yield fill(phrase(NAMES, "sum"), name=name, place=place, **numbers)


def wrong_years(delivery: Delivery) -> Iterator[str]:
    """Files most of whose rows lie in another year."""
    for row in (r for r in rows_of(delivery, "years") if r["verdict"] == DIFFERS):
        yield fill(phrase(NAMES, "year"), file=row["file"], found=row["found"])


def unknown_spellings(study: Study, delivery: Delivery) -> Iterator[str]:
    """How many spellings are not known, with the place where they are listed."""
    rows = spelling_rows(study, delivery)
    if rows:
        yield fill(phrase(NAMES, "spellings"), n=len(rows))


def cells_to_ask(delivery: Delivery) -> Iterator[str]:
    """Where the workbooks for schools and the whole ledger lie, if anything of this year could not be read."""
    ledger = delivery.ledger
    is_open = (ledger["year"] == delivery.year) & (ledger["kind"] == "emptied")
    if is_open.any():
        processed = f"data/processed/{delivery.region}"
        ledger = f"{processed}/{delivery.year}/{phrase('page', 'path_ledger')}"
        folder = f"{processed}/return/{delivery.year}/"
        yield fill(phrase(NAMES, "returns"), folder=folder, ledger=ledger)


def spelling_tables(study: Study, delivery: Delivery) -> Iterator[Table]:
    """The spellings of this year's files that no code has, the most frequent first."""
    rows = spelling_rows(study, delivery)
    if rows:
        yield make_table(delivery, "spellings", rows, (False, False, False, True))


def spelling_rows(study: Study, delivery: Delivery) -> tuple[tuple[str, ...], ...]:
    """Table, column, spelling and how often; a spelling of a few rows only by its number, it might be a name."""
    ledger = delivery.ledger
    unknown = ledger[(ledger["year"] == delivery.year) & (ledger["rule"] == UNKNOWN)]
    counts = unknown.groupby(["table", "variable", "found"], sort=False)["n"].sum()
    often = counts[counts >= FEW_ROWS].sort_values(ascending=False, kind="stable")[:MOST_SPELLINGS]
    return tuple(
        (table_name(table), study.variables[name].label, found, str(n))
        for (table, name, found), n in often.items()
    )
