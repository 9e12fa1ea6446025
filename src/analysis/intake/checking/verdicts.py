"""What became of each sheet that was read, and whether it can be used: as it is, with a word of explanation, or not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

import pandas as pd

from analysis.errors import messages
from analysis.intake.checking.sums import DIFFERS
from analysis.intake.fingerprint import file_hash
from analysis.intake.reading.readers import find_file
from analysis.intake.record import FileRecord, Verdict
from analysis.intake.source import Source, files_folder
from analysis.intake.tables import ORIGIN
from analysis.intake.typed_rows import TypedRows
from analysis.study.workspace import Workspace

NOTABLE_ROWS = (
    0.01  # share of rows dropped for one fault, from which a file needs a word of explanation
)
NOTABLE_UNREAD = 0.05  # emptied cells of one fault, to a row kept
NOTABLE_UNLINKED = 0.05  # share of rows kept that found nobody
UNUSABLE_UNLINKED = 0.5  # and from which a list says nothing of this bureau's people
DROPPED = (
    "repeated_row",
    "repeated_attendance",
    "repeated_export",
    "second_answer",
    "no_school",
    "after_report_year",
)
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
)
UNEVEN = ("row_too_short", "row_too_long")  # one is enough: its values may stand in wrong columns
COUNTED = (*DROPPED, *UNREAD, *UNEVEN, "unlinked", "answer_joined")
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
    """What became of each sheet that was read."""
    hashes = file_hashes(space, region, sources, parts)
    kept = {t: rows.groupby(list(ORIGIN[:3])).size().to_dict() for t, rows in tables.items()}
    told = ledger.groupby(["table", "year", "file", "sheet", "rule"])["n"].sum().to_dict()
    for part in parts:
        place = (part.year, part.file, part.sheet)
        rules = {r: int(told.get((part.table, *place, r), 0)) for r in COUNTED}
        n_kept = int(kept.get(part.table, {}).get(place, 0)) + rules["answer_joined"]
        reasons = find_reasons(part.n_rows_in, n_kept, rules)
        yield FileRecord(
            table=part.table,
            file=part.file,
            sheet=part.sheet,
            year=part.year,
            n_rows_in=part.n_rows_in,
            n_rows_kept=n_kept,
            sha256=hashes[part.year, part.file],
            unmapped=part.unmapped,
            verdict=judge_file(part.n_rows_in, n_kept, reasons),
            holds=contents(part.frame),
            reasons=reasons,
        )


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


def find_reasons(n_rows_in: int, n_rows_kept: int, rules: Mapping[str, int]) -> Reasons:
    """The rules of the ledger that befell enough of a sheet's rows to be told beside its name, with their counts."""
    limits = (
        dict.fromkeys(DROPPED, NOTABLE_ROWS * n_rows_in)
        | dict.fromkeys(UNREAD, NOTABLE_UNREAD * n_rows_kept)
        | dict.fromkeys(UNEVEN, 0.0)
        | {"unlinked": NOTABLE_UNLINKED * n_rows_kept}
    )
    return tuple((rule, rules[rule]) for rule, limit in limits.items() if rules[rule] > limit)


def judge_file(n_rows_in: int, n_rows_kept: int, reasons: Reasons) -> Verdict:
    """Whether a sheet can be used as it is, with a word of explanation, or not at all."""
    told = dict(reasons)
    if n_rows_kept == 0:  # a list that only repeats an earlier delivery is no bad file
        n_repeats = told.get("repeated_row", 0) + told.get("repeated_export", 0)
        only_repeats = 0 < n_rows_in <= n_repeats
        return "usable_with_notes" if only_repeats else "not_usable"
    if told.get("unlinked", 0) > UNUSABLE_UNLINKED * n_rows_kept:
        return "not_usable"
    return "usable_with_notes" if reasons else "usable"


def add_findings(files: Iterable[FileRecord], *checks: pd.DataFrame) -> tuple[FileRecord, ...]:
    """The records with what the checks of whole files found against them: sums that differ, another year."""
    found: dict[tuple[int, str], list[tuple[str, int]]] = {}
    for check in checks:
        wrong = check[(check["verdict"] == DIFFERS) & (check["file"] != "")]
        names = wrong["check"] if "check" in wrong else pd.Series("year_found", index=wrong.index)
        for key, n in wrong.groupby(["year", "file", names.rename("name")]).size().items():
            year, file, name = key
            found.setdefault((int(year), str(file)), []).append((str(name), int(n)))
    return tuple(
        _with_reasons(record, found.get((record.year, record.file), [])) for record in files
    )


def _with_reasons(record: FileRecord, more: Sequence[tuple[str, int]]) -> FileRecord:
    """A usable sheet against which something was found is usable with a word of explanation."""
    if not more:
        return record
    verdict: Verdict = "usable_with_notes" if record.verdict == "usable" else record.verdict
    return replace(record, verdict=verdict, reasons=(*record.reasons, *more))
