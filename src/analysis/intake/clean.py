"""The whole of intake: every delivery of a region up to a year, read, cleaned, linked and checked."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import pandas as pd

from analysis.errors import AnalysisError, DataError, raise_all
from analysis.intake.assemble import finish_tables, link_tables
from analysis.intake.checking.comparison import compare_years
from analysis.intake.checking.overlaps import overlap_lines
from analysis.intake.checking.sums import check_sums
from analysis.intake.checking.unlisted import unlisted_notes
from analysis.intake.checking.verdicts import add_findings, empty_notes, file_records
from analysis.intake.checking.years import check_years
from analysis.intake.desk.returns_read import returned_files
from analysis.intake.fingerprint import delivered_files, file_hash, fingerprint
from analysis.intake.ledger import close_ledger
from analysis.intake.linking.persons import PersonKey, check_fingerprint, open_key
from analysis.intake.record import Delivery, FileRecord
from analysis.intake.source import SOURCE_NAME, Replicates, Source, load_source, same_snapshots
from analysis.intake.stored_rows import typed_rows
from analysis.intake.survey.finish import finish_survey
from analysis.intake.survey.marks import mark_answers
from analysis.intake.tables import check_tables
from analysis.intake.typed_rows import TypedRows
from analysis.study.objects import Study
from analysis.study.workspace import Workspace, check_year

Sources = Mapping[int, Source]


def clean_region(space: Workspace, study: Study, region: str, year: int) -> Delivery:
    """All deliveries of a region with a year up to ``year`` as typed tables, with ledger and match rates.

    Raises ParameterError for an unknown region or year, DataError (several at once) for what is wrong with the
    deliveries, each naming file, sheet and column.
    """
    year = check_year(space, region, year)
    sources = load_sources(space, study, region, year)
    key = region_key(space, region, sources)
    print_before = unless_missing(fingerprint, space, region, sources, key)
    files_before = unless_missing(raw_hash, space, region, sources)
    delivery = clean_sources(space, study, region, sources, key)
    check_unchanged(space, region, sources, files_before)
    return replace(delivery, fingerprint=print_before)


def clean_sources(
    space: Workspace, study: Study, region: str, sources: Sources, key: PersonKey
) -> Delivery:
    """All deliveries in ``sources`` (by year) as one; its fingerprint is left to the caller. Raises DataError."""
    year = max(sources)
    marked = mark_answers(study, typed_rows(space, study, region, sources))
    parts, newest = list(marked.parts), sources[year]
    linked = link_tables(study, parts, newest.region_label)
    lines = [*(p.lines for p in parts), linked.lines, overlap_lines(parts)]
    finished = finish_survey(study, finish_tables(study, linked.tables, key, region), marked, lines)
    tables = finished.tables
    check_tables(study, tables)
    ledger = close_ledger([*lines, finished.lines])
    files = tuple(file_records(space, region, sources, parts, tables, ledger))
    checks = check_delivery(study, parts, tables, files, year)
    return Delivery(
        region=region,
        label=newest.region_label,
        year=year,
        tables=tables,
        ledger=ledger,
        files=add_findings(files, checks["sums"], checks["years"]),
        links=linked.links.reset_index(drop=True),
        is_invented=newest.invented,
        fingerprint="",
        as_of=newest_date(sources),
        notes=(*unlisted_notes(space, newest, region), *all_notes(parts, tables, finished.notes)),
        survey_replicates=survey_replicates(sources),
        stated=dict(newest.stated),
        checks=checks | linked.checks | finished.checks,
    )


def unless_missing(make: Callable[..., str], *given: object) -> str:
    """What ``make`` finds; empty if a file is missing, which whoever reads it tells with all other faults."""
    try:
        return make(*given)
    except AnalysisError:
        return ""


def raw_hash(space: Workspace, region: str, sources: Sources) -> str:
    """One hash over all files as received; DataError for a missing one."""
    digest = hashlib.sha256()
    for _, source in sorted(sources.items()):
        own = space.delivery(region, source.year) / SOURCE_NAME
        more = returned_files(space, source, region)
        for path in (own, *delivered_files(space, source, region), *more):
            digest.update(file_hash(path).encode())
    return digest.hexdigest()


def check_unchanged(space: Workspace, region: str, sources: Sources, before: str) -> None:
    """Raise DataError if a file was saved anew while it was read: half of a result might be of its old state."""
    if unless_missing(raw_hash, space, region, sources) != before:
        raise DataError("files_changed", region=region)


def all_notes(
    parts: Sequence[TypedRows], tables: Mapping[str, pd.DataFrame], more: Sequence[str]
) -> tuple[str, ...]:
    """What a reader must be told of the files, of tables left empty and of the surveys, each once."""
    said = [note for part in parts for note in part.notes]
    return tuple(dict.fromkeys([*said, *empty_notes(parts, tables), *more]))


def check_delivery(
    study: Study,
    parts: Sequence[TypedRows],
    tables: Mapping[str, pd.DataFrame],
    files: Sequence[FileRecord],
    year: int,
) -> dict[str, pd.DataFrame]:
    """What the newest delivery says against itself and beside the one before: sums, years, comparison."""
    totals = pd.concat([p.totals for p in parts], ignore_index=True)
    return {
        "sums": check_sums(tables, files, totals, year),
        "years": check_years(study, parts, year),
        "comparison": compare_years(study, tables, year),
    }


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


def newest_date(sources: Sources) -> str:
    """The date of the newest snapshot, or of the newest receipt where there is no roster."""
    snapshots = [e.snapshot for s in sources.values() for e in s.files if e.snapshot is not None]
    return max(snapshots or [s.received for s in sources.values()]).isoformat()


def survey_replicates(sources: Sources) -> Replicates | None:
    """How the replicate weights of the newest survey that brings any are to be used."""
    found = [e.survey_replicates for s in sources.values() for e in s.files]
    return next((r for r in reversed(found) if r is not None), None)
