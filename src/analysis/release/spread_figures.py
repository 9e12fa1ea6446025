"""Figures of how scores are spread and of who answered: their words, their numbers from records and checks."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from analysis.inference.record import Arm, Estimate
from analysis.inference.spread import SERIES
from analysis.intake.delivery import Delivery
from analysis.release.check_survey import group_label, groups_to_hide, margin_label
from analysis.release.claims import FigureSpec
from analysis.release.numbers import level_text
from analysis.release.trails import definition_text, files_text, fill
from analysis.release.wording import join, phrase
from analysis.study.objects import Outcome, Study

NAMES = "spread"
RESPONSE = "response"


def spread_figures(
    study: Study, outcome: Outcome, shown: dict[str, Estimate], region: str, year: int
) -> tuple[FigureSpec, ...]:
    """The spread of an outcome's scores in one year; none where it was not measured, or would be of too few dots."""
    spread = shown.get(f"spread:{outcome.id}:{outcome.primary}:{year}")
    if spread is None or not any(p.estimate for p in spread.series.get(SERIES, ())):
        return ()
    cut, beyond = cut_of(outcome, shown, year)
    texts = spread_texts(outcome, spread, beyond, region, cut)
    named = [(spread.id, outcome.label)]
    if beyond is not None:
        named.append((beyond.id, outcome.definitions[beyond.definition].label))
    figure = FigureSpec(
        id=f"spread-{outcome.id}".replace("_", "-"),
        kind="distribution",
        title=texts["title"],
        subtitle=texts["subtitle"],
        reading=texts["reading"],
        alt_title=texts["alt_title"],
        alt_text=texts["alt_text"],
        source=files_text(spread.files),
        rows=tuple(id_ for id_, _ in named),
        unit=outcome.unit,
        row_labels=tuple(label for _, label in named),
        definition=definition_text(study, spread),
        series=SERIES,
        cut=cut,
    )
    return (figure,)


def spread_texts(
    outcome: Outcome, spread: Estimate, beyond: Estimate | None, region: str, cut: float | None
) -> dict[str, str]:
    """Title, subtitle, reading and alternative texts of a spread, with the share beyond the cut if it may be shown."""
    words = {
        "measure": outcome.label,
        "region": region,
        "unit": phrase("unit", outcome.unit),
        "share": level_text(beyond.estimate or 0.0, "pp", beyond.n_teachers) if beyond else "",
    }
    cut_text = "" if cut is None else f"{cut:g}"
    counts = {"year": spread.year, "n": spread.n_teachers, "cut": cut_text}
    which = "cut" if beyond else "plain"
    keys = {
        "title": f"title_{which}",
        "subtitle": "subtitle",
        "reading": "reading",
        "alt_title": "alt_title",
        "alt_text": f"alt_{which}",
    }
    return {name: fill(phrase(NAMES, key, **words), **counts) for name, key in keys.items()}


def cut_of(
    outcome: Outcome, shown: dict[str, Estimate], year: int
) -> tuple[float | None, Estimate | None]:
    """The score from which a definition counts, and the record of the share that reaches it; none where hidden."""
    for name, rule in outcome.definitions.items():
        found = shown.get(f"level:{outcome.id}:{name}:{year}")
        if rule.at_least is not None and found is not None and found.estimate is not None:
            return rule.at_least, found
    return None, None


def response_records(study: Study, delivery: Delivery) -> Iterator[tuple[str, Estimate]]:
    """The newest survey's groups that may be shown, each with its shares of the roster and of the answers."""
    checked = delivery.checks.get(RESPONSE, pd.DataFrame())
    if checked.empty:
        return
    newest = checked[checked["year"] == checked["year"].max()]
    for margin, rows in newest.groupby("margin", sort=False):
        if len(rows) < 2:  # everybody together: both shares are 100 %
            continue
        whole = (int(rows["n_roster"].sum()), int(rows["n_answers"].sum()))
        for row, is_hidden in zip(rows.itertuples(), groups_to_hide(rows), strict=True):
            name = phrase(
                NAMES,
                "group",
                group=group_label(study, str(margin), str(row.group)),
                margin=margin_label(study, str(margin)),
            )
            if not is_hidden and whole[1]:
                yield name, response_record(row, str(margin), whole)


def response_record(row: object, margin: str, whole: tuple[int, int]) -> Estimate:
    """One group as a record: its share of all on the roster, and of all who answered."""
    r: dict[str, object] = row._asdict()  # type: ignore[attr-defined]
    counts = (int(str(r["n_roster"])), int(str(r["n_answers"])))
    shares = (float(str(r["roster_share"])), float(str(r["answer_share"])))
    arms = {
        side: Arm(n_teachers=base, n_schools=0, n_events=n, level=100 * share)
        for side, base, n, share in zip(("roster", "answers"), whole, counts, shares, strict=True)
    }
    return Estimate(
        id=f"response:{margin}:{r['group']}", kind="gap", subject=margin, outcome=RESPONSE, definition="",
        estimand="level", design="level", assignment="adjusted_gap", population="", unit="percent",
        year=int(str(r["year"])), estimate=None, std_error=None, df=None, ci_low=None, ci_high=None, p_value=None,
        p_adjusted=None, ci_adj_low=None, ci_adj_high=None, n_teachers=whole[0], n_schools=0, n_treated=whole[1],
        n_treated_schools=0, n_control_schools=0, n_dropped=0, mde=None, relevant_effect=None, arms=arms,
    )  # fmt: skip


def weights_figure(
    study: Study, delivery: Delivery
) -> tuple[FigureSpec, tuple[Estimate, ...]] | None:
    """Who answered beside who is on the roster, with the records it is drawn from; None without such a check."""
    found = list(response_records(study, delivery))
    if not found:
        return None
    records = tuple(record for _, record in found)
    first = records[0]
    words = {"region": delivery.label}
    counts = {"year": first.year, "n": first.n_treated, "roster": first.n_teachers, "groups": len(found)}  # fmt: skip
    tables = [phrase("table_name", name) for name in ("roster", "survey")]
    spec = FigureSpec(
        id="response",
        kind="weights",
        title=fill(phrase(NAMES, "weights_title"), **counts),
        subtitle=fill(phrase(NAMES, "weights_subtitle", **words), **counts),
        reading=phrase(NAMES, "weights_reading"),
        source=join(tables),
        alt_title=fill(phrase(NAMES, "weights_alt_title"), **counts),
        alt_text=fill(phrase(NAMES, "weights_alt"), **counts),
        rows=tuple(r.id for r in records),
        unit="percent",
        row_labels=tuple(name for name, _ in found),
        arm_labels=(phrase(NAMES, "side_roster"), phrase(NAMES, "side_answers")),
    )
    return spec, records
