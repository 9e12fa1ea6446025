"""A cleaned delivery on disk: it comes back as it was, holds nobody's name, and is made again only if something changed."""

from __future__ import annotations

import os
import shutil
import stat
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from analysis.errors import DataError
from analysis.intake import clean
from analysis.intake.delivery import Delivery, load_delivery, ready_delivery, save_delivery
from analysis.intake.linking.persons import KEY_VARIABLE, PersonKey, open_key
from analysis.study.objects import Study
from analysis.study.workspace import Workspace
from tests.intake.test_clean import FILES_2024, LI, WANG, ZHANG, both_years

SECRETS = (LI, ZHANG, WANG, "990101197503030030", "李红", "张三", "张 三", "王五", "赵六")


@pytest.fixture
def space(tmp_path: Path) -> Workspace:
    return both_years(tmp_path)


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory, study: Study) -> Workspace:
    """The drawn region with its stored delivery, cleaned once; copy it before changing it."""
    space = both_years(tmp_path_factory.mktemp("ready"))
    ready_delivery(space, study, "drawn", 2025)
    return space


@pytest.fixture
def stored(ready: Workspace, tmp_path: Path) -> Workspace:
    """A copy of the drawn region with its stored delivery."""
    home = shutil.copytree(ready.home, tmp_path / "stored")
    return Workspace(home, out=home / ready.out.relative_to(ready.home))


def folder_bytes(space: Workspace) -> dict[str, bytes]:
    """Every file under processed/, by its path."""
    root = space.out / "data" / "processed"
    return {
        str(p.relative_to(root)): p.read_bytes() for p in sorted(root.rglob("*")) if p.is_file()
    }


def assert_same(one: Delivery, other: Delivery) -> None:
    """Two deliveries alike in everything, types of columns included."""
    for ours, theirs in ((one.tables, other.tables), (one.checks, other.checks)):
        for name in ours.keys() | theirs.keys():
            pd.testing.assert_frame_equal(ours[name], theirs[name])
    pd.testing.assert_frame_equal(one.ledger, other.ledger)
    pd.testing.assert_frame_equal(one.links, other.links)
    frames: dict[str, Any] = {"tables": {}, "checks": {}, "ledger": None, "links": None}
    assert replace(one, **frames) == replace(other, **frames)


def test_what_is_stored_comes_back_as_it_was(space: Workspace, study: Study) -> None:
    made = clean.clean_region(space, study, "drawn", 2025)
    save_delivery(space, made)
    assert_same(load_delivery(space, "drawn", 2025), made)


def test_no_name_and_no_number_of_anybody_is_written(space: Workspace, study: Study) -> None:
    save_delivery(space, clean.clean_region(space, study, "drawn", 2025))
    delivery = load_delivery(space, "drawn", 2025)
    frames = [*delivery.tables.values(), *delivery.checks.values()]
    frames += [delivery.ledger, delivery.links]
    texts = "\n".join(frame.to_csv() for frame in frames)
    record = (space.processed("drawn") / "2025" / "delivery.json").read_text(encoding="utf-8")
    for secret in SECRETS:
        assert secret not in texts + record
        for path, raw in folder_bytes(space).items():
            assert secret.encode() not in raw or path.startswith("drawn/identity/")


@pytest.mark.skipif(os.name != "posix", reason="other systems have no such permissions")
def test_what_holds_names_is_open_to_its_owner_alone(space: Workspace, study: Study) -> None:
    clean.clean_region(space, study, "drawn", 2025)
    folder = space.processed("drawn") / "identity"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert any(p.is_file() for p in folder.rglob("*"))


def test_the_same_inputs_give_the_same_bytes(tmp_path: Path, study: Study) -> None:
    made = []
    for name in ("one", "two"):
        space = both_years(tmp_path / name)
        save_delivery(space, clean.clean_region(space, study, "drawn", 2025))
        made.append(folder_bytes(space))
    assert made[0] == made[1]


