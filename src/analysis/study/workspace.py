"""Where things lie: a workspace is a folder with ``study/``, ``data/raw/``, ``data/processed/`` and ``reports/``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from analysis.errors import ParameterError, nearest

PROJECT = Path(__file__).resolve().parents[3]
YEAR = re.compile(r"[0-9]{4}")


@dataclass(frozen=True)
class Workspace:
    """One folder of work; results may go elsewhere (``out``) when the folder itself must stay untouched."""

    home: Path
    out: Path

    @property
    def study(self) -> Path:
        """The workspace's own study files, laid over ours entry by entry."""
        return self.home / "study"

    @property
    def raw(self) -> Path:
        """Deliveries as received."""
        return self.home / "data" / "raw"

    @property
    def reports(self) -> Path:
        """What people read."""
        return self.out / "reports"

    def delivery(self, region: str, year: int) -> Path:
        """The folder of one delivery."""
        return self.raw / region / str(year)

    def processed(self, region: str) -> Path:
        """Typed tables, panel and ledger of one region; rebuilt at will."""
        return self.out / "data" / "processed" / region

    def report(self, region: str, year: int) -> Path:
        """The folder of one finished report."""
        return self.reports / region / str(year)

    def regions(self) -> list[str]:
        """Regions that have at least one delivery with a ``source.toml``."""
        return sorted({p.parent.parent.name for p in self.raw.glob("*/*/source.toml")})

    def years(self, region: str) -> list[int]:
        """Years of the region's deliveries, oldest first."""
        found = (p.parent.name for p in self.raw.glob(f"{region}/*/source.toml"))
        return sorted(int(name) for name in found if YEAR.fullmatch(name))


def open_workspace(home: str | Path = "", out: str | Path = "") -> Workspace:
    """The workspace at ``home`` (default: this project), results under ``out`` (default: the same).

    Raises ParameterError if ``home`` is not a folder.
    """
    root = Path(home).resolve() if str(home) else PROJECT
    if not root.is_dir():
        raise ParameterError("unknown_home", home=home)
    return Workspace(home=root, out=Path(out).resolve() if str(out) else root)


def check_region(space: Workspace, region: str) -> str:
    """The region if it has deliveries; otherwise a ParameterError that names the nearest one."""
    known = space.regions()
    if region not in known:
        raise ParameterError(
            "unknown_region",
            region=region,
            nearest=nearest(region, known) or "-",
            known=", ".join(known) or "-",
            folder="data/raw",
        )
    return region


def check_year(space: Workspace, region: str, year: int | str) -> int:
    """The year as a number if the region has a delivery of it (``auto``: the newest); otherwise a ParameterError."""
    years = space.years(check_region(space, region))
    known = {str(found): found for found in years}
    asked = str(years[-1]) if years and str(year) == "auto" else str(year)
    if asked not in known:
        raise ParameterError(
            "unknown_year",
            region=region,
            year=year,
            nearest=nearest_year(asked, years) or "-",
            known=", ".join(known) or "-",
        )
    return known[asked]


def nearest_year(asked: str, years: list[int]) -> str:
    """The year found that is fewest years away, or most alike if no year was typed; empty if none is."""
    if years and len(asked) == 4 and asked.isdecimal():
        return str(min(years, key=lambda year: (abs(year - int(asked)), -year)))
    return nearest(asked, map(str, years))
