"""A bureau's own Word form (``--form``), filled with the sentences, tables and records of the report.

A form is a .docx in which names stand in double braces; every name has a Chinese and an English spelling, kept in
``release/wording.toml``. Only what the report itself shows is on offer, so nothing hidden can get in.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateError, UndefinedError
from jinja2.runtime import LoopContext, Macro
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import missing

from analysis.errors import ParameterError, nearest
from analysis.present.docx_page import restamped
from analysis.present.labels import ordinal, strength, word
from analysis.present.page import Page, title_of
from analysis.present.sources import compact
from analysis.present.trail import pieces, shown_evidence
from analysis.release.claims import Claim, Section, Table, Trail
from analysis.release.draft import Draft, open_word, read_draft
from analysis.release.wording import wording

KINDS = (".docx",)
# The names a form may use; a list holds one entry, which shows what each of its entries has.
FIELDS: dict[str, Any] = {
    "region": "", "year": "", "title": "", "date": "", "scope": "", "mark": "",
    "problems": [
        {"number": "", "title": "", "label": "", "sentences": [""], "range": "", "caveats": [""], "hook": "",
         "absent": [""]}
    ],
    "cannot_tell": [""], "refuted": [""],
    "effects": [{"sentence": "", "label": ""}],
    "tables": [{"title": "", "unit": "", "heads": [""], "rows": [[""]], "notes": [""], "source": ""}],
    "records": [{"number": "", "text": ""}],
}  # fmt: skip
MAIN = ("title", "sentence", "text")  # what stands for an entry that is printed whole


class Entry(dict[str, Any]):
    """One entry of a list, by the names of its parts; printed whole it is its main text."""

    def __str__(self) -> str:
        return next(str(self[name]) for name in MAIN if name in self)


class Several(tuple[Any, ...]):
    """A list; printed whole its texts follow each other, its entries are set apart."""

    def __str__(self) -> str:
        between = word("list_stop") if any(isinstance(item, Entry) for item in self) else ""
        return between.join(str(item) for item in self)


WRONG_USE = (
    TypeError, ValueError, ArithmeticError, AttributeError, AssertionError, LookupError, RecursionError, MemoryError,
)  # fmt: skip


class Rules(ImmutableSandboxedEnvironment):
    """What a form may do: print names and go through lists; nothing of it may call or change anything."""

    def is_safe_callable(self, obj: Any) -> bool:
        """Whether something may be called: only what a template defines or loops with."""
        return isinstance(obj, (Macro, LoopContext))

    def getattr(self, obj: Any, attribute: str) -> Any:
        """A part of a value; what could be called is no name on offer."""
        found = super().getattr(obj, attribute)
        return self.undefined(obj=obj, name=attribute) if callable(found) else found


class UnknownField(StrictUndefined):
    """A name that is not on offer: raises ParameterError with the nearest one at once."""

    def __init__(
        self, hint: str | None = None, obj: Any = missing, name: str | None = None,
        exc: type[TemplateError] = UndefinedError,
    ) -> None:  # fmt: skip
        known = names_in(FIELDS) if obj is missing else tuple(obj) if isinstance(obj, Entry) else ()
        found = str(name or hint)
        near = nearest(found, known) or "-"
        listed = word("list_comma").join(known) or "-"
        raise ParameterError("form_unknown_field", found=found, nearest=near, known=listed)


def names_in(fields: Mapping[str, Any]) -> tuple[str, ...]:
    """The names of some fields, Chinese ones first."""
    chinese = wording()["form"]["names"]
    return (*(chinese[name] for name in fields), *fields)


def offered(value: Any) -> Any:
    """Values as a form sees them: every name in both spellings, lists that can be printed whole."""
    if isinstance(value, Mapping):
        shown = {name: offered(part) for name, part in value.items()}
        chinese = wording()["form"]["names"]
        return Entry({chinese[name]: part for name, part in shown.items()} | shown)
    return Several(offered(v) for v in value) if isinstance(value, (list, tuple)) else value


def open_form(path: Path) -> Draft:
    """A form, checked against the names on offer before anything runs.

    Raises ParameterError if it is no .docx that can be opened, has no names, an unknown one, or a loop left open.
    """
    draft = read_draft(path, KINDS)
    render(draft, FIELDS)
    return draft


def form_file(path: Path) -> str:
    """The name of the filled form in the report's folder."""
    return word("path_form", name=path.stem)


