"""Names with dirt: the slip makes nobody else's name, and the clean one is kept."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.intake.cleaning.names import name_form
from analysis.synthetic.dirt import Dirt
from analysis.synthetic.paper.dirt import names
from analysis.synthetic.paper.dirt.brush import Brush
from analysis.synthetic.paper.filled import Filled
from analysis.synthetic.paper.identity import GIVEN, RARE


def brush(**rates: float) -> Brush:
    """A brush with some items only."""
    off = dict.fromkeys(vars(Dirt()), 0.0)
    return Brush(3, 2025, "drawn", Dirt(**(off | rates)))


def people(name: str, size: int = 400) -> Filled:
    return Filled(pd.DataFrame({"name": [name] * size, "staff_number": ["G1000001"] * size}))


def test_slips_are_in_no_invented_name() -> None:
    given = {c for lists in GIVEN.values() for texts in lists for text in texts for c in text}
    assert not set(names.SLIPS) & (given | set(RARE))
    assert len(set(names.SLIPS)) == len(names.SLIPS)


@pytest.mark.parametrize("name", ["李静", "李静敏", "阿依努·图尔孜"])
def test_a_spaced_name_is_the_same_name_to_intake(name: str) -> None:
    filled = names.space_names(brush(spaced_names=1.0), people(name))
    written = set(filled.rows["name"])
    assert name not in written
    assert len(written) >= 2
    assert {name_form(text) for text in written} == {name_form(name)}


def test_a_mistyped_name_is_a_slip_of_one_character() -> None:
    filled = names.mistype_names(brush(unmatched_names=1.0), people("李静敏"), "staff_number")
    written = filled.rows["name"]
    assert set(written.str[:2]) == {"李静"}
    assert set(written.str[2:]) <= set(names.SLIPS)
    is_bare = filled.rows["staff_number"] == ""
    assert is_bare.mean() == pytest.approx(names.NUMBERLESS, abs=0.08)
    assert set(filled.stains[0].values) == {"李静敏"}


def test_only_rare_characters_become_boxes() -> None:
    rows = pd.DataFrame({"name": ["李㛃敏", "李静", "王䶮"] * 100})
    filled = names.show_boxes(brush(rare_characters=1.0), Filled(rows))
    assert filled.rows["name"].tolist() == ["李□敏", "李静", "王□"] * 100
    some = names.show_boxes(brush(rare_characters=0.6), Filled(rows)).rows["name"]
    assert some.str.contains("□").sum() / 200 == pytest.approx(0.6, abs=0.1)


def test_characters_are_found_in_texts_of_any_length() -> None:
    texts = np.array(["甲", "乙㛃", "", "丙丁戊己庚辛壬䶮"], dtype=object)
    assert names.has_any(texts, RARE).tolist() == [False, True, False, True]
    assert names.has_any(np.array([], dtype=object), RARE).tolist() == []
