"""The house itself: which way imports point, how long things are, where words live.

Each rule is a function of ``tests/rules`` from a text to its offenders. It is run over every file of the
project, and beside that over a drawn text that breaks it, so that no rule is one that cannot fail.
"""

from __future__ import annotations

import importlib.metadata
import statistics
import sys
import tomllib
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

import pytest

from tests.rules import code, repository, words

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "analysis"
MODULES = sorted(PACKAGE.rglob("*.py"))
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
TEMPLATES = sorted(
    p for p in PACKAGE.rglob("*") if p.suffix in {".html", ".j2", ".css", ".js", ".svg"}
)

SourceRule = Callable[[str], list[str]]

pytestmark = pytest.mark.xdist_group("house")  # one worker reads and parses every module once


@cache
def read(path: Path) -> str:
    """A file's text."""
    return path.read_text(encoding="utf-8")


def dotted(path: Path) -> str:
    """A file's module: ``src/analysis/panel/build.py`` -> ``analysis.panel.build``."""
    parts = path.relative_to(ROOT / "src").with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def over(paths: list[Path], rule: SourceRule) -> list[str]:
    """All offenders of a rule, the file in front."""
    return [f"{p.relative_to(ROOT)}:{offender}" for p in paths for offender in rule(read(p))]


def assert_none(offenders: list[str]) -> None:
    """Fail with one offender a line."""
    assert not offenders, "\n" + "\n".join(offenders)


# --- the direction of imports -------------------------------------------------------------------


def test_imports_point_to_earlier_rooms() -> None:
    found = [
        f"{p.relative_to(ROOT)}:{offender}"
        for p in MODULES
        for offender in code.import_offenders(
            read(p), dotted(p), is_package=p.name == "__init__.py"
        )
    ]
    assert_none(found)


@pytest.mark.parametrize(
    ("module", "source", "breaks"),
    [
        ("analysis.panel.build", "from analysis.release.claims import Claim", True),
        (
            "analysis.panel.build",
            "def f():\n    import analysis.present.page",
            True,
        ),  # hidden in a function
        ("analysis.panel.build", "from analysis import inference", True),
        ("analysis.panel.build", "from ..run import batch", True),
        ("analysis.panel.build", "from . import exposure", False),
        ("analysis.panel.build", "from analysis.intake.delivery import Delivery", False),
        ("analysis.panel.build", "from analysis import __version__", False),
        ("analysis.synthetic.county", "from analysis.study.objects import Study", False),
        ("analysis.synthetic.county", "from analysis.intake import clean", True),
        ("analysis.intake.clean", "from analysis.synthetic.county import make", True),
        ("analysis.cli", "from analysis.synthetic.county import make", False),
        ("analysis.verification.planted", "from analysis.synthetic.worlds import draw", False),
        ("analysis.inference.estimate", "from analysis.synthetic.worlds import draw", True),
        ("analysis.run.report", "from analysis.verification.verify import verify_lines", True),
        ("analysis.study.load", "from analysis.errors import DataError", False),
        ("analysis.errors", "from analysis.study import load", True),
        ("analysis.attic.old", "from analysis.study import load", True),  # a room nobody planned
    ],
)
def test_import_rule_can_fail(module: str, source: str, breaks: bool) -> None:
    assert bool(code.import_offenders(source, module)) is breaks


def test_relative_import_of_a_package_is_its_own_room() -> None:
    # In `analysis/panel/__init__.py` one dot is the package itself, in a module its parent.
    assert not code.import_offenders("from .build import f", "analysis.panel", is_package=True)
    assert code.import_offenders("from ..run import f", "analysis.panel", is_package=True)


def test_third_party_imports_are_declared() -> None:
    declared = tomllib.loads(read(ROOT / "pyproject.toml"))["project"]["dependencies"]
    names = {repository.canonicalize_name(repository.Requirement(d).name) for d in declared}
    assert_none([o for p in MODULES for o in undeclared(read(p), names, p.name)])


