"""The sheet of an official paper (GB/T 9704-2012) in Word: page, grid, styles, page numbers, fixed bytes."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from typing import Any

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from analysis.release.wording import wording

# 22 lines of 28 characters on 156 x 225 mm: pitch 28.95 pt, and 16 pt characters set 0.25 pt closer. The closeness is a
# property of the style: a character grid would say the same, but LibreOffice and WPS read grids differently.
LINE_PITCH = 28.95
BODY_POINTS = 16.0
CLOSER_TWIPS = "-5"
MARGINS = {"top_margin": 37, "bottom_margin": 35, "left_margin": 28, "right_margin": 26}
FIXED_DATE = dt.datetime(2000, 1, 1)
ZIP_DATE = (1980, 1, 1, 0, 0, 0)
THEMES = ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme")

# style: face, size in points, lines at a fixed pitch, indent of the first line in characters
STYLES = {
    "Normal": ("body", BODY_POINTS, True, 2),
    "Title": ("title", 22.0, False, 0),
    "Heading 1": ("heading", BODY_POINTS, True, 2),
    "Heading 2": ("second", BODY_POINTS, True, 2),
    "Caption": ("heading", 12.0, False, 0),
    "Table Text": ("body", 12.0, False, 0),
    "Note": ("body", 10.5, False, 0),
    "Record": ("body", 10.5, False, 0),
    "Picture": ("body", 12.0, False, 0),
}


def face(name: str) -> str:
    """The name of one face, from the wording file."""
    return str(wording()["faces"][name])


def element(tag: str, **values: str) -> Any:
    """One element of Word's own language with its attributes in the ``w`` namespace."""
    made = OxmlElement(f"w:{tag}")
    for name, value in values.items():
        made.set(qn(f"w:{name}"), value)
    return made


def new_document(title: str) -> WordDocument:
    """An empty paper with its page, grid, styles, page numbers and fixed properties."""
    document = Document()
    set_properties(document, title)
    set_page(document)
    for name, (kind, points, is_fixed, indent) in STYLES.items():
        set_style(document, name, kind, points, is_fixed, indent)
    set_language(document)
    set_page_numbers(document)
    return document


def set_properties(document: WordDocument, title: str) -> None:
    """Title and language; no author, no comment, a fixed date, so that bytes do not move."""
    known = document.core_properties
    known.title, known.language = title, "zh-CN"
    known.author = known.last_modified_by = known.comments = known.keywords = ""
    known.created = known.modified = FIXED_DATE
    known.revision = 1


def set_page(document: WordDocument) -> None:
    """A4 with the margins of the standard and a grid of 22 lines."""
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    for name, millimetres in MARGINS.items():
        setattr(section, name, Mm(millimetres))
    section.footer_distance = Mm(35 - 7 - 5)
    for old in section._sectPr.findall(qn("w:docGrid")):
        section._sectPr.remove(old)
    pitch = str(round(LINE_PITCH * 20))
    section._sectPr.append(element("docGrid", type="lines", linePitch=pitch))


def set_style(
    document: WordDocument, name: str, kind: str, points: float, is_fixed: bool, indent: int
) -> None:
    """One paragraph style: faces set for both scripts, size, black, pitch, indent."""
    style: Any = style_of(document, name)
    set_faces(style.element.get_or_add_rPr(), face(kind))
    style.font.size, style.font.bold, style.font.italic = Pt(points), False, False
    style.font.color.rgb = RGBColor(0, 0, 0)
    set_pitch(style, is_fixed)
    set_indent(style, points, indent)
    layout = style.paragraph_format
    layout.keep_with_next = name in ("Title", "Heading 1", "Heading 2", "Caption")
    if name == "Title":
        layout.alignment, layout.space_after = WD_ALIGN_PARAGRAPH.CENTER, Pt(16)


def set_pitch(style: Any, is_fixed: bool) -> None:
    """Body lines at the fixed pitch and 28 to a line; other lines as high as they need, off the grid."""
    layout = style.paragraph_format
    layout.space_before = layout.space_after = Pt(0)
    layout.line_spacing_rule = WD_LINE_SPACING.EXACTLY if is_fixed else WD_LINE_SPACING.SINGLE
    if is_fixed:
        layout.line_spacing = Pt(LINE_PITCH)
    else:
        add_in_order(style.element.get_or_add_pPr(), element("snapToGrid", val="0"), "w:spacing")
    closeness = element("spacing", val=CLOSER_TWIPS if is_fixed else "0")
    add_in_order(style.element.get_or_add_rPr(), closeness, "w:sz")


