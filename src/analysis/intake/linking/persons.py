"""From people to keys: a keyed hash that nobody can undo or guess without the bureau's key file.

HMAC-SHA256 (RFC 2104). Keys never order, seed or break ties. Invented and public people get a fixed public key.
"""

from __future__ import annotations

import hmac
import os
import secrets
import stat
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import platformdirs

from analysis.errors import DataError, ParameterError, message
from analysis.intake.source import Persons, persons_of
from analysis.study.workspace import PROJECT, Workspace

PUBLIC_KEY = b"policy-report: these people are invented or public"
KEY_VARIABLE = "POLICY_REPORT_KEY"  # environment: where the key file lies instead
KEY_NAME = "person.key"
KEY_BYTES = 32
ID_LENGTH = 16
OTHERS = stat.S_IRWXG | stat.S_IRWXO
FINGERPRINT_NAME = "key.txt"


@dataclass(frozen=True)
class PersonKey:
    """A key and its fingerprint; ``note`` says where a new key was made, once, and is never put in a report."""

    secret: bytes
    note: str = ""

    @property
    def fingerprint(self) -> str:
        """What tells two keys apart without giving either away."""
        return hmac.digest(self.secret, b"fingerprint", "sha256").hex()[:ID_LENGTH]


def open_key(space: Workspace, persons: Persons, region: str = "") -> PersonKey:
    """The key for these people; a private key is made on first use, readable by its owner alone.

    Raises DataError if the key file lies inside the project, may be read by others, is damaged or cannot be made,
    or is gone though the region was made with one; ParameterError if the environment names no absolute path.
    """
    if persons != "private":
        return PersonKey(PUBLIC_KEY)
    path = key_path()
    refuse_inside(path, space)
    if not path.exists():
        refuse_second(space, region, path)
    note = "" if path.exists() else _make_key(path)
    refuse_open(path)
    secret = path.read_text(encoding="ascii", errors="replace").strip()
    if len(secret) != 2 * KEY_BYTES or not set(secret) <= set("0123456789abcdef"):
        raise DataError("key_damaged", path=path)
    return PersonKey(bytes.fromhex(secret), note)


def prepare_key(space: Workspace, region: str) -> str:
    """Open or make the key of a region's people and return what must be told once, or an empty text.

    Raises as ``open_key`` does, and as ``persons_of`` where the newest source.toml cannot be read.
    """
    return open_key(space, persons_of(space, region), region).note


def refuse_second(space: Workspace, region: str, path: Path) -> None:
    """Raise DataError for a region whose first key is gone: a new one would follow nobody."""
    if region and (space.processed(region) / FINGERPRINT_NAME).exists():
        raise DataError("key_missing", path=path, region=region)


def key_path() -> Path:
    """Where the private key lies: the environment says, else the user's own configuration folder.

    Raises ParameterError if the environment names no absolute path.
    """
    named = os.environ.get(KEY_VARIABLE, "")
    if named and not Path(named).is_absolute():
        raise ParameterError("key_not_absolute", variable=KEY_VARIABLE, found=named)
    return Path(named) if named else Path(platformdirs.user_config_dir("policy-report")) / KEY_NAME


def refuse_inside(path: Path, space: Workspace) -> None:
    """Raise DataError for a key that would be copied, committed or shared together with the project."""
    places = {PROJECT.resolve(), space.home.resolve(), space.out.resolve()}
    if places & set(path.resolve().parents):
        raise DataError("key_inside", path=path, variable=KEY_VARIABLE)


def refuse_open(path: Path) -> None:
    """Raise DataError for a key file that other users of the machine may read (where the system knows of others)."""
    if os.name == "posix" and path.stat().st_mode & OTHERS:
        raise DataError("key_open", path=path)


def _make_key(path: Path) -> str:
    """A new random key file, and what its owner must be told once."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as stream:
            stream.write(secrets.token_hex(KEY_BYTES) + "\n")
    except OSError as error:
        fields = {"folder": path.parent, "variable": KEY_VARIABLE, "detail": error.strerror}
        raise DataError("key_not_made", **fields) from error
    return message("key_made", path=path)


def check_fingerprint(space: Workspace, region: str, key: PersonKey) -> None:
    """Raise DataError if this region's tables were made with another key; the first key is remembered."""
    path = space.processed(region) / FINGERPRINT_NAME
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(key.fingerprint + "\n", encoding="ascii")
        return
    known = path.read_text(encoding="ascii").strip()
    if known != key.fingerprint:
        raise DataError("key_changed", region=region, known=known, found=key.fingerprint)


def teacher_ids(people: pd.Series, key: PersonKey, region: str) -> pd.Series:
    """The keyed hash of each person, missing where there is none; only identity numbers reach beyond a region."""
    known = {p: _teacher_id(p, key.secret, region) for p in people.dropna().unique()}
    return people.map(known).astype("str")


def _teacher_id(person: str, secret: bytes, region: str) -> str:
    """``t`` and 16 hexadecimal digits."""
    scope = "" if person.startswith("P:") else region
    digest = hmac.digest(secret, f"{scope}|{person}".encode(), "sha256")
    return "t" + digest.hex()[:ID_LENGTH]
