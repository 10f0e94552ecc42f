"""The document as a file of Word, in the faces of an office, or in the styles of the office's own file."""

from __future__ import annotations

import io
import struct
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from walkshed.model.labels import Label, Language, number_said
from walkshed.model.marks import plain
from walkshed.reports.declared import NUMBER, SHARE, TEXT
from walkshed.reports.document.parts import Break, Figure, Paragraph, Part, Style, Table
from walkshed.reports.workbook.forms import Head
from walkshed.reports.writing.same_bytes import dated_as_ever
from walkshed.words.report.document import sentence

if TYPE_CHECKING:
    from docx.document import Document

#: Faces of an office in Chinese, and what stands in where a machine lacks them.
_BODY_FACE, _TITLE_FACE, _HEAD_FACE = "仿宋", "方正小标宋简体", "黑体"
_STAND_IN = {"仿宋": "FangSong", "方正小标宋简体": "宋体", "黑体": "SimHei"}
_LATIN_FACE = "Times New Roman"
#: Points of letters, by what they are.
_POINTS = {
    Style.TITLE: 22,
    Style.FRONT: 12,
    Style.CHAPTER: 16,
    Style.SECTION: 14,
    Style.BODY: 12,
    Style.NOTE: 9,
}
_TABLE_POINTS = 8.5
#: What Word calls the styles that a template may bring along.
_STYLE_NAMES = {Style.TITLE: "Title", Style.CHAPTER: "Heading 1", Style.SECTION: "Heading 2"}
_A4_CM, _MARGIN_CM = (21.0, 29.7), 2.4
_TWO_LETTERS = Label("　　", "")


def document_bytes(parts: Sequence[Part], language: Language, template: bytes = b"") -> bytes:
    """Return the parts as a .docx file; of the same parts and template the same bytes.

    ``template`` is a .docx whose styles, page and headers are kept and whose text is left out.
    """
    import docx

    book = docx.Document(io.BytesIO(template) if template else None)
    if template:
        _empty(book)
    else:
        _set_faces(book)
    _describe(book, parts)

    width = _set_page(book.sections[0], landscape=False, keeps=bool(template))
    if not template:
        _number_pages(book.sections[0])  # later sections follow the first
    for part in parts:
        if isinstance(part, Paragraph):
            _write_paragraph(book, part, language, styled=bool(template))
        elif isinstance(part, Table):
            _write_table(book, part, language, width)
        elif isinstance(part, Figure):
            _write_figure(book, part, language, width)
        else:
            width = _turn(book, part, keeps=bool(template))
    written = io.BytesIO()
    book.save(written)
    return dated_as_ever(written.getvalue())


def _describe(book: Document, parts: Sequence[Part]) -> None:
    """Name the document by its title, and nobody as its author."""
    titles = [part.text for part in parts if isinstance(part, Paragraph)][:1]
    core = book.core_properties
    core.title, core.author, core.comments = " ".join(titles).replace("\n", " "), "walkshed", ""


def _empty(book: Document) -> None:
    """Take the text out of a template; the last section tells the page, and stays."""
    body = book.element.body
    for element in list(body):
        if not element.tag.endswith("}sectPr"):
            body.remove(element)


def _set_faces(book: Document) -> None:
    """Give the styles of the document the faces of an office."""
    from docx.shared import Pt, RGBColor

    faces = {
        "Normal": _BODY_FACE,
        "Title": _TITLE_FACE,
        "Heading 1": _HEAD_FACE,
        "Heading 2": _HEAD_FACE,
    }
    points = {
        "Normal": Style.BODY,
        "Title": Style.TITLE,
        "Heading 1": Style.CHAPTER,
        "Heading 2": Style.SECTION,
    }
    for name, face in faces.items():
        style: Any = book.styles[name]
        style.font.name, style.font.size = _LATIN_FACE, Pt(_POINTS[points[name]])
        style.font.color.rgb = RGBColor(0, 0, 0)
        _set_face(style.element.get_or_add_rPr(), face)
    _name_stand_ins(book)


