"""The question of a run (region, year, outcome, definition), checked before any kernel starts.

The same check is the first cell of every notebook, so plain papermill and JupyterLab refuse a
misspelt parameter too: papermill itself only warns and then runs with the default.
"""

from __future__ import annotations

import ast
import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from analysis.errors import AnalysisError, ParameterError, nearest, raise_all
from analysis.study.load import load_study
from analysis.study.objects import Study
from analysis.study.workspace import Workspace, check_region, check_year, open_workspace

INJECTED_MARK = "# Parameters"  # the first line of the cell that papermill injects
ALIKE = 0.75  # how alike a stray name and a parameter must be to be taken for a misspelling
OWN_NAMES = "PAPERMILL_"  # names papermill itself injects on request (--inject-paths)


class Parameters(BaseModel):
    """What every notebook takes: which region and year, and where the workspace lies."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    region: str
    year: int | Literal["auto"]
    home: str = ""
    out: str = ""


class ReportParameters(Parameters):
    """A bureau's own Word form besides, filled from the report; empty for none."""

    form: str = ""


class EstimateParameters(Parameters):
    """One outcome besides; an empty ``definition`` means the outcome's primary one."""

    outcome: str
    definition: str = ""


KNOWN: dict[str, type[Parameters]] = {
    "01_clean": Parameters,
    "02_estimate": EstimateParameters,
    "03_problems": ReportParameters,
    "explore": Parameters,
}


@dataclass(frozen=True)
class Question:
    """Checked parameters: the region has this year, the study has this outcome and definition."""

    space: Workspace
    region: str
    year: int
    outcome: str = ""
    definition: str = ""
    form: str = ""


def ask(notebook: str, names: Mapping[str, Any]) -> Question:
    """The question a notebook's variables put; the first cell calls ``ask("01_clean", globals())``.

    Raises ParameterError (or several at once) with the nearest right name or value.
    """
    known = KNOWN[notebook].model_fields
    refuse_unknown(known, injected_names(names.get("In", [])) | misspelt_names(known, names))
    return check_question(notebook, {name: names[name] for name in known if name in names})


def check_question(notebook: str, values: Mapping[str, Any]) -> Question:
    """The question that parameter values put to a notebook, checked against the data and the study.

    Raises ParameterError for an unknown key, a value of the wrong kind, a region, year, outcome or
    definition that is not there.
    """
    asked = _validated(KNOWN[notebook], values)
    space = open_workspace(asked.home, asked.out)
    region = check_region(space, asked.region)
    year = check_year(space, region, asked.year)
    if isinstance(asked, ReportParameters):
        return Question(space, region, year, form=check_form(asked.form))
    if not isinstance(asked, EstimateParameters):
        return Question(space, region, year)
    definition = check_outcome(load_study(space), asked.outcome, asked.definition)
    return Question(space, region, year, asked.outcome, definition)


def check_form(form: str) -> str:
    """The full path of a form that can be filled, empty for none; ParameterError as ``open_form`` raises it."""
    if not form:
        return ""
    from analysis.present.form import (
        open_form,  # loads Word's library, which a run without a form needs later
    )

    path = Path(form).resolve()
    open_form(path)
    return str(path)


def check_outcome(study: Study, outcome: str, definition: str) -> str:
    """The definition to use for an outcome (its primary one if none is named).

    Raises ParameterError naming the nearest outcome or definition that exists.
    """
    if outcome not in study.outcomes:
        raise _unknown("unknown_outcome", outcome, study.outcomes)
    known = study.outcomes[outcome].definitions
    if definition and definition not in known:
        raise _unknown("unknown_definition", definition, known, outcome=outcome)
    return definition or study.outcomes[outcome].primary


def refuse_unknown(known: Iterable[str], names: Iterable[str]) -> None:
    """Nothing if all names are known parameters; otherwise all unknown ones at once, with the nearest."""
    fields = list(known)
    strange = sorted(set(names) - set(fields))
    raise_all(_unknown("unknown_parameter", name, fields) for name in strange)


def injected_names(sources: Iterable[str]) -> set[str]:
    """Names assigned in the cells that papermill injected, found by their mark among executed sources."""
    cells = [s for s in sources if s.lstrip().startswith(INJECTED_MARK)]
    targets = (t for s in cells for node in ast.parse(s).body for t in _targets(node))
    return {name for name in targets if not name.startswith(OWN_NAMES)}


def misspelt_names(known: Iterable[str], names: Iterable[str]) -> set[str]:
    """Variables that are no parameter but nearly spell one (``yeer = 2025`` typed into a cell)."""
    fields = list(known)
    strange = [n for n in names if n not in fields and not n.startswith("_")]
    return {n for n in strange if difflib.get_close_matches(n, fields, n=1, cutoff=ALIKE)}


def _targets(node: ast.stmt) -> list[str]:
    """The plain names one statement assigns to."""
    if not isinstance(node, ast.Assign):
        return []
    return [t.id for t in node.targets if isinstance(t, ast.Name)]


def _validated(model: type[Parameters], values: Mapping[str, Any]) -> Parameters:
    """The values as an object of the model; every fault found is raised at once."""
    try:
        return model.model_validate(dict(values))
    except ValidationError as error:
        found = {item["loc"][0]: item for item in error.errors()}
        raise_all(_explain(model, str(name), item["type"], values) for name, item in found.items())
        raise


def _explain(
    model: type[Parameters], name: str, kind: str, values: Mapping[str, Any]
) -> AnalysisError:
    """One validation fault as a ParameterError."""
    if kind == "extra_forbidden":
        return _unknown("unknown_parameter", name, model.model_fields)
    if kind == "missing":
        return ParameterError("missing_parameter", name=name)
    expected = {"year": "2025 / auto"}.get(name, "text")
    return ParameterError("bad_parameter", name=name, value=values[name], expected=expected)


def _unknown(message: str, found: str, known: Iterable[str], **fields: object) -> ParameterError:
    """A ParameterError that names what was found, the nearest known word, and all known ones."""
    words = list(known)
    return ParameterError(
        message, found=found, nearest=nearest(found, words) or "-", known=", ".join(words), **fields
    )
