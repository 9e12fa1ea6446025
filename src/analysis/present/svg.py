"""From a drawn figure to what is published: inline SVG with real text and names, or a picture for Word."""

from __future__ import annotations

import io
import re

from PIL import Image

from analysis.present.canvas import POINTS_PER_INCH, WIDTH, Canvas
from analysis.present.fonts import READING_STACK
from analysis.present.markup import esc

NO_METADATA = {"Date": None, "Creator": None, "Format": None, "Type": None}
WORD_WIDTH_MM = 140.0
WORD_DPI = 300.0
WORD_COLOURS = 64  # a third of the size of full colour, and no eye sees it
ROOT = re.compile(r"<svg[^>]*>")
BEFORE_ROOT = re.compile(r"^.*?(?=<svg)", re.S)
# A <style> inside an inline SVG would restyle the whole page.
DROPPED = re.compile(
    r"<metadata>.*?</metadata>|<style.*?</style>|<!--.*?-->|<defs>\s*</defs>", re.S
)
NAMED = re.compile(r'\bid="([^"]+)"')
REFERRED = re.compile(r'(?:xlink:)?href="#([^"]+)"')
CLIPPED = re.compile(r"url\(#([^)]+)\)")
FACE = re.compile(r" font-family: [^;\"]*;?")
STILL = re.compile(r' transform="rotate\(-?0 [^)]*\)"')
BREAK = re.compile(r" \n(?=[LCQMz])")


def to_svg(canvas: Canvas, name: str, title: str, description: str) -> str:
    """The figure as one inline ``<svg>``: named for screen readers, ids prefixed by ``name``, no outside address."""
    raw = io.StringIO()
    canvas.figure.savefig(raw, format="svg", transparent=True, metadata=NO_METADATA)
    body = DROPPED.sub("", BEFORE_ROOT.sub("", raw.getvalue(), count=1))
    drawing = prefix_ids(tidy(ROOT.sub("", body, count=1)), name)
    return root(canvas, name, title, description) + drawing


def root(canvas: Canvas, name: str, title: str, description: str) -> str:
    """The opening tag, its title and its description; no width or height, so that it takes the column's."""
    view = f"0 0 {WIDTH:g} {canvas.height:g}"
    return (
        f'<svg class="plot" role="img" viewBox="{view}" font-family="{READING_STACK}" '
        f'style="max-width:500px" aria-labelledby="{name}-title {name}-desc">'
        f'<title id="{name}-title">{esc(title)}</title>'
        f'<desc id="{name}-desc">{esc(description)}</desc>'
    )


def tidy(body: str) -> str:
    """Without line breaks inside paths, per-text faces (the root names the stack) and rotations by nothing."""
    body = STILL.sub("", FACE.sub("", BREAK.sub(" ", body)))
    return "\n".join(part.strip() for part in body.splitlines() if part.strip())


def prefix_ids(body: str, name: str) -> str:
    """Every id and every reference to one with the figure's name before it."""
    body = NAMED.sub(rf'id="{name}-\1"', body)
    body = REFERRED.sub(rf'href="#{name}-\1"', body)
    return CLIPPED.sub(rf"url(#{name}-\1)", body)


def to_png(canvas: Canvas) -> bytes:
    """The figure as a picture for Word: 140 mm wide at 300 dots an inch, on white, in as few colours as it needs."""
    dots = WORD_WIDTH_MM / 25.4 * WORD_DPI / (WIDTH / POINTS_PER_INCH)
    raw, small = io.BytesIO(), io.BytesIO()
    canvas.figure.savefig(raw, format="png", dpi=dots, facecolor="white")
    drawn = Image.open(raw).convert("RGB").quantize(WORD_COLOURS, dither=Image.Dither.NONE)
    drawn.save(small, format="png", optimize=True, dpi=(WORD_DPI, WORD_DPI))
    return small.getvalue()
