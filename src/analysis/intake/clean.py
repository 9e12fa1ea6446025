"""The whole of intake: every delivery of a region up to a year, read, cleaned, linked and checked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pandas as pd

from analysis.errors import AnalysisError, DataError, messages, raise_all
from analysis.intake.assemble import finish_tables, link_tables
from analysis.intake.fingerprint import file_hash, fingerprint
from analysis.intake.ledger import close_ledger
from analysis.intake.linking.persons import PersonKey, check_fingerprint, open_key
from analysis.intake.reading.header import read_tables
from analysis.intake.reading.known_headers import known_headers
from analysis.intake.reading.readers import find_file, read_sheets
from analysis.intake.reading.sheets import RawSheet
from analysis.intake.record import Delivery, FileRecord, Verdict
from analysis.intake.source import (
    SOURCE_NAME,
    FileEntry,
    Replicates,
    Source,
    check_keys,
    files_folder,
    load_source,
    same_snapshots,
    variables_of,
)
from analysis.intake.tables import ORIGIN, check_tables
from analysis.intake.typed_rows import TypedRows, type_rows
from analysis.study.objects import Study
from analysis.study.workspace import Workspace, check_year

NOTABLE_ROWS = (
    0.01  # share of rows dropped for a fault, from which a file needs a word of explanation
)
NOTABLE_UNLINKED = 0.05  # share of rows that found nobody
FAULTS = ("repeated_row", "second_answer", "no_school", "after_report_year")
UNEVEN = (
    "row_too_short",
    "row_too_long",
)  # one such row is enough: its values may stand in wrong columns
COUNTED = (*FAULTS, *UNEVEN, "unlinked", "answer_joined")
Sources = Mapping[int, Source]


def clean_region(space: Workspace, study: Study, region: str, year: int) -> Delivery:
    """All deliveries of a region with a year up to ``year`` as typed tables, with ledger and match rates.

    Raises ParameterError for an unknown region or year, DataError (several at once) for what is wrong with the
    deliveries, each naming file, sheet and column.
    """
    year = check_year(space, region, year)
    sources = load_sources(space, study, region, year)
    key = region_key(space, region, sources)
    parts = read_deliveries(space, study, region, sources)
    newest = sources[max(sources)]
    linked = link_tables(study, parts, newest.region_label)
    tables = finish_tables(study, linked.tables, key, region)
    check_tables(study, tables)
    ledger = close_ledger([*(p.lines for p in parts), linked.lines])
    return Delivery(
        region=region,
        label=newest.region_label,
        year=year,
        tables=tables,
        ledger=ledger,
        files=tuple(file_records(space, region, sources, parts, tables, ledger)),
        links=linked.links.reset_index(drop=True),
        is_invented=newest.invented,
        fingerprint=fingerprint(space, region, sources, key),
        as_of=newest_date(sources),
        notes=tuple(
            dict.fromkeys([*(n for p in parts for n in p.notes), *empty_notes(parts, tables)])
        ),
        survey_replicates=survey_replicates(sources),
    )


def current_fingerprint(space: Workspace, study: Study, region: str, year: int) -> str:
    """The hash of what ``clean_region`` would read now. Raises as ``clean_region`` does before it reads a file."""
    sources = load_sources(space, study, region, check_year(space, region, year))
    return fingerprint(space, region, sources, region_key(space, region, sources))


def load_sources(space: Workspace, study: Study, region: str, year: int) -> dict[int, Source]:
    """The descriptions of all deliveries up to a year, oldest first, with every problem of all of them at once."""
    found: dict[int, Source] = {}
    errors: list[AnalysisError] = []
    for each in (y for y in space.years(region) if y <= year):
        try:
            found[each] = load_source(space, study, region, each)
        except AnalysisError as error:
            errors.append(error)
    raise_all([*errors, *same_snapshots(found)])
    return found


def region_key(space: Workspace, region: str, sources: Sources) -> PersonKey:
    """The key of the region's people. Raises DataError if the deliveries disagree about them or the key has changed."""
    kinds = sorted({source.persons for source in sources.values()})
    if len(kinds) > 1:
        raise DataError("source_persons_differ", region=region, found=", ".join(kinds))
    key = open_key(space, sources[max(sources)].persons, region)
    check_fingerprint(space, region, key)
    return key


