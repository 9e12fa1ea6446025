"""Planted wrong claims: whatever is done to a record changes the words or stops the report; and what all wording keeps.

Records are drawn by hypothesis, their grade and verdict computed as ever; the small report is of a drawn panel.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache

import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from analysis.errors import AnalysisError
from analysis.inference.evaluate import evaluate_outcome
from analysis.inference.family import judge
from analysis.inference.measure import measure_problems
from analysis.inference.record import Arm, Check, Estimate, Grade
from analysis.intake.delivery import Delivery
from analysis.panel.build import Panel
from analysis.release.claims import SLOT, Claim, Report, Slot
from analysis.release.compose import compose_report
from analysis.release.disclosure import disclose, rule_against
from analysis.release.effects import effect_claims, label_of
from analysis.release.indicators import indicator_claims
from analysis.release.sound import find_faults
from analysis.release.wording import wording
from analysis.study.load import load_study
from analysis.study.objects import Indicator, Problem, Study
from analysis.study.workspace import open_workspace
from tests.honesty.statements import CAUSAL, OPEN, number_of, room_of, sign_of
from tests.inference.drawn import drawn_panel
from tests.release.drawn import effect

YEAR = 2025
DIGITS = re.compile(r"\d+(?:\.\d+)?")
UNITS = {"pp": ("个百分点", "%"), "points": ("分",)}


@cache
def study() -> Study:
    return load_study(open_workspace())


# --- a small report --------------------------------------------------------------------------------------

SCORE, RAW = "digital_course:digital_literacy:score", "urban_rural_gap.digital_gap"


@cache
def small() -> tuple[Panel, tuple[Estimate, ...]]:
    panel = drawn_panel(1, years=(2023, 2024, 2025))
    effects = [e for o in study().outcomes for e in evaluate_outcome(study(), panel, o)]
    effects = [clear(e) if e.id == SCORE else e for e in effects]
    return panel, (*effects, *measure_problems(study(), panel))


def clear(e: Estimate) -> Estimate:
    """The record with an interval far from zero, judged anew: so small a panel has no such programme."""
    ends = {"ci_low": 1.5, "ci_high": 2.5, "ci_adj_low": 1.3, "ci_adj_high": 2.7}
    return judge(replace(e, estimate=2.0, **ends))  # type: ignore[arg-type]


def delivery() -> Delivery:
    return Delivery(
        region="drawn", label="画县", year=YEAR, tables={}, ledger=pd.DataFrame(), files=(),
        links=pd.DataFrame(), is_invented=True, fingerprint="", as_of="2025-09-01", notes=(),
    )  # fmt: skip


def composed(change: Callable[[Estimate], Estimate] = lambda e: e, only: str = "") -> Report:
    """The small report, with one change made to the record ``only`` (all without it)."""
    panel, estimates = small()
    found = tuple(change(e) if only in (e.id, "") else e for e in estimates)
    return compose_report(study(), delivery(), panel, found)


def told(report: Report, source: str) -> list[str]:
    """What is said of one record, sentence by sentence."""
    return [c.plain() for c in report.claims() if c.estimate == source]


def words(report: Report, source: str) -> list[str]:
    """The same without its digits."""
    return [DIGITS.sub("", text) for text in told(report, source)]


def flipped(e: Estimate) -> Estimate:
    """The record with every sign turned and both sides exchanged."""

    def turn(v: float | None) -> float | None:
        return None if v is None else -v

    names = {"focus": "reference", "reference": "focus"}
    return replace(
        e, estimate=turn(e.estimate), raw_difference=turn(e.raw_difference),
        ci_low=turn(e.ci_high), ci_high=turn(e.ci_low),
        ci_adj_low=turn(e.ci_adj_high), ci_adj_high=turn(e.ci_adj_low),
        arms={names.get(k, k): a for k, a in e.arms.items()},
    )  # fmt: skip


def widened(e: Estimate) -> Estimate:
    """The record with an interval that holds everything, judged anew."""
    return judge(replace(e, ci_low=-90.0, ci_high=90.0, ci_adj_low=-99.0, ci_adj_high=99.0))


def test_a_flipped_sign_turns_the_words() -> None:
    for source in (SCORE, RAW):
        plain, turned = words(composed(), source), words(composed(flipped, source), source)
        assert plain
        assert plain != turned
    gap = told(composed(flipped, RAW), RAW)
    assert any("高" in text for text in gap)
    assert not any("乡村教师低" in text for text in gap)


def test_a_sign_flipped_in_one_number_only_stops_the_run() -> None:
    with pytest.raises(AnalysisError, match=r"contradicts itself \(estimate\)"):
        composed(lambda e: replace(e, estimate=-(e.estimate or 0)), SCORE)


def test_a_widened_interval_cannot_be_told() -> None:
    for source in (SCORE, RAW):
        assert not any(OPEN.search(text) for text in told(composed(), source))
        text = told(composed(widened, source), source)
        assert any(OPEN.search(one) for one in text)


def test_an_interval_widened_behind_the_verdicts_back_stops_the_run() -> None:
    def behind(e: Estimate) -> Estimate:
        return replace(widened(e), verdict=e.verdict, grade=e.grade)

    with pytest.raises(AnalysisError, match=r"contradicts itself \(verdict\)"):
        composed(behind, SCORE)


def test_a_suppressed_cell_is_nowhere() -> None:
    def shrunk(e: Estimate) -> Estimate:
        return replace(e, arms=e.arms | {"focus": Arm(7, 2, None, 43.21)})

    report = composed(shrunk, RAW)
    text = "".join(c.plain() for c in report.claims())
    shown = "".join(cell for t in report.tables.values() for row in t.rows for cell in row)
    assert "43.2" not in text + shown
    absent = [t for p in report.problems for t in p.absent]
    assert any("不单独列出" in one for one in absent)
    assert RAW in report.hidden


def test_another_year_stops_the_run() -> None:
    for source in (SCORE, RAW, "level:attrition:A2:2025"):
        assert any(e.id == source for e in small()[1])
        with pytest.raises(AnalysisError, match=r"contradicts itself \(year\).*2024.*2025"):
            composed(lambda e: replace(e, year=2024), source)


def test_numerator_and_denominator_swapped_stop_the_run() -> None:
    def swapped(e: Estimate) -> Estimate:
        arms = {
            k: replace(a, n_events=a.n_teachers, n_teachers=a.n_events or 0, n_rows=a.n_events or 0)
            for k, a in e.arms.items()
        }
        return replace(e, arms=arms)

    with pytest.raises(AnalysisError, match="events"):
        composed(swapped, "urban_rural_gap.attrition_gap")


def test_a_share_that_is_not_its_events_stops_the_run() -> None:
    def inverse(e: Estimate) -> Estimate:
        arms = {k: replace(a, level=100 - (a.level or 0)) for k, a in e.arms.items()}
        return replace(e, arms=arms)

    with pytest.raises(AnalysisError, match="level"):
        composed(inverse, "urban_rural_gap.attrition_gap")


@pytest.mark.parametrize("unit", ["percent", "points"])
def test_a_changed_unit_stops_the_run(unit: str) -> None:
    with pytest.raises(AnalysisError, match="unit"):
        composed(lambda e: replace(e, unit=unit), "urban_rural_gap.attrition_gap")


def test_a_unit_that_has_no_words_stops_the_run() -> None:
    with pytest.raises(KeyError, match="percent"):
        composed(lambda e: replace(e, unit="percent"), SCORE)


def test_a_moved_grade_stops_the_run() -> None:
    with pytest.raises(AnalysisError, match=r"contradicts itself \(grade\)"):
        composed(lambda e: replace(e, grade="B"), SCORE)


def test_a_grade_moved_with_its_checks_changes_the_verb() -> None:
    stronger = effect(assignment="staggered", grade="B")
    weaker = effect(assignment="staggered", grade="D", checks=(Check("x", 1, "fail", cap="D"),))
    texts = ["".join(c.plain() for c in effect_claims(study(), e)) for e in (stronger, effect(), weaker)]  # fmt: skip
    assert [bool(CAUSAL.search(t)) for t in texts] == [True, False, False]
    assert "相关" in texts[1]
    assert "尚不能判断原因" in texts[2]
    assert len({label_of(e) for e in (stronger, effect(), weaker)}) == 3


def test_the_small_report_itself_is_sound() -> None:
    assert [f for e in small()[1] for f in find_faults(e, YEAR)] == []
    assert len(composed().claims()) > 10


# --- what all wording keeps ------------------------------------------------------------------------------

numbers = st.floats(-40, 40).map(lambda v: round(v, 5))
errors = st.floats(0.0005, 12).map(lambda v: round(v, 5))
people = st.integers(0, 4000)


@st.composite
def arms(draw: st.DrawFn, unit: str, names: tuple[str, ...]) -> dict[str, Arm]:
    found = {}
    for name in names:
        n = draw(people)
        events = draw(st.integers(0, n)) if unit == "pp" else None
        share = 100 * events / n if events is not None and n else draw(st.floats(0, 100))
        found[name] = Arm(n, draw(st.integers(0, 90)), events, share)
    return found


@st.composite
def records(draw: st.DrawFn, kind: str = "effect") -> Estimate:
    """A record whose interval, grade and verdict belong together; assignment, checks and sizes are anybody's."""
    is_effect = kind == "effect"
    unit = draw(st.sampled_from(["points", "pp"]))
    value, error = draw(numbers), draw(errors)
    plain, family = 1.98 * error, draw(st.floats(1.98, 3.2)) * error
    caps: tuple[Grade | None, ...] = (None, "C", "D")
    cap = draw(st.sampled_from(caps))
    checks = (
        Check("clusters", draw(st.sampled_from([3.0, 8.0, 40.0])), draw(st.sampled_from(["pass", "fail"]))),
        Check("x", 1.0, "fail", cap=cap),
    )  # fmt: skip
    designs = {"points": ("ancova", "policy_linear"), "pp": ("policy_logit", "landmark_logit")}
    design = draw(st.sampled_from(designs[unit])) if is_effect else kind
    policy = ("treated_before", "treated", "control_before", "control")
    sides = policy if is_effect else ("focus", "reference")
    subject = {
        "points": "digital_course:digital_literacy:score",
        "pp": "rural_subsidy:attrition:A2",
    }
    about = subject[unit].split(":")
    assignments = ("lot", "staggered", "volunteer", "universal") if is_effect else ("adjusted_gap",)
    ends = (1.001, 3.0) if value > 0 else (0.3, 0.999)  # on the side of its difference
    ratio = draw(st.floats(*ends)) if unit == "pp" and is_effect else None
    found = effect(
        id=subject[unit] if is_effect else "p.i", kind=kind, subject=about[0], outcome=about[1], definition=about[2],
        design=design, estimand=design, unit=unit, estimate=value, std_error=error,
        ci_low=value - plain, ci_high=value + plain, ci_adj_low=value - family, ci_adj_high=value + family,
        assignment=draw(st.sampled_from(assignments)), checks=checks, n_family=draw(st.integers(1, 8)),
        mde=2.8 * error, relevant_effect=draw(st.sampled_from([0.2, 1.0, 5.0])), arms=draw(arms(unit, sides)),
        n_treated=draw(people), ratio=ratio, ratio_low=ratio and ratio / 1.5, ratio_high=ratio and ratio * 1.5,
        raw_difference=draw(numbers), note=draw(st.sampled_from(["", "trimmed"])),
    )  # fmt: skip
    return judge(found)


