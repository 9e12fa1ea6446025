"""`make docs`: both invented bureaus against the specification, as pictures in ``docs/portrait`` and a table.

``python tests/portrait.py [FOLDER]``. The table of planted effects is made by ``tests/planted.py``.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.present.fonts import FAMILY, font
from analysis.synthetic.options import bureau_options
from analysis.synthetic.profile import REFERENCE_YEAR
from analysis.synthetic.truth.bureau import draw_bureau
from analysis.synthetic.truth.effects import need_coverage
from analysis.synthetic.truth.record import Draw

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "portrait"
AREAS = {"urban": "城区", "town": "镇区", "rural": "乡村"}
COLOURS = {"urban": "#4477aa", "town": "#999933", "rural": "#aa3355"}
RANKS = {"none": "未定级", "second": "二级", "first": "一级", "senior": "高级", "full": "正高级"}
SHADES = ("#e8e4da", "#c9d6df", "#8fb0c8", "#4f7fa3", "#234e70")
SPEC = {"color": "#222222", "linewidth": 1.1, "linestyle": (0, (4, 2))}
PEAKS = (29, 47)  # domain.md 6.3
LEVEL = {2024: (81.5, 7.7), 2025: (None, None)}  # mean, standard deviation: 6.3
EXCELLENT = {2024: 32, 2025: 45}  # 6.2, of the city
CUT = 85
# rural A1 of 6.2, and what the scale trap of 5.4 expects of urban schools
RATES = {"rural": {2024: 5.0, 2025: 2.3}, "urban": {2024: 3.0, 2025: 1.7}}
OUTREACH_POINTS = 8  # 6.4
STYLE = {
    "font.family": FAMILY,
    "font.size": 9,
    "axes.unicode_minus": False,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlesize": 10.5,
    "axes.titlelocation": "left",
    "legend.frameon": False,
    "legend.fontsize": 8,
}


def teachers_of(draw: Draw, year: int) -> pd.DataFrame:
    roster = draw.roster(year)
    return roster[roster["is_teacher"]]


def show_ages(ax: Axes, draw: Draw) -> None:
    """Ages on the reference roster by area: a mix of two peaks, most spread out in rural schools."""
    rows = teachers_of(draw, REFERENCE_YEAR)
    ages = np.arange(21, 61)
    for area, label in AREAS.items():
        mine = np.floor(rows.loc[rows["area"] == area, "age"]).value_counts(normalize=True)
        smooth = mine.reindex(ages, fill_value=0).sort_index().rolling(3, center=True).mean()
        ax.plot(ages, 100 * smooth, color=COLOURS[area], label=label)
    for peak in PEAKS:
        ax.axvline(peak, **SPEC)
    ax.set(
        title=f"年龄（{REFERENCE_YEAR}年9月1日）",
        xlabel="岁",
        ylabel="占比（%）",
        ylim=(0, 5.6),
    )
    ax.legend(title=f"虚线：规格 {PEAKS[0]}、{PEAKS[1]} 岁", loc="upper center")


def show_ranks(ax: Axes, draw: Draw) -> None:
    """Shares of titles by years of teaching: they rise."""
    rows = teachers_of(draw, 2024)
    years = np.floor(rows["years_teaching"]).clip(upper=36)
    shares = pd.crosstab(years, rows["title_rank"], normalize="index").reindex(columns=[*RANKS])
    ax.stackplot(shares.index, 100 * shares.to_numpy().T, colors=SHADES, labels=RANKS.values())
    ax.set(
        title="职称随教龄（2024年）",
        xlabel="教龄（年）",
        ylabel="占比（%）",
        xlim=(0, 36),
        ylim=(0, 100),
    )
    ax.legend(loc="lower right", frameon=True, framealpha=0.92, edgecolor="none", handlelength=1.2)


def show_scores(ax: Axes, draw: Draw) -> None:
    """Scores of two years with the normal curve of the specification and the cut."""
    bins = np.arange(50, 101, 2)
    for year, colour in ((2024, "#8a8a8a"), (2025, "#aa3355")):
        scores = draw.scores.loc[draw.scores["year"] == year, "digital_score"]
        above = 100 * (scores >= CUT).mean()
        text = f"{year}年：均分 {scores.mean():.1f}，标准差 {scores.std():.1f}，优秀 {above:.1f} %"
        ax.hist(
            scores, bins, density=True, histtype="step", color=colour, linewidth=1.4, label=text
        )
    mean, spread = LEVEL[2024]
    x = np.linspace(50, 100, 200)
    normal = np.exp(-(((x - mean) / spread) ** 2) / 2) / (spread * np.sqrt(2 * np.pi))
    ax.plot(x, normal, **SPEC, label=f"规格2024年：{mean}，{spread}")
    ax.axvline(CUT, color="#bbbbbb", linewidth=0.8)
    note = "，".join(f"{y}年 {v} %" for y, v in EXCELLENT.items())
    ax.set(
        title=f"数字素养得分（规格的优秀率：市 {note}）",
        xlabel="分（竖线：优秀线 85）",
        ylabel="密度",
    )
    ax.set_ylim(0, 0.088)
    ax.legend(loc="upper left")


def show_leaving(ax: Axes, draw: Draw) -> None:
    """Leaving by area and report year; the marks are the specification's."""
    years = [*draw.options.years][1:]
    for area, label in AREAS.items():
        found = [draw.truth["rates"][str(y)]["A5"][area]["percent"] for y in years]
        ax.plot(years, found, color=COLOURS[area], marker="o", markersize=3, label=label)
        if area in RATES:
            for year, value in zip((2024, 2025), found[-2:], strict=True):
                low = (year - (0.35 if year == 2024 else -0.1), value - 0.3)
                place = (year + 0.1, value + 0.12) if area == "rural" else low
                ax.text(*place, f"{value:.2f}", fontsize=8, color=COLOURS[area])
    for marks in RATES.values():
        ax.scatter(marks.keys(), marks.values(), marker="x", s=42, color="#222222", zorder=5)
    ax.scatter([], [], marker="x", s=42, color="#222222", label="规格：乡村 5.0→2.3，城区 3.0→1.7")
    ax.set(
        title="流失率（离开本系统或原城乡类别）",
        xlabel="报告年",
        ylabel="%",
        ylim=(0, 7),
        xlim=(None, 2025.8),
    )
    ax.legend(loc="lower left")


