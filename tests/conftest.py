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

# Drawn examples are the same on every run and never fail for being slow on a busy machine.
settings.register_profile("project", deadline=None, derandomize=True)
settings.load_profile("project")

ROOT = Path(__file__).resolve().parents[1]
# Groups of tests that take longest, in the order in which they start: two workers then end together, and two groups
# whose runs start processes of their own ("demo", "small") do not begin side by side.
LONGEST = ("demo", "bureaus", "worlds", "house", "small", "cps", "talis", "recovery", "honesty")
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
SOFFICE_NAMES = ("soffice", "libreoffice")


def pytest_configure(config: pytest.Config) -> None:
    """Groups start in the order that is set below, not the one with the most tests first.

    The process that only hands out tests to others needs no fixtures, which take seconds to import.
    """
    config.option.loadscopereorder = False
    hands_out = config.getoption("dist", "no") != "no" and not hasattr(config, "workerinput")
    if not hands_out:
        config.pluginmanager.import_plugin("tests.whole_runs")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The tests of a module are one group unless they name one: with xdist what they share is then made once."""
    for item in items:
        if item.get_closest_marker("xdist_group") is None:
            module = item.path.relative_to(ROOT / "tests").with_suffix("").as_posix()
            item.add_marker(pytest.mark.xdist_group(module))
    items.sort(key=start_of)


def start_of(item: pytest.Item) -> int:
    """The place of a test's group among the longest; all others come after these, as they were collected."""
    (group,) = next(item.iter_markers("xdist_group")).args
    return LONGEST.index(group) if group in LONGEST else len(LONGEST)


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
