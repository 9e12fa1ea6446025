"""The open published numbers that have to come out, each as printed with its source."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from analysis.verification import answers
from analysis.verification.data import load_data, missing_package
from analysis.verification.record import Case, Figure, Line, line_of, source_of

BOOTSTRAP, WEIGHTS = "verify_why_bootstrap", "verify_why_weights"
GRID, CRITICAL = "verify_why_grid", "verify_why_critical"


def figures(**printed: str) -> tuple[Figure, ...]:
    """Figures by name; an underscore stands for a blank."""
    return tuple(Figure(name.replace("_", " "), text) for name, text in printed.items())


def limits(*rows: tuple[str, str, str]) -> tuple[Figure, ...]:
    """Both ends of intervals from rows of label, low, high."""
    return tuple(
        Figure(f"{label} {end}", text)
        for label, low, high in rows
        for end, text in (("low", low), ("high", high))
    )


def differing(figures: tuple[Figure, ...], why: str, **ours: str) -> tuple[Figure, ...]:
    """The same figures, some of which are known to come out differently here."""
    return tuple(
        Figure(f.name, f.printed, ours.get(f.name, ""), why) if f.name in ours else f
        for f in figures
    )


CASES = (
    Case(
        "minimum wage, Callaway-Sant'Anna", "R package did, vignette", "mpdta",
        "callaway_aggregate", answers.counties_by_cohort,
        (*figures(simple="-.0400", group="-.0310", dynamic="-.0772", calendar="-.0417"),
         Figure("simple se", ".0119", ".0120", BOOTSTRAP)),
    ),
    Case(
        "minimum wage, extended TWFE", "R package etwfe, README", "mpdta", "estimate",
        answers.counties_extended,
        figures(e0="-.0332", e0_se=".0134", e1="-.0573", e1_se=".0171", e2="-.1379", e2_se=".0308",
                e3="-.1095", e3_se=".0323"),
    ),
    Case(
        "Medicaid, smoothness M", "HonestDiD, README", "ehec", "fit_staggered, honest_curve",
        answers.expansion_smoothness,
        differing(limits(("0", ".0259", ".0607"), ("0.01", ".0132", ".0787"),
                         ("0.02", ".0029", ".0907")), GRID, **{"0 low": ".0260"}),
    ),
    Case(
        "Medicaid, relative magnitude Mbar", "HonestDiD, README", "ehec",
        "fit_staggered, honest_curve", answers.expansion_magnitudes,
        differing(limits(("0.5", ".0240", ".0672"), ("1", ".0170", ".0720"),
                         ("1.5", ".00824", ".0797"), ("2", "-.000916", ".0881")), CRITICAL,
                  **{"0.5 high": ".0670", "1 high": ".0721", "1.5 low": ".00848",
                     "2 low": "-.000754",
                     "2 high": ".0880"}),
    ),
    Case(
        "organ donation", "Huntington-Klein, The Effect, ch. 18", "organ_donations",
        "fit_staggered", answers.organ_donation, figures(estimate="-.022", se=".006"),
    ),
    Case(
        "incinerator", "Wooldridge, Introductory Econometrics, ex. 13.3", "kielmc", "estimate",
        answers.incinerator, figures(estimate="-11,863.9", se="7,456.6"),
    ),
    Case(
        "NSW training", "Dehejia and Wahba 1999", "nsw_mixtape", "estimate", answers.job_training,
        figures(estimate="1,794.34", se="670.82"),
    ),
    Case(
        "NHEFS weight gain", "Hernan and Robins, What If, ch. 12-13", "nhefs_complete", "estimate",
        answers.weight_gain,
        differing(figures(crude="2.5", crude_low="1.7", crude_high="3.4", ipw="3.4", ipw_low="2.4",
                          ipw_high="4.5", standardised="3.5", standardised_low="2.6",
                          standardised_high="4.5"), WEIGHTS,
                  **{"ipw low": "2.5", "ipw high": "4.4"}),
    ),
    Case(
        "NHEFS survival, %", "Hernan and Robins, What If, 17.4", "nhefs", "estimate",
        answers.survival, figures(quit="80.7", **{"not": "80.5"}),
    ),
    Case(
        "smoking and birth weight", "Stata Treatment-Effects Reference Manual", "cattaneo",
        "estimate", answers.smoking,
        figures(RA="-239.64", IPW="-230.69", AIPW="-230.99", AIPW_se="26.21"),
    ),
    Case(
        "card spending, Oaxaca", "statsmodels, documentation", "ccard", "estimate",
        answers.spending, figures(gap="158.75", explained="130.81", unexplained="27.94"),
    ),
    Case(
        "teaching, PSI logit", "Spector and Mazzeo 1980", "spector", "estimate", answers.teaching,
        figures(estimate="2.379", se="1.065"),
    ),
    Case(
        "graduate school, ordered logit", "UCLA Statistical Consulting", "ologit", "fit_ordered",
        answers.graduate_school, figures(estimate="1.047664", se=".2657891"),
    ),
    Case(
        "power, people per arm", "Cohen 1988", "", "sample_size_per_arm", answers.people_per_arm,
        figures(**{"d=0.5": "63.77", "d=0.2": "393.41"}),
    ),
    Case(
        "robustness value, Darfur", "Cinelli and Hazlett 2020", "", "robustness_value",
        answers.hidden_causes, figures(**{"estimate, %": "13.9", "interval, %": "7.6"}),
    ),
    Case(
        "E-value", "VanderWeele and Ding 2017", "", "e_value", answers.risk_ratios,
        figures(**{"of 3.9": "7.26", "of 1.8": "3.0"}),
    ),
)  # fmt: skip
"""Every published case of the methods reference, and a few more of the checks."""


def check_cases(cases: Sequence[Case]) -> Iterator[Line]:
    """A line for every figure of some cases; one line for a case whose data are not here."""
    for case in cases:
        yield from check_case(case)


def check_case(case: Case) -> Iterator[Line]:
    """The lines of one case, computed now."""
    package = missing_package(case.data)
    if package:
        yield Line(case.id, "-", "-", package, "no_data", source=source_of(case))
        return
    found = case.find(load_data(case.data))
    for figure in case.figures:
        yield line_of(case, figure, found.get(figure.name, math.nan))
