"""Errors a user sees: what, where, what was expected, and the nearest right thing, in Chinese and English.

The texts live in ``messages.toml``; code names a message by its id and gives the fields.
"""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterable
from functools import cache
from importlib import resources


@cache
def messages() -> dict[str, dict[str, str]]:
    """All messages by id, each with ``zh`` and ``en``."""
    text = resources.files("analysis").joinpath("messages.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def message(name: str, /, **fields: object) -> str:
    """One message in both languages, Chinese first, on two lines."""
    entry = messages()[name]
    return f"{entry['zh'].format(**fields)}\n{entry['en'].format(**fields)}"


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word most like ``word``, or an empty string if none is alike."""
    found = difflib.get_close_matches(str(word), [str(k) for k in known], n=1, cutoff=0.5)
    return found[0] if found else ""


class AnalysisError(Exception):
    """Any failure that is explained to the user; ``exit_code`` is what the command returns."""

    exit_code = 1

    def __init__(self, name: str, /, **fields: object) -> None:
        self.name = name
        self.fields = fields
        super().__init__(message(name, **fields))


class ParameterError(AnalysisError):
    """What was asked for cannot be: a misspelt parameter, an unknown region, a year without data."""

    exit_code = 2


class DataError(AnalysisError):
    """The delivered data or the study files cannot be used as they are."""

    exit_code = 3


class RunError(AnalysisError):
    """A run began and did not finish."""

    exit_code = 1


class SeveralErrors(AnalysisError):
    """Several problems found together, all shown at once."""

    def __init__(self, errors: Iterable[AnalysisError]) -> None:
        self.errors = tuple(errors)
        self.exit_code = self.errors[0].exit_code
        Exception.__init__(self, "\n".join(str(e) for e in self.errors))


def raise_all(errors: Iterable[AnalysisError]) -> None:
    """Raise the problems found, one as itself, several together; nothing if there are none."""
    found = list(errors)
    if len(found) == 1:
        raise found[0]
    if found:
        raise SeveralErrors(found)
