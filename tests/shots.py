"""Pictures of the finished report for people who look at the project, and the page itself as an example.

``python tests/shots.py [PAGE] [FOLDER] [EXAMPLE]``: desktop, phone, the first printed sheet and the first sheet of the
Word file into ``docs/shots``, the page into ``docs/example``. The network is cut, names do not change, a picture has
at most 300 KB and the page at most 2 MB; only a report on invented data is taken.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "reports" / "demo-county" / "2025" / "index.html"
FOLDER = ROOT / "docs" / "shots"
EXAMPLE = ROOT / "docs" / "example"
WORD = "问题与不足.docx"
MAX_BYTES = 300_000
MAX_PAGE = 2_000_000
INVENTED = "本报告使用虚构数据"
SOFFICE = ("soffice", "libreoffice")
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
# name: width, height, pixels per point, whole page or first screen
VIEWS = {
    "desktop": (1280, 900, 1, False),
    "desktop-full": (1280, 900, 1, True),
    "phone-first": (375, 667, 2, False),
    "phone-full": (375, 667, 1, True),
}
COLOURS = (256, 64, 32, 16)


def save(picture: Image.Image, target: Path) -> None:
    """Save with as many colours as fit into the limit; very tall pictures lose their lower end last."""
    target.parent.mkdir(parents=True, exist_ok=True)
    shown = picture.convert("RGB")
    shown.save(target, optimize=True)
    while target.stat().st_size > MAX_BYTES:
        for colours in COLOURS:
            shown.quantize(colours, dither=Image.Dither.NONE).save(target, optimize=True)
            if target.stat().st_size <= MAX_BYTES:
                return
        fits = min(0.9, MAX_BYTES / target.stat().st_size)
        shown = shown.crop((0, 0, shown.width, int(shown.height * fits)))


def shoot_screens(browser: Browser, page: Path, folder: Path) -> None:
    """All views on screens, taken without a network."""
    for name, (width, height, scale, is_whole) in VIEWS.items():
        context = browser.new_context(
            viewport={"width": width, "height": height}, device_scale_factor=scale, offline=True
        )
        tab = context.new_page()
        tab.goto(page.as_uri())
        raw = folder / f"{name}.raw.png"
        tab.screenshot(path=str(raw), full_page=is_whole)
        save(Image.open(raw), folder / f"{name}.png")
        raw.unlink()
        context.close()


def shoot_paper(browser: Browser, page: Path, folder: Path) -> None:
    """The first printed sheet, which is the whole summary."""
    context = browser.new_context(offline=True)
    tab = context.new_page()
    tab.goto(page.as_uri())
    with tempfile.TemporaryDirectory() as scratch:
        sheet = Path(scratch) / "page.pdf"
        tab.pdf(path=str(sheet), prefer_css_page_size=True)
        stem = Path(scratch) / "sheet"
        save(first_sheet(sheet, stem), folder / "print-first.png")
    context.close()


def first_sheet(sheets: Path, stem: Path) -> Image.Image:
    """The first sheet of a PDF as a picture, made at ``stem``."""
    command = ["pdftoppm", "-r", "90", "-f", "1", "-l", "1", "-singlefile", "-png"]
    subprocess.run([*command, str(sheets), str(stem)], check=True)
    return Image.open(stem.with_suffix(".png"))


def shoot_word(file: Path, program: str, folder: Path) -> None:
    """The first sheet of the Word file, as LibreOffice prints it."""
    with tempfile.TemporaryDirectory() as scratch:
        home = f"-env:UserInstallation={(Path(scratch) / 'home').as_uri()}"
        command = [program, home, "--headless", "--convert-to", "pdf", "--outdir", scratch]
        subprocess.run([*command, str(file)], check=True, capture_output=True, timeout=300)
        sheets = Path(scratch) / file.with_suffix(".pdf").name
        save(first_sheet(sheets, Path(scratch) / "word"), folder / "word-first.png")


def write_page(page: Path, folder: Path) -> None:
    """The page as an example: without the links to files that do not lie beside it."""
    text = page.read_text(encoding="utf-8")
    alone = re.sub(r'<section id="files".*?</section>\n?', "", text, flags=re.S)
    alone = re.sub(r'<li><a href="#files">.*?</a></li>', "", alone)
    if INVENTED not in alone or len(alone.encode()) > MAX_PAGE:
        sys.exit(f"{page}: not on invented data, or larger than {MAX_PAGE} bytes")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "index.html").write_text(alone, encoding="utf-8", newline="\n")


def find(names: tuple[str, ...]) -> str:
    """The first of these programs; the command stops without one."""
    found = next((path for name in names if (path := shutil.which(name))), None)
    return found or sys.exit(f"none of these programs is here: {', '.join(names)}")


def main(page: Path = PAGE, folder: Path = FOLDER, example: Path = EXAMPLE) -> None:
    """Take all pictures and copy the page."""
    program, office = find(CHROMIUM), find(SOFFICE)
    if not page.is_file():
        sys.exit(f"no page at {page}: make the report first")
    folder.mkdir(parents=True, exist_ok=True)
    write_page(page, example)
    with sync_playwright() as engine:
        browser = engine.chromium.launch(executable_path=program, args=["--no-sandbox"])
        shoot_screens(browser, page, folder)
        shoot_paper(browser, page, folder)
        browser.close()
    shoot_word(page.with_name(WORD), office, folder)
    for picture in sorted(folder.glob("*.png")):
        print(f"{picture.name} {picture.stat().st_size // 1000} KB")


if __name__ == "__main__":
    main(*(Path(a).resolve() for a in sys.argv[1:4]))