def _set_face(properties: Any, face: str) -> None:  # noqa: ANN401 (an element of lxml)
    """Let Chinese characters be of a face, which Word keeps apart from that of Latin ones."""
    from docx.oxml.ns import qn

    fonts = properties.get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    fonts.set(qn("w:ascii"), _LATIN_FACE)
    fonts.set(qn("w:hAnsi"), _LATIN_FACE)
    fonts.set(qn("w:eastAsia"), face)


def _name_stand_ins(book: Document) -> None:
    """Name, in the table of fonts, what stands in for a face that a machine lacks."""
    entries = "".join(
        f'<w:font w:name="{face}"><w:altName w:val="{other}"/></w:font>'
        for face, other in _STAND_IN.items()
    )
    for related in book.part.package.iter_parts():
        if str(related.partname) == "/word/fontTable.xml":
            content = related.blob.decode("utf-8").replace("</w:fonts>", f"{entries}</w:fonts>")
            related._blob = content.encode("utf-8")  # noqa: SLF001 (python-docx has no other way)


def _set_page(section: Any, *, landscape: bool, keeps: bool) -> float:  # noqa: ANN401 (of docx)
    """Set the page to A4, unless a template ``keeps`` its own; return the cm between its margins."""
    from docx.enum.section import WD_ORIENT
    from docx.shared import Cm

    if not keeps:
        section.page_width, section.page_height = (Cm(length) for length in _A4_CM)
        margin = Cm(_MARGIN_CM)
        section.left_margin = section.right_margin = margin
        section.top_margin = section.bottom_margin = margin
    wide, tall = sorted((section.page_width, section.page_height))
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = (tall, wide) if landscape else (wide, tall)
    between: float = (section.page_width - section.left_margin - section.right_margin) / Cm(1)
    return between


def _number_pages(section: Any) -> None:  # noqa: ANN401 (of docx)
    """Write the number of the page in the middle of its foot."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    paragraph = section.footer.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    paragraph._p.append(field)  # noqa: SLF001 (python-docx has no fields)


def _turn(book: Document, part: Break, *, keeps: bool) -> float:
    """Begin a new page, on its side or upright; return the cm between its margins."""
    from docx.enum.section import WD_SECTION

    section = book.add_section(WD_SECTION.NEW_PAGE)
    return _set_page(section, landscape=part.landscape, keeps=keeps)


def _write_paragraph(book: Document, part: Paragraph, language: Language, *, styled: bool) -> None:
    """Write a text in its style; where a template lacks the style, as body text of its size."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    name = _STYLE_NAMES.get(part.style)
    known = name is not None and name in book.styles
    text = _safe(part.text)
    if part.style is Style.BODY:
        text = _TWO_LETTERS.in_(language) + text
    paragraph = book.add_paragraph(style=name if known else None)
    run = paragraph.add_run(text)
    if not known and not (styled and part.style is Style.BODY):
        run.font.size = Pt(_POINTS[part.style])
    if part.style in (Style.TITLE, Style.FRONT):
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    if part.style is Style.BODY:
        paragraph.paragraph_format.line_spacing = 1.4
        paragraph.paragraph_format.space_after = Pt(3)


