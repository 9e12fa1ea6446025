"""A bureau's own Word form (``--form``), filled with the sentences, tables and records of the report.

A form is a .docx in which names stand in double braces; every name has a Chinese and an English spelling, kept in
``release/wording.toml``. Only what the report itself shows is on offer, so nothing hidden can get in.
"""

from __future__ import annotations

import html
import io
import re
import traceback
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from docx.oxml.ns import qn
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateError, UndefinedError
from jinja2.runtime import Context, LoopContext, Macro
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import missing

from analysis.errors import ParameterError, nearest
from analysis.present.docx_page import restamped
from analysis.present.labels import ordinal, strength, word
from analysis.present.page import Page, title_of
from analysis.present.sources import compact
from analysis.present.trail import pieces, shown_evidence
from analysis.release.claims import Claim, Section, Table, Trail
from analysis.release.draft import DAMAGE, Draft, open_word, own_texts, read_draft
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
    """A list; printed whole its texts follow each other, its entries are set apart; a stretch of it is one too."""

    def __getitem__(self, key: Any) -> Any:
        found = super().__getitem__(key)
        return type(self)(found) if isinstance(key, slice) else found

    def __str__(self) -> str:
        between = word("list_stop") if any(isinstance(item, Entry) for item in self) else ""
        return between.join(str(item) for item in self)


class Sample(Several):
    """A list before the run: its one entry stands for however many there will be."""

    def __getitem__(self, key: Any) -> Any:
        return self if isinstance(key, slice) else super().__getitem__(0)


# what a form that asks for the impossible raises, and docxtpl at a part that it cannot read or make sense of
WRONG_USE = (*DAMAGE, ArithmeticError, RecursionError, MemoryError)
MAX_NUMBER = 10**6
MAX_PLACE = 60
TEMPLATE_FILES = ("<template>", "<unknown>")  # as jinja2 names what it compiled from a text
PARAGRAPH = re.compile(r"<w:p(?=[ >])")
MARKUP = re.compile(r"<[^>]+>")
RAW_NAME = re.compile(r"\{\{(?:r|p|tr|tc)\s+([^{}]*?)\s*\}\}")


class Rules(ImmutableSandboxedEnvironment):
    """What a form may do: print names and go through lists; nothing of it may call or change anything."""

    intercepted_binops = frozenset(("*", "**", "%"))

    def is_safe_callable(self, obj: Any) -> bool:
        """Whether something may be called: only what a template defines or loops with."""
        return isinstance(obj, (Macro, LoopContext))

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """The result for two small numbers; of texts or large numbers these could fill the whole memory."""
        are_small = all(isinstance(n, (int, float)) and abs(n) <= MAX_NUMBER for n in (left, right))
        if are_small and operator != "**":
            return super().call_binop(context, operator, left, right)
        raise Refused("form_operator", found=operator, limit=MAX_NUMBER)

    def getattr(self, obj: Any, attribute: str) -> Any:
        """A part of a value; what could be called is no name on offer."""
        found = super().getattr(obj, attribute)
        return self.undefined(obj=obj, name=attribute) if callable(found) else found


class Rehearsal(Rules):
    """What a form may do before the run: ask for any entry of a list that a filter made, or letter of a text."""

    def getitem(self, obj: Any, argument: Any) -> Any:
        """An entry; of what is known by one only, that one."""
        is_any = isinstance(argument, int) and isinstance(obj, (list, str))
        return (obj[0] if obj else obj) if is_any else super().getitem(obj, argument)


class Refused(Exception):
    """What a form asks for and cannot have: a message, its fields, the paragraph of the form."""

    def __init__(self, name: str, **fields: object) -> None:
        super().__init__(name)
        self.name, self.fields, self.place = name, fields, "-"


class UnknownField(StrictUndefined):
    """What is not there: raises at once, for a name with the nearest one, for an entry with how many there are."""

    def __init__(
        self, hint: str | None = None, obj: Any = missing, name: str | int | None = None,
        exc: type[TemplateError] = UndefinedError,
    ) -> None:  # fmt: skip
        if name is None or isinstance(name, int):  # the first or last of an empty list has no name
            count = len(obj) if isinstance(obj, (tuple, list, str)) else 0
            found = 0 if name is None else name
            raise Refused("form_beyond", found=found, count=count, last=count - 1 if count else "-")
        known = names_in(FIELDS) if obj is missing else tuple(obj) if isinstance(obj, Entry) else ()
        listed = word("list_comma").join(known) or "-"
        near = nearest(name, known) or "-"
        raise Refused("form_unknown_field", found=name, nearest=near, known=listed)