def fill_form(path: Path, page: Page, mark: str) -> bytes:
    """The form with everything it names, the same bytes for the same report."""
    return render(open_form(path), form_values(page, mark))


def render(draft: Draft, values: Mapping[str, Any]) -> bytes:
    """A form with values in it. Raises ParameterError as ``open_form`` does."""
    open_word(draft)
    template = DocxTemplate(io.BytesIO(draft.data))
    rules = Rules(undefined=UnknownField, autoescape=True)
    rules.globals.clear()
    try:
        if not template.get_undeclared_template_variables(rules):
            raise ParameterError("form_no_fields", file=draft.name, example=example_field())
        template.render(offered(values), rules, autoescape=True)
    except TemplateError as error:
        raise ParameterError("form_syntax", file=draft.name, detail=told(error)) from error
    except WRONG_USE as error:  # a form may do with a value what cannot be done
        raise ParameterError("form_syntax", file=draft.name, detail=str(error)) from error
    raw = io.BytesIO()
    template.save(raw)
    return restamped(raw.getvalue())


def example_field() -> str:
    """One name as it is typed into a form."""
    return "{{ " + names_in(FIELDS)[0] + " }}"


def told(error: TemplateError) -> str:
    """What is wrong with a form, and the paragraph in which it is."""
    near = [line.strip() for line in getattr(error, "docx_context", ()) if "{" in line]
    return word("list_stop").join([str(error.message), *near[:1]])


def form_values(page: Page, mark: str) -> dict[str, Any]:
    """Everything on offer, by the names of ``FIELDS``."""
    report, scope = page.report, page.report.scope
    invented = word("invented") + word("sentence_stop") if scope.is_invented else ""
    return {
        "region": scope.region_label,
        "year": str(scope.year),
        "title": title_of(report),
        "date": scope.as_of,
        "scope": invented + scope.text + word("sentence_stop"),
        "mark": mark,
        "problems": [problem_values(page, n, p) for n, p in enumerate(report.problems, start=1)],
        "cannot_tell": sentences(page, report.cannot_tell),
        "refuted": sentences(page, report.refuted),
        "effects": [effect_values(page, claim) for claim in report.effects],
        "tables": [table_values(table) for table in report.tables.values()],
        "records": [record_values(t) for t in sorted(report.trails, key=lambda t: t.number)],
    }


def sentence(page: Page, claim: Claim) -> str:
    """A claim as text, with the marks of its records."""
    return "".join(
        word("trail_mark", number=p.trail.number) if p.trail and not p.slot else p.text
        for p in pieces(page.book, claim)
    )


def sentences(page: Page, claims: Iterable[Claim]) -> list[str]:
    """Claims as texts."""
    return [sentence(page, claim) for claim in claims]


def problem_values(page: Page, position: int, part: Section) -> dict[str, Any]:
    """One problem by the names of its parts."""
    return {
        "number": ordinal(position),
        "title": part.title,
        "label": strength(part.label).word,
        "sentences": sentences(page, (*shown_evidence(page.report, part), *parts_told(part))),
        "range": part.strength,
        "caveats": list(part.not_shown),
        "hook": part.plan_hook or word("no_plan"),
        "absent": list(part.absent),
    }


def parts_told(part: Section) -> list[Claim]:
    """The sentences of the parts of a problem."""
    return [c for passage in part.sub_claims for c in passage.claims]


def effect_values(page: Page, claim: Claim) -> dict[str, str]:
    """What is said of one programme, with its strongest caveat and its label."""
    text = sentence(page, claim) + "".join(claim.caveats[:1])
    return {"sentence": text, "label": strength(claim.label).word}


def table_values(table: Table) -> dict[str, Any]:
    """One table by the names of its parts."""
    return {
        "title": table.title,
        "unit": table.unit_line,
        "heads": list(table.heads),
        "rows": [list(row) for row in table.rows],
        "notes": list(table.notes),
        "source": compact(table.source),
    }


def record_values(trail: Trail) -> dict[str, str]:
    """One record: its mark and its lines."""
    pairs = (word("trail_pair", label=label, text=compact(text)) for label, text in trail.lines)
    number = word("trail_mark", number=trail.number)
    return {"number": number, "text": word("list_stop").join(pairs)}
