"""Comparing exposed and unexposed inside a unit, so that what the unit is like cannot show as an effect."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from analysis.inference.design import Design

SHARE = "exposed_share"


def compared_within(frame: pd.DataFrame, design: Design) -> tuple[pd.DataFrame, Design]:
    """The frame with the share of each unit's rows that were exposed, and the design with it among the covariates.

    Held equal, the share leaves the comparison inside units: among the rows of one unit it is each one's chance of
    being exposed, so that nothing the unit has in all periods can decide (Mundlak 1978, Econometrica 46; Rosenbaum
    and Rubin 1983, Biometrika 70, on balancing scores). Missing in units where all or none were exposed: they have
    nobody to compare with. As they are if the design names no such unit.
    """
    if not design.within:
        return frame, design
    known = frame[design.treatment].where(frame[design.outcome].notna())
    share = known.groupby(frame[design.within]).transform("mean")
    share = share.where((share > 0) & (share < 1))
    return frame.assign(**{SHARE: share}), replace(design, controls=(*design.controls, SHARE))
