"""Fixtures for all tests: programs and files that may be absent on a reader's machine.

Absent ones skip a test with the reason. With ``CI=true`` they fail it, so that nothing is skipped unseen.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import NoReturn

import pytest
from hypothesis import settings

from analysis.intake.delivery import Delivery, ready_delivery
from analysis.panel.build import Panel, build_panel
from analysis.run.report import run_report
from analysis.study.load import load_study
from analysis.study.objects import Study
from analysis.study.workspace import Workspace, open_workspace
from analysis.synthetic.demo import make_demo
from analysis.synthetic.options import BureauOptions
from analysis.synthetic.paper.delivery import TRUTH

# Drawn examples are the same on every run and never fail for being slow on a busy machine.
settings.register_profile("project", deadline=None, derandomize=True)
settings.load_profile("project")

ROOT = Path(__file__).resolve().parents[1]
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
SOFFICE_NAMES = ("soffice", "libreoffice")


def absent(what: str, remedy: str) -> NoReturn:
    """Skip the test because something is missing, or fail it where everything must be there."""
    reason = f"{what} is not here: {remedy}"
    if os.environ.get("CI") == "true":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


def find_program(names: tuple[str, ...]) -> str:
    """The first of these programs that is on the path, or an empty string."""
    return next((found for name in names if (found := shutil.which(name))), "")


@pytest.fixture(scope="session")
def root() -> Path:
    """The project's folder."""
    return ROOT


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """The system's chromium; tests that use it carry the marker ``browser``."""
    return find_program(CHROMIUM_NAMES) or absent("chromium", "install Debian's chromium or Chrome")


@pytest.fixture(scope="session")
def soffice_path() -> str:
    """LibreOffice, which opens the Word file."""
    return find_program(SOFFICE_NAMES) or absent("LibreOffice", "install libreoffice-writer")


@pytest.fixture(scope="session")
def realdata() -> Path:
    """The real files beside the project, not ours to ship; tests that use them carry ``realdata``."""
    folder = ROOT.parent / "shared" / "realdata"
    return folder if folder.is_dir() else absent("../shared/realdata", "these files are not public")


# --- The invented bureau, made and run once for all tests of a session ---------------------------
# Session fixtures that many rooms share (the demo workspace, its delivery, panel and finished report)
# belong here. With xdist each worker has its own session: mark the tests that use a whole run with
# @pytest.mark.xdist_group("demo") so that one worker builds it, once.


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
    """The invented county's deliveries, cleaned for 2025."""
    return ready_delivery(demo_space, demo_study, "demo-county", 2025)


@pytest.fixture(scope="session")
def demo_panel(demo_study: Study, demo_delivery: Delivery) -> Panel:
    """The invented county's panel for 2025."""
    return build_panel(demo_study, demo_delivery)


@pytest.fixture(scope="session")
def demo_report(demo_space: Workspace) -> Path:
    """The folder of the finished 2025 report of the invented county, made while its truth was out of reach."""
    truth = demo_space.raw / "demo-county" / TRUTH
    hidden = truth.rename(demo_space.home / "truth-while-the-report-is-made")
    try:
        return run_report(demo_space, "demo-county", 2025).parent
    finally:
        hidden.rename(truth)
