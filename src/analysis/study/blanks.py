"""What a placeholder of a draft can be answered with: ``study/fill.toml`` as frozen objects."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from analysis.errors import DataError, nearest
from analysis.study.objects import Count, CountKind, Study
from analysis.study.workspace import PROJECT, Workspace

FILE = "fill.toml"
TABLES = ("doing", "names", "facets", "subjects", "units", "whole")


class Part(BaseModel):
    """Frozen, and no key that is not ours."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Facet(Part):
    """Words that narrow a subject: the codes that then must stand in its rows, or the column that is summed.

    ``is_act``: the words say what was done, so that no verb before them reaches what they narrow.
    """

    dimension: str
    words: tuple[str, ...]
    where: dict[str, tuple[str, ...]] = {}
    column: str = ""
    is_act: bool = False


class Also(Part):
    """A second table that must give the same number."""

    table: str
    where: dict[str, tuple[str, ...]] = {}


class Subject(Part):
    """A thing that can be counted: its names, its rows, the kinds of count, the dimensions that may narrow it.

    ``required``: dimensions without which it is not clear what is meant. ``words``: words that say nothing more here.
    ``says``: the groups of ``doing`` whose verbs its rows are the record of.
    """

    names: tuple[str, ...]
    table: str
    where: dict[str, tuple[str, ...]] = {}
    kinds: tuple[CountKind, ...]
    facets: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    says: tuple[str, ...] = ()
    also: Also | None = None


class Missing(Part):
    """Words beside a placeholder, and the file that would answer it."""

    words: tuple[str, ...]
    file: str


class Blanks(Part):
    """Everything ``fill.toml`` says."""

    plain: tuple[str, ...]
    passing: tuple[str, ...]
    heads: tuple[str, ...]
    not_trainings: tuple[str, ...]
    other_units: tuple[str, ...]
    training_kinds: tuple[CountKind, ...]
    training_facets: tuple[str, ...]
    training_says: tuple[str, ...]
    doing: dict[str, tuple[str, ...]]
    all_of: tuple[str, ...]
    whole: dict[str, tuple[str, ...]]
    units: dict[CountKind, tuple[str, ...]]
    names: dict[str, tuple[str, ...]]
    facets: dict[str, Facet]
    subjects: dict[str, Subject]
    missing: tuple[Missing, ...]


def load_blanks(space: Workspace, study: Study) -> Blanks:
    """Our entries with a workspace's own laid over them, and a subject for each training programme.

    Raises DataError that names the entry and the nearest right word.
    """
    raw = read_toml(PROJECT / "study" / FILE)
    own = read_toml(space.study / FILE) if space.study != PROJECT / "study" else {}
    merged = raw | own | {t: raw[t] | own.get(t, {}) for t in TABLES}
    try:
        blanks = Blanks.model_validate(merged)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        near = nearest(key.split(".")[-1], (*Blanks.model_fields, *Subject.model_fields)) or "-"
        raise DataError(
            "study_bad_entry", file=FILE, entry=key, key=key, detail=first["msg"], nearest=near
        ) from error
    blanks = blanks.model_copy(update={"subjects": trainings(study, blanks) | blanks.subjects})
    check_verbs(blanks)
    return blanks


def check_verbs(blanks: Blanks) -> None:
    """Raises DataError for a subject that says a group of verbs that there is not."""
    for name, subject in blanks.subjects.items():
        for group in subject.says:
            if group not in blanks.doing:
                known = ", ".join(blanks.doing)
                near = nearest(group, blanks.doing) or "-"
                entry = f"subjects.{name}"
                raise DataError(
                    "study_bad_entry", file=FILE, entry=entry, key="says",
                    detail=f"{group} (doing: {known})", nearest=near,
                )  # fmt: skip


def read_toml(path: Path) -> dict[str, Any]:
    """One TOML file, or nothing if there is none; DataError if it is not TOML."""
    if not path.exists():
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DataError("study_not_toml", file=path.name, detail=error) from error


def trainings(study: Study, blanks: Blanks) -> dict[str, Subject]:
    """A subject for each programme of the training ledger, by all its spellings."""
    return {
        f"training:{code}": Subject(
            names=tuple(dict.fromkeys((*spellings, *blanks.names.get(code, ())))),
            table="trainings",
            where={"programme": (code,)},
            kinds=blanks.training_kinds,
            facets=blanks.training_facets,
            says=blanks.training_says,
        )
        for code, spellings in study.variables["programme"].codes.items()
        if code not in blanks.not_trainings
    }


def count_of(subject: Subject, kind: CountKind, facets: tuple[Facet, ...]) -> Count:
    """The count that a subject, its kind and its facets ask for."""
    where = dict(subject.where)
    for facet in facets:
        where |= facet.where
    column = next((f.column for f in facets if f.column), "")
    if column:
        where |= {column: ()}
    return Count(kind=kind, table=subject.table, where=where, column=column)
