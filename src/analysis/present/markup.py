"""Small pieces of HTML, and the fragment a notebook cell shows."""

from __future__ import annotations

import html
from dataclasses import dataclass


@dataclass(frozen=True)
class Fragment:
    """A piece of the page; a notebook shows it as HTML."""

    html: str

    def _repr_html_(self) -> str:
        return self.html

    def __repr__(self) -> str:
        return f"<fragment of {len(self.html)} characters>"


def esc(text: str) -> str:
    """Text made safe for HTML, in content and in attributes."""
    return html.escape(text, quote=True)


def attributes(values: dict[str, str]) -> str:
    """Attributes in the order given; ``cls`` stands for ``class``, ``_`` for ``-``, empty ones are left out."""
    names = {"cls": "class", "for_": "for"}
    pairs = ((names.get(k, k.replace("_", "-")), v) for k, v in values.items() if v)
    return "".join(f' {name}="{esc(value)}"' for name, value in pairs)


def el(tag: str, content: str = "", **values: str) -> str:
    """One element around content that is HTML already."""
    return f"<{tag}{attributes(values)}>{content}</{tag}>"


def txt(tag: str, text: str, **values: str) -> str:
    """One element around plain text."""
    return el(tag, esc(text), **values)


def hidden(text: str) -> str:
    """Words for screen readers only."""
    return txt("span", text, cls="vh")


def join(*parts: str) -> Fragment:
    """Pieces one under the other, empty ones left out."""
    return Fragment("\n".join(p for p in parts if p))
