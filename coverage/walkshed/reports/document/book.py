"""The whole document: the content of ``report.docx``."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

from walkshed.errors import NotFoundError
from walkshed.model.messages import Listing, Message
from walkshed.reports.document.outline import document_parts
from walkshed.reports.document.paper import document_bytes

if TYPE_CHECKING:
    from walkshed.model.results import Results
    from walkshed.reports.plans.planned import Planned

#: What the extra ``report`` installs, by the names under which it is imported.
_PACKAGES = {"docx": "python-docx", "matplotlib": "matplotlib"}


def refuse_without_packages() -> None:
    """Raise NotFoundError where packages that write documents are not installed."""
    missing = [package for name, package in _PACKAGES.items() if find_spec(name) is None]
    if missing:
        raise NotFoundError(
            Message(
                "report.docx needs {packages}; install it:  pip install 'walkshed[report]'  "
                "(or ask "
                'for the workbook alone: [report] write = ["xlsx"])',
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