def effect_sentences(e: Estimate) -> tuple[Claim, ...]:
    return effect_claims(study(), disclose(e)[0])


@cache
def gap_of(unit: str) -> tuple[Problem, Indicator]:
    problem = study().problems["urban_rural_gap"]
    name = {"points": "digital_gap", "pp": "attrition_gap"}[unit]
    return problem, next(i for i in problem.indicators if i.id == name)


def gap_sentences(e: Estimate) -> tuple[Claim, ...]:
    problem, indicator = gap_of(e.unit)
    name, definition = indicator.measure.split(":")
    one = replace(e, id=f"{problem.id}.{indicator.id}", outcome=name, definition=definition)
    shown = disclose(one)[0]
    assume(shown.estimate is not None)
    return indicator_claims(study(), problem, indicator, {shown.id: shown})


SENTENCES = {"effect": effect_sentences, "gap": gap_sentences}
drawn = st.sampled_from([*SENTENCES]).flatmap(lambda k: st.tuples(st.just(k), records(k)))
Drawn = tuple[str, Estimate]


def printed_of(e: Estimate) -> list[float]:
    """Every number of a record that a sentence may print."""
    found = [
        e.estimate, e.ci_low, e.ci_high, e.ci_adj_low, e.ci_adj_high, e.mde, e.relevant_effect,
        e.raw_difference, e.ratio, e.ratio_low, e.ratio_high,
        *(float(n) for n in (e.n_treated, e.n_family, e.n_treated_schools, e.n_control_schools)),
    ]  # fmt: skip
    levels = [a.level for a in e.arms.values() if a.level is not None]
    found += levels + [x - y for x in levels for y in levels]
    found += [float(n) for a in e.arms.values() for n in (a.n_teachers, a.n_rows)]
    return [v for v in found if v is not None]