def _write_caption(book: Document, text: str, *, keeps_with_next: bool) -> None:
    """Write the title of a table or a figure, in the middle and bold."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    paragraph = book.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.keep_with_next = keeps_with_next
    paragraph.paragraph_format.space_before = Pt(6)
    run = paragraph.add_run(_safe(text))
    run.bold, run.font.size = True, Pt(10.5)


def _write_table(book: Document, part: Table, language: Language, width_cm: float) -> None:
    """Write a table: its title above, its head repeated on every page, its notes below."""
    from docx.enum.table import WD_TABLE_ALIGNMENT
    from docx.shared import Cm

    _write_caption(book, part.title, keeps_with_next=True)
    grid = book.add_table(rows=1 + len(part.rows), cols=len(part.heads))
    if "Table Grid" in book.styles:
        grid.style = "Table Grid"
    grid.alignment, grid.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    widths = _widths_cm(part.heads, width_cm)
    for column, width in zip(grid.columns, widths, strict=True):
        column.width = Cm(width)

    # rows are taken once: python-docx counts them anew for each cell otherwise
    lines = [tuple(row.cells) for row in grid.rows]
    heads = [head.label.in_(language) for head in part.heads]
    _fill_line(lines[0], heads, widths, bold=True, texts=[True] * len(heads))
    for row in grid.rows:
        _mark(row, "cantSplit")
    _mark(grid.rows[0], "tblHeader")
    texts = [head.kind is TEXT for head in part.heads]
    for place, row in enumerate(part.rows):
        told = [_told(value, head, language) for value, head in zip(row, part.heads, strict=True)]
        is_sum = place >= len(part.rows) - part.sums
        _fill_line(lines[place + 1], told, widths, bold=is_sum, texts=texts)
    for note in part.notes if part.rows else (sentence("nothing", language), *part.notes):
        _write_paragraph(book, Paragraph(note, Style.NOTE), language, styled=False)


def _fill_line(
    cells: Sequence[Any],
    told: Sequence[str],
    widths: Sequence[float],
    *,
    bold: bool,
    texts: Sequence[bool],
) -> None:
    """Fill a row: words to the left, numbers to the right."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Cm, Pt

    for cell, text, width, is_text in zip(cells, told, widths, texts, strict=True):
        cell.width = Cm(width)
        paragraph = cell.paragraphs[0]
        paragraph.paragraph_format.space_after = Pt(0)
        run = paragraph.add_run(_safe(text))
        run.font.size, run.bold = Pt(_TABLE_POINTS), bold
        if not is_text:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _mark(row: Any, mark: str) -> None:  # noqa: ANN401 (of docx)
    """Let a row stay in one piece (cantSplit), or stand at the head of every page of its table (tblHeader)."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    marked = OxmlElement(f"w:{mark}")
    marked.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(marked)  # noqa: SLF001 (python-docx has no other way)


def _widths_cm(heads: Sequence[Head], width_cm: float) -> list[float]:
    """Return how wide columns are, in the proportions of the workbook's, long texts held back."""
    letters = [min(head.width, 30) for head in heads]
    return [width_cm * each / sum(letters) for each in letters]


def _write_figure(book: Document, part: Figure, language: Language, width_cm: float) -> None:
    """Write a picture with what it shows, for those who cannot see it, its title and its words below."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Cm

    paragraph = book.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.keep_with_next = True
    wide, tall = struct.unpack(">II", part.png[16:24])  # of the head of every PNG
    most_cm = 24.0 if part.wide else 15.0
    shown_cm = min(width_cm, most_cm, 12.5 * wide / tall)
    picture = paragraph.add_run().add_picture(io.BytesIO(part.png), width=Cm(shown_cm))
    picture._inline.docPr.set("descr", _safe(part.told))  # noqa: SLF001 (no other way)
    _write_caption(book, part.title, keeps_with_next=True)
    _write_paragraph(book, Paragraph(part.told, Style.NOTE), language, styled=False)


def _told(value: object, head: Head, language: Language) -> str:
    """Return a cell as it is printed: as the workbook shows it, numbers with the marks of the language."""
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    return number_said(_number(value, head), language)


def _number(value: float, head: Head) -> str:
    """Return a number as English has it, with the digits that its column prints."""
    if head.kind is SHARE:
        return f"{value:.1%}"
    if isinstance(value, int) or (head.kind is NUMBER and value.is_integer()):
        return f"{value:,.0f}"
    if head.kind.digits is not None:
        return f"{value:,.{head.kind.digits}f}"
    return f"{value:g}"


def _safe(text: str) -> str:
    """Return a text that XML can hold; lines stay apart."""
    return "\n".join(plain(line) for line in text.split("\n"))
