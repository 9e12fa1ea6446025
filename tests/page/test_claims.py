"""Tests 6 and 7, words and numbers: every claim of a whole report against the estimate that it comes from."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from tests.page.conftest import REAL
from tests.page.reading import said

CAUSAL = re.compile(r"促进|导致|带动|归功于|见效|使[^用得]{0,12}(?:降低|提高|上升|下降)|带来")
PROBABLE = re.compile(r"很可能|大概率|极可能|不太可能|基本上|普遍|大部分|略有|无效")
HUNDRED = re.compile(r"全面|彻底|根本|有效遏制|100%")
SLOT = re.compile(r"(\w+)=(-?[\d.]+) (\S*) ?\(([^)]*)\)")
LEAST = 100.0  # per cent; one person in n is 100 / n points
PROSE = "//p[@class='ev'] | //p[contains(@class,'besides')] | //p[contains(@class,'effect')] | //section[@class='problem']/p[not(@class)]"
COUNTED = re.compile(r"^(?:人次|人|名|份|所|项|场|次|个|年|学时|节|门|间|元|万|～|~|至|（|）|／|/)")


@pytest.fixture(
    scope="session",
    params=[pytest.param("demo", marks=pytest.mark.xdist_group("demo")), *REAL],
)
def folder(request: pytest.FixtureRequest) -> Path:
    """A finished report's folder."""
    return Path(request.getfixturevalue(f"{request.param}_report"))


@pytest.fixture(scope="session")
def claims(folder: Path) -> list[dict[str, Any]]:
    """Every claim with its slots by name and the estimate that it speaks of."""
    found = pd.read_csv(folder / "claims.csv", keep_default_na=False).to_dict("records")
    known = pd.read_csv(folder / "estimates.csv").set_index("id").to_dict("index")
    for claim in found:
        slots = SLOT.findall(claim["slots"])
        claim["slots"] = {name: (value, unit, source) for name, value, unit, source in slots}
        claim["of"] = known.get(claim["estimate"], {})
    return found


def offenders(claims: list[dict[str, Any]], is_wrong: Any) -> list[tuple[str, str]]:
    """The claims that a rule refuses."""
    return [(c["id"], c["text"]) for c in claims if is_wrong(c)]


# --- 6 words --------------------------------------------------------------------------------------


def test_causal_verbs_need_a_design_and_a_direction(claims: list[dict[str, Any]]) -> None:
    def is_wrong(claim: dict[str, Any]) -> bool:
        text = re.sub(r"不能据此认定[^。；]*|不宜[^。；]*归[^。；]*", "", claim["text"])
        may = claim["of"].get("grade") in ("A", "B") and claim["of"].get("verdict") == "direction"
        return bool(CAUSAL.search(text)) and not may

    assert offenders(claims, is_wrong) == []


@pytest.mark.parametrize(
    ("verdict", "must", "never"),
    [
        ("undetermined", "尚不能判断", "无效|略有|不显著|趋势向好"),
        ("bounded", "不超过", "没有作用"),
    ],
)
def test_wording_follows_the_verdict(
    claims: list[dict[str, Any]], verdict: str, must: str, never: str
) -> None:
    asked = [
        c
        for c in claims
        if c["of"].get("verdict") == verdict
        and c["of"].get("grade") != "E"
        and {"size", "bound"} & set(c["slots"])
        and c["label"] != "level"
    ]
    assert offenders(asked, lambda c: must not in c["text"]) == []
    assert offenders(asked, lambda c: re.search(never, c["text"])) == []


def test_what_cannot_be_answered_says_so(claims: list[dict[str, Any]]) -> None:
    asked = [c for c in claims if c["label"] == "none"]
    pattern = re.compile(r"现有数据无法回答|数据中没有|不能估计|无法")
    assert offenders(asked, lambda c: not pattern.search(c["text"])) == []


