"""What became of each sheet that was read, and whether it can be used: as it is, with a word of explanation, or not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

import pandas as pd

from analysis.errors import messages
from analysis.intake.checking.sums import COUNTS_ROWS, DIFFERS, OLD_NEWS
from analysis.intake.fingerprint import file_hash
from analysis.intake.reading.readers import find_file
from analysis.intake.record import FileRecord, Verdict
from analysis.intake.source import Source, files_folder
from analysis.intake.tables import ORIGIN
from analysis.intake.typed_rows import TypedRows
from analysis.study.workspace import Workspace

NOTABLE_ROWS = (
    0.01  # share of records dropped for one fault, from which a file needs a word of explanation
)
NOTABLE_UNREAD = (
    0.05  # emptied cells of one fault, to a row kept; also rows whose school nobody knows
)
NOTABLE_UNLINKED = 0.05  # share of rows kept that found nobody
UNUSABLE_UNLINKED = 0.5  # and from which a list says nothing of this bureau's people
NOTABLE_MARKED = 0.1  # share of answers that were marked
SET_ASIDE = ("total_row", "note_row", "header_row")  # rows that are no records
REPEATED = ("repeated_row", "repeated_export")
DROPPED = (*REPEATED, "repeated_attendance", "second_answer", "no_school", "after_report_year")
UNREAD = (
    "unknown_spelling",
    "not_a_number",
    "other_unit",
    "not_a_date",
    "out_of_range",
    "number_truncated",
    "check_digit_wrong",
    "wrong_length",
    "band_not_number",
    "share_ambiguous",
    "school_unknown",
)
MARKED = ("speeder", "straight_line", "identical_answers", "left_open")
UNEVEN = ("row_too_short", "row_too_long")  # one is enough: its values may stand in wrong columns
COUNTED = (*SET_ASIDE, *DROPPED, *UNREAD, *MARKED, *UNEVEN, "unlinked", "answer_joined")
PEOPLE_WHO_LEFT = "exits"  # stand on the roster of the year before, if that was delivered
Reasons = tuple[tuple[str, int], ...]
Sources = Mapping[int, Source]


def empty_notes(parts: Sequence[TypedRows], tables: Mapping[str, pd.DataFrame]) -> Iterator[str]:
    """A sentence for each sheet whose table has no row left."""
    text = messages()["note_table_empty"]["zh"]
    for part in (p for p in parts if p.table not in tables):
        yield text.format(file=part.file, n_rows=part.n_rows_in)


def file_records(
    space: Workspace,
    region: str,
    sources: Sources,
    parts: Sequence[TypedRows],
    tables: Mapping[str, pd.DataFrame],
    ledger: pd.DataFrame,
) -> Iterator[FileRecord]:
    """What became of each sheet that was read; the sheets of a file are judged together."""
    hashes = file_hashes(space, region, sources, parts)
    counts = count_rules(parts, tables, ledger)
    first = min(tables["roster"]["year"], default=0) if "roster" in tables else 0
    for at, part in enumerate(parts):
        whole = sum_counts(counts, [k for k, p in enumerate(parts) if same_list(p, part)])
        if part.table == PEOPLE_WHO_LEFT and part.year <= first:
            whole["unlinked"] = 0  # no roster of the year before, so nobody can be looked up
        told = find_reasons(whole)
        mine = tuple((rule, counts[at][rule]) for rule, _ in told if counts[at][rule])
        yield FileRecord(
            table=part.table,
            file=part.file,
            sheet=part.sheet,
            year=part.year,
            n_rows_in=part.n_rows_in,
            n_rows_kept=counts[at]["kept"],
            sha256=hashes[part.year, part.file],
            unmapped=part.unmapped,
            verdict=judge_file(whole, told),
            holds=contents(part.frame),
            reasons=mine,
        )


def same_list(one: TypedRows, other: TypedRows) -> bool:
    """Whether two sheets are parts of one list."""
    return (one.table, one.year, one.file) == (other.table, other.year, other.file)


def count_rules(
    parts: Sequence[TypedRows], tables: Mapping[str, pd.DataFrame], ledger: pd.DataFrame
) -> list[dict[str, int]]:
    """Per sheet: its rows (``rows``), those kept (``kept``), and how often each rule that counts befell it."""
    kept = {t: rows.groupby(list(ORIGIN[:3])).size().to_dict() for t, rows in tables.items()}
    told = ledger.groupby(["table", "year", "file", "sheet", "rule"])["n"].sum().to_dict()
    out = []
    for part in parts:
        place = (part.year, part.file, part.sheet)
        rules = {r: int(told.get((part.table, *place, r), 0)) for r in COUNTED}
        n_kept = int(kept.get(part.table, {}).get(place, 0)) + rules["answer_joined"]
        out.append(rules | {"rows": part.n_rows_in, "kept": n_kept})
    return out


def sum_counts(counts: Sequence[Mapping[str, int]], chosen: Sequence[int]) -> dict[str, int]:
    """The counts of several sheets together."""
    return {name: sum(counts[k][name] for k in chosen) for name in counts[0]}


def file_hashes(
    space: Workspace, region: str, sources: Sources, parts: Sequence[TypedRows]
) -> dict[tuple[int, str], str]:
    """The hash of each file that was read, by year and name; a file of a hundred sheets is read once."""
    folders = {y: files_folder(space, s, region) for y, s in sources.items()}
    named = dict.fromkeys((part.year, part.file) for part in parts)
    return {(y, name): file_hash(find_file(folders[y] / name)) for y, name in named}


def contents(rows: pd.DataFrame) -> tuple[str, ...]:
    """The variables that have a value in any row, and the programmes that the rows are about."""
    filled = [str(name) for name in rows.columns[rows.notna().any()]]
    named = rows["programme"].dropna().unique() if "programme" in rows else ()
    return (*sorted(filled), *sorted(f"programme:{name}" for name in named))


def find_reasons(counts: Mapping[str, int]) -> Reasons:
    """The rules of the ledger that befell enough of a file's rows to be told beside its name, with their counts."""
    n_kept = counts["kept"]
    limits = (
        dict.fromkeys(DROPPED, NOTABLE_ROWS * counts["rows"])
        | dict.fromkeys(UNREAD, NOTABLE_UNREAD * n_kept)
        | dict.fromkeys(MARKED, NOTABLE_MARKED * n_kept)
        | dict.fromkeys(UNEVEN, 0.0)
        | {"unlinked": NOTABLE_UNLINKED * n_kept}
    )
    return tuple((rule, counts[rule]) for rule, limit in limits.items() if counts[rule] > limit)


