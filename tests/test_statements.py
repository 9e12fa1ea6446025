"""The judge of statements: planted statements with known verdicts, its truths, its stores and its table; a short run."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analysis.inference.record import Arm, Estimate
from analysis.release.claims import Claim
from analysis.release.effects import effect_claims
from analysis.study.load import load_study
from analysis.study.objects import Study
from analysis.study.workspace import open_workspace
from analysis.synthetic.options import bureau_options
from analysis.synthetic.truth.bureau import draw_bureau
from tests.honesty import statements_store as stores
from tests.honesty import statements_table as told
from tests.honesty.measures import NoFigureError
from tests.honesty.statements import CAUSAL, FIELDS, Statement, kind_of, numbers_of, read_claim
from tests.honesty.statements_clean import draw_twin
from tests.honesty.statements_draw import SIZES, Found, Reports, draw_statements
from tests.honesty.statements_permuted import dealt, draw_permuted
from tests.honesty.statements_store import JudgedReport, read_reports, run_reports, sound_reports
from tests.honesty.statements_truth import NOT_STATED, Truths, judged
from tests.honesty.store import StoreError
from tests.honesty.worlds import Plan, draw_world
from tests.release.drawn import effect
from tests.release.test_effects import RISK

pytestmark = pytest.mark.xdist_group("honesty")
PLAN = Reports("W1", "tiny", 3)
ZERO = {"intervention": "digital_course", "outcome": "digital_literacy"}


@pytest.fixture(scope="module")
def study() -> Study:
    return load_study(open_workspace())


def planted(value: float, year: int = 2025, n: int = 100, **about: Any) -> dict[str, object]:
    """One line of the effects that ``truth.json`` states."""
    line = ZERO | {"definition": "score", "year": year, "effect": value, "n_treated": n}
    return line | about


def judge_one(
    study: Study, e: Estimate, *effects: dict[str, object], zeros: tuple[object, ...] = ()
) -> dict[str, Statement]:
    """The judged statements of one record by quantity; the record is its own twin."""
    (claim,) = effect_claims(study, e)
    truths = Truths({"zeros": list(zeros), "effects": list(effects)}, {e.id: e}, {e.id: e})
    return {s.quantity: s for s in judged(read_claim("effects", claim, {e.id: e}), truths)}


# --- planted statements with known verdicts -------------------------------------------------------------------


def strong(**changes: object) -> Estimate:
    return effect(assignment="staggered", grade="B", **changes)


@pytest.mark.parametrize(
    ("truth", "is_wrong", "is_missed"),
    [
        (1.2, False, False),
        (1.53, False, False),  # 1.5 is printed of what may be up to 1.55
        (1.6, False, True),
        (0.1, False, True),
        (0.0, True, True),  # a way where there is none
        (-1.2, True, True),
    ],
)
def test_an_effect_against_what_is_planted(
    study: Study, truth: float, is_wrong: bool, is_missed: bool
) -> None:
    """Told: 1.2 higher, 0.9 to 1.5, with a causal verb."""
    one = judge_one(study, strong(), planted(truth))["estimate"]
    assert (one.kind, one.direction, one.low, one.high) == ("effect", 1, 0.9, 1.5)
    assert one.is_causal
    assert one.is_definite
    assert (one.is_wrong, one.is_missed) == (is_wrong, is_missed)


def test_a_fall_is_read_as_a_fall(study: Study) -> None:
    """Ends of one side are printed without their sign: it is that of the number."""
    down = strong(estimate=-1.2, ci_low=-1.5, ci_high=-0.9, ci_adj_low=-1.54, ci_adj_high=-0.86)
    one = judge_one(study, down, planted(-1.0))["estimate"]
    assert (one.value, one.direction, one.low, one.high) == (-1.2, -1, -1.5, -0.9)
    assert not one.is_wrong
    assert not one.is_missed
    assert judge_one(study, down, planted(1.0))["estimate"].is_wrong


def test_a_sentence_that_turns_the_sign_is_caught(study: Study) -> None:
    """The record is right and the words are not: only who reads the words sees it."""
    (claim,) = effect_claims(study, strong())
    lying = replace(claim.slot("size"), text="低1.2分")
    turned = replace(claim, slots=tuple(lying if s.name == "size" else s for s in claim.slots))
    truths = Truths({"zeros": [], "effects": [planted(1.2)]}, {strong().id: strong()}, {})
    found = {s.quantity: s for s in judged(read_claim("effects", turned, truths.told), truths)}
    assert found["estimate"].is_wrong
    assert found["estimate"].is_missed


def test_a_causal_verb_where_nothing_is_planted_is_counted(study: Study) -> None:
    one = judge_one(study, strong(), zeros=(ZERO,))["estimate"]
    assert (one.truth, one.is_causal, one.is_wrong) == (0.0, True, True)
    assert told.is_of_nothing(one)


def test_a_difference_without_a_causal_verb_is_an_association(study: Study) -> None:
    """Grade C: held against the same comparison of the clean twin, whatever is planted."""
    found = judge_one(study, effect(), planted(-9.0))
    assert (found["estimate"].kind, found["estimate"].truth) == ("association", 1.2)
    assert not found["estimate"].is_wrong
    assert (found["raw_difference"].kind, found["raw_difference"].value) == ("gap", 2.4)
    assert (found["before"].kind, found["before"].truth) == ("gap", 1.5)


def test_what_cannot_be_told_has_a_range_and_no_way(study: Study) -> None:
    one = judge_one(study, effect(**RISK), planted(-0.9, intervention="rural_subsidy", outcome="attrition", definition="A2"))  # fmt: skip
    size = one["estimate"]
    assert (size.kind, size.direction, size.is_definite) == ("effect", 0, False)
    assert (size.low, size.high, size.truth) == (-1.5, 0.3, -0.9)
    assert not size.is_missed
    assert not size.is_wrong
    assert not size.is_causal
    assert abs(one["arms.treated"].value - 2.8) <= one["arms.treated"].room
    assert one["arms.treated"].kind == "level"


@pytest.mark.parametrize(("truth", "is_beyond"), [(0.6, False), (-0.6, False), (0.7, True), (-0.7, True)])  # fmt: skip
def test_a_bound_holds_or_not(study: Study, truth: float, is_beyond: bool) -> None:
    tight = effect(
        estimate=0.1, ci_low=-0.3, ci_high=0.5, ci_adj_low=-0.4, ci_adj_high=0.6, verdict="bounded"
    )
    one = judge_one(study, tight, planted(truth))["estimate"]
    assert (one.kind, one.bound, one.direction, one.has_range) == ("effect", 0.6, 0, False)
    assert one.is_definite
    assert one.is_beyond == is_beyond


def test_a_ratio_is_held_against_one(study: Study) -> None:
    fall = RISK | {"grade": "B", "verdict": "direction", "ci_high": -0.1, "ci_adj_high": -0.05, "ratio_high": 0.9}  # fmt: skip
    about: Any = {"intervention": "rural_subsidy", "outcome": "attrition", "definition": "A2"}
    right = judge_one(study, effect(**fall), planted(-0.6, risk_ratio=0.8, **about))["ratio"]
    wrong = judge_one(study, effect(**fall), planted(0.6, risk_ratio=1.2, **about))["ratio"]
    assert (right.direction, right.low, right.high) == (-1, 0.6, 0.9)
    assert (right.is_wrong, right.is_missed) == (False, False)
    assert (wrong.is_wrong, wrong.is_missed) == (True, True)


def test_effects_are_averaged_over_the_years_of_the_design(study: Study) -> None:
    """A course is of the report year; a policy of every year that it looks at, by who was exposed."""
    lines = (planted(3.0, 2024, 300), planted(1.0, 2025, 100), planted(9.0, 2019, 900))
    assert judge_one(study, strong(), *lines)["estimate"].truth == 1.0
    policy = strong(design="policy_linear", period="2023-09-01/2025-09-01")
    assert judge_one(study, policy, *lines)["estimate"].truth == 2.5


def test_what_cannot_be_judged_is_named(study: Study) -> None:
    (claim,) = effect_claims(study, strong())
    e = strong()
    nothing = Truths({"zeros": [], "effects": []}, {e.id: e}, {})
    one = next(iter(judged(read_claim("effects", claim, {e.id: e}), nothing)))
    assert (one.truth, one.reason) == (None, NOT_STATED)
    assert not one.is_wrong
    unknown = next(iter(judged(read_claim("effects", claim, {}), Truths({}, {}, {}))))
    assert unknown.reason == "no record: digital_course"
    far = replace(claim, slots=(replace(claim.slot("size"), value=77.0),), text="{size}")
    other = next(iter(judged(read_claim("effects", far, {e.id: e}), nothing)))
    assert other.reason == "no such number: effect"


def test_levels_are_read_with_their_base_left_aside(study: Study) -> None:
    (claim,) = effect_claims(study, effect(**RISK))
    quantities = {s.quantity for s in read_claim("effects", claim, {claim.estimate: effect(**RISK)})}  # fmt: skip
    sides = {f"arms.{s}" for s in ("treated_before", "treated", "control_before", "control")}
    assert quantities == {"estimate", *sides}


def test_a_programme_that_is_only_counted(study: Study) -> None:
    counted = effect(reason="described", estimate=None, n_treated=151)
    one = judge_one(study, counted)["count"]
    assert (one.kind, one.value, one.truth, one.is_definite) == ("level", 151.0, 151.0, True)


@pytest.mark.parametrize(
    ("text", "is_causal"),
    [
        ("使流失率降低", True),
        ("带来变化", True),
        ("促进了提高", True),
        ("即使有作用，也不超过", False),
        ("教师使用平台", False),
        ("与得分相关，方向有利", False),
    ],
)
def test_causal_verbs_are_told_from_their_likes(text: str, is_causal: bool) -> None:
    assert bool(CAUSAL.search(text)) == is_causal


def test_the_kind_follows_the_words_not_the_record() -> None:
    causal = Claim("x", "", "effect", "使得分提高。", (), "strong")
    plain = replace(causal, text="得分较高；这里只呈现差异，尚不能判断原因。", label="weak")
    assert (kind_of(causal, "estimate"), kind_of(plain, "estimate")) == ("effect", "association")
    assert kind_of(plain, "arms.treated") == "level"


# --- figures and levels ------------------------------------------------------------------------------------


def row(**changes: object) -> Statement:
    fields: dict[str, object] = {
        "part": "effects", "kind": "effect", "claim": "c", "source": "s", "quantity": "estimate",
        "value": 1.0, "room": 0.05, "direction": 1, "low": 0.5, "high": 1.5, "truth": 1.0,
    }  # fmt: skip
    return Statement(**(fields | changes))  # type: ignore[arg-type]


def report(seed: int, *rows: Statement) -> JudgedReport:
    return JudgedReport(seed, "f" * 12, 9.0, rows)


def everything(one: Statement) -> bool:
    return True


def test_shares_count_statements_and_err_by_report() -> None:
    """Four of eight wrong, all in one of two reports: 50 %, and reports differ as much as they can."""
    bad = tuple(row(truth=-1.0) for _ in range(4))
    found = told.wrong((report(1, *bad), report(2, *(row() for _ in range(4)))), everything)
    assert (found.value, found.n) == (0.5, 8)
    assert found.error == pytest.approx(0.5)
    even = tuple(report(s, row(), row(truth=-1.0)) for s in (1, 2, 3, 4))
    assert told.wrong(even, everything).error == 0.0


def test_denominators_are_their_own() -> None:
    rows = (
        row(),
        row(direction=0, truth=9.0),  # a range that misses, no way
        row(direction=0, low=None, high=None, bound=0.5),  # a bound that is passed
        row(direction=0, low=None, high=None, value=1.2, kind="level"),  # a number 20 % off
        row(truth=None, reason="x"),
        row(truth=0.0, is_causal=True),
    )
    reports = (report(1, *rows),)
    assert told.wrong(reports, everything).n == 2
    assert told.missed(reports, everything).value == pytest.approx(2 / 3)
    assert (told.beyond(reports, everything).value, told.beyond(reports, everything).n) == (1, 1)
    assert (told.off(reports, everything).value, told.off(reports, everything).n) == (1, 1)
    assert (told.causal(reports, everything).value, told.causal(reports, everything).n) == (1, 1)
    with pytest.raises(NoFigureError):
        told.causal((report(1, row()),), everything)


def test_silence_is_counted() -> None:
    rows = [row(claim=str(i), part="problems", kind="gap") for i in range(5)]
    rows += [row(claim="e"), row(claim="u", is_definite=False), row(claim="s", part="summary")]
    found = report(1, *rows, row(claim="e", quantity="raw_difference"))
    assert told.definite_claims(found) == 6
    assert told.definite_claims(found, "effects") == 1
    assert told.programmes_judged(found) == 1
    assert told.says(found, 6)
    assert not told.says(found, 7)


def test_every_level_can_be_missed() -> None:
    """Reports in which everything is wrong miss every level that they have statements of."""
    bad = [row(part=p, kind=k, truth=-9.0) for p in told.PARTS for k in told.KINDS]
    bad += [row(kind="effect", truth=0.0, is_causal=True, part=p) for p in told.PARTS]
    reports = tuple(report(s, *bad) for s in range(200))
    for plans, level in told.levels_of():
        line = told.level_row(plans, level, dict.fromkeys(plans, reports))
        is_said = "definite statements" in level.text or "programmes" in level.text
        assert "| **missed** |" in line or is_said, line
    silent = tuple(report(s) for s in range(200))
    for plans, level in told.levels_of():
        if "definite statements" in level.text or "programmes" in level.text:
            line = told.level_row(plans, level, dict.fromkeys(plans, silent))
            assert "| **missed** |" in line, line


def test_right_reports_reach_every_level() -> None:
    good = [row(part=p, kind=k, claim=f"{p}{k}{i}") for p in told.PARTS for k in told.KINDS for i in range(2)]  # fmt: skip
    good += [row(truth=0.0, direction=0, low=-1.0, claim=f"z{i}") for i in range(4)]
    missing = [row(part=p, kind="effect", truth=3.0, claim="m") for p in told.PARTS]
    reports = tuple(report(s, *good, *(missing if s % 6 == 0 else ())) for s in range(100))
    for plans, level in told.levels_of():
        line = told.level_row(plans, level, dict.fromkeys(plans, reports))
        assert "| reached |" in line or "| within the error |" in line, line


# --- stores and table ----------------------------------------------------------------------------------------


def drawn(plan: Reports, seed: int) -> Found:
    return (row(value=float(seed)),), 0.5


def broken(plan: Reports, seed: int) -> Found:
    raise FloatingPointError("no variation")


@pytest.fixture(autouse=True)
def still(monkeypatch: pytest.MonkeyPatch) -> None:
    """A source that nobody edits while the tests run."""
    for name in ("source_now", "source_of"):
        monkeypatch.setattr(stores, name, lambda level: "f" * 12)


@pytest.fixture
def workers() -> Iterator[Executor]:
    with ThreadPoolExecutor(1) as executor:
        yield executor


def test_a_killed_run_goes_on_where_it_was(tmp_path: Path, workers: Executor) -> None:
    assert run_reports(replace(PLAN, draws=2), workers, folder=tmp_path, draw=drawn) == 2
    path = stores.store_of(PLAN, tmp_path)
    with path.open("a", encoding="utf-8") as file:
        file.write('{"seed":10003,"sou')
    assert run_reports(PLAN, workers, folder=tmp_path, draw=drawn) == 1
    assert run_reports(PLAN, workers, folder=tmp_path, draw=drawn) == 0
    found = sound_reports(path)
    assert [r.statements[0].value for r in found] == [float(s) for s in PLAN.seeds]
    assert run_reports(PLAN, workers, seconds=0, folder=tmp_path / "late", draw=drawn) == 0


def test_a_broken_report_stops_the_table(tmp_path: Path, workers: Executor) -> None:
    run_reports(PLAN, workers, folder=tmp_path, draw=broken)
    path = stores.store_of(PLAN, tmp_path)
    with pytest.raises(StoreError, match="3 of 3 reports broke, first seed 10001: FloatingPointError"):  # fmt: skip
        sound_reports(path)
    assert not stores.is_current(PLAN, path)


def test_reports_of_another_source_are_not_continued(
    tmp_path: Path, workers: Executor, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_reports(replace(PLAN, draws=1), workers, folder=tmp_path, draw=drawn)
    monkeypatch.setattr(stores, "source_of", lambda level: "0" * 12)
    with pytest.raises(StoreError, match="--anew"):
        run_reports(PLAN, workers, folder=tmp_path, draw=drawn)
    path = stores.store_of(PLAN, tmp_path)
    with pytest.raises(StoreError, match="changed while"):
        run_reports(Reports("W0", "tiny", 1), workers, folder=tmp_path, draw=drawn)
    stores.append_report(path, JudgedReport(10002, "0" * 12, 1.0, ()))
    with pytest.raises(StoreError, match="mixes"):
        sound_reports(path)


def test_a_statement_comes_back_as_it_was_stored(tmp_path: Path) -> None:
    one = row(truth=None, reason="truth not stated", bound=0.25, value=1.23456789)
    path = stores.open_reports(PLAN, tmp_path)
    stores.append_report(path, report(10001, one))
    (found,) = read_reports(path)
    assert found.statements == (replace(one, value=1.23457),)
    text = path.read_text(encoding="utf-8").replace('"reason"', '"why"')
    path.write_text(text, encoding="utf-8")
    with pytest.raises(StoreError, match="other fields"):
        read_reports(path)
    assert len(FIELDS) == 15


def test_the_source_is_all_that_decides_a_statement() -> None:
    names = {p.relative_to(stores.ROOT).as_posix() for p in stores.sources_of()}
    assert {
        "src/analysis/release/wording.toml",
        "src/analysis/release/effects.py",
        "src/analysis/intake/clean.py",
        "study/problems.toml",
        "tests/honesty/statements.py",
        "tests/honesty/statements_truth.py",
    } <= names
    assert not any("/present/" in n or "statements_table" in n for n in names)


def test_the_table_tells_shares_silence_and_faults(tmp_path: Path) -> None:
    plan = next(p for p in stores.REPORTS if p.name == "statements-W0-county")
    path = stores.open_reports(plan, tmp_path)
    rows = (row(), row(truth=-1.0, source="pilot"), row(truth=None, reason="truth not stated"))
    stores.append_report(path, report(10001, *rows))
    stores.append_report(path, report(10002, row(), row()))
    text = "\n".join(told.statement_lines(tmp_path))
    assert "| part effects: wrong direction | at most 1 % | | 2 of 200 reports | not run |" in text
    assert "| part effects | 5 | 25.0 % (25.0) of 4 | 25.0 % (25.0) of 4 |  |  |  | 1 |" in text
    assert "| effect | truth not stated | 1 |" in text
    assert "| pilot | wrong direction | 1 |" in text
    assert "| statements-W0-county | 2 | 1, 1 | 1, 1 | 1, 1 |" in text
    assert "| statements-W0-county | 2 of 20 | 10001 to 10002 | ffffffffffff | 9 |" in text
    assert [*told.statement_lines(tmp_path / "none")] == []


# --- the clean twin, programmes dealt anew, and a short run ---------------------------------------------------


def test_the_twin_is_the_same_bureau_with_everybody_in_it() -> None:
    options = bureau_options(**SIZES["tiny"], world="W6", seed=10001, fixed_totals=False)
    told_, twin = draw_bureau(options), draw_twin(options)
    for name in ("teachers", "fates", "trainings", "exits"):
        assert getattr(told_, name).equals(getattr(twin, name)), name
    both = told_.scores.merge(twin.scores, on=["person", "year"])
    assert len(both) == len(told_.scores) < len(twin.scores)
    assert (both["digital_score_x"] == both["digital_score_y"]).all()
    answers = told_.survey.merge(twin.survey, on="person")
    assert len(answers) == len(told_.survey) < len(twin.survey)
    assert (answers["burnout_ee_x"] == answers["burnout_ee_y"]).all()
    assert twin.survey["person"].is_unique
    assert twin.survey["is_linkable"].all()
    assert draw_bureau(options).survey.equals(told_.survey)  # the patches are gone


def test_programmes_are_dealt_anew() -> None:
    """As many are exposed as before, whole schools keep their histories, and hardly anybody keeps his own."""
    frame = draw_world(Plan("planted", "grade", "small", 1), 10001).frame
    moved = dealt(frame, np.random.default_rng(3))
    pilot, course = "exposed_smart_pilot_digital_literacy", "exposed_digital_course_digital_literacy"  # fmt: skip
    schools = [f.groupby("school_id")[pilot].max() for f in (frame, moved)]
    assert schools[0].sum() == schools[1].sum()
    assert (schools[0] != schools[1]).any()
    assert (moved.groupby(["school_id", "year"])[pilot].nunique() <= 1).all()
    starts = [f.groupby("school_id")["pilot_start"].first().value_counts() for f in (frame, moved)]
    assert starts[0].to_dict() == starts[1].to_dict()
    known = frame[course].notna()
    assert frame.loc[known, course].sum() == moved.loc[known, course].sum()
    newest = known & (frame["year"] == frame["year"].max())
    assert abs(frame.loc[newest, course].corr(moved.loc[newest, course])) < 0.1
    untouched = [c for c in frame if not c.startswith(("exposed_", "group_", "pilot_start"))]
    pd.testing.assert_frame_equal(frame[untouched], moved[untouched])


PERMUTED = 2


def test_short_run_nothing_sounds_causal_when_programmes_are_dealt_anew() -> None:
    """5 % of drafts, and three errors of so few; the planted effects are there, on others' names."""
    plan = Reports("planted", "small", PERMUTED, "permuted")
    drafts = [JudgedReport(s, "", 0.0, draw_permuted(plan, s)[0]) for s in plan.seeds]
    share = np.mean([told.sounds_causal(d) for d in drafts])
    assert share <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / PERMUTED)
    assert all(s.truth == 0 for d in drafts for s in d.statements if s.kind == "effect" and s.quantity == "estimate")  # fmt: skip
    assert all(any(s.has_range for s in d.statements) for d in drafts)


