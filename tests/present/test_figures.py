"""Figures as files: text stays text, names and ids are in order, nothing leaks, nothing is drawn that is hidden."""

from __future__ import annotations

import io
import re
import sys
from dataclasses import replace

import matplotlib as mpl
import pytest
from PIL import Image

from analysis.errors import RunError
from analysis.inference.record import Arm, Estimate
from analysis.present.canvas import drawing_style, new_canvas, write
from analysis.present.figures import data_table, figure_html, png, svg
from analysis.present.fonts import check_glyphs, em_width, missing_glyphs, wrap
from analysis.present.labels import word
from analysis.present.plot import Plot, adjusted_range, difference_scale, open_plot
from analysis.present.trend import spread
from analysis.release.claims import FigureSpec
from analysis.release.disclosure import disclose_all
from analysis.release.wording import wording
from tests.present import sample

SPECS = {
    "gap": sample.gap_spec(),
    "forest": sample.forest_spec(),
    "ruler": sample.ruler_spec(),
    "trend": sample.trend_spec(),
    "event_study": sample.series_spec("event_study"),
    "cohorts": sample.series_spec("cohorts"),
    "specifications": sample.series_spec("specifications"),
}


def by_id() -> dict[str, Estimate]:
    return {e.id: e for e in (*sample.estimates(), sample.followed())}


def plot(spec: FigureSpec) -> Plot:
    return open_plot(spec, by_id())


@pytest.fixture(params=SPECS)
def spec(request: pytest.FixtureRequest) -> FigureSpec:
    return SPECS[request.param]


def texts(drawn: str) -> list[str]:
    return re.findall(r"<text[^>]*>([^<]*)</text>", drawn)


def test_svg_is_inline_named_and_clean(spec: FigureSpec) -> None:
    drawn = svg(plot(spec))
    root = re.match(r"<svg[^>]*>", drawn)
    assert root is not None
    assert 'role="img"' in root.group()
    assert 'viewBox="0 0 380 ' in root.group()
    assert "PingFang SC" in root.group()
    assert " width=" not in root.group()
    assert " height=" not in root.group()
    assert f'<title id="fig-{spec.id}-title">{spec.alt_title}</title>' in drawn
    for dropped in ("<?xml", "DOCTYPE", "http", "metadata", "<style", "xlink"):
        assert dropped not in drawn


def test_ids_carry_the_name_of_their_figure(spec: FigureSpec) -> None:
    drawn = svg(plot(spec))
    ids = re.findall(r'\bid="([^"]+)"', drawn)
    assert ids
    assert len(ids) == len(set(ids))
    assert all(i.startswith(f"fig-{spec.id}-") for i in ids)


def test_text_is_text_and_large_enough(spec: FigureSpec) -> None:
    drawn = svg(plot(spec))
    sizes = [float(s) for s in re.findall(r"font-size: ([\d.]+)px", drawn)]
    assert len(sizes) == len(texts(drawn)) > 4
    assert min(sizes) >= 13.5  # 13.5 of 380 units is 12 px in the 343 px column of a phone
    assert "font-family: 'Noto" not in drawn


def test_same_bytes_twice(spec: FigureSpec) -> None:
    assert svg(plot(spec)) == svg(plot(spec))
    assert png(plot(spec)) == png(plot(spec))


def test_picture_for_word_is_300_dots_an_inch_at_140_mm(spec: FigureSpec) -> None:
    picture = Image.open(io.BytesIO(png(plot(spec))))
    assert picture.width == pytest.approx(140 / 25.4 * 300, abs=2)
    assert picture.convert("RGBA").getpixel((1, picture.height - 2)) == (255, 255, 255, 255)


def test_settings_of_matplotlib_are_left_alone(spec: FigureSpec) -> None:
    before = dict(mpl.rcParams)
    svg(plot(spec))
    assert dict(mpl.rcParams) == before
    assert "zhplot" not in sys.modules


def test_forest_says_estimate_range_and_label_in_words() -> None:
    said = texts(svg(plot(SPECS["forest"])))
    assert "1.2（0.7~1.7）" in said
    assert "●●○ 把握中等" in said
    assert said.count("尚不能判断") == 3  # two rows, and the key of the hollow mark
    assert "0" in said
    assert "浅色带：±1分以内，小于有意义的变化" in said


def test_hollow_for_undetermined_and_filled_for_direction() -> None:
    one = replace(SPECS["forest"], rows=("course",), row_labels=("甲",))
    clear = svg(open_plot(one, by_id()))
    unclear = svg(open_plot(one, {"course": replace(by_id()["course"], verdict="undetermined")}))
    assert "fill: #ffffff; stroke: #12436d" not in clear
    assert unclear.count("fill: #ffffff; stroke: #12436d") == 2  # the mark, and its key