def read_deliveries(
    space: Workspace, study: Study, region: str, sources: Sources
) -> list[TypedRows]:
    """The typed rows of every file of every delivery; all files are tried before any error is raised."""
    parts: list[TypedRows] = []
    errors: list[AnalysisError] = []
    for year, source in sources.items():
        folder = files_folder(space, source, region)
        opened: dict[str, list[RawSheet]] = {}
        for entry in source.files:
            try:
                parts += read_entry(study, entry, year, folder, opened)
            except AnalysisError as error:
                errors.append(error)
    raise_all(errors)
    return parts


def read_entry(
    study: Study, entry: FileEntry, year: int, folder: Path, opened: dict[str, list[RawSheet]]
) -> Iterator[TypedRows]:
    """The typed rows of one entry of source.toml; ``opened`` keeps sheets that several entries read."""
    if entry.file not in opened:
        opened[entry.file] = read_sheets(folder / entry.file)
    wanted, known = variables_of(study, entry), known_headers(study, entry)
    for table in read_tables(opened[entry.file], wanted, entry.sheet, known):
        filled = entry.model_copy(update={"columns": {**entry.columns, **table.implied}})
        raise_all(check_keys(f"{year}/{SOURCE_NAME}", filled))
        yield type_rows(study, filled, year, table)


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
    folders = {y: files_folder(space, s, region) for y, s in sources.items()}
    kept = {t: rows.groupby(list(ORIGIN[:3])).size() for t, rows in tables.items()}
    told = ledger.groupby(["table", "year", "file", "sheet", "rule"])["n"].sum()
    for part in parts:
        place = (part.year, part.file, part.sheet)
        n_kept = int(kept[part.table].get(place, 0)) if part.table in kept else 0
        rules = {r: int(told.get((part.table, *place, r), 0)) for r in COUNTED}
        n_kept += rules["answer_joined"]
        yield FileRecord(
            table=part.table,
            file=part.file,
            sheet=part.sheet,
            year=part.year,
            n_rows_in=part.n_rows_in,
            n_rows_kept=n_kept,
            sha256=file_hash(find_file(folders[part.year] / part.file)),
            unmapped=part.unmapped,
            verdict=judge_file(part.n_rows_in, n_kept, rules),
            holds=contents(part.frame),
        )


def contents(rows: pd.DataFrame) -> tuple[str, ...]:
    """The variables that have a value in any row, and the programmes that the rows are about."""
    filled = [str(name) for name in rows.columns if rows[name].notna().any()]
    named = rows["programme"].dropna().unique() if "programme" in rows else ()
    return (*sorted(filled), *sorted(f"programme:{name}" for name in named))


def judge_file(n_rows_in: int, n_rows_kept: int, rules: Mapping[str, int]) -> Verdict:
    """Whether a sheet can be used as it is, with a word of explanation, or not at all."""
    if n_rows_kept == 0:  # a list that only repeats an earlier delivery is no bad file
        only_repeats = n_rows_in > 0 and rules["repeated_row"] >= n_rows_in
        return "usable_with_notes" if only_repeats else "not_usable"
    n_faults = sum(rules[rule] for rule in FAULTS)
    is_notable = n_faults > NOTABLE_ROWS * n_rows_in
    is_notable |= any(rules[rule] for rule in UNEVEN)
    is_notable |= rules["unlinked"] > NOTABLE_UNLINKED * n_rows_kept
    return "usable_with_notes" if is_notable else "usable"


def newest_date(sources: Sources) -> str:
    """The date of the newest snapshot, or of the newest receipt where there is no roster."""
    snapshots = [e.snapshot for s in sources.values() for e in s.files if e.snapshot is not None]
    return max(snapshots or [s.received for s in sources.values()]).isoformat()


def survey_replicates(sources: Sources) -> Replicates | None:
    """How the replicate weights of the newest survey that brings any are to be used."""
    found = [e.survey_replicates for s in sources.values() for e in s.files]
    return next((r for r in reversed(found) if r is not None), None)