@cache
def distributions() -> Mapping[str, list[str]]:
    """Top-level import name -> the distributions that bring it, in this environment."""
    return importlib.metadata.packages_distributions()


def undeclared(source: str, declared: set[str], name: str) -> list[str]:
    """Imports of a source that belong to no declared distribution."""
    owners = distributions()
    return [
        f"{name} imports {module}, which pyproject.toml does not declare"
        for module in sorted(code.third_party(source) - sys.stdlib_module_names - {"analysis"})
        if not {repository.canonicalize_name(d) for d in owners.get(module, [])} & declared
    ]


def test_declared_imports_rule_can_fail() -> None:
    assert undeclared("import pandas", {"numpy"}, "x.py")
    assert not undeclared("import pandas, json, analysis.study", {"pandas"}, "x.py")
    assert not undeclared("from docx import Document", {"python-docx"}, "x.py")


# --- size -----------------------------------------------------------------------------------------


def test_functions_are_short() -> None:
    assert_none(over(MODULES, code.long_function_offenders))


def test_median_function_is_short() -> None:
    sizes = [size for p in MODULES for size, _, _ in code.function_sizes(read(p))]
    assert statistics.median(sizes) < code.MAX_MEDIAN


def test_modules_are_short() -> None:
    assert_none(over(MODULES, code.long_module_offenders))


def test_size_counts_code_only() -> None:
    # Drawn: def, one comment, one blank line, a docstring of two lines, two statements -> 3 lines.
    source = 'def f():\n    """One.\n    two."""\n    # why\n\n    a = 1\n    return a\n'
    assert code.function_sizes(source) == [(3, "f", 1)]


def test_size_rules_can_fail() -> None:
    at_limit = "def f():\n" + "    a = 1\n" * (code.MAX_FUNCTION - 1)
    assert not code.long_function_offenders(at_limit)
    assert code.long_function_offenders(at_limit + "    a = 1\n")
    assert not code.long_module_offenders("a = 1\n" * (code.MAX_MODULE - 1))
    assert code.long_module_offenders("a = 1\n" * code.MAX_MODULE)


# --- words in code --------------------------------------------------------------------------------


def test_python_holds_no_chinese() -> None:
    outside = [p for p in MODULES if not p.is_relative_to(PACKAGE / "synthetic")]
    assert_none(over(outside, code.chinese_offenders))


@pytest.mark.parametrize(
    ("source", "breaks"),
    [
        ('LABEL = "教师"', True),
        ("x = 1  # 教师", True),
        ('SEPARATOR = "、"', True),
        ('LABEL = "\\u6559\\u5e08"', True),  # the same word spelt with escapes
        ('HAN = "[\\u4e00-\\u9fff]"', False),  # a test for Chinese, not a text
        ('SPACE = "\\u3000"', False),
        ('LABEL = "teacher – “quoted” …"', False),
    ],
)
def test_chinese_rule_can_fail(source: str, breaks: bool) -> None:
    assert bool(code.chinese_offenders(source)) is breaks


def test_public_things_are_documented() -> None:
    assert_none(over(MODULES, code.undocumented_offenders))


def test_public_functions_are_typed() -> None:
    assert_none(over(MODULES, code.unannotated_offenders))


def test_documentation_rules_can_fail() -> None:
    head = '"""Module."""\n'
    assert code.undocumented_offenders("a = 1\n") == ["1: module has no docstring"]
    assert code.undocumented_offenders(f"{head}def f() -> int:\n    return 1\n")
    assert code.undocumented_offenders(f'{head}class A:\n    """A."""\n    def f(self): ...\n')
    assert not code.undocumented_offenders(f"{head}def _f():\n    return 1\n")
    assert code.unannotated_offenders("def f(a) -> int: ...") == ["1: f lacks types: a"]
    assert code.unannotated_offenders("def f(a: int, *b): ...") == ["1: f lacks types: b, return"]
    assert not code.unannotated_offenders("class A:\n    def f(self, a: int) -> int: ...")


