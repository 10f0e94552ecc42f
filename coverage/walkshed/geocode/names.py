"""Names as a comparison sees them: one spelling of digits, and what tells two names apart for certain.

第3社区 is 第三社区 but never 第123社区; 人民东路 is never 人民西路; 祁连一村 is 祁连1村. Only where
the numbers, the letters and the directions agree may likeness decide.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

_DIGIT: Final = {digit: value for value, digit in enumerate("〇一二三四五六七八九")} | {
    "零": 0,
    "两": 2,
}
_NUMERALS: Final = "〇零一二两三四五六七八九十百"
#: Numerals as they are written on deeds, each as the plain one.
_CAPITALS: Final = dict(
    zip("壹贰叁肆伍陆柒捌玖拾佰貳參陸", "一二三四五六七八九十百二三六", strict=True)
)
#: 陆 and 伍 are surnames and parts of names too (陆家嘴): capitals count only before these.
_CAPITAL_RUN: Final = re.compile(f"[{''.join(_CAPITALS)}]+(?=[号號幢栋棟弄室楼层期座单])")
#: What is counted, so that the numeral before it is a number: 一村, 北二路, 三期, 十二号楼. (百货
#: and 三角 are words.)
_COUNTED: Final = (
    "号號幢栋棟单座层楼室弄巷弯期区村社组队路街道支段线院厂坊门小中条里排户届站所園园苑"
)
_NUMBER_RUN: Final = re.compile(
    rf"第([{_NUMERALS}]+)|(?<![{_NUMERALS}])([{_NUMERALS}]+)(?=[{_COUNTED}]|大街|大道|$)"
)
_NUMERAL_RUN: Final = re.compile(f"[{_NUMERALS}]+")
_HAS_NUMERAL: Final = re.compile(f"[{_NUMERALS}]")
_DROPPED: Final = re.compile(r"[^\w]|_")
_BETWEEN_DIGITS: Final = re.compile(r"(?<=\d)[-–—~/](?=\d)")

#: Characters that tell places of one stem apart; one for another is another place.
TELLING: Final = frozenset("东西南北中上下前后内外左右新老旧大小支")
#: What a telling character stands before: 东路, 南区, 西门, 上村.
_KINDS: Final = frozenset("路街道巷段区门里村苑园桥站院楼弄")
_GREAT: Final = frozenset(
    {"大桥", "大道", "大街", "大院", "大门"}
)  # with or without 大 it is one thing, in the middle of a name
_PART: Final = re.compile(
    r"[-第]?[东西南北中]?[a-z0-9]*(?:号楼|街坊|区|期|组团|苑|院|座|栋|幢|楼|门)(?:[东西南北中]区)?"
)

#: Generic endings: with and without them a name may mean the same place. Longer ones first.
_ENDINGS: Final = (
    "社区居民委员会",
    "居民委员会",
    "社区居委会",
    "村民委员会",
    "居委会",
    "村委会",
    "居民小区",
    "住宅小区",
    "生活小区",
    "社区",
    "小区",
    "花园",
    "家园",
    "公寓",
    "新村",
    "别墅",
    "住宅",
    "大院",
    "苑",
    "园",
    "庭",
    "邸",
    "府",
)
#: Those that anybody adds to the name of a compound.
_NO_KIND: Final = frozenset(
    {"", "小区", "社区", "居民小区", "住宅小区", "生活小区", "住宅", "居委会", "社区居委会"}
)
_COMMITTEES: Final = (
    ("社区居民委员会", "社区"),
    ("社区居委会", "社区"),
    ("社区村民委员会", "社区"),
    ("居民委员会", "社区"),
    ("居委会", "社区"),
    ("村民委员会", "村"),
    ("村委会", "村"),
)


@lru_cache(maxsize=65536)
def key_of(text: str) -> str:
    """Return the text as comparisons see it.

    Half-width, in lower case, without accents, spaces or marks, numbers in digits.
    """
    # without accents
    folded = unicodedata.normalize("NFKC", text)
    if not folded.isascii():
        parts = unicodedata.normalize("NFKD", folded)
        folded = "".join(char for char in parts if not unicodedata.combining(char))
        folded = unicodedata.normalize("NFC", folded)

    # without marks, but for those between digits: 4228-2 is not 42282
    folded = _BETWEEN_DIGITS.sub("‐", folded.casefold().strip())
    folded = "".join(char if char == "‐" else _DROPPED.sub("", char) for char in folded)
    return digits_for_numerals(folded).replace("‐", "-").replace("號", "号").replace("棟", "栋")


def digits_for_numerals(text: str) -> str:
    """Return the text with Chinese numerals as digits where they count something: 第三, 二村, 北一路, 十二号."""
    text = _CAPITAL_RUN.sub(lambda run: "".join(_CAPITALS[char] for char in run.group()), text)
    if not _HAS_NUMERAL.search(text):
        return text

    def digits(found: re.Match[str]) -> str:
        ordinal, plain = found.group(1), found.group(2)
        value = number_of(ordinal or plain)
        if value is None:
            return found.group(0)
        return f"第{value}" if ordinal else str(value)

    return _NUMBER_RUN.sub(digits, text)


def number_of(numeral: str) -> int | None:
    """Return the value of a Chinese numeral (十二, 一百零三, 一二〇) or of digits, None if neither."""
    if numeral.isascii() and numeral.isdigit():
        return int(numeral)
    if not numeral or any(char not in _NUMERALS for char in numeral):
        return None

    # digit by digit, as in 一二〇
    if "十" not in numeral and "百" not in numeral:
        return int("".join(str(_DIGIT[char]) for char in numeral))

    # by hundreds and tens, each with the digit before it; 十二 is one ten
    units = {"百": 100, "十": 10}
    total, digit = 0, None
    for char in numeral:
        if char in units:
            total += units[char] * (1 if digit is None else digit)
            digit = None
        elif digit is not None:
            return None
        elif _DIGIT[char]:
            digit = _DIGIT[char]
    return total + (digit or 0)


@lru_cache(maxsize=65536)
def numbers_in(key: str) -> tuple[str, ...]:
    """Return what counts in a key, in order: its numbers, and single letters beside Chinese (A区, D街坊)."""
    return tuple(
        part.lstrip("0") or "0" if part.isdigit() else part
        for part in re.findall(r"\d+|(?<![a-z])[a-z](?![a-z])", key)
    )


def core_of(key: str) -> str:
    """Return the key without its generic ending (小区, 花园, 苑 …), if two characters or more are left."""
    for ending in _ENDINGS:
        if key.endswith(ending) and len(key) - len(ending) >= 2:
            return key[: -len(ending)]
    return key


def without_committee(key: str) -> str:
    """Return 南门社区 for 南门社区居民委员会 and its shorter forms."""
    for long, short in _COMMITTEES:
        if key.endswith(long) and len(key) > len(long):
            return key[: -len(long)] + short
    return key


def without_rank(division: str) -> str:
    """Return 宝山 for 宝山区 and 大场 for 大场镇, "" where too little would be left, or none is written."""
    short = re.sub(r"(?:街道|[省市区县镇乡])$", "", division)
    return short if 2 <= len(short) < len(division) and not division.endswith("社区") else ""


def is_chinese(text: str) -> bool:
    """Return whether a text holds a Chinese character."""
    return any("\u3400" <= char <= "\u9fff" for char in text)


def conflict(wanted: str, found: str) -> bool:
    """Return whether two keys name different places for certain: another number, letter, direction."""
    wanted, found = _in_digits(wanted), _in_digits(found)
    if numbers_in(wanted) != numbers_in(found):
        return True
    if _kind_of(wanted) and _kind_of(found) and _kind_of(wanted) != _kind_of(found):
        return True
    if not is_chinese(wanted + found):
        return False

    from rapidfuzz.distance import Levenshtein

    return any(
        _edit_tells(step.tag, wanted, step.src_pos, found, step.dest_pos)
        for step in Levenshtein.editops(wanted, found)
    )


def _kind_of(key: str) -> str:
    """Return the ending that tells what a compound is (花园, 家园), "" without one; 苑 and 园 sound alike."""
    ending = key[len(core_of(key)) :]
    return "" if len(ending) < 2 or says_no_kind(ending) else ending


def _edit_tells(tag: str, wanted: str, at: int, found: str, found_at: int) -> bool:
    """Return whether one edit from ``wanted`` to ``found`` makes it another place."""
    if tag == "replace":
        return wanted[at] in TELLING and found[found_at] in TELLING
    if tag == "delete":
        return _tells(wanted, at, found)
    return not _beheaded(found, found_at) and _tells(found, found_at, wanted)


@lru_cache(maxsize=65536)
def _in_digits(key: str) -> str:
    """Return the key with every numeral as digits, counting or not: a slip may have hit what it counts."""
    return _NUMERAL_RUN.sub(lambda run: str(number_of(run.group()) or run.group()), key)


def _beheaded(key: str, at: int) -> bool:
    """Return whether ``at`` is a first character that may be missing by mistake: 海大学 for 上海大学.

    A name with one more than the map's is meant as written (西体育会路); one with one less may have
    been copied short. An old and a new one of a name stand side by side, though: 祁连山路 is not
    老祁连山路.
    """
    return at == 0 and len(key) > 2 and key[0] not in "老旧新" and key[1] not in _KINDS


def _tells(key: str, at: int, other: str) -> bool:
    """Return whether the odd character at ``at`` of ``key`` makes it another place.

    So it does in 人民东路, 老祁连山路, 南区; not in the middle of a word, and not if the other key has
    it too, only elsewhere.
    """
    char = key[at]
    if char not in TELLING or char in other or key[at : at + 2] in _GREAT:
        return False
    return at == 0 or at == len(key) - 1 or key[at + 1] in _KINDS


def likeness(wanted: str, found: str) -> float:
    """Return how alike two keys are, 0 to 1: 1 less the edits (swaps count once) by the longer length."""
    from rapidfuzz.distance import OSA

    # a swap alone, with every character there, is likelier than a wrong character
    wanted, found = _in_digits(wanted), _in_digits(found)
    if sorted(wanted) == sorted(found) and OSA.distance(wanted, found) == 1:
        return 1.0 - 0.5 / len(wanted)
    return float(OSA.normalized_similarity(wanted, found))


def is_part_of(part: str, whole: str) -> bool:
    """Return whether one key is a part of the ground that the other names, as 锦龙苑南区 is of 锦龙苑."""
    return (
        len(whole) > 1
        and part.startswith(whole)
        and _PART.fullmatch(part[len(whole) :]) is not None
    )


def says_no_kind(ending: str) -> bool:
    """Return whether an ending tells no two places apart: 小区, unlike 花园 or 苑."""
    return ending in _NO_KIND


def is_part_alone(key: str) -> bool:
    """Return whether a key names only a part, of which every ground may have one: 东区, 3号楼, 2期."""
    return _PART.fullmatch(key) is not None


def is_building(key: str) -> bool:
    """Return whether a key ends like a numbered building."""
    return key.endswith(("号楼", "幢", "栋", "座", "单元"))


def is_road(key: str) -> bool:
    """Return whether a key ends like a road."""
    return key.endswith(("路", "街", "巷", "道", "胡同", "段", "支线"))


def slips_allowed(length: int) -> int:
    """Return how many edits may be a slip in a name of so many characters."""
    if length < 3:
        return 0
    if length < 8:
        return 1
    return 2
