"""Looks up sentences in ``wording.toml`` and fills their ``<words>``; ``{slots}`` stay for the numbers."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib import resources
from typing import Any

WORD = re.compile(r"<([a-z][a-z_]*)>")


@cache
def wording() -> dict[str, Any]:
    """All wording by table and key."""
    text = resources.files("analysis.release").joinpath("wording.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def phrase(table: str, key: str, **words: str) -> str:
    """One phrase with its ``<words>`` filled in; KeyError for a missing key or a word nobody gave."""
    return WORD.sub(lambda m: words[m.group(1)], wording()[table][key])


def words(table: str, key: str) -> tuple[str, ...]:
    """A list of words, such as the heads of a table."""
    return tuple(wording()[table][key])


def join(items: list[str] | tuple[str, ...]) -> str:
    """Words of one list, in the list style of Chinese text."""
    return phrase("trail", "list_stop").join(items)