def test_module_names_say_something() -> None:
    paths = [p for p in repository.committed_files(ROOT) if p.suffix in {".py", ".ipynb"}]
    names = (part for p in paths for part in p.relative_to(ROOT).with_suffix("").parts)
    assert_none([o for name in sorted(set(names)) for o in code.drawer_offenders(name)])


@pytest.mark.parametrize(
    ("name", "breaks"),
    [("utils", True), ("text_helpers", True), ("data_manager", True), ("load2", True), ("final", True),
     ("finally", False), ("toolbox", False), ("clean", False), ("01_clean", False)],
)  # fmt: skip
def test_name_rule_can_fail(name: str, breaks: bool) -> None:
    assert bool(code.drawer_offenders(name)) is breaks


# --- errors, clocks and chance --------------------------------------------------------------------


def test_no_error_is_ignored() -> None:
    assert_none(over(MODULES, code.ignored_error_offenders))


@pytest.mark.parametrize(
    ("source", "breaks"),
    [
        ("try:\n    f()\nexcept:\n    g()", True),
        ("try:\n    f()\nexcept Exception:\n    pass", True),
        ("try:\n    f()\nexcept (ValueError, Exception):\n    ...", True),
        ("with contextlib.suppress(Exception):\n    f()", True),
        ("try:\n    f()\nexcept Exception as error:\n    raise RunError('x') from error", False),
        ("try:\n    f()\nexcept KeyError:\n    pass", False),
    ],
)
def test_error_rule_can_fail(source: str, breaks: bool) -> None:
    assert bool(code.ignored_error_offenders(source)) is breaks


def test_no_clock_and_no_unseeded_chance() -> None:
    found = [
        f"{p.relative_to(ROOT)}:{offender}"
        for p in MODULES
        for offender in code.chance_offenders(read(p), code.room_of(dotted(p)))
    ]
    assert_none(found)


@pytest.mark.parametrize(
    ("source", "room", "breaks"),
    [
        ("dt.datetime.now()", "release", True),
        ("date.today()", "intake", True),
        ("pd.Timestamp.now()", "panel", True),
        ("time.time()", "inference", True),
        ("dt.time(8, 30)", "intake", False),  # a time of day, not the clock
        ("datetime.now()", "run", False),  # run.json says when
        ("np.random.default_rng()", "synthetic", True),
        ("np.random.default_rng(seed)", "synthetic", False),
        ("hash(name)", "intake", True),
        ("hashlib.sha256(b).hexdigest()", "intake", False),
    ],
)
def test_chance_rule_can_fail(source: str, room: str, breaks: bool) -> None:
    assert bool(code.chance_offenders(source, room)) is breaks


# --- messages -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def messages() -> dict[str, dict[str, str]]:
    """What errors and commands say, by id."""
    return tomllib.loads(read(PACKAGE / "messages.toml"))


def test_messages_speak_both_languages(messages: dict[str, dict[str, str]]) -> None:
    assert_none(words.message_offenders(messages))


def test_messages_used_exist_with_their_fields(messages: dict[str, dict[str, str]]) -> None:
    assert_none(over(MODULES, lambda source: words.message_use_offenders(source, messages)))


def test_messages_are_all_used(messages: dict[str, dict[str, str]]) -> None:
    assert_none(words.unused_message_offenders([read(p) for p in MODULES], messages))