def test_short_run_a_whole_little_delivery_is_judged() -> None:
    """From untidy files to judged statements: hardly anything is unjudged, ranges hold, gaps point the right way."""
    statements, _ = draw_statements(PLAN, 10001)
    found = report(10001, *statements)
    assert {s.part for s in statements} >= {"summary", "problems", "effects"}
    assert {s.kind for s in statements} >= {"effect", "gap", "level"}
    unjudged = [s for s in statements if s.truth is None and s.part != "around"]
    assert len(unjudged) < 0.2 * len(statements), {s.reason for s in unjudged}
    ranges = [s for s in statements if s.has_range and s.truth is not None]
    assert len(ranges) > 8
    assert sum(s.is_missed for s in ranges) <= 0.3 * len(ranges)
    ways = [s for s in statements if s.direction and s.truth is not None]
    assert sum(s.is_wrong for s in ways) <= 0.2 * len(ways)
    assert told.definite_claims(found) > 3
    assert json.loads(stores.as_line(found))["seed"] == 10001


def test_arms_of_a_record_are_numbers_by_name() -> None:
    """Guards the reading: a number that is in a record is found by its own name and no other's."""
    e = effect(kind="gap", raw_difference=None, arms={"focus": Arm(50, 9, None, 3.5), "reference": Arm(60, 9, None, 3.0)})  # fmt: skip
    assert numbers_of(e)["raw_difference"] == 0.5
    assert numbers_of(e)["arms.focus"] == 3.5
