"""Fixtures of the intake tests."""

from __future__ import annotations

import pytest

from analysis.study.objects import Study
from tests.intake.drawn import small_study


@pytest.fixture(scope="session")
def study() -> Study:
    """The small drawn study."""
    return small_study()