@given(drawn)
def test_every_number_is_a_slot_with_its_unit(case: Drawn) -> None:
    kind, e = case
    known = printed_of(e)
    for claim in SENTENCES[kind](e):
        bare = SLOT.sub("", claim.text).replace("比值1", "")  # what a ratio means, not a finding
        for name in names_with_digits():
            bare = bare.replace(name, "")
        assert not re.search(r"\d", bare), bare
        assert set(SLOT.findall(claim.text)) <= {s.name for s in claim.slots}
        for slot in claim.slots:
            assert any(abs(abs(slot.value) - abs(v)) < 1e-9 for v in known), slot
            check_printed(slot, e)


@cache
def names_with_digits() -> tuple[str, ...]:
    """Names of the study that hold a digit of their own, such as a number of hours."""
    texts = [t for i in study().interventions.values() for t in (i.label, i.exposed_text, i.comparison_text)]  # fmt: skip
    texts += [t for p in study().problems.values() for i in p.indicators for t in (i.measure_text, i.focus_text)]  # fmt: skip
    return tuple(sorted((t for t in texts if re.search(r"\d", t)), key=len, reverse=True))


def check_printed(slot: Slot, e: Estimate) -> None:
    """The printed digits are the value to within half of the last of them, its sign word and unit are the record's."""
    is_bound = (
        slot.name == "bound"
    )  # never printed below what it bounds, so up to a whole last digit above
    room = room_of(slot) * (2 if is_bound else 1)
    assert abs(number_of(slot) - abs(slot.value)) <= room * (1 + 1e-9), slot
    assert not is_bound or number_of(slot) >= abs(slot.value) - 1e-9, slot
    sign = sign_of(slot)
    assert sign is None or number_of(slot) == 0 or sign == (1 if slot.value > 0 else -1), slot
    if slot.unit in UNITS or slot.unit == "%":
        expected = ("%",) if slot.unit == "%" else (UNITS[e.unit][0],)
        is_level_text = number_of(slot) == 0 and not DIGITS.search(slot.text)
        assert slot.text.endswith(expected) or is_level_text, slot
        assert slot.unit == e.unit or (slot.unit == "%" and e.unit == "pp")


