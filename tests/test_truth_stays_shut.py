"""No analysis may know the answers: truth.json is read by tests, ``verify`` and the honesty runs only."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from analysis.inference.evaluate import evaluate_outcome
from analysis.inference.measure import measure_problems
from analysis.intake.clean import clean_region
from analysis.panel.build import build_panel
from analysis.release.compose import compose_report
from analysis.study.load import load_study
from analysis.study.objects import Study
from analysis.study.workspace import Workspace, open_workspace
from analysis.synthetic.demo import make_demo
from analysis.synthetic.options import bureau_options
from analysis.synthetic.paper.delivery import TRUTH

PACKAGE = Path(__file__).resolve().parents[1] / "src" / "analysis"
MAY_KNOW = {"synthetic", "verification"}  # who writes it, and who holds estimates against it
FORBIDDEN = (TRUTH, "synthetic.truth", "synthetic.paper", "synthetic.worlds", "hidden_")
OPENED: list[str] = []
IS_WATCHING = [False]


@pytest.fixture
def study(tmp_path: Path) -> Study:
    """The study as a new workspace sees it."""
    return load_study(open_workspace(tmp_path))


def listen(event: str, arguments: tuple[object, ...]) -> None:
    """Notes the files that are opened while the test watches; a hook cannot be taken off again."""
    if IS_WATCHING[0] and event == "open":
        OPENED.append(str(arguments[0]))


@contextmanager
def watched() -> Iterator[list[str]]:
    """The files that Python code opens in here."""
    if listen not in WATCHERS:
        sys.addaudithook(listen)
        WATCHERS.append(listen)
    OPENED.clear()
    IS_WATCHING[0] = True
    try:
        yield OPENED
    finally:
        IS_WATCHING[0] = False


WATCHERS: list[object] = []


def knowing_lines(source: str) -> list[str]:
    """The lines of a source that name what only the truth knows."""
    return [line for line in source.splitlines() if any(word in line for word in FORBIDDEN)]


def test_no_room_names_the_truth() -> None:
    others = [p for p in PACKAGE.rglob("*.py") if p.relative_to(PACKAGE).parts[0] not in MAY_KNOW]
    assert len(others) > 100
    found = {p.name: knowing_lines(p.read_text(encoding="utf-8")) for p in others}
    assert {name: lines for name, lines in found.items() if lines} == {}


def test_the_rule_can_fail() -> None:
    assert knowing_lines('x = 1\npath = home / "truth.json"')
    assert knowing_lines("from analysis.synthetic.truth.record import Draw")


def test_the_watch_sees_an_opened_file(tmp_path: Path) -> None:
    (tmp_path / TRUTH).write_text("{}", encoding="utf-8")
    with watched() as opened:
        (tmp_path / TRUTH).read_text(encoding="utf-8")
    assert any(TRUTH in path for path in opened)


def test_from_raw_files_to_sentences_the_truth_is_not_opened(tmp_path: Path, study: Study) -> None:
    space = open_workspace(tmp_path)
    options = bureau_options("county", region="small", teachers=300, schools=12, years=3)
    make_demo(space, options)
    with watched() as opened:
        delivery = clean_region(space, study, "small", 2025)
        panel = build_panel(study, delivery)
        effects = [e for o in study.outcomes for e in evaluate_outcome(study, panel, o)]
        report = compose_report(
            study, delivery, panel, (*effects, *measure_problems(study, panel, delivery.tables))
        )
    assert report.problems
    assert any("source.toml" in path for path in opened)  # the watch was on
    assert [path for path in opened if TRUTH in path] == []


@pytest.mark.xdist_group("demo")
def test_the_whole_report_is_made_without_the_truth(
    demo_space: Workspace, demo_report: Path
) -> None:
    """The fixture takes truth.json away while kernels and command run; here it is back."""
    assert (demo_report / "index.html").exists()
    assert (demo_space.raw / "demo-county" / TRUTH).exists()