def test_another_key_changes_ids_and_nothing_else(
    space: Workspace, study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Keys never order rows or break ties."""
    first = clean.clean_region(space, study, "drawn", 2025)
    monkeypatch.setattr(clean, "region_key", lambda *_: PersonKey(b"another"))
    second = clean.clean_region(space, study, "drawn", 2025)
    for name, table in first.tables.items():
        other = second.tables[name]
        pd.testing.assert_frame_equal(
            table.drop(columns="teacher_id", errors="ignore"),
            other.drop(columns="teacher_id", errors="ignore"),
        )
        if "teacher_id" in table:
            codes = pd.factorize(table["teacher_id"])[0].tolist()
            assert codes == pd.factorize(other["teacher_id"])[0].tolist()
            assert not set(table["teacher_id"].dropna()) & set(other["teacher_id"].dropna())
    pd.testing.assert_frame_equal(first.ledger, second.ledger)


def test_nothing_is_read_again_while_nothing_changes(
    stored: Workspace, study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = ready_delivery(stored, study, "drawn", 2025)
    monkeypatch.setattr(clean, "typed_rows", lambda *_: pytest.fail("read again"))
    assert_same(ready_delivery(stored, study, "drawn", 2025), first)


@pytest.mark.parametrize("what", ["raw file", "source.toml", "record lost", "record broken"])
def test_a_change_is_noticed(stored: Workspace, study: Study, what: str) -> None:
    before = ready_delivery(stored, study, "drawn", 2025)
    folder = stored.delivery("drawn", 2024)
    record = stored.processed("drawn") / "2025" / "delivery.json"
    if what == "raw file":
        text = FILES_2024["schools.csv"].replace("120人", "121人")
        (folder / "schools.csv").write_text(text, encoding="utf-8")
    elif what == "source.toml":
        path = folder / "source.toml"
        path.write_text(
            path.read_text(encoding="utf-8").replace("示例县", "示范县"), encoding="utf-8"
        )
    elif what == "record lost":
        record.unlink()
    else:
        record.write_text(record.read_text(encoding="utf-8")[:40], encoding="utf-8")
    after = ready_delivery(stored, study, "drawn", 2025)
    assert record.exists()
    assert (before.fingerprint != after.fingerprint) is not what.startswith("record")


def test_a_write_that_breaks_off_is_never_taken_for_a_delivery(
    stored: Workspace, study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = load_delivery(stored, "drawn", 2025)
    moves: list[Path] = []
    move = Path.replace

    def stop_at_third(self: Path, target: Path) -> Path:
        moves.append(self)
        if len(moves) == 3:
            raise OSError("disk full")
        return move(self, target)

    monkeypatch.setattr(Path, "replace", stop_at_third)
    with pytest.raises(OSError, match="disk full"):
        save_delivery(stored, made)
    monkeypatch.undo()
    with pytest.raises(DataError) as error:
        load_delivery(stored, "drawn", 2025)
    assert error.value.name == "delivery_missing"
    assert_same(ready_delivery(stored, study, "drawn", 2025), made)


def test_a_failed_cleaning_leaves_the_last_delivery(stored: Workspace, study: Study) -> None:
    made = ready_delivery(stored, study, "drawn", 2025)
    (stored.delivery("drawn", 2025) / "schools.csv").write_text("x\n1\n", encoding="utf-8")
    with pytest.raises(DataError):
        ready_delivery(stored, study, "drawn", 2025)
    assert_same(load_delivery(stored, "drawn", 2025), made)


def test_a_private_region_needs_its_own_key(
    space: Workspace,
    study: Study,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    keys = tmp_path_factory.mktemp("keys")
    for year in (2024, 2025):
        path = space.delivery("drawn", year) / "source.toml"
        path.write_text(
            path.read_text(encoding="utf-8").replace('"invented"', '"private"'), encoding="utf-8"
        )
    monkeypatch.setenv(KEY_VARIABLE, str(keys / "first.key"))
    ready_delivery(space, study, "drawn", 2025)
    monkeypatch.setenv(KEY_VARIABLE, str(keys / "second.key"))
    with pytest.raises(DataError) as error:
        ready_delivery(space, study, "drawn", 2025)
    assert error.value.name == "key_missing"
    open_key(space, "private")
    with pytest.raises(DataError) as error:
        ready_delivery(space, study, "drawn", 2025)
    assert error.value.name == "key_changed"
    secret = (keys / "first.key").read_text(encoding="ascii").strip()
    assert not any(secret.encode() in raw for raw in folder_bytes(space).values())
