"""The key: public for invented people, private otherwise, never inside the project, never open to others."""

from __future__ import annotations

import hashlib
import hmac
import os
import stat
from pathlib import Path

import pandas as pd
import pytest

from analysis.errors import DataError, ParameterError
from analysis.intake.linking.persons import (
    KEY_VARIABLE,
    PUBLIC_KEY,
    PersonKey,
    check_fingerprint,
    open_key,
    prepare_key,
    teacher_ids,
)
from analysis.study.workspace import PROJECT, Workspace
from tests.intake.drawn import draw_region


@pytest.fixture
def space(tmp_path: Path) -> Workspace:
    (tmp_path / "home").mkdir()
    return Workspace(home=tmp_path / "home", out=tmp_path / "home")


@pytest.fixture
def key_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "keys" / "person.key"
    monkeypatch.setenv(KEY_VARIABLE, str(path))
    return path


def test_a_teacher_id_is_a_keyed_hash() -> None:
    """HMAC-SHA256 recomputed with the standard library: an identity number counts everywhere, a name in its region."""
    people = pd.Series(["P:1", None, "N:张三", "P:1"])
    ids = teacher_ids(people, PersonKey(b"k"), "demo")
    number = hmac.new(b"k", b"|P:1", hashlib.sha256).hexdigest()[:16]
    name = hmac.new(b"k", "demo|N:张三".encode(), hashlib.sha256).hexdigest()[:16]
    assert ids.tolist()[0] == ids.tolist()[3] == f"t{number}"
    assert ids.tolist()[2] == f"t{name}"
    assert ids.isna().tolist() == [False, True, False, False]


def test_another_key_gives_other_ids() -> None:
    people = pd.Series(["P:1"])
    assert (
        teacher_ids(people, PersonKey(b"a"), "r")[0] != teacher_ids(people, PersonKey(b"b"), "r")[0]
    )


@pytest.mark.parametrize("persons", ["invented", "public"])
def test_invented_and_public_people_have_the_public_key(
    space: Workspace, persons: str, key_file: Path
) -> None:
    assert open_key(space, persons).secret == PUBLIC_KEY  # type: ignore[arg-type]
    assert not key_file.exists()


def test_a_private_key_is_made_once_and_told_once(space: Workspace, key_file: Path) -> None:
    first, second = open_key(space, "private"), open_key(space, "private")
    assert first.secret == second.secret
    assert len(first.secret) == 32
    assert str(key_file) in first.note
    assert second.note == ""
    if os.name == "posix":
        assert stat.S_IMODE(key_file.stat().st_mode) == 0o600


@pytest.mark.skipif(os.name != "posix", reason="other systems know no such permission bits")
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
def test_a_key_that_others_may_read_is_refused(space: Workspace, key_file: Path, mode: int) -> None:
    open_key(space, "private")
    key_file.chmod(mode)
    with pytest.raises(DataError) as error:
        open_key(space, "private")
    assert error.value.name == "key_open"


@pytest.mark.parametrize("place", ["home", "project"])
def test_a_key_inside_workspace_or_project_is_refused_and_not_made(
    space: Workspace, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    path = (space.home if place == "home" else PROJECT) / "data" / "person.key"
    monkeypatch.setenv(KEY_VARIABLE, str(path))
    with pytest.raises(DataError) as error:
        open_key(space, "private")
    assert error.value.name == "key_inside"
    assert not path.exists()


def test_a_damaged_key_is_refused(space: Workspace, key_file: Path) -> None:
    open_key(space, "private")
    key_file.write_text("short\n", encoding="ascii")
    with pytest.raises(DataError) as error:
        open_key(space, "private")
    assert error.value.name == "key_damaged"


def test_a_wrong_key_stops(space: Workspace) -> None:
    check_fingerprint(space, "demo", PersonKey(b"first"))
    check_fingerprint(space, "demo", PersonKey(b"first"))
    with pytest.raises(DataError) as error:
        check_fingerprint(space, "demo", PersonKey(b"second"))
    assert error.value.name == "key_changed"
    assert "first" not in (space.processed("demo") / "key.txt").read_text(encoding="ascii")


def test_a_lost_key_is_not_replaced(space: Workspace, key_file: Path) -> None:
    check_fingerprint(space, "demo", open_key(space, "private", "demo"))
    key_file.unlink()
    with pytest.raises(DataError) as error:
        open_key(space, "private", "demo")
    assert (error.value.name, error.value.fields["path"]) == ("key_missing", key_file)
    assert not key_file.exists()
    assert open_key(space, "private", "another").note  # a region without a key yet may have one


def test_the_key_must_be_named_by_an_absolute_path(
    space: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(KEY_VARIABLE, "keys/person.key")
    with pytest.raises(ParameterError) as error:
        open_key(space, "private")
    assert error.value.name == "key_not_absolute"


def test_a_key_that_cannot_be_made_names_the_folder(space: Workspace, key_file: Path) -> None:
    key_file.parent.write_text("a file stands where the folder should", encoding="ascii")
    with pytest.raises(DataError) as error:
        open_key(space, "private")
    assert (error.value.name, error.value.fields["folder"]) == ("key_not_made", key_file.parent)


@pytest.mark.parametrize("persons", ["private", "invented"])
def test_a_new_key_is_told_once_before_a_run(tmp_path: Path, key_file: Path, persons: str) -> None:
    space = draw_region(tmp_path / "home", 2025, {}, "files = []\n", persons=persons)
    first, second = prepare_key(space, "drawn"), prepare_key(space, "drawn")
    assert (str(key_file) in first) == (persons == "private") == key_file.exists()
    assert second == ""