class Form(DocxTemplate):
    """A form that knows in which of its paragraphs it asks for what it cannot have."""

    def render_xml_part(self, src_xml: str, part: Any, context: Any, jinja_env: Any = None) -> str:
        """A part with its names filled. Raises Refused with the text of the paragraph."""
        try:
            return str(super().render_xml_part(src_xml, part, context, jinja_env))
        except Refused as error:
            error.place = paragraph_at(src_xml, error)
            raise


def paragraph_at(xml: str, error: Refused) -> str:
    """The text of the paragraph at which a template stopped; docxtpl puts each on lines of its own."""
    frames = traceback.extract_tb(error.__traceback__)
    lines = PARAGRAPH.sub(r"\n\g<0>", xml).splitlines()
    numbers = [f.lineno or 0 for f in frames if f.filename in TEMPLATE_FILES]
    text = MARKUP.sub("", lines[numbers[-1] - 1]) if numbers and numbers[-1] <= len(lines) else ""
    return html.unescape(text).strip()[:MAX_PLACE] or "-"


def names_in(fields: Mapping[str, Any]) -> tuple[str, ...]:
    """The names of some fields, Chinese ones first."""
    chinese = wording()["form"]["names"]
    return (*(chinese[name] for name in fields), *fields)


def offered(value: Any, many: type[Several] = Several) -> Any:
    """Values as a form sees them: every name in both spellings, lists that can be printed whole."""
    if isinstance(value, Mapping):
        shown = {name: offered(part, many) for name, part in value.items()}
        chinese = wording()["form"]["names"]
        return Entry({chinese[name]: part for name, part in shown.items()} | shown)
    return many(offered(v, many) for v in value) if isinstance(value, (list, tuple)) else value


def printed(value: Any) -> Any:
    """A value as it is printed: what a filter made of a list reads as a list of ours."""
    made = isinstance(value, (list, tuple, Iterator)) and not isinstance(value, Several)
    return Several(value) if made else value


def open_form(path: Path) -> Draft:
    """A form, checked against the names on offer before anything runs; how long lists are is not known yet.

    Raises ParameterError if it is no .docx that can be opened, has no names, an unknown one, or a loop left open.
    """
    draft = read_draft(path, KINDS)
    render(draft, offered(FIELDS, Sample), Rehearsal)
    return draft


def form_file(path: Path) -> str:
    """The name of the filled form in the report's folder."""
    return word("path_form", name=path.stem)


def fill_form(path: Path, page: Page, mark: str) -> bytes:
    """The form with everything it names, the same bytes for the same report.

    Raises ParameterError as ``open_form`` does, and if it asks for an entry beyond the end of a list.
    """
    return render(open_form(path), offered(form_values(page, mark)))


def render(draft: Draft, values: Mapping[str, Any], kind: type[Rules] = Rules) -> bytes:
    """A form with values in it, as ``offered`` gives them. Raises ParameterError as ``fill_form`` does."""
    check_marks(draft)
    template = Form(io.BytesIO(draft.data))
    rules = kind(undefined=UnknownField, autoescape=True, finalize=printed)
    rules.globals.clear()
    try:
        if not template.get_undeclared_template_variables(rules):
            raise ParameterError("form_no_fields", file=draft.name, example=example_field())
        template.render(values, rules, autoescape=True)
        raw = io.BytesIO()
        template.save(raw)
    except Refused as error:
        fields = {"file": draft.name, "place": error.place, **error.fields}
        raise ParameterError(error.name, **fields) from error
    except TemplateError as error:
        raise ParameterError("form_syntax", file=draft.name, detail=told(error)) from error
    except WRONG_USE as error:  # a form may do with a value what cannot be done
        raise ParameterError("form_syntax", file=draft.name, detail=str(error)) from error
    return restamped(raw.getvalue())


def check_marks(draft: Draft) -> None:
    """Raises ParameterError for a file that is no Word file, or a name marked as one that brings its own markup.

    Such a name would stand outside any run, where Word shows nothing.
    """
    for paragraph in open_word(draft).element.body.iter(qn("w:p")):
        text = "".join(t.text or "" for t in own_texts(paragraph))
        if hit := RAW_NAME.search(text):
            name = "{{ " + hit[1] + " }}"
            raise ParameterError("form_raw", file=draft.name, found=hit[0], expected=name)


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
