"""How the codes of a variable are spelled: by the study, by this delivery, behind a number mark, before typed text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from analysis.intake.cleaning.text import compact, normalise
from analysis.intake.cleaning.words import words, words_of
from analysis.study.objects import Variable

WILDCARD = "*"


def find_answer(flat: str, answers: Mapping[str, str]) -> str | None:
    """The code that this delivery's answers give a text; entries are tried in order, ``*`` stands for anything."""
    for spelling, code in answers.items():
        wanted = compact(spelling)
        if flat == wanted or (WILDCARD in wanted and _wild(wanted).fullmatch(flat)):
            return code
    return None


@cache
def _wild(pattern: str) -> re.Pattern[str]:
    return re.compile(".*".join(re.escape(part) for part in pattern.split(WILDCARD)), re.DOTALL)


def find_code(text: str, variable: Variable) -> tuple[str | None, str]:
    """The code a text spells and the rule applied: none, width, or a mark (``1.``) that was taken off before it."""
    spellings, flat = spellings_of(variable), compact(text)
    if flat in spellings:
        return spellings[flat], "" if normalise(text) == text else "spaces_width"
    unmarked = number_mark().sub("", flat)
    if unmarked in spellings:
        return spellings[unmarked], "number_mark"
    return None, "nothing_word" if flat in words_of("nothing") else "unknown_spelling"


@cache
def number_mark() -> re.Pattern[str]:
    """A number or letter before an option: ``1.``, ``A)``, ``(2)``."""
    return re.compile(rf"^\(?(?:\d{{1,2}}|[a-z])[{re.escape(words().number_marks)}]")


def spellings_of(variable: Variable) -> Mapping[str, str]:
    """Comparable spelling -> code, the codes' own names included."""
    return _spellings(tuple(variable.codes.items()))


@cache
def _spellings(codes: tuple[tuple[str, tuple[str, ...]], ...]) -> Mapping[str, str]:
    named = {compact(code): code for code, _ in codes}
    return named | {compact(s): code for code, all_ in codes for s in all_}


def without_typed(text: str) -> str:
    """An option without what was typed behind it and without the request to type it (the brackets of a platform)."""
    return _bracketed().sub("", text).strip() if _may_be_typed(text) else text


def _may_be_typed(text: str) -> bool:
    options = words().options
    return options.typed[0] in text or options.asked[0] in text


@cache
def _bracketed() -> re.Pattern[str]:
    options = words().options
    pairs = (tuple(map(re.escape, pair)) for pair in (options.asked, options.typed))
    return re.compile("|".join(rf"{opens}[^{closes}]*{closes}?" for opens, closes in pairs))


def typed_behind_other(text: str, variable: Variable) -> str | None:
    """The code of ``other`` where a colon or line stands between the option and what was typed; None otherwise."""
    for word in words().options.other:
        found = re.match(rf"{re.escape(word)}(?:\([^)]*\))?[:_-]+", compact(text))
        if found:
            return spellings_of(variable).get(word)
    return None
