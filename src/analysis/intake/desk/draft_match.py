"""What a delivered sheet most likely is: last year's entry of the same shape, else the table its headers fit."""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from analysis.intake.desk.draft_files import LookedAt, Written, dates_in, name_key, titles
from analysis.intake.desk.words import desk_words
from analysis.intake.reading.header import is_guide
from analysis.intake.reading.header_rows import header_key, header_names, header_rows
from analysis.intake.reading.known_headers import KnownHeaders, known_headers, known_key
from analysis.intake.reading.sheets import RawSheet
from analysis.intake.source import FileEntry, Source, replicate_variables
from analysis.intake.tables import KEYS, columns_of, table_names
from analysis.study.objects import Study

SEARCHED_ROWS = 30
SAME_SHAPE = 0.5  # share of last year's headers by which a file of the same name is the same list
FEWEST = 3  # headers by which a file of another name can be taken for a known list, or for a table
LEAD = 0.5  # how much better the best table must fit than the next
ALIKE = 0.6  # similarity from which a header is worth asking about


@dataclass(frozen=True)
class Earlier:
    """One entry of an earlier year's source.toml, in the order it stood there."""

    year: int
    order: int
    entry: FileEntry


@dataclass(frozen=True)
class Proposal:
    """One proposed entry: what is sure (``columns``), what is a guess, what nobody knows.

    ``order``: last year's place, or behind all of them. ``basis``: where a guessed snapshot comes from, or empty.
    ``is_sure``: whether the entry counts; ``reason`` says why not. ``carried``: constants with last year's year.
    ``lost``: last year's headers that are not there, of variables that no other header brings.
    """

    file: str
    sheet: str
    table: str
    order: int
    columns: Mapping[str, str]
    guesses: Mapping[str, str]
    unmapped: tuple[str, ...]
    like: FileEntry | None
    snapshot: dt.date | None = None
    basis: str = ""
    is_sure: bool = True
    reason: str = ""
    doubtful: tuple[str, ...] = ()
    constants: Mapping[str, str | int | float | dt.date] = field(default_factory=dict)
    carried: tuple[str, ...] = ()
    lost: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Headed:
    """A sheet with its header found.

    ``row``: position of its first row. ``places``: comparable header -> column, under every name it may go by.
    ``names``: column -> the header as source.toml must write it.
    """

    raw: RawSheet
    row: int
    places: Mapping[str, int]
    names: Mapping[int, str]

    def column(self, header: str) -> int | None:
        """The column of a header, or None."""
        return self.places.get(header_key(header))


def earlier_entries(sources: Sequence[Source]) -> list[Earlier]:
    """All entries of earlier deliveries, newest year first."""
    newest = sorted(sources, key=lambda s: -s.year)
    return [Earlier(s.year, at, entry) for s in newest for at, entry in enumerate(s.files)]


def propose(
    study: Study, looked: LookedAt, earlier: Sequence[Earlier], year: int
) -> list[Proposal]:
    """The proposed entries of one file; none if no sheet of it fits anything."""
    filled = [s for s in looked.sheets if not s.cells.empty and not is_guide(s)]
    visible = [s for s in filled if not s.is_hidden] or filled
    keys = known_keys(study, earlier)
    headed = [h for s in visible if (h := find_head(s, keys)) is not None]
    found = [p for h in headed for p in _of_sheet(study, looked, h, earlier, year)]
    return list(_one_per_list(found, len(visible)))


def _one_per_list(found: Sequence[Proposal], n_sheets: int) -> Iterator[Proposal]:
    """Sheets of one form (one per school) as one entry without a sheet; a sheet is named only where it must be."""
    groups: dict[tuple[str, tuple[str, ...]], list[Proposal]] = {}
    for each in found:
        groups.setdefault((each.table, tuple(each.columns)), []).append(each)
    for group in groups.values():
        like = group[0].like
        was_named = like is not None and bool(like.sheet)
        is_one_of_many = like is None and len(group) == 1 and n_sheets > 1
        if was_named or is_one_of_many:
            yield from group
        else:
            yield replace(group[0], sheet="")


def known_keys(study: Study, earlier: Iterable[Earlier]) -> set[str]:
    """Every comparable header that the study or an earlier year knows."""
    labels = (name for v in study.variables.values() for name in (v.label, *v.synonyms))
    mapped = (header for e in earlier for header in e.entry.columns)
    return {known_key(label) for label in labels} | {header_key(header) for header in mapped}


def find_head(raw: RawSheet, keys: set[str]) -> Headed | None:
    """The header with most known names, one row before two; None where no row has two of them."""
    top: np.ndarray = raw.cells.iloc[:SEARCHED_ROWS].to_numpy(dtype=object)
    best, best_score = None, 1
    for row in header_rows(top):
        score = len({at for key, at in row.places.items() if {key, known_key(key)} & keys})
        if score > best_score:
            best, best_score = row, score
    if best is None:
        return None
    names = {at: name for at, name in enumerate(header_names(best.names)) if name}
    return Headed(raw, best.row + 1 - best.depth, best.places, names)


