"""``policy-report draft-source``: a proposal of source.toml for the files of a new delivery."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from analysis.errors import DataError, ParameterError, nearest
from analysis.intake.desk.draft_files import LookedAt, look_at, name_key
from analysis.intake.desk.draft_match import Proposal, earlier_entries, later, propose
from analysis.intake.desk.draft_toml import (
    GUESS,
    comment,
    commented_out,
    toml_list,
    toml_pair,
    toml_table,
    toml_value,
)
from analysis.intake.desk.words import desk_words
from analysis.intake.source import SOURCE_NAME, FileEntry, Source, read_source
from analysis.study.objects import Study
from analysis.study.workspace import YEAR, Workspace, nearest_year

DRAFT_NAME = "source.draft.toml"
KEPT_NAME = "source.old{number}.toml"


@dataclass(frozen=True)
class Drafted:
    """A written draft: where, and per file what was made of it (file, table or kind, sure, unsure, unmapped)."""

    path: Path
    n_files: int
    files: tuple[tuple[str, str, int, int, int], ...]

    @property
    def n_tables(self) -> int:
        """How many entries are proposed that count."""
        return sum(table != "-" and not table.endswith("?") for _, table, *_ in self.files)

    def total(self, at: int) -> int:
        """How many headers are sure (2), unsure (3) or unmapped (4) in all files."""
        return sum(int(line[at]) for line in self.files)


def draft_source(
    space: Workspace, study: Study, region: str, year: int | str, *, overwrite: bool = False
) -> Drafted:
    """Write a proposal of source.toml; one that somebody edited stays, and the draft goes beside it.

    ``overwrite``: replace an edited one, which is kept under another name. Raises ParameterError for a region or
    year without a folder or an edited draft, DataError for a folder without files or an unreadable earlier source.toml.
    """
    asked = check_folder(space, region, year)
    sources = [read_source(space, region, y) for y in space.years(region) if y < asked]
    newest = sources[-1] if sources else None
    folder = space.delivery(region, asked)
    root, found = delivered(folder, newest)
    if not found:
        raise DataError("draft_no_files", folder=f"data/raw/{region}/{asked}")
    earlier = earlier_entries(sources)
    proposals = [p for f in found for p in propose(study, f, earlier, asked)]
    proposals.sort(key=lambda p: p.order)
    text = draft_text(asked, newest, root, found, proposals)
    path = write_draft(folder, text, overwrite=overwrite)
    return Drafted(path, len(found), tuple(summary(found, proposals)))


def check_folder(space: Workspace, region: str, year: int | str) -> int:
    """The year if the region has a folder for it, described or not; ``auto`` is the newest folder.

    Raises ParameterError with the nearest region or year.
    """
    regions = sorted(p.name for p in space.raw.glob("*") if p.is_dir())
    if region not in regions:
        near, known = nearest(region, regions) or "-", ", ".join(regions) or "-"
        fields = {"region": region, "nearest": near, "known": known, "folder": "data/raw"}
        raise ParameterError("unknown_region", **fields)
    folders = (p for p in (space.raw / region).iterdir() if p.is_dir())
    years = sorted(int(p.name) for p in folders if YEAR.fullmatch(p.name))
    asked = str(years[-1]) if years and str(year) == "auto" else str(year)
    if asked not in map(str, years):
        near, known = nearest_year(asked, years) or "-", ", ".join(map(str, years)) or "-"
        raise ParameterError("unknown_year", region=region, year=year, nearest=near, known=known)
    return int(asked)


def delivered(folder: Path, newest: Source | None) -> tuple[str, list[LookedAt]]:
    """Where the files lie, relative to source.toml, and what was found there: beside it, else where last year's lay."""
    found = look_at(folder)
    root = newest.root if newest else "."
    if found or root == "." or not (folder / root).is_dir():
        return ".", found
    return root, look_at(folder / root)


def draft_text(
    year: int,
    newest: Source | None,
    root: str,
    found: Sequence[LookedAt],
    proposals: Sequence[Proposal],
) -> str:
    """The whole draft; its second line is the hash of all below, by which a change is known."""
    draft = desk_words().draft
    lines = [*_head(year, newest, root), *_returned(found)]
    for each in proposals:
        lines += ["", *entry_lines(each)]
    left = list(_left_out(found, {p.file for p in proposals}))
    left += _absent(newest, proposals)
    lines += ["", *left] if left else []
    body = "\n".join(lines) + "\n"
    return f"{draft.head}\n{draft.mark}{_hash(body)}\n{body}"


def _head(year: int, newest: Source | None, root: str) -> Iterator[str]:
    """The keys that speak of the whole delivery: last year's, or to be filled in."""
    draft = desk_words().draft
    yield toml_pair("region_label", newest.region_label if newest else draft.fill_region)
    yield toml_pair("year", year)
    yield toml_pair("producer", newest.producer if newest else draft.fill_producer)
    if newest is None:
        yield toml_pair("received", draft.fill_received)
    else:
        yield draft.guess_from.format(basis=draft.last_year)
        yield toml_pair("received", later(newest.received, year - newest.year))
    if newest is not None and newest.invented:
        yield toml_pair("invented", True)
    if newest is not None:
        yield toml_pair("persons", newest.persons)
    if root != "." or newest is not None:
        yield toml_pair("root", root)


def _returned(found: Iterable[LookedAt]) -> Iterator[str]:
    """The workbooks that schools sent back, if any lie there."""
    names = [f.name for f in found if f.kind == "returned"]
    if names:
        yield toml_list("returned", names)