@given(drawn)
def test_causal_verbs_only_at_a_or_b_with_a_direction(case: Drawn) -> None:
    kind, e = case
    may = kind == "effect" and e.verdict == "direction" and e.grade in ("A", "B")
    for claim in SENTENCES[kind](e):
        assert may or not CAUSAL.search(claim.plain()), claim.plain()
        if may and claim.label == "strong":
            assert CAUSAL.search(claim.plain())


@given(drawn)
def test_what_is_undetermined_says_so_and_nothing_else_does(case: Drawn) -> None:
    kind, e = case
    shown = disclose(e)[0]
    text = "".join(c.plain() for c in SENTENCES[kind](e))
    assume(shown.is_usable and "不单独列出" not in text)
    assert bool(OPEN.search(text)) == (shown.verdict == "undetermined"), text
    assert "无效" not in text
    assert "没有作用" not in text.replace("有没有作用", "")


@given(drawn)
def test_no_rounded_end_crosses_or_touches_zero(case: Drawn) -> None:
    """Read from the print: a direction's range lies on one side of zero, what cannot be told has zero in its range."""
    kind, e = case
    for claim in SENTENCES[kind](e):
        slots = {s.name: s for s in claim.slots}
        if "size" not in slots or "low" not in slots:
            continue
        size, low, high = (slots[n] for n in ("size", "low", "high"))
        assert low.text in claim.plain(), "the range is told"
        if e.verdict == "direction":
            assert number_of(low) > 0, claim.plain()
            assert number_of(low) <= number_of(size) <= number_of(high), claim.plain()
            assert {sign_of(low), sign_of(high)} == {None}, claim.plain()
        else:
            assert {sign_of(low), sign_of(high)} == {1, -1}, claim.plain()


