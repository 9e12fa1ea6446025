"""One pattern of many words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache


def one_of(words: Iterable[str]) -> re.Pattern[str]:
    """A pattern of any of these words, the longest first."""
    return any_of(tuple(sorted(set(words), key=lambda w: (-len(w), w))))


@lru_cache(maxsize=256)
def any_of(ordered: tuple[str, ...]) -> re.Pattern[str]:
    """A pattern of any of these words in their order."""
    return re.compile("|".join(map(re.escape, ordered)) or "(?!)")
