"""Files of a study: found, read whole, hashed; what goes wrong becomes a fault, never a traceback."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from pathlib import Path

from walkshed.inputs.faults import FaultBook, either, nearest_word
from walkshed.inputs.local import Local, other_code_pages
from walkshed.inputs.skills import Skills
from walkshed.model.geocoding import DatumDoubt
from walkshed.model.marks import escaped, is_refused, plain
from walkshed.model.messages import Message
from walkshed.model.paths import FOLDER, STREAM, digest_of, is_stream, why_refused
from walkshed.outside.encodings import gb18030_text, is_gbk_by_chance_utf8, looks_foreign
from walkshed.outside.western import ENCODINGS, utf16_of, western_encodings

#: How files of Office before 2007 begin, and newer ones with a password.
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
#: What ends a word, in bytes of any encoding with one byte a letter.
_END = re.compile(rb"[\s,;\t\"]")
_BOM = b"\xef\xbb\xbf"
#: How files begin that are no UTF-8 text, what they are, and the cure.
_NO_TEXT = (
    (
        (b"\xff\xfe", b"\xfe\xff"),
        Message("is UTF-16, not UTF-8"),
        "save it as UTF-8 (Excel: CSV UTF-8)",
    ),
    (
        OLD_OFFICE,
        "is an old Excel workbook (.xls), not text",
        "open it in Excel or WPS and save it as Excel workbook (.xlsx), or as CSV UTF-8",
    ),
    (
        b"PK\x03\x04",
        "is a workbook or an archive, not text",
        "call it .xlsx if it is a workbook, or save the table as CSV UTF-8",
    ),
)


@dataclass(slots=True)
class StudyFolder:
    """The folder of a study and the digests of what was read from it; what other rooms can do for the reading.

    ``extract`` is the study's OSM extract once it is known, None for streets of another form;
    ``local`` the habits of the place.
    """

    path: Path
    book: FaultBook
    digests: dict[str, str] = field(default_factory=dict)
    skills: Skills = field(default_factory=Skills)
    extract: Path | None = None
    shared_names: frozenset[str] = frozenset()  # of several tables, without their endings
    doubts: list[DatumDoubt] = field(default_factory=list)  # tables whose datum nothing tells
    local: Local = field(default_factory=Local)

    def find(self, name: str, *, asked_by: str, row: int | None) -> Path | None:
        """Return the path of a file named in study.toml; None, and a fault, when there is no such file.

        ``asked_by`` is the key that names it, ``row`` that key's line.
        """

        def refuse(fact: str, cure: str) -> None:
            self.book.fault("study.toml", fact, cure, row=row, column=asked_by, value=name)

        relative = "write the name of a file, relative to study.toml"
        if not name.strip() or "\0" in name:
            refuse("is not a file name", relative)
            return None

        # the file, or what is there in its place
        path = self.path / name
        try:
            if path.is_file():
                return path
            is_folder, streams = path.is_dir(), is_stream(path)
            neighbors = _names_in(path.parent)
        except (OSError, ValueError) as error:
            refuse(Message("cannot be opened ({reason})", reason=why_refused(error)), relative)
            return None
        if is_folder:
            refuse(FOLDER, "name a file in it")
            return None
        if streams:
            refuse(STREAM, "save what comes from it in a file, and name that")
            return None

        otherwise = "put the file there or correct the path (relative to study.toml)"
        near = nearest_word(path.name, neighbors)
        refuse(
            "does not exist", Message("did you mean '{near}'?", near=near) if near else otherwise
        )
        return None

    def holds(self, path: Path) -> bool:
        """Return whether there is such a file, on the disk or made just now."""
        return path.absolute() in self.skills.fresh or path.is_file()

    def read_bytes(self, path: Path, label: str) -> bytes | None:
        """Return the bytes of a file and keep their digest; None, and a fault, when it cannot be read."""
        try:
            data = self.skills.fresh.get(path.absolute())
            if data is None:
                data = path.read_bytes()
        except (OSError, ValueError) as error:
            cure = (
                "close it in other programs (Excel holds files open) and check that you may read it"
            )
            self.book.fault(
                label, Message("cannot be read ({reason})", reason=why_refused(error)), cure
            )
            return None

        self.digests[self.label(path)] = hashlib.sha256(data).hexdigest()
        return data

    def digest(self, path: Path, label: str) -> None:
        """Keep the digest of a large file without holding it in memory."""
        try:
            self.digests[self.label(path)] = digest_of(path)
        except OSError as error:
            cure = "close it in other programs and check that you may read it"
            self.book.fault(
                label, Message("cannot be read ({reason})", reason=why_refused(error)), cure
            )

    def read_text(self, path: Path, label: str, *, chinese: bool = False) -> str | None:
        """Return the text of a UTF-8 file, with or without BOM; None, and a fault, when it is something else.

        ``chinese``: of a table, which Excel saves as GB18030 in China and as Windows-1252 in the
        Western world; both are read as well, UTF-16 too, and noted.
        """
        data = self.read_bytes(path, label)
        if data is None:
            return None
        if chinese and (form := utf16_of(data)):
            return self._utf16(data, form, label)
        for starts, fact, cure in _NO_TEXT:
            if data.startswith(starts):
                self.book.fault(label, fact, cure)
                return None

        # UTF-8, unless it makes more sense as Chinese
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            other = gb18030_text(data) if chinese else None
            if other is None:
                return self._western(data, error, label, is_table=chinese)
            text = other
        else:
            # a mark at the beginning says that it is
            if not chinese or data.startswith(_BOM) or not is_gbk_by_chance_utf8(text):
                return text
            text = data.decode("gb18030")
        self.book.note(Message("{label}: is read as GB18030, not UTF-8", label=label))
        return text

    def _utf16(self, data: bytes, form: str, label: str) -> str | None:
        """Return UTF-16 as text, and note it; None, and a fault, for bytes that are none."""
        try:
            text = data.decode(form)
        except UnicodeDecodeError:
            self.book.fault(label, _NO_TEXT[0][1], _NO_TEXT[0][2])
            return None
        self.book.note(Message("{label}: is read as UTF-16, not UTF-8", label=label))
        return text.removeprefix("\ufeff")

    def _western(
        self, data: bytes, error: UnicodeDecodeError, label: str, *, is_table: bool
    ) -> str | None:
        """Return the text of a Western table, and note its encoding; None, and a fault, where that cannot be told."""
        found = western_encodings(data) if is_table and not data.startswith(_BOM) else ()
        found = found if _writes_western(self.local.country) else ()
        if not found:
            self._refuse_encoding(data, error, label)
            return None

        # what several encodings make of the first word beyond ASCII
        line = data.count(b"\n", 0, error.start) + 1
        if len(found) > 1:
            readings = [
                Message(
                    "{encoding} ('{word}')",
                    encoding=ENCODINGS[each],
                    word=_word(data, error.start, each),
                )
                for each in found
            ]
            fact = Message("is not UTF-8, and can be {readings}", readings=either(readings))
            cure = "save it as UTF-8 (Excel: CSV UTF-8; Notepad: encoding UTF-8)"
            self.book.fault(label, fact, cure, row=line)
            return None
        told = "{label}: is read as {encoding}, not UTF-8: '{word}'"
        word = _word(data, error.start, found[0])
        self.book.note(Message(told, label=label, encoding=ENCODINGS[found[0]], word=word))
        return data.decode(found[0])

    def _refuse_encoding(self, data: bytes, error: UnicodeDecodeError, label: str) -> None:
        """Write down bytes that are no UTF-8: where, and what they look like."""
        # the first byte that is none
        start = error.start
        if data.startswith(_BOM):
            start += len(_BOM)  # decoding has left it out
        byte = Message(
            "byte {start} of the file is 0x{data:02x}", start=start + 1, data=data[start]
        )
        fact = Message("is not UTF-8 ({byte}){hint}", byte=byte, hint=_maybe_chinese(data))
        cure = "save it as UTF-8 (Excel: CSV UTF-8; Notepad: encoding UTF-8)"
        row = data.count(b"\n", 0, start) + 1
        self.book.fault(label, fact, cure, row=row)

    def label(self, path: Path) -> str:
        """Return the path as it is told to people: relative to the study where it lies in it, else its name."""
        try:
            told = path.resolve().relative_to(self.path.resolve()).as_posix()
        except (OSError, ValueError):
            told = path.name
        return escaped(told)

    def sources(self) -> str:
        """Return the text of the study's SOURCES files, in the order of their names; "" without one."""
        texts = []
        for path in sorted(self.path.glob("SOURCES*")):
            if not path.is_file():
                continue
            data = self.read_bytes(path, self.label(path)) or b""
            text = data.decode("utf-8-sig", errors="replace").strip()
            if is_refused(text):
                self.book.note(
                    Message(
                        "{label}: holds characters that cannot be printed; they are left out",
                        label=self.label(path),
                    )
                )
            texts.append(text)
        return plain("\n\n".join(texts))


def _writes_western(country: str) -> bool:
    """Return whether tables of a country that are no UTF-8 are Windows-1252; also where nobody knows the country."""
    return not country or country not in other_code_pages()


def _word(data: bytes, start: int, encoding: str) -> str:
    """Return the word around a byte."""
    before, after = _END.split(data[:start])[-1], _END.split(data[start:])[0]
    return (before + after).decode(encoding)[:40]


def _maybe_chinese(data: bytes) -> str:
    """Return in which encoding bytes may be, as the end of a fact; "" where nothing tells."""
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError:
        return ""
    other = looks_foreign("".join(mark for mark in text if not mark.isascii()))
    if other:
        return Message("; it looks like {encoding}", encoding=other)
    return Message("; it looks like GBK/GB18030, which Excel writes in China")


def _names_in(folder: Path) -> list[str]:
    """Return the names of what is in a folder; none for one that does not exist."""
    if not folder.is_dir():
        return []
    return sorted(path.name for path in folder.iterdir())