def _of_sheet(
    study: Study, looked: LookedAt, head: Headed, earlier: Sequence[Earlier], year: int
) -> Iterator[Proposal]:
    """The entries of one sheet: last year's for this list, else the one its headers speak for."""
    like = same_list(looked, head, earlier)
    for each in like:
        yield from_earlier(study, looked, head, each, year)
    if not like:
        found = from_headers(study, looked, head, year)
        if found is not None:
            yield found


def same_list(looked: LookedAt, head: Headed, earlier: Sequence[Earlier]) -> list[Earlier]:
    """The entries of the newest year that are of this list: by name and half the headers, else by all headers."""
    sheets = {header_key(s.sheet) for s in looked.sheets}
    here = header_key(head.raw.sheet)
    open_ones = [
        e
        for e in earlier
        if header_key(e.entry.sheet) in ("", here) or header_key(e.entry.sheet) not in sheets
    ]
    shares = [(e, shared(e.entry, head)) for e in open_ones]
    same = [
        e
        for e, share in shares
        if name_key(e.entry.file) == name_key(looked.name) and share >= SAME_SHAPE
    ]
    if same:
        return [e for e in same if e.year == same[0].year]
    alike = [e for e, share in shares if share == 1 and len(e.entry.columns) >= FEWEST]
    return sorted(alike, key=lambda e: -len(e.entry.columns))[:1]


def shared(entry: FileEntry, head: Headed) -> float:
    """The share of an entry's mapped headers that a sheet has."""
    if not entry.columns:
        return 1.0
    return sum(head.column(h) is not None for h in entry.columns) / len(entry.columns)


def from_earlier(
    study: Study, looked: LookedAt, head: Headed, earlier: Earlier, year: int
) -> Proposal:
    """Last year's entry for this year's file, with the headers that are there and those that are new."""
    entry = earlier.entry
    is_same_name = name_key(entry.file) == name_key(looked.name)
    kept = {h: v for h, v in entry.columns.items() if head.column(h) is not None}
    constants, carried = later_constants(entry, year - earlier.year) if is_same_name else ({}, ())
    bare = entry.model_copy(update={"columns": kept, "constants": constants, "file": looked.name})
    columns, guesses, unmapped, doubtful = map_headers(study, bare, head)
    snapshot, basis = _later_snapshot(looked, head, earlier, year)
    lacking = missing_keys(entry.table, {*columns.values(), *constants})
    return Proposal(
        looked.name,
        head.raw.sheet,
        entry.table,
        earlier.order,
        columns,
        guesses,
        unmapped,
        entry if is_same_name else bare.model_copy(update={"sheet": entry.sheet}),
        snapshot,
        basis,
        not lacking,
        lacking,
        doubtful,
        constants,
        carried,
        lost_headers(entry, head, columns) if is_same_name else {},
    )


def lost_headers(entry: FileEntry, head: Headed, columns: Mapping[str, str]) -> dict[str, str]:
    """Last year's headers that are gone, where nothing else brings their variable."""
    gone = {h: v for h, v in entry.columns.items() if head.column(h) is None}
    return {header: name for header, name in gone.items() if name not in columns.values()}


def _later_snapshot(
    looked: LookedAt, head: Headed, earlier: Earlier, year: int
) -> tuple[dt.date | None, str]:
    """This year's snapshot of a list that had one, or of a roster, and what a guess is taken from."""
    before = earlier.entry.snapshot
    if before is None and earlier.entry.table != "roster":
        return None, ""
    shift = (before, year - earlier.year) if before else None
    return snapshot_of(looked.name, titles(head.raw, head.row), shift, year)


def later_constants(
    entry: FileEntry, n_years: int
) -> tuple[dict[str, str | int | float | dt.date], tuple[str, ...]]:
    """Last year's constants, those that name its year moved on; and which these are."""
    out: dict[str, str | int | float | dt.date] = {}
    moved = []
    for name, value in entry.constants.items():
        out[name] = later(value, n_years) if isinstance(value, dt.date) else value
        if out[name] != value:
            moved.append(name)
    return out, tuple(moved)


def later(day: dt.date, n_years: int) -> dt.date:
    """The same day some years on; 29 February becomes the 28th."""
    day_of_month = 28 if (day.month, day.day) == (2, 29) else day.day
    return dt.date(day.year + n_years, day.month, day_of_month)


def from_headers(study: Study, looked: LookedAt, head: Headed, year: int) -> Proposal | None:
    """An entry for a list that no earlier year had, by the table its headers fit; None if they fit none."""
    scores = sorted(s for s in _table_scores(study, looked.name, head) if s[1] > 1)
    if not scores:
        return None
    best, n_found, table = scores[-1]
    is_best = len(scores) == 1 or best - scores[-2][0] >= LEAD
    draft = desk_words().draft
    entry = FileEntry(table=table, file=looked.name)
    columns, guesses, unmapped, doubtful = map_headers(study, entry, head)
    snapshot, basis = None, ""
    if table == "roster":
        snapshot, basis = snapshot_of(looked.name, titles(head.raw, head.row), None, year)
    lacking = missing_keys(table, columns.values())
    is_clear = n_found >= FEWEST and is_best
    return Proposal(
        looked.name,
        head.raw.sheet,
        table,
        10**6,
        columns,
        guesses,
        unmapped,
        None,
        snapshot,
        basis,
        is_clear and not lacking,
        lacking or ("" if is_clear else draft.unsure_table),
        doubtful,
    )


