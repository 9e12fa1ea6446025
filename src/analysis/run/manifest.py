"""What a report was made from: everything that could change its bytes, and nothing else.

No clock, host, user or path: those go to ``run.json`` beside the processed data, never into a report.
"""

from __future__ import annotations

import hashlib
import json
import platform
import re
from collections.abc import Iterable, Mapping
from importlib import metadata
from pathlib import Path
from typing import Any

from analysis.intake.delivery import Delivery
from analysis.study.load import study_hash
from analysis.study.workspace import PROJECT, Workspace

DISTRIBUTION = "policy-report"
PACKAGE = Path(__file__).resolve().parents[1]
NAME = "manifest.json"
SHORT = 8  # letters of the hash that a page prints: enough to tell the reports of one bureau apart


def recipe(
    space: Workspace, delivery: Delivery, definitions: Mapping[str, str], form: str = ""
) -> dict[str, Any]:
    """Everything that goes into a report, by hash; known before the first page is written.

    ``definitions``: outcome -> the definition it was estimated by. ``form``: the bureau's own Word form, if any.
    """
    parameters = {"region": delivery.region, "year": delivery.year, "definitions": definitions}
    parameters |= {"form": _sha256(Path(form))} if form else {}
    return {
        "parameters": parameters,
        "inputs": delivery_inputs(space, delivery),
        "study": study_hash(space),
        "package": hash_tree(PACKAGE),
        "notebooks": hash_tree(PROJECT / "notebooks", "*.ipynb"),
        "templates": hash_tree(PACKAGE / "present" / "template"),
        "lock": hash_text(PROJECT / "requirements.lock"),
        "last_report": hash_text(space.report(delivery.region, delivery.year - 1) / NAME),
        "python": platform.python_version(),
        "versions": package_versions(),
    }


def short_hash(made_from: Mapping[str, Any]) -> str:
    """The mark that every page of the report carries: the beginning of the hash of its recipe."""
    text = json.dumps(made_from, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:SHORT]


def write_manifest(
    folder: Path, title: str, delivery: Delivery, made_from: Mapping[str, Any]
) -> None:
    """Writes ``manifest.json`` into a finished report folder, with the hash of each of its files."""
    content = {
        "title": title,
        "id": short_hash(made_from),
        "region": delivery.region,
        "region_label": delivery.label,
        "year": delivery.year,
        "as_of": delivery.as_of,
        "is_invented": delivery.is_invented,
        **made_from,
        "files": file_hashes(folder),
    }
    text = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True)
    (folder / NAME).write_text(text + "\n", encoding="utf-8", newline="\n")


def delivery_inputs(space: Workspace, delivery: Delivery) -> list[dict[str, object]]:
    """One entry per delivered file and per ``source.toml`` up to the report's year, oldest first."""
    files = {(f.year, Path(f.file).name, f.sha256) for f in delivery.files}
    years = [y for y in space.years(delivery.region) if y <= delivery.year]
    sources = {
        (y, "source.toml", _sha256(space.delivery(delivery.region, y) / "source.toml"))
        for y in years
    }
    return [{"year": y, "file": f, "sha256": h} for y, f, h in sorted(files | sources)]


def file_hashes(folder: Path) -> dict[str, str]:
    """The hash of each finished file of a report folder, by name."""
    files = sorted(p for p in folder.iterdir() if p.is_file() and p.suffix != ".txt")
    return {p.name: _sha256(p) for p in files if p.name != NAME}


def hash_tree(folder: Path, pattern: str = "*") -> str:
    """One hash over the text files of a folder, names and contents; line ends do not count."""
    digest = hashlib.sha256()
    for path in sorted(_sources(folder.rglob(pattern)), key=lambda p: p.as_posix()):
        name = path.relative_to(folder).as_posix()
        digest.update(name.encode() + b"\0" + _unix_lines(path) + b"\0")
    return digest.hexdigest()


def hash_text(path: Path) -> str:
    """The hash of one text file, line ends aside; empty if there is none (an installed package)."""
    return hashlib.sha256(_unix_lines(path)).hexdigest() if path.exists() else ""


def package_versions() -> dict[str, str]:
    """The version of each package we depend on by name."""
    lines = metadata.requires(DISTRIBUTION) or []
    names = [re.match(r"[A-Za-z0-9._-]+", line) for line in lines if "extra ==" not in line]
    return {m.group().lower(): metadata.version(m.group()) for m in names if m}


def _sources(paths: Iterable[Path]) -> list[Path]:
    """Files that were written by hand: no byte code, no notebook checkpoints."""
    made = {"__pycache__", ".ipynb_checkpoints"}
    return [p for p in paths if p.is_file() and not made & set(p.parts)]


def _unix_lines(path: Path) -> bytes:
    """A text file's bytes with Unix line ends, so that a checkout on Windows hashes the same."""
    return path.read_bytes().replace(b"\r\n", b"\n")


def _sha256(path: Path) -> str:
    """The hash of a file's bytes."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
