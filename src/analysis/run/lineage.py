"""What this report is made from beside the report of the year before: hashes, definitions, published levels."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

from analysis.errors import DataError
from analysis.intake.delivery import Delivery
from analysis.present.labels import word
from analysis.release.changes import Lineage, Made
from analysis.run.files import ENCODING, appendix_outcomes
from analysis.run.manifest import NAME, recipe
from analysis.run.parameters import Question

LEVEL = "level:"


def lineage(question: Question, delivery: Delivery) -> Lineage:
    """This run's recipe and that of last year's report of the same region, if it lies beside it.

    Raises DataError if that report's manifest or table cannot be read.
    """
    now = recipe(question.space, delivery, appendix_outcomes(question.space))
    folder = question.space.report(question.region, question.year - 1)
    return Lineage(made(now, {}), read_made(folder) if (folder / NAME).is_file() else None)


def made(content: dict[str, Any], published: dict[str, float]) -> Made:
    """The parts of a recipe that a reader is told of."""
    return Made(
        study=str(content["study"]),
        package=str(content["package"]),
        lock=str(content["lock"]),
        definitions=dict(content["parameters"]["definitions"]),
        published=published,
    )


def read_made(folder: Path) -> Made:
    """The manifest of a finished report and the levels in its ``estimates.csv``."""
    try:
        content = json.loads((folder / NAME).read_text(encoding="utf-8"))
        return made(content, read_levels(folder / word("path_estimates")))
    except (OSError, ValueError, KeyError) as error:
        raise DataError("last_report_damaged", folder=folder.name, detail=error) from error


def read_levels(path: Path) -> dict[str, float]:
    """The levels a report published, by id; hidden ones are left out."""
    if not path.is_file():
        return {}
    with path.open(encoding=ENCODING, newline="") as handle:
        rows = [(r["id"], r["estimate"]) for r in csv.DictReader(handle)]
    return {id_: float(value) for id_, value in rows if id_.startswith(LEVEL) and value}
