"""The rules of ``wording.toml`` [lint]: what to look for, what makes it right, what to write instead."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Literal

from analysis.release.wording import WORD, wording

Once = Literal["", "passage", "document"]


@dataclass(frozen=True)
class Rule:
    """One pattern: ``put`` replaces what ``find`` found.

    ``unless``: what in the same sentence makes it right; None if nothing does. ``needs``: what the same clause must
    hold for it to be wrong. ``is_claim``: not looked for in plans and aims. ``is_prose``: not looked for in cells.
    ``once``: told once for a whole passage or document.
    """

    id: str
    find: re.Pattern[str]
    put: str
    unless: re.Pattern[str] | None = None
    needs: re.Pattern[str] | None = None
    is_claim: bool = False
    is_prose: bool = False
    once: Once = ""


@cache
def rules() -> tuple[Rule, ...]:
    """All rules in the order in which they are asked; where two find the same words the first is told."""
    entry = wording()["lint"]
    blank = Rule("blank", pattern("blank"), phrase_of("rewrite_blank"), once="passage")
    return (*(make_rule(e) for e in entry["rules"]), blank)


def make_rule(entry: dict[str, str | bool]) -> Rule:
    """One rule from its table."""
    return Rule(
        id=str(entry["id"]),
        find=compiled(str(entry["find"])),
        put=str(entry["put"]),
        unless=compiled(str(entry["unless"])) if "unless" in entry else None,
        needs=compiled(str(entry["needs"])) if "needs" in entry else None,
        is_claim=bool(entry.get("claims")),
        is_prose=bool(entry.get("prose")),
        once=entry.get("once", ""),  # type: ignore[arg-type]
    )


@cache
def pattern(name: str) -> re.Pattern[str]:
    """One named pattern of the linter."""
    return compiled(phrase_of(name))


def compiled(text: str) -> re.Pattern[str]:
    """A pattern in which each ``<part>`` stands for the words of that name."""
    parts = wording()["lint"]["parts"]
    return re.compile(WORD.sub(lambda m: f"(?:{parts[m[1]]})", text))


def phrase_of(name: str) -> str:
    """One text of the linter."""
    return str(wording()["lint"][name])


def rule_words(rule: str) -> tuple[str, str]:
    """The name of a rule and why it is one."""
    entry = wording()["lint_rule"][rule]
    return entry["name"], entry["why"]
