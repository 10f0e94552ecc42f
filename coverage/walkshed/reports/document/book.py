"""The whole document: the content of ``report.docx``."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

from walkshed.errors import NotFoundError
from walkshed.model.messages import Listing, Message
from walkshed.reports.document.outline import document_parts
from walkshed.reports.document.paper import document_bytes
from walkshed.reports.registry import REPORTS

if TYPE_CHECKING:
    import pandas as pd

    from walkshed.model.results import ReportForm, Results

#: What the extra ``report`` installs, by the names under which it is imported.
_PACKAGES = {"docx": "python-docx", "matplotlib": "matplotlib"}
_NEEDED: dict[ReportForm, tuple[str, ...]] = {
    "xlsx": (),
    "docx": ("docx", "matplotlib"),
    "atlas": ("matplotlib",),
}


def refuse_without_packages(form: ReportForm) -> None:
    """Raise NotFoundError where packages that write a document are not installed."""
    missing = [_PACKAGES[name] for name in _NEEDED[form] if find_spec(name) is None]
    if missing:
        raise NotFoundError(
            Message(
                "{file} needs {packages}; install it:  pip install 'walkshed[report]'  "
                "(or ask "
                'for the workbook alone: [report] write = ["xlsx"])',
                file=REPORTS[form].file,
                packages=Listing(missing),
            )
        )


def report_bytes(
    results: Results, proposed: pd.DataFrame | None = None, *, template: bytes = b""
) -> bytes:
    """Return the document of a run as a file; of the same results, fonts and template the same bytes.

    ``proposed`` is the table of what walkshed site proposes, where it ran. ``template``: a .docx
    whose styles and page are the office's own; b"" for none.
    """
    parts = document_parts(results, proposed)
    return document_bytes(parts, results.inputs.settings.language, template)
