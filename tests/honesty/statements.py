"""Statements of a report as a reader takes them: what is said to be, which way, how far, and how surely.

Everything is read from the printed words: a sign from its word, a number from its digits, a verdict from its phrase.
The record behind a number only tells which quantity it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields

from analysis.inference.record import Estimate
from analysis.release.claims import Claim, Report, Slot
from analysis.release.wording import wording

CAUSAL = re.compile("(?<!即)使(?!用)|促进|导致|带动|归功于|带来|有效|提升了|改善了|推动了")
OPEN = re.compile("尚不能判断(?!原因)|现有数据无法回答|不单独列出")
NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
TEN_THOUSAND = "万"
ENDS = {"low", "high", "ratio_low", "ratio_high"}
# yardsticks that stand beside a number, and numbers said again in other words
BESIDE = {"mde", "relevant", "family", "stated"}
AGAIN = ("per_", "k_")  # so many in a hundred or a thousand: the share beside them once more
TOLERANCE = 1e-9


@dataclass(frozen=True)
class Statement:
    """One quantity as one claim tells it, and what is true of it (``truth`` None: ``reason`` says why it is not judged).

    ``kind``: effect, association, gap, level, or the kind of the claim. ``direction``: +1 or -1 if the words say which
    way, else 0. ``low``, ``high`` and ``bound`` as printed; ``room`` is half of the last printed digit. ``is_definite``:
    the claim tells something, not that it cannot be told.
    """

    part: str
    kind: str
    claim: str
    source: str
    quantity: str
    value: float
    room: float
    direction: int = 0
    low: float | None = None
    high: float | None = None
    bound: float | None = None
    is_causal: bool = False
    is_definite: bool = True
    truth: float | None = None
    reason: str = ""

    @property
    def is_wrong(self) -> bool:
        """Whether it says a way that is not the true one; a way where there is none is wrong too."""
        if self.truth is None or not self.direction:
            return False
        nothing = 1.0 if self.quantity == "ratio" else 0.0
        return self.direction * (self.truth - nothing) <= 0

    @property
    def has_range(self) -> bool:
        """Whether both ends of a range are told."""
        return self.low is not None and self.high is not None

    @property
    def is_missed(self) -> bool:
        """Whether the truth lies outside the told range."""
        if self.truth is None or self.low is None or self.high is None:
            return False
        return not self.low - self.room <= self.truth <= self.high + self.room

    @property
    def is_beyond(self) -> bool:
        """Whether the truth is larger than the told bound."""
        if self.truth is None or self.bound is None:
            return False
        return abs(self.truth) > self.bound + self.room

    @property
    def is_number(self) -> bool:
        """Whether it only tells a number: no range, no bound."""
        return not self.has_range and self.bound is None

    def is_off(self, share: float) -> bool:
        """Whether a told number differs from the truth by more than a share of it, rounding aside."""
        distance = abs(self.value - (self.value if self.truth is None else self.truth))
        return distance > self.room + share * abs(self.truth or 0.0)


FIELDS = tuple(f.name for f in fields(Statement))


def statements_of(report: Report, estimates: Mapping[str, Estimate]) -> Iterator[Statement]:
    """Every statement of a report that carries a number, part by part; ``estimates`` are the records by id."""
    for part, claims in parts_of(report).items():
        for claim in claims:
            yield from read_claim(part, claim, estimates)


def parts_of(report: Report) -> dict[str, tuple[Claim, ...]]:
    """The claims of a report by part."""
    heads = tuple(h.claim for h in report.headlines if h.claim is not None)
    around = tuple(c for place in report.around().values() for c in place)
    return {
        "summary": heads + report.cannot_tell + report.refuted,
        "problems": tuple(c for p in report.problems for c in p.evidence),
        "effects": report.effects,
        "around": around,
    }


def read_claim(part: str, claim: Claim, estimates: Mapping[str, Estimate]) -> Iterator[Statement]:
    """The quantities of one claim: each number that is neither an end of a range, a yardstick nor a base."""
    is_count = claim.label == "level" and all(s.unit == "count" for s in claim.slots)
    for slot in claim.slots:
        is_beside = slot.name in ENDS | BESIDE or slot.name.startswith(AGAIN)
        if is_beside or (slot.unit == "count" and not is_count):
            continue
        record = estimates.get(slot.source)
        yield read_slot(part, claim, slot, quantity_of(slot, record))


def read_slot(part: str, claim: Claim, slot: Slot, quantity: str) -> Statement:
    """One quantity as printed, with the range or bound that is told of it."""
    text, kind = claim.plain(), kind_of(claim, quantity)
    value, is_open = signed(slot), is_open_about(claim, quantity)
    low, high = range_of(claim, slot, quantity)
    way = 0 if is_open or slot.name == "bound" else direction_of(slot, kind)
    return Statement(
        part, kind, claim.id, slot.source, quantity, value, room_of(slot),
        direction=way, low=low, high=high,
        bound=abs(value) if slot.name == "bound" else None,
        is_causal=claim.kind == "effect" and bool(CAUSAL.search(text)),
        is_definite=not is_open_claim(claim),
    )  # fmt: skip


def is_open_claim(claim: Claim) -> bool:
    """Whether a claim says first of all that something cannot be told, by its label or by its words."""
    return claim.label in ("undetermined", "none") or bool(OPEN.search(claim.plain()))


def is_open_about(claim: Claim, quantity: str) -> bool:
    """Whether the words leave a quantity open; plain levels beside it are told all the same."""
    return quantity in ("estimate", "ratio") and bool(OPEN.search(claim.plain()))


def kind_of(claim: Claim, quantity: str) -> str:
    """What sort of truth a quantity is held against.

    An effect is what is planted; a difference that is told without a causal verb or a bound is an association, and
    what stands beside it unadjusted a level or a gap.
    """
    if quantity.startswith("arms.") or quantity == "count":
        return "level"
    if quantity in ("raw_difference", "before"):
        return "gap"
    text = claim.plain()
    says_difference = not OPEN.search(text) and not CAUSAL.search(text)
    is_bound = any(s.name == "bound" for s in claim.slots)
    return (
        "association" if claim.kind == "effect" and says_difference and not is_bound else claim.kind
    )


def direction_of(slot: Slot, kind: str) -> int:
    """Which way the printed words point: above or below zero, a ratio above or below one; 0 without a sign word."""
    if slot.name == "ratio" and kind in ("effect", "association"):
        read = number_of(slot)
        return (read > 1) - (read < 1)
    value = signed(slot)
    return 0 if sign_of(slot) is None or value == 0 else (1 if value > 0 else -1)


def range_of(claim: Claim, slot: Slot, quantity: str) -> tuple[float | None, float | None]:
    """The printed ends that belong to a number; ends without sign words take the sign of the number."""
    if quantity not in ("estimate", "ratio") and slot.name not in ("size", "level"):
        return None, None
    names = ("ratio_low", "ratio_high") if slot.name == "ratio" else ("low", "high")
    ends = [s for s in claim.slots if s.name in names and s.source == slot.source]
    if len(ends) != 2 or slot.name == "bound":
        return None, None
    is_plain = all(sign_of(e) is None for e in ends)
    turn = -1.0 if is_plain and (sign_of(slot) or 1) < 0 else 1.0
    low, high = sorted(turn * signed(e) for e in ends)
    return low, high


def quantity_of(slot: Slot, record: Estimate | None) -> str:
    """The name of the record's number that a slot prints; empty if the record has no such number."""
    if record is None:
        return ""
    if slot.name == "bound":
        return "estimate"
    if slot.unit == "count":
        return "count" if slot.value == record.n_treated else ""
    return next((k for k, v in numbers_of(record).items() if abs(v - slot.value) < TOLERANCE), "")


