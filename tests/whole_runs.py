"""Whole runs, made once for all tests of a session: the invented county's and that of a district's real rosters.

With xdist each worker has its own session: mark the tests that use a whole run with
``@pytest.mark.xdist_group("demo")`` (or ``"cps"``) so that one worker builds it, once. Whichever fixture comes first
leaves typed rows, delivery and answers in the workspace, where the others find them as a second run does.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from analysis.intake.delivery import Delivery, ready_delivery
from analysis.panel.build import Panel, build_panel
from analysis.run.report import run_report
from analysis.study.load import load_study
from analysis.study.objects import Study
from analysis.study.workspace import Workspace, open_workspace
from analysis.synthetic.demo import make_demo
from analysis.synthetic.options import BureauOptions
from analysis.synthetic.paper.delivery import TRUTH

HERE = Path(__file__).parent


@contextmanager
def truth_away(space: Workspace) -> Iterator[None]:
    """The invented county's truth is out of reach in here."""
    truth = space.raw / "demo-county" / TRUTH
    hidden = truth.rename(space.home / "truth-while-the-report-is-made")
    try:
        yield
    finally:
        hidden.rename(truth)


@pytest.fixture(scope="session")
def demo_space(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A workspace of its own that holds the invented county, 2019 to 2025."""
    space = open_workspace(tmp_path_factory.mktemp("demo"))
    make_demo(space, BureauOptions())
    return space


@pytest.fixture(scope="session")
def demo_study(demo_space: Workspace) -> Study:
    """The study as the invented county sees it."""
    return load_study(demo_space)


@pytest.fixture(scope="session")
def demo_delivery(demo_space: Workspace, demo_study: Study) -> Delivery:
    """The invented county's deliveries, cleaned for 2025 while its truth was out of reach."""
    with truth_away(demo_space):
        return ready_delivery(demo_space, demo_study, "demo-county", 2025)


@pytest.fixture(scope="session")
def demo_panel(demo_study: Study, demo_delivery: Delivery) -> Panel:
    """The invented county's panel for 2025."""
    return build_panel(demo_study, demo_delivery)


@pytest.fixture(scope="session")
def demo_report(demo_space: Workspace) -> Path:
    """The folder of the finished 2025 report of the invented county, made while its truth was out of reach."""
    with truth_away(demo_space):
        return run_report(demo_space, "demo-county", 2025).parent


@pytest.fixture(scope="session")
def cps_space(realdata: Path, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The workspace of a district's real rosters, which holds only study/ and source.toml; results go elsewhere."""
    return open_workspace(HERE / "realdata" / "cps", tmp_path_factory.mktemp("cps"))


@pytest.fixture(scope="session")
def cps_report(cps_space: Workspace) -> Path:
    """The folder of the finished 2018 report on the district's real rosters."""
    return run_report(cps_space, "cps", 2018).parent


@pytest.fixture(scope="session")
def talis_report(realdata: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the finished 2018 report on three countries' teachers; its workspace holds only study/ and source.toml."""
    space = open_workspace(HERE / "realdata" / "talis", tmp_path_factory.mktemp("talis"))
    return run_report(space, "talis", 2018).parent