@pytest.mark.parametrize("end", [0.04, 0.004, 0.0004, 0.00004])
def test_an_end_close_to_zero_is_printed_on_its_side(end: float) -> None:
    near = judge(effect(ci_low=end, ci_adj_low=end / 2, checks=()))
    (claim,) = effect_sentences(near)
    assert near.verdict == "direction"
    assert number_of(claim.slot("low")) > 0, claim.plain()
    just_below = judge(effect(estimate=0.1, ci_low=-0.5, ci_high=0.5, ci_adj_low=-0.9, ci_adj_high=1 - end, checks=()))  # fmt: skip
    (claim,) = effect_sentences(just_below)
    assert just_below.verdict == "bounded"
    assert number_of(claim.slot("bound")) < number_of(claim.slot("relevant")), claim.plain()


@given(drawn)
def test_a_bound_is_never_printed_as_large_as_what_matters(case: Drawn) -> None:
    kind, e = case
    for claim in SENTENCES[kind](e):
        slots = {s.name: s for s in claim.slots}
        if "bound" in slots:
            assert number_of(slots["bound"]) < number_of(slots["relevant"]), claim.plain()


@given(records())
def test_the_label_is_the_grades(e: Estimate) -> None:
    shown = disclose(e)[0]
    expected = {"A": "把握较大", "B": "把握较大", "C": "把握中等", "D": "把握较小"}
    for claim in effect_sentences(e):
        word = wording()["labels"][claim.label]["word"]
        if not shown.is_usable:
            assert word == "现有数据无法回答"
        elif shown.verdict == "undetermined":
            assert word == "尚不能判断"
        else:
            assert word == expected[shown.grade]


@given(drawn)
def test_nothing_is_said_of_a_hidden_cell(case: Drawn) -> None:
    kind, e = case
    hidden = [a for a in e.arms.values() if rule_against(a)]
    assume(hidden)
    shown = {a.level for a in e.arms.values() if not rule_against(a)}
    values = {s.value for c in SENTENCES[kind](e) for s in c.slots if s.unit in ("%", "points")}
    for arm in hidden:
        assert arm.level in shown or arm.level not in values - {e.estimate, e.ci_low, e.ci_high}
    names = {s.name for c in SENTENCES[kind](e) for s in c.slots}
    gives_away = {"raw", "before"} | {k for k, a in e.arms.items() if rule_against(a)}
    assert not names & gives_away


@given(drawn)
def test_every_drawn_record_is_sound(case: Drawn) -> None:
    """The records of these tests are such as a report takes; one number moved in any of them would stop it."""
    e = case[1]
    assert not [f for f in find_faults(e, YEAR) if "level" not in str(f)]
    far = abs(e.ci_adj_high or 0) + abs(e.ci_adj_low or 0) + 1
    assert [*find_faults(replace(e, estimate=far), YEAR)]
    assert [*find_faults(replace(e, verdict="bounded" if e.verdict == "direction" else "direction"), YEAR)]  # fmt: skip
    assert [*find_faults(replace(e, year=YEAR - 1), YEAR)]
