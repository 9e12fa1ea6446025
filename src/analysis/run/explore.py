"""The widgets of ``explore.ipynb``: choose region, year, outcome, programme and group, read the same sentences.

Nothing here estimates or words anything; the functions are those of the report.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import ipywidgets as widgets

from analysis.errors import AnalysisError, messages
from analysis.inference.evaluate import evaluate
from analysis.inference.family import adjust_family
from analysis.intake.delivery import ready_delivery
from analysis.panel.build import Panel, build_panel
from analysis.present.markup import Fragment
from analysis.present.page import show_section
from analysis.release.disclosure import disclose
from analysis.release.effects import effect_claims
from analysis.run.parameters import Question
from analysis.study.load import load_study
from analysis.study.objects import Study
from analysis.study.workspace import Workspace

Group = tuple[str, str]  # panel column, code; two empty texts: everybody
Options = Sequence[tuple[str, object]]


@dataclass(frozen=True)
class Choice:
    """What the selectors say: an outcome under one definition, a programme, and who is looked at."""

    outcome: str
    definition: str
    programme: str
    group: Group = ("", "")


@dataclass
class Selectors:
    """The five selectors and the place of the answer, over one workspace."""

    space: Workspace
    study: Study
    region: widgets.Dropdown
    year: widgets.Dropdown
    outcome: widgets.Dropdown
    programme: widgets.Dropdown
    group: widgets.Dropdown
    answer: widgets.HTML
    panels: dict[tuple[str, int], Panel] = field(default_factory=dict)

    @property
    def all(self) -> tuple[widgets.Dropdown, ...]:
        """The selectors in the order in which they are chosen."""
        return self.region, self.year, self.outcome, self.programme, self.group


def explore(question: Question) -> widgets.VBox:
    """Five selectors and the answer below them, starting from a question; the answer follows each choice."""
    selectors = open_selectors(question)
    for selector in selectors.all:
        selector.observe(lambda change: follow(selectors, change["owner"]), names="value")
    follow(selectors, selectors.outcome)
    return widgets.VBox([*selectors.all, selectors.answer])


def open_selectors(question: Question) -> Selectors:
    """The selectors with what the workspace and the study offer."""
    study = load_study(question.space)
    years = question.space.years(question.region)
    return Selectors(
        space=question.space,
        study=study,
        region=_select("explore_region", question.space.regions(), question.region),
        year=_select("explore_year", years, question.year),
        outcome=_select("explore_outcome", outcome_options(study), None),
        programme=_select("explore_programme", (), None),
        group=_select("explore_group", group_options(study), ("", "")),
        answer=widgets.HTML(),
    )


def follow(selectors: Selectors, changed: widgets.Dropdown) -> None:
    """Brings later selectors and the answer in line with a changed one."""
    if changed is selectors.region:
        selectors.year.options = selectors.space.years(selectors.region.value)
        selectors.year.value = selectors.year.options[-1]
    if changed is selectors.outcome:
        offered = programme_options(selectors.study, selectors.outcome.value[0])
        selectors.programme.options = offered
        selectors.programme.value = offered[0][1] if offered else None
    selectors.answer.value = answer_text(selectors)


def answer_text(selectors: Selectors) -> str:
    """The answer as HTML, or the explained error if there can be none."""
    if selectors.programme.value is None:
        return ""
    outcome, definition = selectors.outcome.value
    choice = Choice(outcome, definition, selectors.programme.value, selectors.group.value)
    try:
        return answer(selectors.study, panel_of(selectors), choice).html
    except AnalysisError as error:
        return Fragment(f"<pre>{error}</pre>").html


def panel_of(selectors: Selectors) -> Panel:
    """The panel of the chosen region and year, built once per session."""
    key = (selectors.region.value, selectors.year.value)
    if key not in selectors.panels:
        delivery = ready_delivery(selectors.space, selectors.study, *key)
        selectors.panels[key] = build_panel(selectors.study, delivery)
    return selectors.panels[key]


def answer(study: Study, panel: Panel, choice: Choice) -> Fragment:
    """What the data say of one programme and outcome among one group, in the report's own sentences."""
    programme, outcome = study.interventions[choice.programme], study.outcomes[choice.outcome]
    some = narrowed(panel, choice.group)
    size = sum(choice.outcome in entry.design for entry in study.interventions.values())
    found = evaluate(study, some, programme, outcome, choice.definition)
    (estimate,) = adjust_family([found], size=size)
    shown, _ = disclose(estimate)
    sentences = [claim.plain() for claim in effect_claims(study, shown)]
    return show_section("answer", programme.label, *sentences)


def narrowed(panel: Panel, group: Group) -> Panel:
    """The panel of one group only; nobody if the column is not in the data."""
    column, code = group
    if not column:
        return panel
    frame = panel.frame
    rows = frame[frame[column] == code] if column in frame else frame.iloc[0:0]
    return replace(panel, frame=rows)


def outcome_options(study: Study) -> Options:
    """Every outcome under each of its definitions, the primary one first."""
    return [
        (definition.label, (outcome.id, definition.id))
        for outcome in study.outcomes.values()
        for definition in sorted(
            outcome.definitions.values(), key=lambda d: (d.id != outcome.primary, d.id)
        )
    ]


def programme_options(study: Study, outcome: str) -> Options:
    """The programmes that are looked at for an outcome."""
    return [(i.label, i.id) for i in study.interventions.values() if outcome in i.design]


def group_options(study: Study) -> Options:
    """Everybody, then each code of each category of the panel."""
    everybody: Options = [(messages()["explore_everybody"]["zh"], ("", ""))]
    return [*everybody] + [
        (f"{variable.label} / {variable.code_label(code)}", (variable.id, code))
        for variable in study.variables.values()
        if "panel" in variable.tables and variable.kind == "category"
        for code in variable.codes
    ]


def _select(label: str, options: Sequence[object], value: object) -> widgets.Dropdown:
    """One selector with its Chinese label."""
    chosen = {} if value is None else {"value": value}
    return widgets.Dropdown(description=messages()[label]["zh"], options=options, **chosen)
