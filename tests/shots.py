"""Pictures of the finished page for people who look at the project: desktop, phone and paper, into ``docs/shots``.

``python tests/shots.py [PAGE] [FOLDER]``; the network is cut, names do not change, each file is at most 300 KB.
"""

from __future__ import annotations

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
MAX_BYTES = 300_000
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
        shown = shown.crop((0, 0, shown.width, int(shown.height * 0.8)))


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
        command = ["pdftoppm", "-r", "90", "-f", "1", "-l", "1", "-singlefile", "-png"]
        subprocess.run([*command, str(sheet), str(stem)], check=True)
        save(Image.open(stem.with_suffix(".png")), folder / "print-first.png")
    context.close()


def main(page: Path = PAGE, folder: Path = FOLDER) -> None:
    """Take all pictures."""
    program = next((found for name in CHROMIUM if (found := shutil.which(name))), None)
    if program is None or not page.is_file():
        sys.exit(f"chromium: {program}; page: {page} {'found' if page.is_file() else 'not found'}")
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as engine:
        browser = engine.chromium.launch(executable_path=program, args=["--no-sandbox"])
        shoot_screens(browser, page, folder)
        shoot_paper(browser, page, folder)
        browser.close()
    for picture in sorted(folder.glob("*.png")):
        print(f"{picture.name} {picture.stat().st_size // 1000} KB")


if __name__ == "__main__":
    main(*(Path(a).resolve() for a in sys.argv[1:3]))
