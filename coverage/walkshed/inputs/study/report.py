"""What the office brings along for its report: a Word file whose styles are taken over, names for columns."""

from __future__ import annotations

import io
import zipfile
from xml.etree import ElementTree as ET

from walkshed.inputs.faults import FaultBook, did_you_mean
from walkshed.inputs.files import StudyFolder
from walkshed.inputs.study.settings import StudyToml
from walkshed.model.judged.annexes import AnnexSettings, annex_names
from walkshed.model.messages import Message

#: What every .docx holds, and no other file.
_NEEDED = ("[Content_Types].xml", "word/document.xml", "word/styles.xml")
#: A template holds styles and a page, no pictures of a whole report.
_MOST_MB = 50


def annex_settings(toml: StudyToml, book: FaultBook) -> AnnexSettings:
    """Return what the office calls columns of the annexes; a fault for what is no column, or no name."""
    row, known = toml.line("report", "annex_columns"), annex_names()
    for column, name in toml.report.annex_columns.items():
        where = "report.annex_columns"
        if column not in known:
            cure = did_you_mean(column, known)
            fact = "is no column of the annexes"
            book.fault("study.toml", fact, cure, row=row, column=where, value=column)
        elif not name.strip():
            cure = "write what the office calls it"
            fact = "is no name of a column"
            book.fault("study.toml", fact, cure, row=row, column=f"{where}.{column}", value=name)
    return AnnexSettings(dict(toml.report.annex_columns), toml.report.annex_rule or "")


def report_template(toml: StudyToml, folder: StudyFolder) -> bytes:
    """Return the file that ``[report] template`` names, b"" where none is; a fault where it is no .docx."""
    name = toml.report.template
    if name is None:
        return b""
    row = toml.line("report", "template")
    path = folder.find(name, asked_by="report.template", row=row)
    content = None if path is None else folder.read_bytes(path, folder.label(path))
    if content is None:
        return b""

    fact = _refused(content)
    if fact is not None:
        cure = "save it in Word or WPS as .docx, and name that file"
        folder.book.fault("study.toml", fact, cure, row=row, column="report.template", value=name)
        return b""
    return content


def _refused(content: bytes) -> Message | None:
    """Return why a file is no template, None where it is one."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as file:
            large = sum(entry.file_size for entry in file.infolist()) > _MOST_MB * 2**20
            missing = set(_NEEDED) - set(file.namelist())
            if large:
                return Message("unpacks to more than {most} MB", most=_MOST_MB)
            if missing:
                return Message("is no Word file (.docx)")
            for name in _NEEDED:
                # of known size; expat bounds what entities grow to
                ET.fromstring(file.read(name))  # noqa: S314
    except (
        zipfile.BadZipFile,
        ET.ParseError,
        OSError,
        ValueError,
        NotImplementedError,
        RuntimeError,
    ):
        return Message("is no Word file (.docx), or a damaged one")
    return None
