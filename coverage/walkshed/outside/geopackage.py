"""A drawing as data: its tables are read, no query that it holds is run, no file that it names is opened."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from walkshed.errors import shorten
from walkshed.model.messages import Message

_SQLITE = b"SQLite format 3\x00"
#: How the list of other files begins that GDAL takes for a drawing of its own, whatever it is called.
_LISTS = (b"<ogrvrt", b"<vrtdataset", b"<gdaltileindex")


def stored_query(path: Path) -> str:
    """Return what to say of a file that holds more than data, "" where it holds data alone.

    A view is a query that would run when its layer is read, and may run for ever. A list of other
    files (VRT) would open any file of this machine, and addresses on the network. What cannot be
    opened as a database passes: whoever reads it next knows the words for what is wrong.
    """
    try:
        with path.open("rb") as file:
            start = file.read(4096)
        if any(word in start.lower() for word in _LISTS):
            return Message("is a list of other files (VRT), not a drawing")
        if not start.startswith(_SQLITE):
            return ""

        # read as it lies there: a journal beside it is not replayed
        address = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
        with closing(sqlite3.connect(address, uri=True)) as base:
            views = base.execute(
                "SELECT name FROM sqlite_master WHERE type = 'view' ORDER BY name"
            ).fetchall()
    except (OSError, sqlite3.Error):
        return ""

    if not views:
        return ""
    return Message("holds a stored query (the view {view})", view=shorten(str(views[0][0]), 40))


#: What to do about it.
CURE = Message("export the layer that is meant into a GeoPackage of its own")
