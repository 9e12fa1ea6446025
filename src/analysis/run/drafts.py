"""``policy-report fill`` from file to file: the filled copy beside the draft, and the lines said of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from analysis.errors import message
from analysis.intake.delivery import ready_delivery
from analysis.release.draft import Draft
from analysis.release.fill.draft import Filled, fill_draft
from analysis.study.blanks import load_blanks
from analysis.study.load import load_study
from analysis.study.workspace import Workspace


def fill_file(space: Workspace, region: str, year: int, draft: Draft, target: Path) -> Filled:
    """Writes the filled draft; gives what is said of it. Raises ParameterError if there is nothing to fill."""
    study = load_study(space)
    delivery = ready_delivery(space, study, region, year)
    made = fill_draft(study, load_blanks(space, study), delivery, draft)
    target.write_bytes(made.data)
    return made


def filled_lines(made: Filled, file: str) -> Iterator[str]:
    """The sources, what is left open and why, and the sums."""
    yield from made.sources
    yield from made.left
    counts = {"places": made.n_places, "filled": made.n_filled}
    yield message("fill_done", file=file, left=made.n_places - made.n_filled, **counts)