def test_message_rules_can_fail() -> None:
    drawn = {"lost": {"zh": "没有{file}", "en": "No {file}"}}
    assert words.message_offenders({"lost": {"zh": "没有"}})
    assert words.message_offenders({"lost": {"zh": "没有{file}", "en": "No {name}"}})
    assert not words.message_offenders(drawn)
    assert words.message_use_offenders('raise DataError("losst", file=1)', drawn) == [
        "1: no message 'losst'"
    ]
    assert words.message_use_offenders('raise DataError("lost", name=1)', drawn) == [
        "1: message 'lost' lacks ['file']"
    ]
    assert not words.message_use_offenders('raise DataError("lost", **found)', drawn)
    assert words.unused_message_offenders(['message("other")'], drawn) == ["lost: never used"]
    assert not words.unused_message_offenders(['message("lost", file=1)'], drawn)
    assert not words.unused_message_offenders(['messages()[f"stage_{name}"]'], {"stage_one": {}})
    assert not words.message_offenders({"told": {"zh": "{zh}", "en": "{en}"}})


# --- notebooks and pages --------------------------------------------------------------------------


def test_there_are_notebooks() -> None:
    assert [p.stem for p in NOTEBOOKS] == ["01_clean", "02_estimate", "03_problems", "explore"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_notebooks_are_thin(path: Path) -> None:
    assert_none(words.notebook_offenders(read(path)))


def drawn_notebook(
    *,
    source: str = "show(a)",
    kind: str = "code",
    tags: tuple[str, ...] = ("parameters",),
    **more: object,
) -> str:
    """A notebook of a tagged cell and one other."""
    first = {"cell_type": "code", "source": ["year = 2025"], "metadata": {"tags": list(tags)}}
    return words.json.dumps(
        {"cells": [first, {"cell_type": kind, "source": source, "metadata": {}, **more}]}
    )


@pytest.mark.parametrize(
    ("notebook", "breaks"),
    [
        (drawn_notebook(), False),
        (drawn_notebook(source="a = 1\n" * 8), False),
        (drawn_notebook(source="a = 1\n" * 9), True),
        (drawn_notebook(source="for a in b:\n    show(a)"), True),
        (drawn_notebook(source="if a:\n    show(a)"), True),
        (drawn_notebook(source="try:\n    a\nfinally:\n    b"), True),
        (drawn_notebook(source="def f(): ..."), True),
        (drawn_notebook(source="class A: ..."), True),
        (drawn_notebook(source="%matplotlib inline"), True),
        (drawn_notebook(outputs=[{"output_type": "stream"}]), True),
        (drawn_notebook(execution_count=3), True),
        (drawn_notebook(tags=()), True),
        (drawn_notebook(source="共有120人参加", kind="markdown"), True),
        (drawn_notebook(source="优秀率45 %", kind="markdown"), True),
        (drawn_notebook(source="见第2节", kind="markdown"), False),
    ],
)
def test_notebook_rule_can_fail(notebook: str, breaks: bool) -> None:
    assert bool(words.notebook_offenders(notebook)) is breaks


def test_sentences_hold_no_typed_numbers() -> None:
    wording = tomllib.loads(read(PACKAGE / "release" / "wording.toml"))
    assert_none(words.typed_number_offenders(wording))


def test_typed_number_rule_can_fail() -> None:
    assert words.typed_number_offenders({"a": {"b": ["共有120人"]}}) == ["a.b: typed number '0人'"]
    assert words.typed_number_offenders({"a": "提高了 15%"})
    assert not words.typed_number_offenders({"a": "{n}人，95%的范围"})


def test_templates_name_no_outside_address() -> None:
    assert TEMPLATES, "no page template found: the rule would look at nothing"
    assert_none(over(TEMPLATES, words.outside_address_offenders))


@pytest.mark.parametrize(
    ("text", "breaks"),
    [
        ('<script src="https://cdn.example.org/x.js">', True),
        ('<img src="//cdn.example.org/x.png">', True),
        ('@import "x.css";', True),
        ('<svg xmlns="http://www.w3.org/2000/svg">', False),  # a name, never fetched
        ("a: 1; // a comment", False),
    ],
)
def test_address_rule_can_fail(text: str, breaks: bool) -> None:
    assert bool(words.outside_address_offenders(text)) is breaks