def show_coverage(ax: Axes, draw: Draw) -> None:
    """How far the year's training met the three largest needs, with and without outreach."""
    rows = need_coverage(draw, 2025)
    mean = 100 * rows.groupby("area", observed=True)[
        ["coverage", "coverage_without_outreach"]
    ].mean().reindex([*AREAS])
    at = np.arange(len(AREAS))
    ax.bar(
        at,
        mean["coverage"],
        0.55,
        color=[COLOURS[a] for a in AREAS],
        alpha=0.35,
        label="送教下乡所增",
    )
    ax.bar(at, mean["coverage_without_outreach"], 0.55, color=[COLOURS[a] for a in AREAS])
    for x, (total, without) in zip(at, mean.to_numpy(), strict=True):
        more = f"（送教 +{total - without:.1f}）" if total - without > 0.05 else ""
        ax.text(x, total + 1, f"{total:.0f} %{more}", ha="center")
    ax.set_xticks(at, [*AREAS.values()])
    ax.set(
        title=f"三项最大需求被培训覆盖的比例（规格：送教 +{OUTREACH_POINTS}）",
        ylabel="%",
        ylim=(0, 40),
    )


def show_missing(ax: Axes, draw: Draw) -> None:
    """Who does not answer and whose post is off the establishment, by area."""
    rows = teachers_of(draw, 2024)
    area = rows["area"]
    answered = 100 * rows["person"].isin(draw.survey["person"]).groupby(area, observed=True).mean()
    off = 100 * (~rows["staffed_post"]).groupby(area, observed=True).mean()
    women = 100 * (rows["sex"] == "female").groupby(area, observed=True).mean()
    response = round(100 * draw.profile.response)
    bars = {
        f"问卷作答\n规格 {response}（在岗者）": answered,
        "编外\n规格 8，乡村 12": off,
        "女教师\n规格 72": women,
    }
    for at, values in enumerate(bars.values()):
        for step, name in enumerate(AREAS):
            place = at + 0.27 * (step - 1)
            ax.bar(place, values[name], 0.24, color=COLOURS[name])
            ax.text(place, values[name] + 1, f"{values[name]:.0f}", ha="center", fontsize=8)
    ax.set_xticks(range(len(bars)), [*bars])
    ax.set(title="作答、编制、性别（2024年名册）", ylabel="%", ylim=(0, 100))


PANELS: tuple[Callable[[Axes, Draw], None], ...] = (
    show_ages,
    show_ranks,
    show_scores,
    show_leaving,
    show_coverage,
    show_missing,
)


def portray(draw: Draw) -> Figure:
    """One page about one bureau."""
    with plt.rc_context(STYLE):
        figure, axes = plt.subplots(3, 2, figsize=(11, 12.6), layout="constrained")
        for ax, show in zip(axes.flat, PANELS, strict=True):
            show(ax, draw)
        n, schools = draw.options.teachers, draw.options.schools
        title = (
            f"{draw.profile.label}（虚构）：{n} 名教师，{schools} 所学校，种子 {draw.options.seed}"
        )
        figure.suptitle(title, fontsize=13, x=0.01, ha="left")
    return figure


def main(folder: Path = FOLDER) -> None:
    """Draw both pages."""
    font()
    folder.mkdir(parents=True, exist_ok=True)
    for bureau in ("county", "city"):
        figure = portray(draw_bureau(bureau_options(bureau)))
        target = folder / f"{bureau}.png"
        figure.savefig(target, dpi=100, metadata={"Software": None})
        plt.close(figure)
        print(f"{target.name} {target.stat().st_size // 1000} KB")


if __name__ == "__main__":
    main(*(Path(a).resolve() for a in sys.argv[1:2]))