def _table_scores(study: Study, name: str, head: Headed) -> Iterator[tuple[float, int, str]]:
    """How well each table fits: a variable that few tables have says more; then what the file's name says."""
    hints = desk_words().draft.hints
    for table in table_names(study):
        known = known_headers(study, FileEntry(table=table, file=name))
        found = {known.variable(written) for written in head.names.values()} - {""}
        score = sum(1 / len(set(study.variables[v].tables) - {"panel"}) for v in found)
        score += any(word in name for word in hints.get(table, ()))
        score -= 2.0 * bool(missing_keys(table, found))
        yield score, len(found), table


def missing_keys(table: str, variables: Iterable[str]) -> str:
    """What a table lacks to know its people or schools by, as a comment; empty if nothing."""
    filled = set(variables)
    lacking = [" / ".join(group) for group in KEYS.get(table, ()) if not filled & set(group)]
    return desk_words().draft.no_key.format(expected="; ".join(lacking)) if lacking else ""


def map_headers(
    study: Study, entry: FileEntry, head: Headed
) -> tuple[dict[str, str], dict[str, str], tuple[str, ...], tuple[str, ...]]:
    """Header -> variable that is sure, header -> variable that is a guess, headers of nothing, and doubtful ones.

    Doubtful: sure by itself, but another header says the same.
    """
    weights = replicate_variables(entry)
    taken = {at for h in (*entry.columns, *weights) if (at := head.column(h)) is not None}
    known = known_headers(study, entry)
    chosen, doubtful = _known_columns(head, taken, known)
    columns = dict(entry.columns)
    columns |= {head.names[at]: variable for at, variable in chosen.items()}
    if chosen:  # a header that is new moves all into the order of the sheet
        columns = dict(sorted(columns.items(), key=lambda c: head.column(c[0]) or 0))
    rest = [name for at, name in head.names.items() if at not in taken and at not in chosen]
    guesses = alike(study, entry, columns, rest)
    unmapped = tuple(name for name in rest if name not in guesses)
    return columns, guesses, unmapped, doubtful


def _known_columns(
    head: Headed, taken: set[int], known: KnownHeaders
) -> tuple[dict[int, str], tuple[str, ...]]:
    """Column -> variable by label, then by synonym, each variable once; and the variables that two headers name."""
    chosen: dict[int, str] = {}
    doubtful = []
    for at in sorted(head.names, key=lambda at: known_key(head.names[at]) not in known.labels):
        variable = known.variable(head.names[at]) if at not in taken else ""
        if not variable:
            continue
        if variable not in chosen.values():
            chosen[at] = variable
        elif known_key(head.names[at]) not in known.labels and _by_label(
            head, chosen, variable, known
        ):
            continue
        else:
            doubtful.append(variable)
    return chosen, tuple(doubtful)


def _by_label(head: Headed, chosen: Mapping[int, str], variable: str, known: KnownHeaders) -> bool:
    """Whether a variable was chosen by its label, which goes before any synonym."""
    at = next(at for at, name in chosen.items() if name == variable)
    return known_key(head.names[at]) in known.labels


def alike(
    study: Study, entry: FileEntry, columns: Mapping[str, str], headers: Sequence[str]
) -> dict[str, str]:
    """Header -> the variable still open whose label or synonym is most like it, each variable once."""
    filled = {*columns.values(), *entry.constants}
    labels = {
        known_key(label): v.id
        for v in columns_of(study, entry.table).values()
        for label in (v.label, *v.synonyms)
        if v.id not in filled
    }
    out: dict[str, str] = {}
    for header in headers:
        near = difflib.get_close_matches(known_key(header), labels, n=1, cutoff=ALIKE)
        if near and labels[near[0]] not in out.values():
            out[header] = labels[near[0]]
    return out


def snapshot_of(
    name: str, above: Sequence[str], before: tuple[dt.date, int] | None, year: int
) -> tuple[dt.date | None, str]:
    """The snapshot of a roster and, where it is a guess, what it is taken from; None where nothing speaks of it.

    ``before``: last year's snapshot and how many years ago that was. A day that is not written is sure only if
    last year's roster was of the same month.
    """
    draft = desk_words().draft
    usual = later(*before) if before else None
    for basis, texts in ((draft.file_name, [name]), (draft.title_row, above)):
        written = [w for t in texts for w in dates_in(t) if w.year in (year - 1, year)]
        if written:
            return _dated(written[0], usual, basis)
    return usual, draft.last_year if usual else ""


def _dated(written: Written, usual: dt.date | None, basis: str) -> tuple[dt.date, str]:
    """A written date as a day, with its basis where the day had to be guessed."""
    if written.day:
        return dt.date(written.year, written.month, written.day), ""
    if usual is not None and usual.month == written.month:
        return dt.date(written.year, written.month, usual.day), ""
    return dt.date(written.year, written.month, 1), basis