def numbers_of(record: Estimate) -> dict[str, float]:
    """The numbers of a record that a sentence may tell, by name, None left out; the estimate goes first."""
    found: dict[str, float | None] = {
        "estimate": record.estimate,
        "ratio": record.ratio,
        "raw_difference": record.raw_difference,
    }
    found |= {f"arms.{name}": arm.level for name, arm in record.arms.items()}
    for name, (one, other) in {
        "raw_difference": ("focus", "reference"),
        "before": ("treated_before", "control_before"),
    }.items():
        a, b = (record.arms.get(side) for side in (one, other))
        if a and b and a.level is not None and b.level is not None and found.get(name) is None:
            found[name] = a.level - b.level
    points = {f"series.{k}.{p.label}": p.estimate for k, ps in record.series.items() for p in ps}
    return {k: v for k, v in (found | points).items() if v is not None}


# --- printed numbers ------------------------------------------------------------------------------


def signed(slot: Slot) -> float:
    """The printed number with the sign that its word gives it."""
    return (sign_of(slot) or 1) * number_of(slot)


def number_of(slot: Slot) -> float:
    """The printed digits as a number, 0 where it is said to be level; ValueError if nothing is printed."""
    found = NUMBER.search(slot.text)
    if found is None:
        if slot.text == wording()["sign"]["none"]:
            return 0.0
        raise ValueError(f"no number in {slot.text!r}")
    return float(found[0].replace(",", "")) * scale_of(slot)


def sign_of(slot: Slot) -> int | None:
    """+1 or -1 by the word before the digits, None without such a word."""
    signs = wording()["sign"]
    before = slot.text[: found.start()] if (found := NUMBER.search(slot.text)) else slot.text
    for ending, sign in (("negative", -1), ("positive", 1)):
        if before and before in {w for k, w in signs.items() if k.endswith(ending)}:
            return sign
    return 1 if slot.text == signs["none"] else None


def scale_of(slot: Slot) -> float:
    """10,000 where the number is told in such units."""
    return 1e4 if TEN_THOUSAND in slot.text else 1.0


def room_of(slot: Slot) -> float:
    """Half of the last printed digit."""
    found = NUMBER.search(slot.text)
    decimals = len(found[0].partition(".")[2]) if found else slot.decimals
    return 0.5 * 10.0**-decimals * scale_of(slot)
