"""Answers to questions with options: one option, several ticked ones, or a ranking."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass

from analysis.intake.cleaning.cell import Cell, Hints
from analysis.intake.cleaning.spellings import (
    find_answer,
    find_code,
    spellings_of,
    typed_behind_other,
    without_typed,
)
from analysis.intake.cleaning.text import compact, normalise
from analysis.intake.cleaning.words import words
from analysis.study.objects import Variable

JOINT = ";"  # between the codes of one answer


def clean_option(text: str, variable: Variable) -> Cell:
    """One option as its code; text typed behind it is left out and told as such."""
    code, rule = find_code(text, variable)
    if code is not None:
        return Cell(code, rule)
    bare = without_typed(text)
    plain = find_code(bare, variable)[0] if bare != text else None
    code = plain or typed_behind_other(text, variable)
    return Cell(code, "other_text") if code else _first_option(text, variable, rule)


def _first_option(text: str, variable: Variable, rule: str) -> Cell:
    """The first of several options where the variable says so; else missing by the rule that found none."""
    first = first_of(text) if variable.takes_first else ""
    code = find_code(first, variable)[0] if first else None
    return Cell(code, "first_of_several") if code else Cell(None, rule)


def first_of(text: str) -> str:
    """The first of several things written in one cell; empty if there is one only."""
    flat = normalise(text)
    places = [flat.find(mark) for mark in words().options.several]
    found = [at for at in places if 0 < at < len(flat) - 1]
    return flat[: min(found)].strip() if found else ""


@dataclass(frozen=True)
class Part:
    """One option of an answer: its code (None: unknown or declared missing) and the rule applied to it."""

    code: str | None
    rule: str


def clean_choices(text: str, variable: Variable, hints: Hints) -> Cell:
    """All options of an answer as codes in the order of the study, a ranking in its own; unknown ones are told."""
    options, is_ranking = split_options(text, spellings_of(variable))
    parts = [_part(option, variable, hints) for option in options]
    found = list(dict.fromkeys(p.code for p in parts if p.code))
    if not found:
        return Cell(None, parts[0].rule if parts else "")
    order = [*variable.codes]
    codes = found if is_ranking or not order else sorted(found, key=order.index)
    rules = _rules(parts, codes, variable, is_ranking=is_ranking and len(found) > 1)
    return Cell(JOINT.join(codes), rules[0] if rules else "", tuple(rules[1:]))


def _part(option: str, variable: Variable, hints: Hints) -> Part:
    """One option by this delivery's answers, then by the study's spellings."""
    answer = find_answer(compact(without_typed(option)), hints.answers)
    if answer is not None:
        known = find_code(answer, variable)[0] if answer else None
        return Part(known, "" if known else "declared_missing")
    if not variable.codes:
        bare = normalise(without_typed(option))
        return Part(bare or None, "" if bare == normalise(option) else "other_text")
    cell = clean_option(option, variable)
    return Part(str(cell.value) if cell.value is not None else None, cell.rule)


def _rules(
    parts: Sequence[Part], codes: Sequence[str], variable: Variable, *, is_ranking: bool
) -> list[str]:
    """What the ledger is told of an answer of which at least one option is known."""
    told = [p.rule for p in parts if p.code and p.rule not in ("", "spaces_width")]
    told += ["unknown_option"] if any(p.rule == "unknown_spelling" for p in parts) else []
    told += ["ranking"] if is_ranking else []
    if len(codes) > 1 and set(codes) & set(variable.exclusive):
        told.append("exclusive_option")
    return list(dict.fromkeys(told))


def split_options(text: str, known: Container[str]) -> tuple[list[str], bool]:
    """The options of one answer and whether they are ranked.

    Split on the platform's own sign only: options hold commas, slashes and brackets themselves. Where another
    platform joins by a semicolon or a comma and a space, an option of the study that holds that sign stays whole.
    """
    marks = words().options
    for signs, is_ranking in ((marks.ticked, False), (marks.ranked, True)):
        sign = next((s for s in signs if s in text), None)
        if sign:
            return [p for part in text.split(sign) if (p := part.strip())], is_ranking
    flat = normalise(text)
    if compact(flat) not in known:
        for sign in (s for s in marks.elsewhere if s in flat):
            parts = rejoin(flat.split(sign), sign, known)
            if any(is_option(part, known) for part in parts):
                return parts, False
    return [text], False


def rejoin(parts: Sequence[str], sign: str, known: Container[str]) -> list[str]:
    """Parts put together again where only together they are an option, the longest first."""
    out, at = [], 0
    while at < len(parts):
        ends = range(len(parts), at, -1)
        end = next((e for e in ends if is_option(sign.join(parts[at:e]), known)), at + 1)
        out.append(sign.join(parts[at:end]).strip())
        at = end
    return [part for part in out if part]


def is_option(text: str, known: Container[str]) -> bool:
    """Whether a text, without what was typed behind it, is a spelling of an option."""
    return compact(text) in known or compact(without_typed(text)) in known