def test_the_wider_adjusted_range_is_drawn_and_said() -> None:
    assert adjusted_range(by_id()["pilot"]) == (-1.4, 2.2)
    assert adjusted_range(by_id()["course"]) is None
    assert word("key_adjusted_range") in texts(svg(plot(SPECS["forest"])))
    assert word("key_adjusted_range") not in texts(svg(plot(SPECS["gap"])))
    rows = {r[0]: r[2] for r in data_table(plot(SPECS["forest"])).rows}
    assert rows["智慧教育试点"] == "−1.4~2.2"  # the adjusted ends of the drawn estimate
    assert rows["新教师导师带教"] == "—"  # it has none


def test_every_estimate_and_zero_lie_on_the_scale() -> None:
    shown = plot(SPECS["forest"])
    scale = difference_scale(shown.rows, 1.0, 0.0, 100.0)
    assert scale.low <= -1.0
    assert scale.high >= 1.0
    for row in shown.rows:
        value = row.estimate.estimate
        assert value is None or scale.low <= value <= scale.high


def test_gap_names_both_groups_and_prints_both_levels() -> None:
    said = texts(svg(plot(SPECS["gap"])))
    assert {"乡村教师", "城区教师", "58.0", "41.0", "12.0（8.0~16.0）"} <= set(said)


def test_gap_draws_no_level_that_is_hidden() -> None:
    few = Arm(6, 2, None, 77.7)
    raw = replace(by_id()["need"], arms={"focus": few, "reference": Arm(400, 9, None, 41.0)})
    shown, hidden = disclose_all((raw,))
    assert hidden
    one = replace(SPECS["gap"], rows=("need",), row_labels=("甲",))
    whole = figure_html(open_plot(one, shown))
    assert "77.7" not in whole
    assert "78" not in texts(whole)
    assert "※" in whole


def test_axis_that_does_not_start_at_zero_says_so() -> None:
    def said(values: tuple[float, float]) -> list[str]:
        levels = {
            f"l{y}": sample.estimate(f"l{y}", kind="level", unit="points", year=y, estimate=v)
            for y, v in zip((2024, 2025), values, strict=True)
        }
        spec = replace(SPECS["trend"], rows=tuple(levels), row_labels=("甲", "甲"), unit="points")
        return texts(svg(open_plot(spec, levels)))

    assert any(word("axis_cut") in t for t in said((78.0, 80.0)))
    assert not any(word("axis_cut") in t for t in said((2.0, 5.0)))


def test_every_figure_has_its_numbers_as_a_table(spec: FigureSpec) -> None:
    table = data_table(plot(spec))
    assert all(len(r) == len(table.heads) == len(table.numeric) for r in table.rows)
    assert all(cell for row in table.rows for cell in row)


def test_trend_table_has_a_row_per_year() -> None:
    table = data_table(plot(SPECS["trend"]))
    assert table.heads == ("年份", "乡村", "城区")
    assert table.rows[0] == ("2020", "5.0", "3.0")
    assert len(table.rows) == 6


def test_a_glyph_missing_in_our_words_stops_the_figure() -> None:
    assert missing_glyphs("乡村教师〔1〕●○◆—…※±−") == ""
    with pytest.raises(RunError, match=r"U\+1F600"):
        check_glyphs("好\U0001f600")
    with drawing_style(), pytest.raises(RunError):
        write(new_canvas(40), (0, 20), "\U0001f600")


def test_no_word_of_the_wording_file_lacks_a_glyph() -> None:
    everything = "".join(str(v) for table in wording().values() for v in table.values())
    assert missing_glyphs(everything.replace("\n", "")) == ""


def test_unknown_kind_row_or_names_stop_with_a_reason() -> None:
    with pytest.raises(RunError, match="forest"):
        svg(plot(replace(SPECS["forest"], kind="forrest")))
    with pytest.raises(RunError, match="nobody"):
        plot(replace(SPECS["forest"], rows=("nobody",)))
    with pytest.raises(RunError, match="effects"):
        plot(replace(SPECS["forest"], row_labels=()))


def test_names_are_cut_between_characters_and_kept_apart() -> None:
    assert wrap("数字技术与学科融合", 4.5) == ("数字技", "术与学", "科融合")
    assert wrap("试点学校的教师", 6.0) == ("试点学校", "的教师")
    assert wrap("乡村", 6.0) == ("乡村",)
    assert em_width("乡村A1") == pytest.approx(2 + 2 * 0.58)
    assert spread([100.0, 105.0], [30.0, 30.0], 214.0) == [100.0, 130.0]
    assert spread([205.0, 210.0], [30.0, 30.0], 214.0)[1] + 30 <= 214 + 17