def entry_lines(each: Proposal) -> list[str]:
    """One proposed entry; one that is not sure is commented out as a whole, after the reason."""
    lines = ["[[files]]", toml_pair("table", each.table), toml_pair("file", each.file)]
    if each.sheet:
        lines.append(toml_pair("sheet", each.sheet))
    if each.like is not None and each.like.ids_within:
        lines.append(toml_pair("ids_within", each.like.ids_within))
    lines += [*_snapshot(each), *_columns(each), *_carried(each)]
    return lines if each.is_sure else [each.reason, *commented_out(lines)]


def _snapshot(each: Proposal) -> Iterator[str]:
    """The snapshot, with a mark where it is a guess; a roster without one has to be filled in."""
    draft = desk_words().draft
    if each.snapshot is None:
        if each.table == "roster":
            yield toml_pair("snapshot", draft.fill_snapshot)
        return
    if each.basis:
        yield draft.guess_from.format(basis=each.basis)
    yield toml_pair("snapshot", each.snapshot)


def _columns(each: Proposal) -> Iterator[str]:
    """The mapped headers, then guesses behind a mark, then headers of nothing as comments."""
    draft = desk_words().draft
    if each.columns or each.guesses:
        yield "[files.columns]"
    for header, variable in each.columns.items():
        if variable in each.doubtful:
            yield draft.guess
        yield toml_pair(header, variable)
    if each.guesses:
        yield draft.similar
    for header, variable in each.guesses.items():
        yield f"{GUESS}{toml_pair(header, variable)}"
    if each.lost:
        yield draft.lost
    for header, variable in each.lost.items():
        yield comment(f"#   {toml_pair(header, variable)}")
    if each.unmapped:
        yield draft.unmapped
    for header in each.unmapped:
        yield comment(f"#   {toml_value(header)}")


def _carried(each: Proposal) -> Iterator[str]:
    """What last year's entry said of answers, constants and weights."""
    entry: FileEntry | None = each.like
    if entry is None:
        return
    for variable, spellings in entry.answers.items():
        yield from toml_table(f"files.answers.{variable}", spellings)
    if each.carried:
        yield desk_words().draft.guess_from.format(basis=desk_words().draft.last_year)
    yield from toml_table("files.constants", each.constants)
    if entry.survey_replicates is not None:
        yield from toml_table("files.survey_replicates", entry.survey_replicates.model_dump())


def _left_out(found: Iterable[LookedAt], proposed: set[str]) -> Iterator[str]:
    """A comment for everything in the folder that no entry reads, and why."""
    draft = desk_words().draft
    kinds = ("not_table", "folder", "not_read", "bad_name")
    reasons = {kind: getattr(draft, kind) for kind in kinds}
    for each in found:
        name = comment(toml_value(each.name))
        if each.kind in reasons:
            detail = f"  ({comment(each.detail)})" if each.detail else ""
            yield f"{reasons[each.kind]}{name}{detail}"
        elif each.kind == "twin":
            yield comment(draft.twin.format(other=each.detail))
            yield f"#   {name}"
        elif each.kind == "table" and each.name not in proposed:
            yield f"{draft.no_table}{name}"


def _absent(newest: Source | None, proposals: Sequence[Proposal]) -> Iterator[str]:
    """A comment for every file of last year that has no like this year."""
    like = {each.like.file for each in proposals if each.like is not None}
    keys = {name_key(name) for name in (*like, *(p.file for p in proposals))}
    for name in dict.fromkeys(e.file for e in (newest.files if newest else ())):
        if name_key(name) not in keys:
            yield f"{desk_words().draft.absent}{comment(toml_value(name))}"


def summary(
    found: Iterable[LookedAt], proposals: Sequence[Proposal]
) -> Iterator[tuple[str, str, int, int, int]]:
    """One line per entry: file, table, how many headers are sure, unsure, unmapped; then what is left out."""
    for each in found:
        own = [p for p in proposals if p.file == each.name]
        for p in own:
            n_lost = len({*p.lost.values()} - {*p.guesses.values()})
            n_open = len(p.guesses) + len(p.doubtful) + n_lost
            n_sure = len(p.columns) - len(p.doubtful)
            counts = (n_sure, n_open) if p.is_sure else (0, n_sure + n_open)
            name = f"{p.file} / {p.sheet}" if p.sheet else p.file
            yield (name, p.table if p.is_sure else f"{p.table}?", *counts, len(p.unmapped))
        if not own:
            yield (each.name, "-", 0, 0, 0)


def write_draft(folder: Path, text: str, *, overwrite: bool) -> Path:
    """Write the draft where it hurts nobody and return its path; raises ParameterError for an edited one."""
    source, draft = folder / SOURCE_NAME, folder / DRAFT_NAME
    target = source if overwrite or not is_edited(source) else draft
    if is_edited(target):
        kept = _free_name(folder)
        if not overwrite:
            raise ParameterError("draft_exists", path=target.name, kept=kept.name)
        target.replace(kept)
    staging = target.with_name(f".{target.name}")
    staging.write_text(text, encoding="utf-8", newline="\n")
    staging.replace(target)
    return target


def _free_name(folder: Path) -> Path:
    """A name under which nothing is kept yet."""
    number = 1
    while (path := folder / KEPT_NAME.format(number=number)).exists():
        number += 1
    return path


def is_edited(path: Path) -> bool:
    """Whether a file is there that is not a draft as it was written."""
    if not path.exists():
        return False
    mark = desk_words().draft.mark
    text = path.read_bytes().decode("utf-8", errors="replace").replace("\r\n", "\n")
    _, _, rest = text.partition("\n")
    line, _, body = rest.partition("\n")
    return not (line.startswith(mark) and line.removeprefix(mark) == _hash(body))


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
