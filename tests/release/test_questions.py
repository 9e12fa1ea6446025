"""Ten questions whose answers come from this report's own records; one without facts gives way to the next."""

from __future__ import annotations

from analysis.inference.background import RESPONSE, background
from analysis.inference.record import Arm
from analysis.release.cards import card_claims
from analysis.release.claims import SLOT
from analysis.release.questions import QUESTIONS, WANTED, questions
from tests.release.drawn import effect
from tests.release.test_changes import level
from tests.release.test_patterns import PANEL, material

ANSWERED = background(PANEL, RESPONSE, "response", "pp", Arm(5862, 112, 3985, 68.0), ("问卷.csv",))
RECORDS = (
    level(2024, 3.0),
    level(2025, 1.4),
    level(2025, 3.6, definition="A4"),
    level(2024, 5.2, definition="A4"),
    level(2025, 1.3, definition="A3"),
    effect(n_family=2),
    effect(id="rotation:attrition:A2", subject="rotation", outcome="attrition", definition="A2",
           estimate=None, reason="described", family="attrition"),
    effect(id="mentoring:attrition:A2", subject="mentoring", outcome="attrition", definition="A2", unit="pp",
           verdict="undetermined", mde=5.1, relevant_effect=1.0, family="attrition"),
    ANSWERED,
)  # fmt: skip


def answers(*records: object) -> dict[str, str]:
    found = questions(material(*(records or RECORDS)))  # type: ignore[arg-type]
    return {p.id: "".join(c.plain() for c in p.claims) for p in found}


def test_a_whole_report_has_ten_each_with_an_answer() -> None:
    found = answers()
    assert len(found) == WANTED
    assert all(found.values())


def test_a_report_of_one_level_still_has_ten() -> None:
    assert len(answers(level(2025, 1.4))) >= 8


def test_nothing_at_all_has_fewer_and_no_number() -> None:
    found = questions(material())
    assert 0 < len(found) < WANTED
    assert not any(c.slots for p in found for c in p.claims)


def test_every_question_can_be_reached() -> None:
    """Each stands alone: asked by itself on the records, it answers or says that it has no facts."""
    made = {name: make(material(*RECORDS)) for name, make in QUESTIONS}
    assert {n for n, a in made.items() if a is None} <= {
        "moving",
        "unanswered",
        "linked",
        "comparable",
    }


def test_every_number_is_a_slot_of_a_record_here() -> None:
    known = {e.id for e in RECORDS}
    for passage in questions(material(*RECORDS)):
        for claim in passage.claims:
            assert set(SLOT.findall(claim.text)) <= {s.name for s in claim.slots}
            assert {s.source for s in claim.slots} <= known


def test_nothing_is_called_an_effect_below_the_highest_label() -> None:
    assert answers()["causal"].startswith("不能")
    strong = effect(id="smart_pilot:digital_literacy:score", subject="smart_pilot", grade="B")
    assert "智慧教育试点与数字素养得分，可以这样说" in answers(*RECORDS, strong)["causal"]


def test_cannot_tell_names_the_smallest_change_it_could_have_seen() -> None:
    said = answers()["unclear"]
    assert "最小变化是5.1个百分点" in said
    assert "比有意义的变化1.0个百分点还大" in said


def test_the_published_figure_is_met_with_the_farthest_definition_and_never_with_moves() -> None:
    said = answers()["published"]
    assert "1.4%" in said
    assert "3.6%" in said
    assert "校际流动率" not in said


def test_who_is_missing_comes_from_the_response_record() -> None:
    assert "3985份" in answers()["missing"]
    assert "missing" not in answers(*RECORDS[:-1])


def test_the_card_says_which_is_used_how_far_it_moves_and_whether_all_agree() -> None:
    card = card_claims(material(*RECORDS))[0].plain()
    assert "用离开本县（区）教育系统（A2）：1.4%" in card
    assert "两端相差2.2个百分点" in card
    assert "升降方向一致" in card
    turned = [level(2024, 2.0, definition="A4") if e.id.endswith("A4:2024") else e for e in RECORDS]
    assert "方向不一致：全口径离开率（A4）" in card_claims(material(*turned))[0].plain()
