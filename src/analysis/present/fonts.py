"""The Chinese face that figures are drawn with, and the check that it has every sign we print."""

from __future__ import annotations

import importlib.util
import math
import unicodedata
from functools import cache
from pathlib import Path

from matplotlib import font_manager
from matplotlib.ft2font import FT2Font

from analysis.errors import RunError

FAMILY = "Noto Sans SC"
# A Chinese face comes first: curly quotes share their code points with Latin ones and turn narrow under a Latin face.
READING_STACK = (
    "PingFang SC, HarmonyOS Sans SC, MiSans, Microsoft YaHei, Noto Sans SC, Noto Sans CJK SC, "
    "Source Han Sans SC, WenQuanYi Micro Hei, sans-serif"
)


@cache
def font_file() -> Path:
    """The font file of the installed package zhplot.

    It is found without importing the package, since importing changes matplotlib's settings.
    Raises RunError if the package or the file is absent.
    """
    spec = importlib.util.find_spec("zhplot")
    found = (
        Path(spec.origin).parent / "fonts" / "NotoSansSC-Regular.ttf"
        if spec and spec.origin
        else None
    )
    if found is None or not found.is_file():
        raise RunError("font_missing", family=FAMILY, package="zhplot")
    return found


@cache
def font() -> FT2Font:
    """The face itself, made known to matplotlib."""
    font_manager.fontManager.addfont(str(font_file()))
    return font_manager.get_font(str(font_file()))


def missing_glyphs(text: str) -> str:
    """The characters of a text that the face cannot draw, each once, in order."""
    return "".join(dict.fromkeys(c for c in text if font().get_char_index(ord(c)) == 0))


def check_glyphs(text: str) -> str:
    """The text if the face has all of it; otherwise a RunError that names the characters."""
    lost = missing_glyphs(text)
    if lost:
        codes = ", ".join(f"U+{ord(c):04X}" for c in lost)
        raise RunError("glyph_missing", characters=lost, codes=codes, text=text)
    return text


def em_width(text: str) -> float:
    """Rough width of a text in em: full-width signs count one, others 0.58."""
    wide = sum(unicodedata.east_asian_width(c) in "WFA" for c in text)
    return wide + 0.58 * (len(text) - wide)


def wrap(text: str, ems: float) -> tuple[str, ...]:
    """A text cut between any two characters into lines of at most so many em, about equally long."""
    lines, rest = [], text
    count = math.ceil(em_width(text) / math.floor(ems))
    limit = min(ems, em_width(text) / max(count, 1) + 0.6)
    while em_width(rest) > limit:
        cut = next(i for i in range(len(rest), 0, -1) if em_width(rest[:i]) <= limit or i == 1)
        lines.append(rest[:cut])
        rest = rest[cut:]
    return (*lines, rest)
