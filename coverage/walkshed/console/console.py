"""What a command says and shows, in one language.

All text leaves to a terminal through here, and what a terminal would obey leaves as an escape
(``walkshed.model.marks``).
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from walkshed.console.process import may_open_browser
from walkshed.model.marks import escaped
from walkshed.model.messages import Message
from walkshed.words.messages.saying import said

if TYPE_CHECKING:
    from walkshed.console.overview import Grid

#: Stages of a run (walkshed.study.run), then the files.
RUN_STAGES = 8
_READING = Message("reading")
#: What stages are called (walkshed.study); who runs them tells the English word.
STAGES = (
    *(Message("streets"), Message("stations"), Message("residents"), Message("distances")),
    *(Message("verdicts"), Message("visitors"), Message("catchments"), Message("siting")),
    Message("files"),
)


@dataclass(frozen=True, slots=True)
class Console:
    """A terminal, or what stands for one, and the language of who reads there."""

    language: str

    def say(self, line: str) -> None:
        """Write a line, or several, to stdout; on a terminal, above the bar if one is drawn."""
        from rich.file_proxy import FileProxy
        from typer import echo

        text = escaped(said(line, self.language))
        if isinstance(sys.stdout, FileProxy):
            sys.stdout.write(f"{text}\n")
        else:
            echo(text)

    def complain(self, line: str) -> None:
        """Write a line to stderr: a fault, or why nothing happens for a while."""
        from typer import echo

        echo(escaped(said(line, self.language)), err=True)

    def remark(self, line: str) -> None:
        """Write to stderr what the answer does not hang on."""
        self.complain(Message("walkshed: {line}", line=line))

    def show(self, grid: Grid) -> None:
        """Write a table to stdout."""
        from rich.console import Console as Terminal
        from rich.table import Table
        from rich.text import Text

        table = Table(title=Text(self._cell(grid.title)) if grid.title else None)
        for header, is_text in zip(grid.headers, grid.texts, strict=True):
            table.add_column(
                self._cell(header), justify="left" if is_text else "right", overflow="fold"
            )
        for row in grid.rows:
            table.add_row(*(Text(self._cell(cell)) for cell in row))
        Terminal(highlight=False, markup=False, emoji=False).print(table)

    def _cell(self, text: str) -> str:
        """Return a cell's text; plain text is data, and stays as it is."""
        return escaped(said(text, self.language) if isinstance(text, Message) else text)

    def show_page(self, page: Path, *, opens: bool) -> None:
        """Say where a map is, and open it in a browser where somebody sits before one."""
        self.say(str(page))
        if opens and may_open_browser():
            import webbrowser

            webbrowser.open(page.resolve().as_uri())

    def announce_compiler(self) -> None:
        """Say, to a terminal, that the first run on a machine takes some seconds more than the next."""
        if sys.stderr.isatty():
            from walkshed.walk.kernels.compiler import kept

            if not kept():
                self.complain("compiling the searches, once on this machine (some seconds)")

    @contextmanager
    def progress_bar(self, stages: int = RUN_STAGES) -> Iterator[Callable[[str], None]]:
        """Yield a function that is told each stage; it draws a bar on stderr if that is a terminal."""
        if not sys.stderr.isatty():
            yield lambda _stage: None
            return
        from rich.console import Console as Terminal
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

        described = TextColumn("{task.description:<12}", markup=False)
        with Progress(
            *(described, BarColumn(), TimeElapsedColumn()),
            console=Terminal(stderr=True),
            transient=True,
            redirect_stdout=sys.stdout.isatty(),
        ) as bar:
            task = bar.add_task(said(_READING, self.language), total=stages)
            begun, current = 0, ""

            def tell(stage: str) -> None:
                """Begin a stage; "stage: how far" tells more of the one that has begun."""
                nonlocal begun, current
                name, description = stage.partition(":")[0], escaped(said(stage, self.language))
                if name == current and name != stage:
                    bar.update(task, description=description)
                    return
                bar.update(task, description=description, completed=begun)
                begun, current = begun + 1, name

            yield tell
