"""Names as people write them: aligned with a space, mistyped, with a box for what a system cannot show."""

from __future__ import annotations

import numpy as np

from analysis.synthetic.paper.dirt.brush import Brush
from analysis.synthetic.paper.filled import Filled, blanks, cells
from analysis.synthetic.paper.identity import DOT, RARE, code_points

IDEOGRAPHIC_SPACE = chr(0x3000)
OTHER_DOTS = ("•", "．", ".")
BOX = "□"
# sound or look like given names of the register but never occur in it: a slip makes nobody else's name
SLIPS = "挺影净闽莉绢岩汾彦焰翎坪虹瑕鹰玫籣惠菁滢穴淋茜嘉炘宜垒哓纹雯亚芸"
NUMBERLESS = 0.6  # of mistyped names: the number is missing too


def write_names(brush: Brush, filled: Filled, number: str = "") -> Filled:
    """Column ``name`` with its dirt; ``number`` is a column that may be missing beside a mistyped name."""
    out = show_boxes(brush, space_names(brush, filled))
    return mistype_names(brush, out, number) if number else out


def space_names(brush: Brush, filled: Filled) -> Filled:
    """Some names with a space after the surname, as short names are aligned by hand; some with another dot."""
    names = filled.rows["name"].to_numpy(dtype=object)
    at = brush.some("spaced_names", len(names))
    return filled.spoil("name", at, cells(_spaced(names[i], int(i)) for i in at))


def _spaced(name: str, turn: int) -> str:
    if DOT in name:
        return name.replace(DOT, OTHER_DOTS[turn % len(OTHER_DOTS)])
    gap = " " if turn % 3 else IDEOGRAPHIC_SPACE
    return name[:1] + gap + name[1:]


def show_boxes(brush: Brush, filled: Filled) -> Filled:
    """Characters that the office's system cannot show as a box, in this file but perhaps not in the next."""
    names = filled.rows["name"].to_numpy(dtype=object)
    rare = np.flatnonzero(has_any(names, RARE))
    at = rare[brush.some("rare_characters", len(rare))]
    boxes = str.maketrans(dict.fromkeys(RARE, BOX))
    return filled.spoil("name", at, cells(names[i].translate(boxes) for i in at))


def mistype_names(brush: Brush, filled: Filled, number: str) -> Filled:
    """Some names with a slip in the last character; of most the number in column ``number`` is missing."""
    names = filled.rows["name"].to_numpy(dtype=object)
    at = brush.some("unmatched_names", len(names))
    rng = brush.rng("unmatched_names-how")
    slips = rng.choice(list(SLIPS), len(at))
    is_bare = rng.random(len(at)) < NUMBERLESS
    out = filled.spoil("name", at, cells(names[i][:-1] + s for i, s in zip(at, slips, strict=True)))
    return out.spoil(number, at[is_bare], blanks(int(is_bare.sum())))


def has_any(texts: np.ndarray, characters: str) -> np.ndarray:
    """Whether each text has at least one of the characters."""
    if not len(texts):
        return np.zeros(0, dtype=bool)
    fixed: np.ndarray = texts.astype(str)
    points: np.ndarray = fixed.view(np.uint32).reshape(len(fixed), -1)
    return np.asarray(np.isin(points, code_points(characters)).any(axis=1))
