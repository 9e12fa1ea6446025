"""Findings of a draft: where, which rule, why, and the same clause written so that it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from analysis.release.lint.passages import Passage
from analysis.release.lint.reading import CLAUSE, SENTENCE, Reading, stretch
from analysis.release.lint.rules import Rule, pattern, phrase_of, rules
from analysis.release.lint.surroundings import Setting, settings

# ``fill`` cuts its sentences as the linter does
__all__ = ["CLAUSE", "SENTENCE", "Finding", "lint", "lint_free", "stretch"]

ROUNDS = 4
KEPT = 4096  # clauses whose replacement is remembered: several findings of one clause share it


@dataclass(frozen=True)
class Finding:
    """One thing to mend: number and character (from 1), the clause it stands in, the rule, the clause mended.

    ``n``: how often, where a rule is told once for all.
    """

    number: int
    column: int
    rule: str
    words: str
    excerpt: str
    replacement: str
    n: int = 1


def lint(passages: tuple[Passage, ...]) -> tuple[Finding, ...]:
    """All findings of a draft in reading order."""
    found: list[Finding] = []
    for passage, setting in zip(passages, settings(passages), strict=True):
        found += lint_passage(passage, setting)
    return told_once(found)


def lint_passage(passage: Passage, setting: Setting) -> list[Finding]:
    """The findings of one passage, the first rule's where two meet."""
    reading = Reading(passage.text)
    taken = bytearray(len(passage.text))
    found = []
    for rule in rules():
        for hit in hits(reading, rule, setting):
            if any(taken[hit.start() : hit.end()]):
                continue
            taken[hit.start() : hit.end()] = b"\1" * (hit.end() - hit.start())
            found.append(finding(passage.number, reading, rule, hit))
    return sorted(found, key=lambda f: f.column)


def hits(reading: Reading, rule: Rule, setting: Setting) -> Iterator[re.Match[str]]:
    """Where a rule finds something in a text that nothing makes right."""
    if rule.is_prose and setting.is_cell:
        return
    for hit in rule.find.finditer(reading.text):
        if not (reading.is_named(hit.start()) or is_right(reading, rule, hit, setting)):
            yield hit


def is_right(reading: Reading, rule: Rule, hit: re.Match[str], setting: Setting) -> bool:
    """Whether what stands around a hit makes it right."""
    sentence = reading.span(SENTENCE, hit.start())
    clause = reading.span(CLAUSE, hit.start(), hit.end() - 1)
    if rule.unless is not None and reading.holds(rule.unless, sentence):
        return True
    if rule.needs is not None and not reading.holds(rule.needs, clause):
        return True
    if not rule.is_claim:
        return False
    if rule.id == "cause" and is_sure(reading, hit.start(), setting):
        return True
    is_ahead = setting.is_plan or reading.holds(pattern("aim"), sentence)
    return is_ahead and not reading.holds(pattern("done"), clause)


def is_sure(reading: Reading, position: int, setting: Setting) -> bool:
    """Whether the strong label speaks for a position; a label of its own sentence goes before one beside the text."""
    own = reading.label_at(position)
    return setting.is_sure if own is None else own


def finding(number: int, reading: Reading, rule: Rule, hit: re.Match[str]) -> Finding:
    """One finding with its clause and the clause mended."""
    # a mark that ends a clause shows both sides
    last = hit.end() if CLAUSE.fullmatch(hit[0]) else hit.end() - 1
    clause = reading.piece(hit.start(), last)
    return Finding(number, hit.start() + 1, rule.id, hit[0], clause, mended(clause))


@lru_cache(KEPT)
def mended(clause: str) -> str:
    """The clause with everything put as each rule says; a plain request where that changes nothing or too little."""
    text = clause
    for _ in range(ROUNDS):
        for rule in rules():
            text = put(text, rule)
        if lint_free(text):
            return text if text != clause else phrase_of("rewrite")
    return phrase_of("rewrite")


def put(text: str, rule: Rule) -> str:
    """A text with everything that a rule finds replaced."""
    parts, start = [], 0
    for hit in hits(Reading(text), rule, Setting()):
        parts += [text[start : hit.start()], hit.expand(rule.put)]
        start = hit.end()
    return "".join([*parts, text[start:]])


def lint_free(text: str) -> bool:
    """Whether no rule finds anything in a text that stands alone."""
    reading = Reading(text)
    return not any(next(hits(reading, rule, Setting()), None) for rule in rules())


def told_once(found: list[Finding]) -> tuple[Finding, ...]:
    """The findings, those of a rule that is told once gathered at their first place with their number."""
    once = {rule.id: rule.once for rule in rules()}
    kept: dict[tuple[object, ...], Finding] = {}
    for n, one in enumerate(found):
        scope = {"document": ("all",), "passage": (one.number,), "": (n, "each")}[once[one.rule]]
        key = (one.rule, *scope)
        kept[key] = replace(kept[key], n=kept[key].n + 1) if key in kept else one
    return tuple(kept.values())
