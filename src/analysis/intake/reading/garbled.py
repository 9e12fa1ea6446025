"""Text that was decoded with the wrong table once before it was delivered: recognised, put right, and told.

Three ways it happens: UTF-8 read as Latin-1 or GBK, and GBK read as Latin-1. Each is undone by encoding and decoding
the other way; what comes out must be far more ordinary than what went in, or the text stays as it is. A clean text
must never be changed, so a doubtful text is changed only where the same sheet holds several that leave no doubt.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache

import numpy as np
import pandas as pd

from analysis.intake.ledger import join_lines, write_lines
from analysis.intake.reading.sheets import RawSheet

EVIDENCE = 3  # different texts without doubt: then the doubtful ones of the sheet are put right too
COMMON_SHARE = 0.7  # of the Chinese characters put right, those of the first 3,755 of GB 2312
FIRST_LEVEL = (0xB0, 0xD7)  # lead bytes of these in GB 2312
LETTERS = 3  # different accented letters that a text of Chinese bytes shows at least
ASCII_END, SIGNS_END = 0x7F, 0xA4  # of the bytes of GB 2312; then come letters of other languages
REPLACED = "\ufffd"  # what a decoder writes where it lost something for good
# The replacement mark of UTF-8, twice, read as GBK.
LOST_IN_GBK = (REPLACED * 2).encode().decode("gbk")
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_HIGH = re.compile(r"[^\x00-\x7f]")
# What may come out of UTF-8 read as Latin-1: accented letters, marks, Chinese and its punctuation, full width.
_ORDINARY = re.compile(r"[\x20-\x7e\s\u00a0-\u00ff\u2010-\u2044\u2e80-\u9fff\uff00-\uffef]+")
_LESS_ORDINARY = re.compile(_ORDINARY.pattern.replace(r"\u00ff", r"\u024f"))


def mend_garbled(raw: RawSheet) -> RawSheet:
    """The sheet with its double-encoded cells put right; one ledger line per column and kind, no text shown."""
    columns = {at: _foreign_texts(raw.cells[at]) for at in raw.cells}
    doubtful = {at: {t for t in texts if not is_plain(t)} for at, texts in columns.items()}
    sure = {at: [kind for t in texts if (kind := _sure_kind(t))] for at, texts in doubtful.items()}
    counts = Counter(kind for kinds in sure.values() for kind in kinds)
    proven = {kind for kind, n in counts.items() if n >= EVIDENCE}
    done_columns, lines = {}, [raw.lines]
    for at in (at for at, texts in doubtful.items() if texts):
        kinds = frozenset(k for k in proven if k in sure[at] or _is_all(k, columns[at]))
        texts = columns[at] if kinds else doubtful[at]
        mended = {text: done for text in texts if (done := _mended(text, kinds))}
        lines += _told(raw, at, mended, doubtful[at])
        if mended:
            done_columns[at] = [mended[t][0] if t in mended else t for t in raw.cells[at]]
    if len(lines) == 1:
        return raw
    return replace(raw, cells=_with_columns(raw.cells, done_columns), lines=join_lines(lines))


def _with_columns(cells: pd.DataFrame, columns: Mapping[int, list[str]]) -> pd.DataFrame:
    """The cells with some columns in place of what stood there."""
    out = cells.copy()
    for at, texts in columns.items():
        out[at] = texts
    return out


def _is_all(kind: str, texts: set[str]) -> bool:
    """Whether every text of a column can have gone wrong in one way."""
    return all(WAYS[kind](text, True) for text in texts)


def _foreign_texts(column: pd.Series) -> set[str]:
    """The different texts of a column that are not ASCII."""
    cells = column.to_numpy()
    return set() if "".join(cells).isascii() else {t for t in set(cells) if not t.isascii()}


@lru_cache(maxsize=1 << 16)
def is_plain(text: str) -> bool:
    """Whether a text is nothing but ASCII, Chinese of GB 2312 and its punctuation."""
    leads = [byte for byte in _encoded(text, "gb2312") if byte > ASCII_END][::2]
    is_lost = LOST_IN_GBK in text
    return (
        bool(leads)
        and not is_lost
        and all(lead < SIGNS_END or lead >= FIRST_LEVEL[0] for lead in leads)
    )


def _sure_kind(text: str) -> str:
    """The way in which a text went wrong, where its own characters leave no doubt."""
    return next((kind for kind, way in WAYS.items() if way(text, False)), "")


def _mended(text: str, kinds: frozenset[str]) -> tuple[str, str] | None:
    """The text put right and the way in which it was wrong; None for one that stays."""
    likely = sorted(WAYS, key=lambda kind: kind not in kinds)
    tries = ((WAYS[kind](text, kind in kinds), kind) for kind in likely)
    return next(((done, kind) for done, kind in tries if done), None)


def mend_text(text: str) -> str:
    """One text put right, or as it is where its own characters leave any doubt."""
    done = _mended(text, frozenset())
    return done[0] if done else text


def utf8_as_latin(text: str, has_evidence: bool) -> str:
    """``PÃºblico``: UTF-8 bytes read one by one; empty where the text is not that."""
    done = _decoded(_single_bytes(text), "utf-8")
    expected = _LESS_ORDINARY if has_evidence else _ORDINARY
    return done if done and done != text and expected.fullmatch(done) else ""


def utf8_as_gbk(text: str, has_evidence: bool) -> str:
    """UTF-8 bytes read in pairs as Chinese; empty where the text is not that.

    Without evidence one character at least must be none of GB 2312: ordinary Chinese has none.
    """
    if not _HAN.search(text):
        return ""
    raw = _encoded(text, "gb18030")
    done = _decoded(raw, "utf-8")
    if not done or not is_common_chinese(done):
        return ""
    return done if has_evidence or not _encoded(text, "gb2312") else ""


def gbk_as_latin(text: str, has_evidence: bool) -> str:
    """Chinese bytes read one by one; empty where the text is not that.

    Without evidence there must be several accented letters, of which two Chinese characters at least come out.
    """
    raw = _single_bytes(text)
    done = _decoded(raw, "gb2312")
    if not done or not is_common_chinese(done):
        return ""
    letters = {c for c in _HIGH.findall(text) if unicodedata.category(c).startswith("L")}
    is_sure = len(letters) >= LETTERS and len(_HAN.findall(done)) > 1
    return done if is_sure or (has_evidence and letters) else ""


WAYS: Mapping[str, Callable[[str, bool], str]] = {
    "UTF-8 > Latin-1": utf8_as_latin,
    "UTF-8 > GBK": utf8_as_gbk,
    "GBK > Latin-1": gbk_as_latin,
}


def is_common_chinese(text: str) -> bool:
    """Whether a text is of GB 2312, holds Chinese, and most of it common."""
    raw = _encoded(text, "gb2312")
    han = _HAN.findall(text)
    if not raw or not han or not text.isprintable():
        return False
    leads = [_encoded(c, "gb2312")[0] for c in han]
    n_common = sum(FIRST_LEVEL[0] <= lead <= FIRST_LEVEL[1] for lead in leads)
    return n_common >= COMMON_SHARE * len(han)


def _single_bytes(text: str) -> bytes:
    """The bytes of a text that was read one by one, by cp1252 or, where that has none, Latin-1; empty for others."""
    parts = (_encoded(c, "cp1252") or _encoded(c, "latin-1") for c in text)
    found = [*parts]
    return b"".join(found) if all(found) else b""


def _encoded(text: str, encoding: str) -> bytes:
    try:
        return text.encode(encoding)
    except UnicodeEncodeError:
        return b""


def _decoded(raw: bytes, encoding: str) -> str:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError:
        return ""


def _told(
    raw: RawSheet, at: int, mended: Mapping[str, tuple[str, str]], texts: set[str]
) -> Iterator[pd.DataFrame]:
    """A line per way in which cells of a column were wrong, and one for cells of which something is lost for good."""
    cells = raw.cells[at]
    for kind in sorted({kind for _, kind in mended.values()}):
        wrong = {text for text, (_, found) in mended.items() if found == kind}
        yield _line(raw, at, "double_encoded", np.array([t in wrong for t in cells]), kind)
    lost = {text for text in texts if REPLACED in text or LOST_IN_GBK in text} - {*mended}
    if lost:
        yield _line(raw, at, "unreadable_text", np.array([t in lost for t in cells]), "")


def _line(raw: RawSheet, at: int, rule: str, rows: np.ndarray, kind: str) -> pd.DataFrame:
    """A line for some rows of a column: the first of them, and how many; the column as spreadsheets letter it."""
    return write_lines(
        rule,
        file=raw.file,
        sheet=raw.sheet,
        row=raw.first_row + int(rows.argmax()),
        column=column_letters(at),
        done=kind,
        n=int(rows.sum()),
    )


def column_letters(at: int) -> str:
    """The letters by which spreadsheets name the column at a position (from 0)."""
    letters = ""
    at += 1
    while at:
        at, rest = divmod(at - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
