"""Progress of a long run on the error stream, so that the output stream carries only the result."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from analysis.errors import messages

STAGES = {
    "01_clean": "stage_clean",
    "02_estimate": "stage_estimate",
    "03_problems": "stage_problems",
}


@dataclass(frozen=True)
class Screen:
    """Draws one bar per notebook where somebody watches, and prints one line each where nobody does."""

    progress: Progress

    @contextmanager
    def watch(self, name: str, cells: int) -> Iterator[Callable[..., None]]:
        """A bar for one notebook; the yielded function is to be called after each of its cells."""
        label = stage_label(name)
        task = self.progress.add_task(label, total=cells)
        yield lambda **_: self.progress.advance(task)
        self.progress.update(task, completed=cells)
        if not self.progress.console.is_terminal:
            seconds = self.progress.tasks[task].elapsed or 0
            self.say(f"{label}  {seconds:.1f} s")

    def say(self, text: str) -> None:
        """One line of plain text among the bars."""
        self.progress.console.print(text, highlight=False, markup=False)


@contextmanager
def open_screen() -> Iterator[Screen]:
    """A screen on the error stream, cleared of bars if nobody watches."""
    console = Console(stderr=True)
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        yield Screen(progress)


def stage_label(name: str) -> str:
    """A stage's name in both languages on one line; an outcome's name stands behind the colon."""
    stage, _, outcome = name.partition(":")
    entry = messages()[STAGES[stage]]
    return " · ".join(part for part in (entry["zh"], entry["en"], outcome) if part)
