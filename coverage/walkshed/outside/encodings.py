"""Bytes of tables as text: UTF-8, Chinese encodings with and without a name, and what only looks like them.

Nearly any bytes are GB18030 of some kind. That they are meant so is told by their characters:
Chinese text consists of common ones; Korean, Japanese and Cyrillic bytes read as Chinese do not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

_PLAIN_ENOUGH: Final = 0.75  # share of common characters
_OF_TABLES: Final = 0.2  # share of those that tables consist of: by chance it is a tenth
_OF_ANOTHER: Final = 0.9  # share of Hangul in what is Korean
_OF_THREE_BYTES: Final = "\u0800"
#: Punctuation, full-width forms and signs that Chinese tables hold besides their characters.
_SIGNS: Final = re.compile(
    "[\u3000-\u303f\uff00-\uffef\u2010-\u203b\u2103\u2116\u2150-\u218f\u2460-\u24ff\u25a0-\u26ff"
    "\u2190-\u21ff\u3200-\u33ff°±·×÷]"
)
_HAN: Final = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_KANA: Final = re.compile("[\u3041-\u30ff]")
_HANGUL: Final = re.compile("[\uac00-\ud7a3]")
#: The characters that names, addresses and kinds of stations and compounds consist of.
_HAN_IN_TABLES: Final = frozenset(
    "的一是在不了有人上大来中到地为子说年出要时学对生也会可动面前后里下高老小多天部长开现公家理心社区街道路号村居委会站点中心服务党群"
    "市县镇乡省门东西南北新城花园苑庭院府里坊巷弄楼栋幢单元层室广场商业住宅安置公寓名称地址类型人口户数经纬度街办养卫医文化活体育教"
    "民政助餐食堂阳光和平安福康宁幸福金银龙凤华建设国际世纪家园湖江河山水桥林桂荷兰梅竹松柏海滨港湾景观丽都御品尚城邦翠绿春夏秋冬"
    "月明星光辉煌太阳正义仁德信诚友爱永兴隆昌盛泰丰富贵吉祥云天河洲沙岗坪坝塘井泉溪园圃农场厂房工业科技学校幼儿小学中学大学医院"
    "药店银行超市便利菜综合治理调解法律志愿者综治网格物业队部所局处室办事大厅便民驿站微阵地枢纽总支支书记甲乙丙丁戊己庚辛一二三四"
    "五六七八九十百千万零第壹层首负近对面旁侧交叉口段环线铁轨机车停场租售改造旧危合计注备说明日期电话联系负责是否已未无有"
)
_HANGUL_IN_TABLES: Final = frozenset(
    "이다는의에가을를한은고지하로시도서인대동구사자기리정어수아일부전주센터민복경로당관소공원학교병보건마을회장면읍군남북산강천성신"
    "상중앙초등고여청년문화체육도서울광역특별치단위역제과국장청안평화영호송현진용석금오포양해운연제노원종마천암"
)
_KANJI_IN_TABLES: Final = frozenset(
    "市区町村丁目番地県東京西南北中央本通大上下川山田島橋駅病院学校館公園台町会民所役場支診療局郵便図書児童福祉老人保育園浜崎原野"
    "沢藤井木松戸谷宮岡坂津江石広円気関県売図"
)
#: What a declared code page is called by Python; by a .cpg file or byte 29 of a .dbf.
_NAMES: Final = {
    **dict.fromkeys(("936", "cp936", "gbk", "gb2312", "gb18030", "54936", "chinese"), "gb18030"),
    **dict.fromkeys(("950", "cp950", "big5", "big-5", "big5-hkscs"), "big5hkscs"),
    **dict.fromkeys(("949", "cp949", "euc-kr", "euckr", "ks_c_5601-1987"), "cp949"),
    **dict.fromkeys(("932", "cp932", "shift_jis", "shift-jis", "sjis"), "cp932"),
    **dict.fromkeys(("euc-jp", "eucjp", "51932"), "euc_jp"),
    **dict.fromkeys(("utf-8", "utf8", "65001"), "utf-8"),
}
#: Encodings of one byte a letter fit any bytes: they hold only where nothing else does.
_SINGLE: Final = {
    **dict.fromkeys(("1252", "cp1252", "windows-1252", "ansi 1252", "88591", "8859_1"), "cp1252"),
    **dict.fromkeys(("iso-8859-1", "iso88591", "iso 88591", "iso8859-1", "latin1"), "cp1252"),
    **dict.fromkeys(("1251", "cp1251", "windows-1251", "ansi 1251"), "cp1251"),
    **dict.fromkeys(("1250", "cp1250", "windows-1250", "ansi 1250"), "cp1250"),
    **dict.fromkeys(("437", "cp437"), "cp437"),
    **dict.fromkeys(("850", "cp850"), "cp850"),
}


@dataclass(frozen=True, slots=True)
class Decoding:
    """How bytes are read: the encoding, and whether that is what was declared."""

    encoding: str
    as_declared: bool


def decoding_of(texts: Sequence[bytes], declared: str) -> Decoding | None:
    """Return how to read the texts of one table, each of which may be cut inside its last character.

    UTF-8 where all of them are; else what is declared if it is of several bytes a character and
    fits; else GB18030 if they look Chinese; else what is declared of one byte a letter. None where
    nothing fits.
    """
    word = declared.strip().lower().removeprefix("cp_")
    named = _NAMES.get(word)
    foreign = [text for text in texts if not text.isascii()]
    if not foreign:
        return Decoding(named or "utf-8", as_declared=True)

    # UTF-8 fits by chance hardly ever
    told = _joined(foreign, "utf-8")
    if told is not None and not is_gbk_by_chance_utf8(told):
        return Decoding("utf-8", as_declared=named == "utf-8")

    # encodings of several bytes: the one that is declared, then the one of the mainland
    for encoding in dict.fromkeys((named, "gb18030")):
        if encoding in (None, "utf-8"):
            continue
        told = _joined(foreign, encoding)
        is_trusted = encoding == named and encoding != "gb18030"
        if told is not None and (is_trusted or is_chinese(told)):
            return Decoding(encoding, as_declared=encoding == named)

    # one byte a letter fits anything, and so counts only where it is declared
    single = _SINGLE.get(word)
    if single is not None and _joined(foreign, single) is not None:
        return Decoding(single, as_declared=True)
    return None


def _joined(texts: Sequence[bytes], encoding: str) -> str | None:
    """Return texts read in one encoding, a line each; None where one of them is not in it."""
    read = [cut_decoded(text, encoding) for text in texts]
    lines = [text for text in read if text is not None]
    return "\n".join(lines) if len(lines) == len(read) else None


def cut_decoded(text: bytes, encoding: str) -> str | None:
    """Return a text whose last character may be cut, without what is left of that; None for other bytes."""
    for short in range(4):
        try:
            return text[: len(text) - short].decode(encoding)
        except UnicodeDecodeError as error:
            if len(text) - error.start > 3:
                return None
    return None


def gb18030_text(data: bytes) -> str | None:
    """Return the text of a whole file in GB18030 (GBK, GB2312); None for what is or looks like another encoding."""
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError:
        return None
    return text if is_chinese(text) else None


def is_chinese(text: str) -> bool:
    """Return whether a text that was read as GB18030 was meant so.

    Three quarters of its characters are common ones of the mainland or of Taiwan, a fifth are those
    of which tables consist, and they do not make more sense as Korean or Japanese.
    """
    places = list(_foreign_places(text))
    if not places:
        return True

    foreign = "".join(text[place] for place in places)
    common = sum(_is_common(text, place) for place in places)
    is_plain = common >= _PLAIN_ENOUGH * len(foreign)
    is_of_tables = _share(foreign, _HAN_IN_TABLES) >= _OF_TABLES
    return is_plain and is_of_tables and not looks_foreign(foreign)


def is_gbk_by_chance_utf8(text: str) -> bool:
    """Return whether a text that was read as UTF-8 is Chinese in GBK whose bytes fit by chance: 太平路, 联通.

    Then it holds letters of two bytes only, and they make sense as Chinese.
    """
    if text.isascii() or any(mark >= _OF_THREE_BYTES for mark in text):
        return False

    other = _read(text.encode("utf-8"), "gb18030")
    if other is None or other.isascii():
        return False
    return bool(_HAN.search(other)) and is_chinese(other)


def looks_foreign(text: str) -> str:
    """Return in which other encoding the characters of a text make more sense: "EUC-KR", "EUC-JP"; "" for none."""
    han = _share(text, _HAN_IN_TABLES)
    try:
        data = text.encode("gb2312")
    except UnicodeEncodeError:
        return ""

    korean = _read(data, "euc_kr") or ""
    is_hangul = bool(korean) and len(_HANGUL.findall(korean)) >= _OF_ANOTHER * len(korean)
    if is_hangul and _share(korean, _HANGUL_IN_TABLES) > han:
        return "EUC-KR"

    japanese = _read(data, "euc_jp") or ""
    if _KANA.search(japanese) or _share(japanese, _KANJI_IN_TABLES) > han:
        return "EUC-JP"
    return ""


def _foreign_places(text: str) -> Iterable[int]:
    return (
        place for place, mark in enumerate(text) if not mark.isascii() and not _SIGNS.match(mark)
    )


def _is_common(text: str, place: int) -> bool:
    """Return whether a character is a common one; a rare one between Latin letters is an accent read wrongly."""
    mark = text[place]
    if not _HAN.match(mark):
        return False

    # the first level of GB 2312: the common characters of the mainland
    if 0xB0 <= _lead(mark, "gb2312") <= 0xD7:
        return True

    # the first level of Big5: those of Taiwan, which count beside others only
    beside = text[max(0, place - 1) : place] + text[place + 1 : place + 2]
    return 0xA4 <= _lead(mark, "big5") <= 0xC6 and any(_HAN.match(each) for each in beside)


def _lead(mark: str, encoding: str) -> int:
    """Return the first byte of a character; 0 where the encoding does not have it."""
    try:
        return mark.encode(encoding)[0]
    except UnicodeEncodeError:
        return 0


def _share(text: str, common: frozenset[str]) -> float:
    return sum(mark in common for mark in text) / max(len(text), 1)


def _read(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None