def add_in_order(parent: Any, child: Any, before: str) -> None:
    """Put a property before another one: Word refuses properties out of their order."""
    for old in parent.findall(child.tag):
        parent.remove(old)
    place = parent.find(qn(before))
    place.addprevious(child) if place is not None else parent.append(child)


def set_indent(style: Any, points: float, characters: int) -> None:
    """The indent of the first line in characters, and in points for those who do not know characters."""
    properties = style.element.get_or_add_pPr()
    for old in properties.findall(qn("w:ind")):
        properties.remove(old)
    style.paragraph_format.first_line_indent = Pt(points * characters)
    properties.find(qn("w:ind")).set(qn("w:firstLineChars"), str(100 * characters))


def style_of(document: WordDocument, name: str) -> Any:
    """A paragraph style by name, made if the template has none; rules and borders of the template removed."""
    known = {s.name for s in document.styles}
    if name not in known:
        document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    style: Any = document.styles[name]
    for tag in ("w:pBdr", "w:spacing", "w:contextualSpacing"):
        for old in style.element.get_or_add_pPr().findall(qn(tag)):
            style.element.pPr.remove(old)
    for tag in ("w:spacing", "w:kern"):
        for old in style.element.get_or_add_rPr().findall(qn(tag)):
            style.element.rPr.remove(old)
    return style


def set_faces(properties: Any, east_asian: str) -> None:
    """Both faces set by name; theme faces removed, since they win over names."""
    fonts = properties.get_or_add_rFonts()
    for theme in THEMES:
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    for script in ("ascii", "hAnsi", "cs"):
        fonts.set(qn(f"w:{script}"), face("latin"))
    fonts.set(qn("w:eastAsia"), east_asian)


def set_language(document: WordDocument) -> None:
    """Chinese for the spelling check; the current layout rules; left and right pages differ."""
    settings = document.settings.element
    for tag in ("w:lang", "w:themeFontLang"):
        for root in (document.styles.element, settings):
            for old in root.iter(qn(tag)):
                old.set(qn("w:eastAsia"), "zh-CN")
    for old in settings.findall(qn("w:compat")):
        settings.remove(old)
    compat = element("compat")
    address = "http://schemas.microsoft.com/office/word"
    compat.append(element("compatSetting", name="compatibilityMode", uri=address, val="15"))
    # The settings have a fixed order too; compat stands before whichever of these is there first.
    later = (
        settings.find(qn(tag)) for tag in ("w:docVars", "w:rsids", "m:mathPr", "w:themeFontLang")
    )
    place = next((found for found in later if found is not None), None)
    place.addprevious(compat) if place is not None else settings.append(compat)
    document.settings.odd_and_even_pages_header_footer = True


def set_page_numbers(document: WordDocument) -> None:
    """Page numbers between dashes, 14 pt: at the right on odd pages, at the left on even ones."""
    section = document.sections[0]
    sides = (
        (section.footer, WD_ALIGN_PARAGRAPH.RIGHT),
        (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT),
    )
    for footer, side in sides:
        paragraph = footer.paragraphs[0]
        paragraph.alignment = side
        paragraph.paragraph_format.first_line_indent = Pt(0)
        paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = Pt(14)
        run(paragraph, "— ", "number", 14)
        add_field(paragraph, "PAGE", "1", "number", 14)
        run(paragraph, " —", "number", 14)


def run(paragraph: Any, text: str, kind: str = "", points: float = 0.0) -> Any:
    """Text with its own face and size, or those of the paragraph's style."""
    made = paragraph.add_run(text)
    # Curly quotes share their code points with Latin ones: the hint keeps them Chinese.
    made._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:hint"), "eastAsia")
    if kind:
        set_faces(made._r.get_or_add_rPr(), face(kind))
    if points:
        made.font.size = Pt(points)
    return made


def add_field(
    paragraph: Any, instruction: str, shown: str, kind: str = "", points: float = 0.0
) -> None:
    """A field that Word computes, with the value it has now."""
    field = element("fldSimple", instr=instruction)
    inner = run(paragraph, shown, kind, points)
    paragraph._p.remove(inner._r)
    field.append(inner._r)
    paragraph._p.append(field)


def stable_bytes(document: WordDocument) -> bytes:
    """The file with fixed times inside, so that the same report gives the same bytes."""
    raw = io.BytesIO()
    document.save(raw)
    return restamped(raw.getvalue())


def restamped(raw: bytes) -> bytes:
    """A Word file with the times of its parts fixed."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(raw)) as old,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for entry in old.infolist():
            info = zipfile.ZipInfo(entry.filename, ZIP_DATE)
            info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
            new.writestr(info, old.read(entry.filename))
    return target.getvalue()
