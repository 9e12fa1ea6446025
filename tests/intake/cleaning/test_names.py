"""Names made comparable: what is the same person written otherwise, and what must stay apart."""

from __future__ import annotations

import pytest

from analysis.intake.cleaning.names import name_form, split_name

SAME = [
    ("张 三", "张三"),
    ("张\u3000三", "张三"),
    ("张三  ", "张三"),
    ("Gicez, Setubow  ", "gicez, setubow"),
    ("GICEZ,  SETUBOW", "gicez, setubow"),
    ("阿依古丽•买买提", "阿依古丽·买买提"),
    ("阿依古丽．买买提", "阿依古丽·买买提"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_spaces_case_and_dots_do_not_tell_names_apart(one: str, other: str) -> None:
    assert name_form(one) == name_form(other)


@pytest.mark.parametrize(
    ("one", "other"), [("张三", "张三丰"), ("Bo, Ann", "Bo, Ann C"), ("李红", "李虹")]
)
def test_other_names_stay_apart(one: str, other: str) -> None:
    assert name_form(one) != name_form(other)


@pytest.mark.parametrize(
    ("text", "key", "middle"),
    [
        ("redilu, jr., agijelec", "redilu|agijelec", ""),
        ("redilu jr, agijelec b", "redilu|agijelec", "b"),
        ("comub ii, fusas m", "comub|fusas", "m"),
        ("ípafa, udalem m", "ipafa|udalem", "m"),
        ("o'tera, hatajij c.", "otera|hatajij", "c"),
        ("bo-kagomu, uhanudu", "bokagomu|uhanudu", ""),
        ("bo kagomu, uhanudu", "bokagomu|uhanudu", ""),
        ("阿依古丽·买买提", "阿依古丽买买提|", ""),
        ("li, j", "li|j", ""),  # a given name that is one letter is no middle initial
    ],
)
def test_the_loose_key_drops_marks_accents_suffix_and_initial(
    text: str, key: str, middle: str
) -> None:
    parts = split_name(name_form(text))
    assert (parts.key, parts.middle) == (key, middle)


def test_a_hyphenated_surname_has_halves() -> None:
    assert split_name("bo-kagomu, uhanudu").halves == ("bo", "kagomu")
    assert split_name("de la bo, uhanudu").halves == ()
