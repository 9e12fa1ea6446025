"""What the forms hold: columns of the study, what may stand in them in words, and three invented rows each."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

from pydantic import BaseModel, ConfigDict

from analysis.errors import DataError, nearest, raise_all
from analysis.intake.cleaning.text import plain_number
from analysis.intake.tables import columns_of
from analysis.study.objects import Study, Variable

N_EXAMPLES = 3


class Form(BaseModel):
    """One form: the typed table it feeds (``id``), its title, what belongs on it, and its columns in order."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    id: str
    title: str
    when: str
    columns: tuple[str, ...]
    required: tuple[str, ...]


@cache
def forms() -> tuple[Form, ...]:
    """All forms, in the order of ``forms.toml``."""
    return tuple(Form(id=name, **entry) for name, entry in read_desk_file("forms.toml").items())


@cache
def form_words() -> Mapping[str, Any]:
    """What the forms say around their columns."""
    return read_desk_file("forms_words.toml")


def read_desk_file(name: str) -> dict[str, Any]:
    """One TOML file that lies beside these modules."""
    text = resources.files("analysis.intake.desk").joinpath(name).read_text(encoding="utf-8")
    return tomllib.loads(text)


def form_columns(study: Study, form: Form) -> tuple[Variable, ...]:
    """The variables of a form in its order.

    Raises DataError (several at once) if a workspace's study dropped one or took it out of the table.
    """
    known = columns_of(study, form.id)
    raise_all(
        DataError(
            "form_unknown_column", form=form.title, column=name, nearest=nearest(name, known) or "-"
        )
        for name in form.columns
        if name not in known
    )
    return tuple(known[name] for name in form.columns)


def choices(variable: Variable) -> tuple[str, ...]:
    """What the drop-down of a column offers: the labels of its codes; none for a column that is typed."""
    if variable.kind not in ("category", "flag"):
        return ()
    return tuple(variable.code_label(code) for code in variable.codes)


def range_words(variable: Variable) -> str:
    """The range of a number in words; empty for anything else."""
    text = form_words()
    if variable.low is None:
        return ""
    low = plain_number(variable.low)
    if variable.high is None:
        return str(text["from_low"].format(low=low))
    return str(text["between"].format(low=low, high=plain_number(variable.high)))


def how_words(variable: Variable) -> str:
    """How a value of the column is written, with range and unit."""
    text = form_words()
    is_list = variable.kind not in ("category", "flag") or choices(variable)
    how = str(text["how"].get(variable.id) or text["how"][variable.kind if is_list else "text"])
    found, unit = range_words(variable), variable.unit
    if unit:
        form = text["with_unit"] if found else text["unit_only"]
        found = form.format(range=found, unit=unit)
    return str(text["how_with_range"].format(how=how, range=found)) if found else how


def example_text(variable: Variable, row: int) -> str:
    """The invented value of one column in one row of the example: the study's own, else a code's label in turn."""
    offered = variable.example or choices(variable)
    return offered[row % len(offered)] if offered else ""


def example_rows(study: Study, form: Form) -> list[list[str]]:
    """The filled example of a form: nobody's names, numbers that no person and no school has."""
    columns = form_columns(study, form)
    return [[example_text(v, row) for v in columns] for row in range(N_EXAMPLES)]
