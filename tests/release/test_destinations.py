"""The table of where teachers went: it adds up, moving is no loss, and nobody can be told from a small reason."""

from __future__ import annotations

from dataclasses import replace

import pytest

from analysis.inference.destinations import Destination
from analysis.inference.record import Arm, Estimate
from analysis.release.claims import Table
from analysis.release.destinations import destination_claims, destinations_table
from analysis.study.load import load_study
from analysis.study.workspace import open_workspace
from tests.release.drawn import effect

STUDY = load_study(open_workspace())
COUNTS = (
    Destination("stayed", "", 5436),
    Destination("moved", "moved_same", 38),
    Destination("moved", "moved_urban", 22),
    Destination("moved", "moved_town", 3),
    Destination("moved", "", 13),
    Destination("lent", "rotation", 129),
    Destination("lent", "secondment", 8),
    Destination("exempt", "retired", 127),
    Destination("lost", "resigned", 34),
    Destination("lost", "", 12),
    Destination("lost", "dismissed", 1),
)
TOTAL = sum(c.n for c in COUNTS)


def level(n_events: int | None, id_: str = "level:attrition:A2:2025") -> Estimate:
    return effect(
        id=id_, kind="level", unit="pp", arms={"all": Arm(TOTAL, 112, n_events, 1.0)},
        n_teachers=TOTAL, period="2024-09-01/2025-09-01", files=("名册.xlsx",),
    )  # fmt: skip


def made(counts: tuple[Destination, ...] = COUNTS, total: int = TOTAL) -> Table | None:
    return destinations_table(STUDY, counts, total, level(47), "画县")


def shown(table: Table | None) -> dict[str, str]:
    assert table is not None
    return {row[0].strip(): row[1] for row in table.rows}


def test_heads_add_up_to_the_roster_and_staying_comes_first() -> None:
    table = made()
    assert table is not None
    heads = [int(table.rows[i][1]) for i in table.heads_at]
    assert sum(heads) == TOTAL == int(table.rows[-1][1])
    assert table.rows[0][0].startswith("留任")
    assert table.bars[-1] == 100
    assert sum(table.bars[i] for i in table.heads_at) == pytest.approx(100)


def test_rotation_is_moving_and_not_loss() -> None:
    names = [row[0] for row in made().rows]  # type: ignore[union-attr]
    loss = next(i for i, n in enumerate(names) if n.startswith("流失"))
    rotation = next(i for i, n in enumerate(names) if "交流轮岗" in n and n.startswith("\u3000"))
    assert rotation < loss


def test_no_cell_shows_fewer_than_ten() -> None:
    numbers = [int(n) for n in shown(made()).values() if n != "※"]
    assert min(numbers) >= 10
    assert "辞职、解聘" in shown(made())  # the one dismissed stands with the next smallest
    assert "没有登记原因" in shown(made())


def test_a_small_head_takes_another_with_it() -> None:
    counts = tuple(replace(c, n=4) if c.reason == "retired" else c for c in COUNTS)
    table = made(counts, sum(c.n for c in counts))
    hidden = [name for name, n in shown(table).items() if n == "※"]
    assert len(hidden) == 2
    assert "不再在册而不计流失" in hidden


def test_counts_that_do_not_add_up_are_not_shown() -> None:
    assert made(total=TOTAL + 1) is None
    said = destination_claims({}, has_table=False, has_counts=True)
    assert "不符" in said[0].plain()


def test_without_a_second_roster_it_says_so() -> None:
    assert made(()) is None
    assert "无法追踪" in destination_claims({}, has_table=False, has_counts=False)[0].plain()


def test_the_sentence_tells_loss_and_moves_apart_and_hides_what_is_hidden() -> None:
    levels = {"lost": level(47), "moved": level(76, "level:attrition:A3:2025")}
    said = destination_claims(levels, has_table=True, has_counts=True)[0].plain()
    assert "47名" in said
    assert "76名" in said
    assert "不是流失" in said
    assert destination_claims(levels | {"lost": level(None)}, True, True) == ()


def test_the_share_of_blank_reasons_is_told_and_a_small_one_is_not() -> None:
    table = made()
    assert table is not None
    assert any("空白的25人" in note for note in table.notes)
    few = tuple(replace(c, n=2) if c.reason == "" and c.head == "lost" else c for c in COUNTS)
    table = made(few, sum(c.n for c in few))
    assert table is not None
    assert not any("空白" in note for note in table.notes)


def test_gone_without_reasons_is_not_called_lost() -> None:
    levels = {"gone": level(1855, "level:attrition:A4:2018"), "moved": level(1023)}
    (said,) = destination_claims(levels, has_table=True, has_counts=True)
    assert "1855" in said.plain()
    assert "1023" in said.plain()
    assert "分不清退休与流失" in said.plain()
    assert "一年后流失" not in said.plain()
