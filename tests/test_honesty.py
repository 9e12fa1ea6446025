"""The simulations behind ``docs/honesty.md``: their measures, stores and table on drawn answers, and a short run."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import replace
from functools import lru_cache, partial
from pathlib import Path
from subprocess import run as run_python

import numpy as np
import pytest

from analysis.synthetic.planted import WORLDS
from analysis.synthetic.worlds import DrawnPanel
from tests.honesty import levels, measures, run, store, table
from tests.honesty.draws import FIELDS, Cells, Measured, as_row, measured
from tests.honesty.levels import COURSE_SCORE, PILOT_SCORE, PSEUDO_SCORE, SHORT_SCORES, Level
from tests.honesty.measures import Figure, NoFigureError
from tests.honesty.store import Draw, StoreError, append_draw, open_store, read_draws, sound_draws
from tests.honesty.worlds import (
    NO_EFFECT,
    PILOT,
    PLANS,
    PSEUDO,
    PSEUDO_YEAR,
    SCORE,
    SHORT,
    SIXTEEN,
    Plan,
    draw_world,
    pseudo_pilot,
    study_of,
)

pytestmark = pytest.mark.xdist_group("honesty")
PLAN = Plan("W1", "estimator", "small", 5)
CLAIM = Measured(2.0, 0.2, 1.6, 2.4, 0.001, 0.002, 2.1, "", "B", "direction", "", 1.0)


# --- measures with known answers -----------------------------------------------------------------------


def test_share_and_mean_by_hand() -> None:
    assert measures.share(np.array([True, True, False, False])) == Figure(0.5, 0.25, 4)
    found = measures.mean(np.array([1.0, 2.0, 3.0]))
    assert (found.value, found.n) == (2.0, 3)
    assert found.error == pytest.approx(1 / np.sqrt(3))


def test_bias_by_hand() -> None:
    estimates, truths = np.array([2.2, 2.0, 2.4]), np.array([2.0, 2.0, 2.0])
    found = measures.bias(estimates, truths)
    assert found.value == pytest.approx(0.2)
    assert found.error == pytest.approx(0.2 / np.sqrt(3))
    assert measures.relative_bias(estimates, truths).value == pytest.approx(0.1)
    assert measures.relative_bias(-estimates, -truths).value == pytest.approx(0.1)


def test_coverage_counts_the_ends() -> None:
    lows, highs = np.array([0.0, 1.0, 1.1, -1.0]), np.array([1.0, 2.0, 2.0, 0.9])
    assert measures.coverage(lows, highs, np.ones(4)).value == 0.5


def test_family_wise_counts_draws_not_tests() -> None:
    ps = np.array([[0.01, 0.02, 0.9], [0.5, np.nan, 0.9], [0.04, 1.0, 1.0], [0.05, 1.0, 1.0]])
    assert measures.family_wise(ps).value == 0.5


@pytest.mark.parametrize("empty", [measures.share, measures.mean])
def test_no_draws_are_no_figure(empty: object) -> None:
    with pytest.raises(NoFigureError, match="number"):
        empty(np.array([]))  # type: ignore[operator]
    with pytest.raises(NoFigureError, match="zero"):
        measures.relative_bias(np.array([1.0, 2.0]), np.zeros(2))


def normal_draws(rng: np.random.Generator, n: int, shrink: float = 1.0) -> dict[str, np.ndarray]:
    """Estimates that are exactly normal about their truths, with errors too small by ``shrink``."""
    truths = rng.normal(2.0, 0.3, n)
    estimates = truths + rng.normal(0.0, 0.5, n)
    errors = np.full(n, 0.5 * shrink)
    half = 1.959964 * errors
    return {"e": estimates, "t": truths, "s": errors, "l": estimates - half, "h": estimates + half}


def figures(d: dict[str, np.ndarray]) -> dict[str, Figure]:
    return {
        "bias": measures.bias(d["e"], d["t"]),
        "error_ratio": measures.error_ratio(d["e"], d["s"]),
        "coverage": measures.coverage(d["l"], d["h"], d["t"]),
    }


def test_exact_normals_have_exact_answers_and_errors() -> None:
    """Over 400 batches of 200 draws: the means are the known answers, the spread is the stated Monte-Carlo error."""
    rng = np.random.default_rng(7)
    batches = [figures(normal_draws(rng, 200)) for _ in range(400)]
    ratio = 0.5 / np.hypot(0.5, 0.3)  # estimates also differ by the truth of their draw
    for name, known in (("bias", 0.0), ("error_ratio", ratio), ("coverage", 0.95)):
        values = np.array([b[name].value for b in batches])
        stated = np.mean([b[name].error for b in batches])
        assert values.mean() == pytest.approx(known, abs=4 * values.std() / 20 + 0.003), name
        assert values.std(ddof=1) == pytest.approx(stated, rel=0.12), name


def test_errors_half_too_small_are_seen() -> None:
    found = figures(normal_draws(np.random.default_rng(8), 4000, shrink=0.5))
    assert found["error_ratio"].value == pytest.approx(0.5 * 0.5 / np.hypot(0.5, 0.3), abs=0.03)
    assert found["coverage"].value == pytest.approx(0.673, abs=0.03)  # 2 Phi(.98) - 1


# --- what counts as claimed, causal and wrong ------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "claimed", "causal", "wrong"),
    [
        ({}, True, True, False),
        ({"grade": "C"}, True, False, False),
        ({"grade": "D"}, False, False, False),  # described, not claimed
        ({"truth": 0.0}, True, True, True),
        ({"truth": -0.5}, True, True, True),
        ({"truth": 0.0, "grade": "D"}, False, False, False),
        ({"verdict": "bounded", "truth": 0.5}, False, False, False),
        ({"verdict": "bounded", "truth": -1.0}, False, False, True),  # as large as what matters
        ({"verdict": "bounded", "truth": 3.0, "grade": "E"}, False, False, False),
        ({"verdict": "undetermined", "truth": 3.0}, False, False, False),
        ({"truth": None}, True, True, False),
    ],
)
def test_what_is_said(changes: dict[str, object], claimed: bool, causal: bool, wrong: bool) -> None:
    cell = replace(CLAIM, **changes)  # type: ignore[arg-type]
    assert (cell.is_claimed, cell.is_causal, cell.is_wrong) == (claimed, causal, wrong)


@pytest.mark.parametrize(
    ("value", "low", "high", "bands", "state"),
    [
        (0.05, -np.inf, 0.05, 3, "reached"),
        (0.09, -np.inf, 0.05, 3, "within the error"),  # 3 errors at 5 % of 200 draws are 4.6 points
        (0.10, -np.inf, 0.05, 3, "**missed**"),
        (0.09, -np.inf, 0.05, 0, "**missed**"),
        (0.85, 0.90, np.inf, 3, "within the error"),
        (0.80, 0.90, np.inf, 3, "**missed**"),
        (0.95, 0.93, 0.97, 0, "reached"),
        (0.92, 0.93, 0.97, 0, "**missed**"),
        (-0.021, -0.02, 0.02, 0, "**missed**"),
    ],
)
def test_a_level_is_reached_or_missed(
    value: float, low: float, high: float, bands: float, state: str
) -> None:
    level = Level("x", "y", lambda _: Figure(value, 0.01, 200), low, high, bands)
    assert level.state(level.measure(())) == state


def test_every_level_has_its_store_and_its_bound() -> None:
    stores = {p.name for p in PLANS}
    for level in (one for group in levels.LEVELS.values() for one in group):
        assert level.store in stores, level.text
        assert np.isfinite([level.low, level.high]).any(), level.text


# --- stores ---------------------------------------------------------------------------------------------


def drawn_cells(plan: Plan, seed: int) -> tuple[Cells, float]:
    """A draw without a panel: its seed is its estimate."""
    return {PILOT_SCORE: replace(CLAIM, estimate=float(seed))}, 0.5


def broken_cells(plan: Plan, seed: int) -> tuple[Cells, float]:
    if seed == plan.seeds[1]:
        raise FloatingPointError("no variation")
    return drawn_cells(plan, seed)


@pytest.fixture(autouse=True)
def still(monkeypatch: pytest.MonkeyPatch) -> None:
    """A source that nobody edits while the tests run."""
    monkeypatch.setattr(run, "stamp", lambda: 0)
    for module in (run, store):
        monkeypatch.setattr(module, "fingerprint", lambda: "f" * 12)


@pytest.fixture
def workers() -> Iterator[Executor]:
    with ThreadPoolExecutor(1) as executor:
        yield executor


def test_a_killed_run_goes_on_where_it_was(tmp_path: Path, workers: Executor) -> None:
    two = replace(PLAN, draws=2)
    assert run.run_plan(two, workers, folder=tmp_path, measure=drawn_cells) == 2
    path = store.store_file(PLAN, tmp_path)
    with path.open("a", encoding="utf-8") as file:
        file.write('{"seed":10003,"source":"ab')  # killed while writing
    assert [d.seed for d in read_draws(path)] == [10001, 10002]
    assert run.run_plan(PLAN, workers, folder=tmp_path, measure=drawn_cells) == 3
    assert run.run_plan(PLAN, workers, folder=tmp_path, measure=drawn_cells) == 0
    draws = sound_draws(path)
    assert [d.seed for d in draws] == [*PLAN.seeds]
    assert [d.cells[PILOT_SCORE].estimate for d in draws] == [float(s) for s in PLAN.seeds]


def test_no_draw_begins_after_the_time(tmp_path: Path, workers: Executor) -> None:
    assert run.run_plan(PLAN, workers, seconds=0, folder=tmp_path, measure=drawn_cells) == 0
    assert read_draws(store.store_file(PLAN, tmp_path)) == ()


def test_a_broken_draw_is_kept_and_no_table_is_made(tmp_path: Path, workers: Executor) -> None:
    assert run.run_plan(PLAN, workers, folder=tmp_path, measure=broken_cells) == 5
    path = store.store_file(PLAN, tmp_path)
    (broken,) = [d for d in read_draws(path) if d.error]
    assert (broken.seed, broken.error) == (10002, "FloatingPointError: no variation")
    with pytest.raises(StoreError, match=r"1 of 5 draws broke, first seed 10002"):
        sound_draws(path)
    assert not store.is_usable(path)


def test_draws_of_two_sources_are_not_mixed(tmp_path: Path, workers: Executor) -> None:
    path = open_store(PLAN, tmp_path)
    append_draw(path, Draw(10001, "0" * 12, 1.0, drawn_cells(PLAN, 10001)[0]))
    assert len(sound_draws(path)) == 1
    with pytest.raises(StoreError, match="--anew"):
        run.run_plan(PLAN, workers, folder=tmp_path, measure=drawn_cells)
    append_draw(path, Draw(10002, "1" * 12, 1.0, drawn_cells(PLAN, 10002)[0]))
    with pytest.raises(StoreError, match=r"mixes draws of the sources 0{12}, 1{12}"):
        sound_draws(path)
    assert not store.is_usable(path)


def test_a_seed_stands_once(tmp_path: Path) -> None:
    path = open_store(PLAN, tmp_path)
    for _ in range(2):
        append_draw(path, Draw(10001, "0" * 12, 1.0, {}))
    with pytest.raises(StoreError, match="10001 twice"):
        read_draws(path)


def test_a_store_of_other_fields_is_refused(tmp_path: Path) -> None:
    path = open_store(PLAN, tmp_path)
    path.write_text(path.read_text(encoding="utf-8").replace("p_adjusted", "q"), encoding="utf-8")
    with pytest.raises(StoreError, match="other fields"):
        read_draws(path)
    assert not store.is_usable(path)


def test_a_source_that_changes_meanwhile_stops_the_run(
    tmp_path: Path, workers: Executor, monkeypatch: pytest.MonkeyPatch
) -> None:
    stamps = iter(range(9))
    monkeypatch.setattr(run, "stamp", lambda: next(stamps))  # written, with the same content
    monkeypatch.setattr(run, "source_fingerprint", lambda root: "f" * 12)
    assert run.run_plan(replace(PLAN, draws=1), workers, folder=tmp_path, measure=drawn_cells) == 1
    monkeypatch.setattr(run, "source_fingerprint", lambda root: "changed")
    with pytest.raises(StoreError, match="changed while"):
        run.run_plan(PLAN, workers, folder=tmp_path, measure=drawn_cells)
    assert len(read_draws(store.store_file(PLAN, tmp_path))) == 1


def test_a_cell_comes_back_as_it_was_stored() -> None:
    assert Measured(*as_row(CLAIM)) == CLAIM
    without = Measured(None, None, None, None, None, None, 0.0, "too_few")
    assert Measured(*json.loads(json.dumps(as_row(without)))) == without
    assert as_row(Measured(1.23456789, 1.0, 1.0, 1.0, 1.0, 1.0, 0.0)) == [
        1.2346, 1.0, 1.0, 1.0, 1.0, 1.0, 0.0,
    ]  # fmt: skip
    assert len(FIELDS) == 12


def test_what_is_measured_makes_the_fingerprint(tmp_path: Path) -> None:
    code = tmp_path / "src" / "analysis" / "inference" / "fit.py"
    far = tmp_path / "src" / "analysis" / "panel" / "rows.py"
    here = [tmp_path / "tests" / "honesty" / f"{name}.py" for name in ("worlds", "draws")]
    entries = [tmp_path / "study" / name for name in store.STUDY_FILES]
    beside = tmp_path / "src" / "analysis" / "inference" / "beside.py"
    classes = tmp_path / store.STUDY_CLASSES
    for path in (code, far, *here, *entries, beside, classes):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("a = 1\n", encoding="utf-8")
    here[1].write_text("from analysis.inference import fit\n", encoding="utf-8")
    code.write_text("from analysis.panel.rows import a\n", encoding="utf-8")
    before = store.source_fingerprint(tmp_path)
    beside.write_text("a = 2\n", encoding="utf-8")  # no draw imports it
    classes.write_text("a = 1\nclass Problem:\n    b = 2\n", encoding="utf-8")
    assert store.source_fingerprint(tmp_path) == before
    for path in (code, far, *here, *entries, classes):
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".py":
            path.write_text(f'"""Said."""\n\n{text}  # why\n', encoding="utf-8")
            assert store.source_fingerprint(tmp_path) == before
        path.write_text(f"{text}c = 3\n", encoding="utf-8")
        assert store.source_fingerprint(tmp_path) != before
        path.write_text(text, encoding="utf-8")


def test_every_module_of_the_rooms_that_a_draw_loads_is_measured() -> None:
    rooms = tuple(f"analysis.{room}." for room in store.MEASURED_BY)
    script = "import sys, tests.honesty.draws; print(*sys.modules)"
    loaded = run_python(
        [sys.executable, "-c", script], cwd=store.ROOT, capture_output=True, text=True, check=True
    )
    files = {
        p.relative_to(store.ROOT / "src").with_suffix("").as_posix().replace("/", ".")
        for p in store.measured_files(store.ROOT)
        if p.is_relative_to(store.ROOT / "src")
    }
    packages = {m for m in loaded.stdout.split() if m.startswith(rooms)} - files
    assert all(
        (store.ROOT / "src" / m.replace(".", "/") / "__init__.py").exists() for m in packages
    )
    assert "analysis.inference.evaluate" in files
    assert "analysis.synthetic.worlds" in files


def test_words_do_not_make_draws_older() -> None:
    source = '"""One."""\n\n\ndef f(a):\n    """Two."""\n    return a + 1  # three\n'
    said = '"""Another."""\ndef f(a):\n    """Words."""\n    return a + 1\n'
    assert store.bare_source(source) == store.bare_source(said)
    assert store.bare_source(source) != store.bare_source(source.replace("+ 1", "- 1"))
    assert "pass" in store.bare_source('class Left(Exception):\n    """Alone."""\n')


# --- the table ----------------------------------------------------------------------------------------------


@pytest.fixture
def told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, dict[str, int]]:
    """The table of two stores with known answers, four draws each."""
    plans = tuple(replace(p, draws=4) for p in PLANS)
    monkeypatch.setattr(table, "PLANS", plans)
    fill(plans, "estimator-W1-panel", [replace(CLAIM, estimate=e) for e in (1.9, 2.0, 2.2, 2.3)], tmp_path)  # fmt: skip
    city = [CLAIM, CLAIM, replace(CLAIM, grade="C", cost="honest_did"), replace(CLAIM, grade="D")]
    fill(plans, "grade-planted-city", city, tmp_path)
    fill(plans, "grade-W2-city", [replace(c, truth=0.0) for c in city], tmp_path)
    target = tmp_path / "honesty.md"
    states = table.write_table(tmp_path, target)
    return target.read_text(encoding="utf-8"), states


def fill(plans: tuple[Plan, ...], name: str, cells: list[Measured], folder: Path) -> None:
    plan = next(p for p in plans if p.name == name)
    path = open_store(plan, folder)
    for seed, cell in zip(plan.seeds, cells, strict=True):
        known = dict.fromkeys((*levels.IDENTIFIED, COURSE_SCORE), cell)
        append_draw(path, Draw(seed, "abc123abc123", 2.0, known))


def test_the_table_says_what_is_missed(told: tuple[str, dict[str, int]]) -> None:
    text, states = told
    # 4 draws: truth 2.1, estimates 1.9 2.0 2.2 2.3 -> bias 0, SD .1826, SE .2
    row = "| smart_pilot:digital_literacy | 0 | 2.100 | -0.000 (0.091) | -0.0 | 1.095 (0.447) | 100.0 % (0.0) | 100.0 % (0.0) |"
    assert row.replace("-0.0", "0.0") in text.replace("-0.0", "0.0")
    assert "| at least 70 % | 50.0 % (25.0) | 4 | within the error |" in text
    assert "| W2: any `direction` at B or better | at most 10 % | 50.0 % (25.0) | 4 | within the error |" in text  # fmt: skip
    assert "| W1, smart_pilot:digital_literacy: SE / SD | 0.95 to 1.05 | 1.095 (0.447) | 4 | **missed** |" in text  # fmt: skip
    assert states["missed"] >= 3
    assert "| 0 of 4 | not run |" in text
    assert "| grade-W2-city | 4 of 4 | 10001 to 10004 | abc123abc123 | 2.0 |" in text


def test_half_a_store_is_judged_so_far() -> None:
    """At most 5 %: 4 % is kept, 7 % (2.0) is two errors off at most, 12 % (2.0) is not."""
    level = Level("x", "grade-W3-panel", measures.share, high=0.05)
    states = [level.state_so_far(Figure(v, 0.02, 100)) for v in (0.04, 0.07, 0.12)]
    assert states == ["so far reached", "so far open", "so far **missed**"]
    line = partial(table.level_line, replace(level, measure=lambda draws: Figure(0.12, 0.02, 50)))
    draw = Draw(10001, "abc123abc123", 2.0, {})
    assert line([draw] * 50).endswith("| 12.0 % (2.0) | 50 of 200 | so far **missed** |")
    assert line([draw] * 19).endswith("|  | 19 of 200 | not run |")
    assert line([draw] * 200).endswith("| 12.0 % (2.0) | 50 | **missed** |")


def test_what_was_not_measured_is_missed(told: tuple[str, dict[str, int]]) -> None:
    """The drawn stores have no sixteen courses and no pretended start."""
    level = next(x for x in levels.LEVELS["Numbers"] if PSEUDO not in x.text)
    none = replace(level, measure=lambda draws: levels.share_of(draws, "nobody", is_said))
    draws = tuple(Draw(s, "", 0.0, {PILOT_SCORE: CLAIM}) for s in range(1000))
    assert "| nobody was not measured | 1000 | **missed** |" in table.level_line(none, draws)


def is_said(cell: Measured) -> bool:
    return cell.is_claimed


def test_the_table_has_both_sides(told: tuple[str, dict[str, int]]) -> None:
    sides = "W2 75.0 % (21.7) / 50.0 % (25.0) | planted city 75.0 % (21.7) / 50.0 % (25.0)"
    assert f"| {PILOT_SCORE} | {sides} |" in told[0]
    assert f"| {PILOT_SCORE} | 2.10 | B direction 50 %, C direction 25 %, D direction 25 % | honest_did 25 % |" in told[0]  # fmt: skip


# --- worlds --------------------------------------------------------------------------------------------------


@lru_cache(maxsize=2)
def drawn(world: str) -> DrawnPanel:
    return draw_world(replace(PLAN, world=world), 10001)


def test_sixteen_courses_and_none_works() -> None:
    frame, effects = drawn(SIXTEEN).frame, drawn(SIXTEEN).effects
    assert {f"exposed_{name}_{SCORE}" for name in SHORT} < {*frame.columns}
    assert (effects.fillna(0) == 0).all(axis=None)
    assert SIXTEEN not in WORLDS  # the package's own list is as it was
    study = study_of(is_short=True)
    assert [*study.interventions] == [*SHORT]
    assert {i.outcomes for i in study.interventions.values()} == {(SCORE,)}


def test_worlds_without_effect_are_named() -> None:
    for world in NO_EFFECT:
        assert world in {*WORLDS, SIXTEEN}


def test_a_pretended_start_lies_before_every_real_one() -> None:
    before = pseudo_pilot(drawn("W1"))
    assert before is not None
    frame = before.frame
    assert frame["year"].max() == before.year == PSEUDO_YEAR
    on = frame[f"exposed_{PILOT}_{SCORE}"] == 1
    assert (frame.loc[on, "year"] == PSEUDO_YEAR).all()
    assert (frame.loc[on, f"group_{PILOT}"] == 1).all()
    assert frame.loc[on, f"{SCORE}_score"].notna().any()
    known = drawn("W1").effects.loc[drawn("W1").frame["year"] <= PSEUDO_YEAR]
    assert known[f"{PILOT}_{SCORE}"].isna().all()
    assert pseudo_pilot(draw_world(replace(PLAN, bureau="county"), 10001)) is None


# --- a short run ----------------------------------------------------------------------------------------------

DRAWS = 3


@lru_cache(maxsize=4)
def short_run(
    world: str, draws: int = DRAWS, level: str = "estimator", bureau: str = "small"
) -> tuple[Draw, ...]:
    """Scores only: the pilots and the pretended start; or the sixteen courses."""
    plan = Plan(world, level, bureau, draws)  # type: ignore[arg-type]
    study = study_of(plan.is_short)
    entries = {
        name: i.model_copy(update={"design": {SCORE: i.design[SCORE]}})
        for name, i in study.interventions.items()
        if name in (PILOT, *SHORT)
    }
    study = study.model_copy(update={"interventions": entries})
    found = ((s, dict(measured(plan, study, draw_world(plan, s)))) for s in plan.seeds)
    return tuple(Draw(seed, "", 0.0, cells) for seed, cells in found)


def allowed(share: float, draws: int = DRAWS) -> float:
    """A share of draws that chance passes once in about a thousand times."""
    return share + 3 * float(np.sqrt(share * (1 - share) / draws))


def test_short_run_the_planted_pilots_are_found() -> None:
    draws = short_run("W1")
    found = levels.bias(draws, PILOT_SCORE)
    assert abs(found.value) < 4 * found.error
    assert levels.coverage(draws, PILOT_SCORE).value >= 1 - allowed(0.05)
    truths = levels.column(levels.estimated(draws, PILOT_SCORE), "truth")
    assert np.mean(truths) == pytest.approx(1.85, abs=0.5)  # 1.7 at first, .7 more a year, ceiling


def test_short_run_nothing_is_found_where_nothing_is() -> None:
    draws = short_run("W0")
    for name in (PILOT_SCORE, PSEUDO_SCORE):
        assert levels.rejection(draws, name).value <= allowed(0.05)
        assert {c.truth for c in levels.estimated(draws, name)} == {0.0}


def test_short_run_sixteen_tests_of_nothing() -> None:
    """One county: too few draws for a family-wise error, enough for sixteen tests of nothing."""
    draws = short_run(SIXTEEN, 1, bureau="county")
    found = [levels.rejection(draws, name).value for name in SHORT_SCORES]
    assert np.mean(found) <= allowed(0.05, 16)
    assert levels.family_wise(draws, SHORT_SCORES).n == 1


def test_short_run_the_grade_level_keeps_grades() -> None:
    (draw,) = short_run("W1", 1, "grade")
    for name in (PILOT_SCORE, PSEUDO_SCORE):
        cell = draw.cells[name]
        assert cell.grade in set("ABCDE")
        assert cell.verdict
        assert cell.grade == "A" or cell.cost or cell.grade in set("BC")
