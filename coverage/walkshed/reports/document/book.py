"""The whole document: the content of ``report.docx``."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.util import find_spec
from typing import TYPE_CHECKING

from walkshed.errors import NotFoundError
from walkshed.model.messages import Listing, Message
from walkshed.reports.document.outline import document_parts
from walkshed.reports.document.paper import document_bytes
from walkshed.reports.registry import REPORTS

if TYPE_CHECKING:
    from walkshed.model.results import ReportForm, Results
    from walkshed.reports.plans.planned import Planned

#: What the extra ``report`` installs, by the names under which it is imported.
_PACKAGES = {"docx": "python-docx", "matplotlib": "matplotlib"}
_NEEDED: Mapping[ReportForm, tuple[str, ...]] = {
    "docx": ("docx", "matplotlib"),
    "atlas": ("matplotlib",),
}


def refuse_without_packages(form: ReportForm) -> None:
    """Raise NotFoundError where packages that write what leaves the office are not installed."""
    needed = _NEEDED.get(form, ())
    missing = [_PACKAGES[name] for name in needed if find_spec(name) is None]
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
    results: Results, planned: Planned | None = None, *, template: bytes = b""
) -> bytes:
    """Return the document of a run as a file; of the same results, fonts and template the same bytes.

    ``planned`` is what walkshed site proposes, where it ran. ``template``: a .docx
    whose styles and page are the office's own; b"" for none.
    """
    parts = document_parts(results, planned)
    return document_bytes(parts, results.inputs.settings.language, template)
