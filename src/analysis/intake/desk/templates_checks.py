"""What a spreadsheet checks while a form is filled: drop-downs, ranges of numbers, how dates and numbers look."""

from __future__ import annotations

from typing import Any

from analysis.intake.cleaning.identity import IDENTITY_NUMBER
from analysis.intake.cleaning.text import plain_number
from analysis.intake.desk.templates_forms import choices, form_words, how_words
from analysis.study.objects import Variable

AS_TEXT = (
    "person_number",
    "name",
    "code",
    "text",
    "category",
    "flag",
    "date",
    "month",
    "band",
    "choices",
)
LONGEST_TITLE, LONGEST_MESSAGE = 32, 255  # characters that Excel shows
IDENTITY_LENGTHS = (15, 18)
# a month alone is taken as its first day; what is no day at all gives an error value, which is not true
DATE_RULE = '=AND(LEN({cell})>=7,ISNUMBER(DATEVALUE(IF(LEN({cell})<8,{cell}&"-01",{cell}))))'


def validation(variable: Variable, cell: str, offered: str) -> dict[str, Any]:
    """The check of one column: ``cell`` is its first cell (``A6``), ``offered`` the range its drop-down shows."""
    return _rule(variable, cell, offered) | _words(variable)


def _rule(variable: Variable, cell: str, offered: str) -> dict[str, Any]:
    """What is compared, and whether a breach stops the typing or only asks."""
    if choices(variable):
        return {"validate": "list", "source": f"={offered}"}
    if variable.kind in ("integer", "number") and variable.low is not None:
        return {"validate": "integer" if variable.kind == "integer" else "decimal"} | _bounds(
            variable
        )
    if variable.kind in ("date", "month"):
        return {"validate": "custom", "value": DATE_RULE.format(cell=cell), "error_type": "warning"}
    if variable.id == IDENTITY_NUMBER:
        low, high = IDENTITY_LENGTHS
        limits = {"criteria": "between", "minimum": low, "maximum": high}
        return {"validate": "length", "error_type": "warning"} | limits
    return {"validate": "any"}


def _bounds(variable: Variable) -> dict[str, Any]:
    """The range of a number that has a lower end."""
    if variable.high is None:
        return {"criteria": ">=", "value": _bound(variable.low)}
    low, high = _bound(variable.low), _bound(variable.high)
    return {"criteria": "between", "minimum": low, "maximum": high}


def _bound(value: float | None) -> str:
    """An end of a range as a spreadsheet writes it; empty where there is none."""
    return "" if value is None else plain_number(value)


def _words(variable: Variable) -> dict[str, Any]:
    """What is shown beside the cell, and when the check fails."""
    text, how = form_words(), how_words(variable)
    error = text["check_error"].format(label=variable.label, how=how)
    return {
        "input_title": variable.label[:LONGEST_TITLE],
        "input_message": how[:LONGEST_MESSAGE],
        "error_title": text["check_title"],
        "error_message": error[:LONGEST_MESSAGE],
    }
