"""Findings of a draft: where, which rule, why, and the same clause written so that it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from analysis.release.lint.passages import Passage
from analysis.release.lint.rules import Rule, pattern, phrase_of, rules

# what ends a sentence and a clause, in either width; a comma or point between digits ends nothing
SENTENCE = re.compile("[\u3002\uff01\uff1f\uff1b;!?]")
CLAUSE = re.compile(r"[\u3002\uff01\uff1f\uff1b\uff0c\uff1a;!?]|(?<!\d)[,:]|[,:](?!\d)")
NEAR = 2  # a label stands beside its sentence: in the same passage or within two
ROUNDS = 4


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


@dataclass(frozen=True)
class Setting:
    """What surrounds a passage: whether it is of a plan, and whether a strong label stands near."""

    is_plan: bool = False
    is_sure: bool = False
    is_cell: bool = False


def lint(passages: tuple[Passage, ...]) -> tuple[Finding, ...]:
    """All findings of a draft in reading order."""
    found: list[Finding] = []
    for passage, setting in zip(passages, settings(passages), strict=True):
        found += lint_passage(passage, setting)
    return told_once(found)


def settings(passages: tuple[Passage, ...]) -> Iterator[Setting]:
    """The setting of each passage; a plan reaches to the next heading of the first level."""
    sure, is_plan = pattern("sure"), False
    labelled = [bool(sure.search(p.text)) for p in passages]
    for n, passage in enumerate(passages):
        if pattern("chapter").match(passage.text.strip()):
            is_plan = bool(pattern("plan").search(passage.text))
        near = labelled[max(0, n - NEAR) : n + NEAR + 1]
        yield Setting(is_plan, any(near), passage.is_cell)


def lint_passage(passage: Passage, setting: Setting) -> list[Finding]:
    """The findings of one passage, the first rule's where two meet."""
    taken: list[tuple[int, int]] = []
    found = []
    for rule in rules():
        for hit in hits(passage.text, rule, setting):
            if any(start < hit.end() and hit.start() < end for start, end in taken):
                continue
            taken.append(hit.span())
            found.append(finding(passage, rule, hit))
    return sorted(found, key=lambda f: f.column)


def hits(text: str, rule: Rule, setting: Setting) -> Iterator[re.Match[str]]:
    """Where a rule finds something in a text that nothing makes right."""
    if rule.is_prose and setting.is_cell:
        return
    if rule.is_claim and (setting.is_plan or (rule.id == "cause" and setting.is_sure)):
        return
    named = [m.span() for m in pattern("named").finditer(text)]
    for hit in rule.find.finditer(text):
        sentence = stretch(SENTENCE, text, hit.start())
        is_named = any(start <= hit.start() < end for start, end in named)
        is_right = rule.unless is not None and rule.unless.search(sentence)
        is_aim = rule.is_claim and pattern("aim").search(sentence)
        if not (is_named or is_right or is_aim):
            yield hit


def stretch(end: re.Pattern[str], text: str, position: int, last: int = 0) -> str:
    """The sentence or clause that holds a position, or everything from it to the one that holds ``last``."""
    ends = [m.start() for m in end.finditer(text)]
    start = max((e + 1 for e in ends if e < position), default=0)
    return text[start : min((e for e in ends if e >= max(position, last)), default=len(text))]


def finding(passage: Passage, rule: Rule, hit: re.Match[str]) -> Finding:
    """One finding with its clause and the clause mended."""
    last = (
        hit.end() if CLAUSE.fullmatch(hit[0]) else hit.end() - 1
    )  # a mark that ends a clause shows both sides
    clause = stretch(CLAUSE, passage.text, hit.start(), last).strip()
    return Finding(passage.number, hit.start() + 1, rule.id, hit[0], clause, mended(clause))


def mended(clause: str) -> str:
    """The clause with everything put as each rule says; a plain request where that leaves something."""
    for _ in range(ROUNDS):
        for rule in rules():
            for hit in reversed(list(hits(clause, rule, Setting()))):
                clause = clause[: hit.start()] + hit.expand(rule.put) + clause[hit.end() :]
        if not lint_free(clause):
            continue
        return clause
    return phrase_of("rewrite")


def lint_free(text: str) -> bool:
    """Whether no rule finds anything in a text that stands alone."""
    return not any(next(hits(text, rule, Setting()), None) for rule in rules())


def told_once(found: list[Finding]) -> tuple[Finding, ...]:
    """The findings, those of a rule that is told once gathered at their first place with their number."""
    once = {rule.id: rule.once for rule in rules()}
    kept: dict[tuple[object, ...], Finding] = {}
    for n, one in enumerate(found):
        scope = {"document": ("all",), "passage": (one.number,), "": (n, "each")}[once[one.rule]]
        key = (one.rule, *scope)
        kept[key] = replace(kept[key], n=kept[key].n + 1) if key in kept else one
    return tuple(kept.values())