def judge_file(counts: Mapping[str, int], reasons: Reasons) -> Verdict:
    """Whether a file can be used as it is, with a word of explanation, or not at all."""
    if counts["kept"] == 0:  # a list that only repeats an earlier delivery is no bad file
        n_records = counts["rows"] - sum(counts[rule] for rule in SET_ASIDE)
        only_repeats = 0 < n_records <= sum(counts[rule] for rule in REPEATED)
        return "usable_with_notes" if only_repeats else "not_usable"
    if counts["unlinked"] > UNUSABLE_UNLINKED * counts["kept"]:
        return "not_usable"
    return "usable_with_notes" if reasons else "usable"


def add_findings(files: Iterable[FileRecord], *checks: pd.DataFrame) -> tuple[FileRecord, ...]:
    """The records with what the checks of whole files found against them: sums that differ, another year."""
    found: dict[tuple[int, str], dict[str, int]] = {}
    for check in checks:
        wrong = check[(check["verdict"] == DIFFERS) & (check["file"] != "")]
        for row in wrong.to_dict("records"):
            name = str(row.get("check", "year_found"))
            told = found.setdefault((int(row["year"]), str(row["file"])), {})
            told[name] = told.get(name, 0) + (int(row["found"]) if name in COUNTS_ROWS else 1)
    return tuple(
        _with_reasons(record, found.get((record.year, record.file), {})) for record in files
    )


def _with_reasons(record: FileRecord, more: Mapping[str, int]) -> FileRecord:
    """A usable sheet against which something was found is usable with a word of explanation, at best."""
    if not more:
        return record
    verdict: Verdict = "usable_with_notes" if record.verdict == "usable" else record.verdict
    if more.keys() & OLD_NEWS:
        verdict = "not_usable"
    return replace(record, verdict=verdict, reasons=(*record.reasons, *more.items()))
