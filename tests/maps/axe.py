"""What axe finds that a screen reader, a keyboard or an eye cannot use in the page as it stands."""

from __future__ import annotations

from typing import Any

from maps.conftest import fetched

#: All rules of WCAG 2.1 to level AA, and axe's own good practice.
RUN = """() => axe.run(document, { resultTypes: ["violations"] }).then((found) => found.violations.flatMap(
  ({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 160)}: ${node.failureSummary}`)))"""


def violations(page: Any) -> list[str]:
    """Return every violation in the page; axe is a tool of the tests and no part of the page."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(f"{fetched('axe.min.js').read_text(encoding='utf-8')};0")
    return list(page.evaluate(RUN))