def test_unsaid_strength_is_no_strength(claims: list[dict[str, Any]]) -> None:
    """Words of strength follow the grade: never more than the design carries."""
    best = {"strong": "AB", "medium": "ABC", "weak": "ABCD"}
    asked = [c for c in claims if c["label"] in best and c["of"].get("estimate") is not None]
    assert offenders(asked, lambda c: c["of"].get("grade", "A") not in best[c["label"]]) == []


def test_no_word_of_probability_without_a_number(claims: list[dict[str, Any]]) -> None:
    assert offenders(claims, lambda c: PROBABLE.search(c["text"])) == []
    with_base = re.compile(
        r"100%(?=（[^）]*\d人)"
    )  # a share of people whose number stands behind it
    assert offenders(claims, lambda c: HUNDRED.search(with_base.sub("", c["text"]))) == []
    assert offenders(claims, lambda c: re.search("(?<!不)显著", c["text"])) == []


def test_a_strength_word_stands_beside_its_range(claims: list[dict[str, Any]]) -> None:
    """An effect or a like-for-like gap is never told without both ends of its range, lower end first."""
    asked = [c for c in claims if "size" in c["slots"]]
    assert asked or not any(c["of"].get("verdict") == "direction" for c in claims)
    assert offenders(asked, lambda c: not {"low", "high"} <= set(c["slots"])) == []
    ends = [(c["id"], *(float(c["slots"][e][0]) for e in ("low", "high"))) for c in asked]
    assert [e for e in ends if e[1] > e[2]] == []


# --- 7 numbers ------------------------------------------------------------------------------------


def test_percent_and_points_agree_with_the_units_of_the_slots(claims: list[dict[str, Any]]) -> None:
    for claim in claims:
        for name, (value, unit, _) in claim["slots"].items():
            size = re.escape(value.lstrip("-"))
            after = {"%": r"\s*(?:%|至|~)", "pp": r"\s*(?:个百分点|至|~)"}.get(unit)
            if after is None:
                continue
            found = re.search(rf"(?<![\d.]){size}(?!\.?\d){after}", claim["text"])
            shown = re.search(rf"(?<![\d.]){size}(?!\.?\d)", claim["text"])
            assert found or not shown, (claim["id"], name, claim["text"])


def test_decimals_are_no_finer_than_a_tenth_of_the_range(claims: list[dict[str, Any]]) -> None:
    bad = []
    for claim in claims:
        slots = claim["slots"]
        if not {"size", "low", "high"} <= set(slots):
            continue
        low, high = (float(slots[e][0]) for e in ("low", "high"))
        places = {len(slots[e][0].partition(".")[2]) for e in ("size", "low", "high")}
        ends_near_zero = min(abs(low), abs(high), abs(float(slots["size"][0]))) < 0.1
        finest = max(places)
        if len(places) != 1 or (finest > 1 and high - low >= 0.3 and not ends_near_zero):
            bad.append((claim["id"], slots))
        if finest >= 1 and high - low >= 10:
            bad.append((claim["id"], slots))
    assert bad == []


def test_no_rounded_end_crosses_zero(claims: list[dict[str, Any]]) -> None:
    """What is printed has the sign of what was estimated, end by end."""
    bad = []
    for claim in claims:
        of, slots = claim["of"], claim["slots"]
        ends = [
            ("low", "ci_adj_low" if "校正后" in claim["text"] else "ci_low"),
            ("high", "ci_adj_high" if "校正后" in claim["text"] else "ci_high"),
        ]
        for name, column in ends:
            true = of.get(column)
            if name in slots and true is not None and pd.notna(true) and claim["estimate"]:
                printed = float(slots[name][0])
                if (
                    "大致在" in claim["text"]
                ):  # one side of zero: the sizes of both ends, smaller one first
                    true = abs(true)
                bad += [(claim["id"], name)] if printed * true < 0 or (printed == 0 != true) else []
    assert bad == []


