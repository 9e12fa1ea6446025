"""Rules over the repository: the drawn tree, locks, the conda file, and what no committed file may name."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

WINDOWS_ONLY = ("pywinpty", "colorama")
TREE_LINE = re.compile(r"^(?P<rail>(?:[│ ] {3})*)[├└]── (?P<name>\S+)")
PIN = re.compile(r"^(?P<name>[A-Za-z0-9][\w.-]*)==(?P<version>[^\s;\\]+)(?P<rest>[^\\\n]*)")
CONFIGURATION = (".lock", ".toml", ".yml", ".yaml", ".cfg", ".ini", ".in", ".sh", "Makefile", "run")

# Written so that this file does not match itself.
MACHINE_PATH = re.compile(r"(?:^|[^\w.])/(?:work|root|home|farm|Users)/\w")
INDEX = re.compile(
    r"--(?:extra-)?index[-]url|--find[-]links[ =]|https?://[^ \"']*/(?:simple|packages)/|file:[/]/"
)
ADDRESS = re.compile(r"https?:[/]/")


def committed_files(root: Path) -> list[Path]:
    """Files that are or would be committed; in a copy without git, everything that is not built."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    names = listed.stdout.split("\0") if listed.returncode == 0 else built_aside(root)
    return [
        root / name
        for name in names
        if name and not name.startswith(".venv/") and (root / name).is_file()
    ]


def built_aside(root: Path) -> list[str]:
    """All files of a copy without git, relative to it, without environment, caches and data."""
    built = re.compile(
        r"(^|/)(\.venv|\.git|\.\w+_cache|__pycache__|\.hypothesis|build|[^/]+\.egg-info)/|^(data|reports)/"
    )
    names = (p.relative_to(root).as_posix() for p in root.rglob("*") if p.is_file())
    return [name for name in names if not built.search(name)]


def drawn_paths(readme: str) -> list[str]:
    """The paths of the tree drawn in a README: the fenced block whose first line is the project."""
    blocks = re.findall(r"^```\w*\npolicy-report/\n(.*?)^```", readme, flags=re.S | re.M)
    stack: list[str] = []
    found = []
    for line in "".join(blocks).splitlines():
        hit = TREE_LINE.match(line)
        if hit is None:
            raise ValueError(f"not a line of a tree: {line!r}")
        depth = len(hit["rail"]) // 4
        stack = [*stack[:depth], hit["name"].rstrip("/")]
        found.append("/".join(stack))
    return found


def tree_offenders(readme: str, files: list[str]) -> list[str]:
    """Drawn paths that do not exist, and top-level entries or rooms that are not drawn.

    ``files`` are all committed files, relative to the project.
    """
    drawn = [re.sub(r"/?<.*", "", path) for path in drawn_paths(readme)]
    folders = {"/".join(f.split("/")[:n]) for f in files for n in range(1, f.count("/") + 1)}
    found = [f"drawn but absent: {path}" for path in drawn if path not in folders | set(files)]
    tops = {f.split("/")[0] for f in files if f.startswith(".ci/") or not f.startswith(".")}
    rooms = {"/".join(f.split("/")[:3]) for f in files if re.match(r"src/analysis/(?!__init__)", f)}
    shown = {"/".join(p.split("/")[:n]) for p in drawn for n in range(1, p.count("/") + 2)}
    return found + [f"not drawn: {path}" for path in sorted((tops | rooms) - shown)]


def pins(lock: str) -> dict[str, set[tuple[str, str]]]:
    """Package -> {(version, marker)} of a lock; one package may have a version per Python."""
    found: dict[str, set[tuple[str, str]]] = {}
    for line in lock.splitlines():
        if hit := PIN.match(line):
            marker = hit["rest"].strip(" ;")
            found.setdefault(canonicalize_name(hit["name"]), set()).add((hit["version"], marker))
    return found


def lock_offenders(lock: str) -> list[str]:
    """Pins without a hash, lines that are not pins, addresses, and absent markers of Windows."""
    found = [
        f"{block.split()[0]}: no hash"
        for block in re.split(r"\n(?=[A-Za-z0-9])", lock)
        if PIN.match(block) and "--hash=sha256:" not in block
    ]
    found += [
        f"an address or path: {line}"
        for line in lock.splitlines()
        if INDEX.search(line) or ADDRESS.search(line) or MACHINE_PATH.search(line)
    ]
    found += [
        f"not a pin: {line}"
        for line in lock.splitlines()
        if re.match(r"[^\s#]", line) and not PIN.match(line)
    ]
    held = pins(lock)
    return found + [
        f"{name}: no entry for Windows only"
        for name in WINDOWS_ONLY
        if not any("win32" in marker or "'nt'" in marker for _, marker in held.get(name, ()))
    ]


def superset_offenders(base: str, dev: str) -> list[str]:
    """Pins of the base lock that the tests' lock lacks or holds in another version."""
    ours, theirs = pins(base), pins(dev)
    return [
        f"{name}: {sorted(v for v, _ in kept)} in base, {sorted(v for v, _ in theirs.get(name, ()))} in dev"
        for name, kept in ours.items()
        if {v for v, _ in kept} != {v for v, _ in theirs.get(name, set())}
    ]


def stale_lock_offenders(requirements: list[str], lock: str) -> list[str]:
    """Declared dependencies that the lock does not hold in a fitting version."""
    held = pins(lock)
    return [
        f"{text}: lock holds {sorted(v for v, _ in held.get(canonicalize_name(wanted.name), ()))}"
        for text in requirements
        if (wanted := Requirement(text))
        and not any(
            wanted.specifier.contains(v) for v, _ in held.get(canonicalize_name(wanted.name), ())
        )
    ]


def conda_offenders(text: str, oldest: str) -> list[str]:
    """What keeps ``environment.yml`` from meaning the same as the lock; ``oldest`` is the lock's Python."""
    lines = [line.strip() for line in text.splitlines() if line.strip().startswith("- ")]
    items = [line[2:] for line in lines]
    found = [] if "-r requirements.lock" in items else ["does not install requirements.lock"]
    if f"python={oldest}" not in items:
        found.append(f"does not name python={oldest}")
    known = {"conda-forge", "nodefaults", f"python={oldest}", "pip", "pip:", "-r requirements.lock"}
    return found + [
        f"holds something that the lock does not know: {i}" for i in items if i not in known
    ]


def machine_offenders(text: str, name: str) -> list[str]:
    """Paths of one machine and package indexes; in configuration any address at all."""
    rules = [MACHINE_PATH, INDEX, *([ADDRESS] if name.endswith(CONFIGURATION) else [])]
    return [
        f"{number}: {line.strip()[:80]}"
        for number, line in enumerate(text.splitlines(), start=1)
        if any(rule.search(line) for rule in rules)
    ]


def make_targets(makefile: str) -> set[str]:
    """Targets that ``make`` lists."""
    return set(re.findall(r"^([a-z]+):.*## ", makefile, flags=re.M))


def named_commands(text: str, program: str) -> set[str]:
    """Sub-commands of a program that a text names in code, e.g. ``make report``."""
    return set(re.findall(rf"(?:^|`|/){program} ([a-z][a-z-]*)", text, flags=re.M))
