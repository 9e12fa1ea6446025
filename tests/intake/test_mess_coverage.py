"""The list of what deliveries contain: every item stands in it, and is proved by a test that exists."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from analysis.intake.ledger import KINDS

N_MESS, N_REALITY = 51, 20
ITEMS = [
    *(f"mess_{n:02}" for n in range(1, N_MESS + 1)),
    *(f"reality_{n:02}" for n in range(1, N_REALITY + 1)),
]
_TEST = re.compile(r"^\s*def (test_\w+)\(", re.MULTILINE)
_ITEM = re.compile(r"(mess|reality)_(\d\d)((?:_and_\d\d)*)")


@pytest.fixture(scope="module")
def rows(root: Path) -> dict[str, str]:
    """Item -> its line of the document."""
    text = (root / "docs" / "mess-coverage.md").read_text(encoding="utf-8")
    found = (
        line.split("|") for line in text.splitlines() if line.startswith("| ")
    )  # items, then other rules
    return {
        c[1].strip(): "|".join(c) for c in found if c[1].strip().startswith(("mess_", "reality_"))
    }


@pytest.fixture(scope="module")
def tests(root: Path) -> set[str]:
    """The name of every test of the project."""
    files = (root / "tests").rglob("test_*.py")
    return {name for file in files for name in _TEST.findall(file.read_text(encoding="utf-8"))}


def items_of(name: str) -> Iterator[str]:
    """The items that a test's name says it proves (``mess_41_and_42`` are two)."""
    for kind, first, more in _ITEM.findall(name):
        yield from (f"{kind}_{number}" for number in (first, *re.findall(r"\d\d", more)))


def test_every_item_stands_in_the_document_once_and_in_order(rows: dict[str, str]) -> None:
    assert list(rows) == ITEMS


@pytest.mark.parametrize("item", ITEMS)
def test_every_item_names_tests_that_exist_and_say_so_in_their_name(
    rows: dict[str, str], tests: set[str], item: str
) -> None:
    named = set(re.findall(r"`(test_\w+)`", rows[item].split("|")[6]))
    assert named
    assert named <= tests
    assert all(item in items_of(name) for name in named)


def test_the_rules_named_are_rules_of_the_ledger(rows: dict[str, str]) -> None:
    words = {w for line in rows.values() for w in re.findall(r"`([a-z_]+)`", line.split("|")[5])}
    assert words <= {*KINDS}


def test_every_rule_of_the_ledger_stands_in_the_document(root: Path) -> None:
    text = (root / "docs" / "mess-coverage.md").read_text(encoding="utf-8")
    assert not [rule for rule in KINDS if f"`{rule}`" not in text]
