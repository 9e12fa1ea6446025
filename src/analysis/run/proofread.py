"""``policy-report lint`` from file to lines, and where a filled draft goes; nothing that estimates is loaded."""

from __future__ import annotations

import sys
from pathlib import Path

from analysis.errors import ParameterError, message
from analysis.release.draft import KINDS, Draft, checked, read_draft
from analysis.release.fill.paragraphs import places_in
from analysis.release.lint.check import lint
from analysis.release.lint.passages import read_passages
from analysis.release.lint.told import finding_lines

TYPED = "-"  # standard input
FILLABLE = (".docx", ".txt")


def lint_file(name: str) -> tuple[tuple[str, ...], bool]:
    """What is said of a draft, and whether anything was found. Raises ParameterError for a file that cannot be read."""
    draft = read_typed() if name == TYPED else read_draft(Path(name), KINDS)
    passages = read_passages(draft)
    found = lint(passages)
    told = {"file": draft.name, "passages": len(passages)}
    if not found:
        return (message("lint_clean", **told),), False
    last = message("lint_found", count=len(found), places=sum(f.n for f in found), **told)
    return (*finding_lines(found, draft.suffix), last), True


def read_typed() -> Draft:
    """The draft on standard input."""
    return checked(Draft(TYPED, ".txt", sys.stdin.buffer.read()))


def open_fillable(name: str, out: str) -> tuple[Draft, Path]:
    """A draft that has placeholders, and where the result goes. Raises ParameterError for what cannot be filled."""
    draft = read_draft(Path(name), FILLABLE)
    target = open_target(Path(name), out)
    places_in(draft)  # before the data are read, which takes long
    return draft, target


def open_target(path: Path, out: str) -> Path:
    """Where the filled draft goes; ParameterError if that is the draft itself, there already, or in no folder."""
    target = (Path(out) if out else path.with_name(f"{path.stem}-filled{path.suffix}")).resolve()
    if target == path.resolve():
        raise ParameterError("fill_same_file", file=path.name)
    if target.exists():
        raise ParameterError("fill_exists", file=target.name)
    if not target.parent.is_dir() or target.suffix.lower() != path.suffix.lower():
        raise ParameterError("fill_no_folder", file=target.name, suffix=path.suffix)
    return target
