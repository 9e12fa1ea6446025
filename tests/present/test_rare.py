"""Rare characters: our own labels have none, a delivered name gets a numbered mark, a footnote and a line in the check."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from analysis.errors import RunError
from analysis.intake.delivery import Delivery
from analysis.present import sheets
from analysis.present.figures import figure_html, png
from analysis.present.fonts import check_glyphs, missing_glyphs
from analysis.present.plot import open_plot
from analysis.present.rare import footnote, mark_of, rare_notes, without_rare
from analysis.release.wording import wording
from analysis.study.load import load_study
from analysis.study.objects import Study
from analysis.study.workspace import open_workspace
from tests.present import sample

RARE, OTHER = "\U00020000", "\U00020021"  # neither is in the face of the figures
STUDY = Path(__file__).resolve().parents[2] / "study"


@pytest.fixture(scope="module")
def study() -> Study:
    return load_study(open_workspace())


def texts(value: object) -> list[str]:
    """Every text of a loaded file."""
    if isinstance(value, str):
        return [value]
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else []
    return [t for part in parts for t in texts(part)]


def test_our_own_words_and_labels_have_all_their_glyphs() -> None:
    ours = texts(wording()) + [p.read_text(encoding="utf-8") for p in STUDY.glob("*.toml")]
    drawn = "".join(ours).replace("\n", "").replace("\t", "").replace("\r", "")
    assert missing_glyphs(drawn) == ""


def test_a_glyph_missing_in_our_own_words_stops_the_run() -> None:
    with pytest.raises(RunError, match=r"U\+20000"):
        check_glyphs(f"甲{RARE}")


def rare_spec() -> object:
    labels = (f"{RARE}县{OTHER}乡", f"其中：{RARE}", "其中：信息化应用")
    return replace(sample.gap_spec(), row_labels=labels)


def test_a_delivered_name_gets_numbered_marks_and_a_footnote() -> None:
    plot = open_plot(rare_spec(), {e.id: e for e in sample.estimates()})
    assert plot.rows[0].label == "①县②乡"
    assert plot.rows[1].label == "其中：①"  # the same character has the same mark
    html = figure_html(plot)
    drawn = "".join(re.findall(r"<text[^>]*>([^<]*)</text>", html))
    assert RARE not in drawn
    assert "①县②乡" in drawn
    note = f"注：图中字体没有的字用编号代替，①代“{RARE}”（U+20000）；②代“{OTHER}”（U+20021）。"
    assert f'<p class="note">{note}</p>' in html
    assert len(png(plot)) > 1000


def test_a_figure_without_rare_characters_has_no_footnote() -> None:
    spec, rare = without_rare(sample.gap_spec())
    assert (spec, rare, footnote(rare)) == (sample.gap_spec(), "", "")


def test_more_than_twenty_marks_go_on_in_brackets() -> None:
    assert [mark_of(n) for n in (1, 20, 21)] == ["①", "⑳", "（21）"]


def test_the_data_check_says_which_names(study: Study) -> None:
    nothing = pd.DataFrame()
    plain = Delivery(
        region="r", label="示例县", year=2025, tables={}, ledger=nothing, files=(), links=nothing, is_invented=True,
        fingerprint="", as_of="2025-09-01", notes=(),
    )  # fmt: skip
    assert rare_notes(study, plain) == ()
    (line,) = rare_notes(study, replace(plain, label=f"{RARE}县"))
    assert f"“{RARE}县”" in line
    assert "U+20000" in line
    assert line in sheets.show_check_notes(study, replace(plain, label=f"{RARE}县")).html