def test_a_shown_difference_equals_the_shown_rates_or_has_the_note(
    claims: list[dict[str, Any]], folder: Path
) -> None:
    page = (folder / "index.html").read_text(encoding="utf-8")
    has_note = "四舍五入" in page
    for claim in claims:
        slots = claim["slots"]
        if not {"focus", "reference", "raw"} <= set(slots):
            continue
        focus, reference, raw = (slots[n][0] for n in ("focus", "reference", "raw"))
        step = 10.0 ** -min(len(v.partition(".")[2]) for v in (focus, reference, raw))
        gap = abs(float(focus) - float(reference) - float(raw))
        assert gap <= step + 1e-9, claim["text"]
        assert gap < step / 2 or has_note, claim["text"]


def test_shares_that_are_not_whole_never_print_as_0_or_100(claims: list[dict[str, Any]]) -> None:
    bad = [
        (c["id"], name)
        for c in claims
        for name, (value, unit, _) in c["slots"].items()
        if unit == "%" and "." in value and float(value) in (0.0, 100.0)
    ]
    assert bad == []


def test_levels_have_the_places_of_their_base(claims: list[dict[str, Any]]) -> None:
    """One decimal from a thousand persons on, whole numbers below; more only where it would print as zero."""
    for claim in claims:
        for side, base in (("focus", "n_focus"), ("reference", "n_reference"), ("level", "n")):
            if not {side, base} <= set(claim["slots"]) or claim["slots"][side][1] != "%":
                continue
            bases = {"n_focus", "n_reference", "n"} & set(
                claim["slots"]
            )  # both sides are told alike
            value, n = claim["slots"][side][0], min(float(claim["slots"][b][0]) for b in bases)
            places = len(value.partition(".")[2])
            assert places == (1 if n >= 1000 else 0) or float(value) < 1, claim["text"]


def test_every_slot_of_the_page_has_its_unit(folder: Path) -> None:
    """A bare number in prose is followed by what it counts, or is the lower end of a range."""
    from lxml import html

    tree = html.parse(str(folder / "index.html"), html.HTMLParser(encoding="utf-8")).getroot()
    bad = []
    for paragraph in tree.xpath(PROSE):
        for link in paragraph.xpath(".//a[contains(@class,'n')]"):
            words, after = said(link), following(link)
            if re.search(r"\d$", words) and not COUNTED.match(after):
                bad.append(words + after[:8])
    assert bad == []


def following(link: Any) -> str:
    """What stands after a link: its own tail, or that of what holds it."""
    tail = (link.tail or "") + (
        "".join(n.text_content() + (n.tail or "") for n in link.itersiblings() if n.tag != "sup")
    )
    parent = link.getparent()
    return re.sub(r"〔\d+〕", "", tail) or (parent.tail or "" if parent.tag == "span" else "")


# --- the rules can fail ---------------------------------------------------------------------------


def test_rules_refuse_planted_wrong_claims() -> None:
    of = {"grade": "C", "verdict": "direction", "ci_low": 0.04, "ci_high": 1.2, "estimate": 0.6}
    slots = {"size": ("0.6", "pp", "e"), "low": ("0.0", "pp", "e"), "high": ("1.2", "pp", "e")}
    good = {"id": "x", "label": "medium", "estimate": "e", "of": of, "slots": slots, "text": "高0.6个百分点（大致在0.0至1.2个百分点之间）。"}  # fmt: skip
    with pytest.raises(AssertionError):
        test_no_rounded_end_crosses_zero([good])
    with pytest.raises(AssertionError):
        test_causal_verbs_need_a_design_and_a_direction([good | {"text": "培训促进得分提高。"}])
    with pytest.raises(AssertionError):
        test_percent_and_points_agree_with_the_units_of_the_slots([good | {"text": "高0.6%。"}])
    with pytest.raises(AssertionError):
        test_unsaid_strength_is_no_strength([good | {"label": "strong"}])
    with pytest.raises(AssertionError):
        test_no_word_of_probability_without_a_number([good | {"text": "很可能高0.6个百分点。"}])
    with pytest.raises(AssertionError):
        test_a_strength_word_stands_beside_its_range([good | {"slots": {"size": slots["size"]}}])
