"""Names one slip apart are found, names two slips apart are not."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.intake.linking.near_names import near_pairs

LEVELS = [
    # one name | the other | how near, or nothing
    ("张建军", "张建军", "same"),
    ("阿依古丽买买提", "阿依古丽·买买提", "same"),  # the dot is missing
    ("张□明", "张䶮明", "boxed"),
    ("张□□", "张䶮㛃", "boxed"),
    ("张□明", "张䶮军", None),
    ("张□", "张䶮明", None),  # a box stands for one sign
    ("张建坪", "张建军", "one_sign"),
    ("王建军", "李建军", "one_sign"),  # a changed surname
    ("张军", "张建军", "one_sign"),
    ("张军建", "张建军", "one_sign"),
    ("张军伟", "张建军", None),
    ("张", "张军", None),  # of a single sign nothing would be left
]


@pytest.mark.parametrize(("one", "other", "level"), LEVELS)
def test_reality_03_names_one_slip_apart_are_near(one: str, other: str, level: str | None) -> None:
    expected = [level] if level else []
    assert near_pairs([one], [other])["level"].tolist() == expected
    assert near_pairs([other], [one])["level"].tolist() == expected


NAMES = st.lists(st.text("张王建军明伟□", min_size=1, max_size=4), max_size=6)


def is_near(one: str, other: str) -> bool:
    """The same question by comparing sign with sign."""
    if one == other:
        return True
    if len(one) == len(other):
        fits = all("□" in (a, b) or a == b for a, b in zip(one, other, strict=True))
        differ = sum(a != b for a, b in zip(one, other, strict=True))
        is_long = len(one) >= 2
        boxed = any(
            all(x[i] == y[i] for i in range(len(x)) if x[i] != "□") and "□" in x
            for x, y in ((one, other), (other, one))
        )
        return (fits and boxed) or (is_long and (differ == 1 or sorted(one) == sorted(other)))
    short, long_ = sorted((one, other), key=len)
    dropped = {long_[:i] + long_[i + 1 :] for i in range(len(long_))}
    return len(short) >= 2 and short in dropped


@settings(max_examples=15)
@given(NAMES, NAMES)
def test_looking_up_finds_what_comparing_all_with_all_finds(
    left: list[str], right: list[str]
) -> None:
    pairs = near_pairs(left, right)
    found = set(zip(pairs["left"], pairs["right"], strict=True))
    assert found == {(a, b) for a in left for b in right if is_near(a, b)}
