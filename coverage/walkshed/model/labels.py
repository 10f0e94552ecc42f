"""The words that reach a planner, Chinese and English as equals.

A further language is a further word of ``Language``, and a catalog of its own (``model.catalogs``).
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Mapping
from numbers import Real
from string import Formatter
from typing import Literal, NamedTuple, Self, get_args

from walkshed.model.catalogs import catalog
from walkshed.model.idioms import Idiom

Language = Literal["zh", "en", "pt"]
LANGUAGES: tuple[Language, ...] = get_args(Language)


#: ``{n:block|blocks}``: the word for one, and the word for any other number, of a field.
_CHOICE = re.compile(r"\{(\w+):([^{}|]*)\|([^{}|]*)\}")


def filled(template: str, fields: Mapping[str, object], marks: Formatter | None = None) -> str:
    """Return a template with its fields filled in, as ``str.format`` does, or by a formatter with other ``marks``.

    ``{n} {n:block|blocks}`` says "1 block" and "2 blocks". Where a field stands in for a number that
    is filled in later (``{gain}``), the choice is left as it is.
    """

    def chosen(choice: re.Match[str]) -> str:
        number = str(fields[choice[1]])
        if number == f"{{{choice[1]}}}":
            return f"{{{choice[0]}}}"
        return choice[2] if number in {"1", "1.0"} else choice[3]

    if "|" in template:
        template = _CHOICE.sub(chosen, template)
    if marks is None:
        return template.format_map(fields)
    return marks.vformat(template, (), fields)


class Label(NamedTuple):
    """One thing in every language, or one sentence with the same named fields in each."""

    zh: str
    en: str

    def in_(self, language: str) -> str:
        """Return it in one of ``LANGUAGES``: by its own text, else by that language's catalog.

        Of an office's idiom it is what the office calls it, in the office's words.
        """
        if not isinstance(language, Idiom):
            return self.plain(language)
        own = language.name_of(self.key)
        return language.in_own_words(self.plain(language)) if own is None else own

    def plain(self, language: str) -> str:
        """Return it as it stands, whatever an office calls things: for names that are its own."""
        if language in self._fields:
            return str(getattr(self, language))
        return catalog(language).get(self.en, self.en)

    @property
    def key(self) -> str:
        """What tells it from every other label."""
        return "/".join(self)

    def said(self, language: str, **fields: object) -> str:
        """Return the sentence in one of ``LANGUAGES``, its fields filled in, numbers as it writes them."""
        marks = None if language in LABELED else _numbers(str(language), _ANY)
        return filled(self.in_(language), fields, marks)


class Composed(Label):
    """A label made of other labels, which a function says anew in each language."""

    _say: Callable[[str], str]

    def __new__(cls, say: Callable[[str], str]) -> Self:
        """Return the label of a function from a language to its text."""
        label = super().__new__(cls, *map(say, LABELED))
        label._say = say
        return label

    def in_(self, language: str) -> str:
        """Return it in one of ``LANGUAGES``."""
        return self._say(language)

    def plain(self, language: str) -> str:
        """Return it as it stands, whatever an office calls things."""
        return self._say(str(language))


#: The languages whose words stand in labels; those of others stand in their catalogs.
LABELED: tuple[Language, ...] = ("zh", "en")
#: What a page that names none switches to, beside the language of a study that is in neither of these.
_SWITCHED_TO: Language = "en"
#: How a language marks thousands and decimals.
NUMBER = Label("1,234.5", "1,234.5")


#: Formats of numbers: all, and those of numbers to read, where others are to be typed as they stand.
_ANY, _TO_READ = re.compile(""), re.compile(r",|\.[0-2]f")


class _Numbers(Formatter):
    """Fields that are numbers of some formats, with the marks of a language for thousands and decimals."""

    def __init__(self, language: str, formats: re.Pattern[str]) -> None:
        self._language, self._formats = language, formats

    def format_field(self, value: object, format_spec: str) -> str:
        """Return a field as its format says, a number with the language's marks."""
        text = str(super().format_field(value, format_spec))
        if isinstance(value, Real) and self._formats.search(format_spec):
            return number_said(text, self._language)
        return text


@functools.cache
def _numbers(language: str, formats: re.Pattern[str]) -> _Numbers:
    return _Numbers(language, formats)


def number_said(text: str, language: str) -> str:
    """Return a number, written as English has it, with the marks of a language."""
    example = NUMBER.in_(language)
    return text.translate(str.maketrans(",.", example[1] + example[-2]))


def filled_in(template: str, language: str, values: Mapping[str, object]) -> str:
    """Return a message's template with its values; what may have to be typed stays as it is."""
    marks = None if language in LABELED else _numbers(str(language), _TO_READ)
    return filled(template, values, marks)


@functools.cache
def further_words(english: str) -> tuple[str, ...]:
    """Return what a word is in the languages beyond Chinese and English, where their catalogs have it."""
    others = (catalog(language) for language in LANGUAGES if language not in LABELED)
    return tuple(words[english] for words in others if english in words)


def own_words(zh: str, en: str, language: str) -> str:
    """Return an office's own words in a language: a catalog translates what it gives in Chinese and in English.

    What is said in one of them only, or alike in both, is nobody else's word, whatever a catalog
    calls a thing of that name.
    """
    if language in LABELED or (zh and en and zh != en):
        return Label(zh, en).plain(language)
    return en or zh


def switched(language: Language) -> tuple[Language, ...]:
    """Return the languages of a page that names none: Chinese and English, else its own and English."""
    return LABELED if language in LABELED else (language, _SWITCHED_TO)


TIER = {
    "hub": Label("枢纽", "Hub"),
    "center": Label("中心", "Center"),
    "micro": Label("微阵地", "Micro-station"),
    "compound": Label("小区站", "Compound station"),
}

#: The same tiers where the stations of a study are 党群 ones.
PARTY_TIER = {
    "hub": Label("党群服务枢纽", "Hub"),
    "center": Label("社区党群服务中心", "Center"),
    "micro": Label("党群服务微阵地", "Micro-station"),
    "compound": Label("小区党群服务站", "Compound station"),
}

KIND = {
    "commodity": Label("商住小区（以商品房为主）", "Market-rate housing"),
    "old": Label("老旧小区", "Old compound"),
    "resettlement": Label("安置小区", "Resettlement compound"),
    "": Label("未分类", "Unclassified"),
    "visitor": Label("访客", "Visitors"),
}

FORM = {
    "compound": Label("小区", "Compound"),
    "street_block": Label("居住街坊", "Street block"),
}

VERDICT = {
    "served": Label("达标", "Served"),
    "off_network": Label("未接入路网", "Off the street network"),
    "no_provider": Label("无此服务", "No provider"),
    "not_entitled": Label("不在服务范围", "Not open to its residents"),
    "cut_off": Label("道路不连通", "Streets do not connect"),
    "too_far": Label("超出距离", "Too far"),
    "not_accessible": Label(
        "无法无障碍到达（楼层/台阶）", "Not accessible (stairs or walking speed)"
    ),
    "closed": Label("当时未开放", "Closed at that time"),
    "full": Label("接待能力不足", "Full"),
    "not_surveyed": Label("待摸底", "Not surveyed"),
    "no_standard": Label("无标准", "No standard"),
}

STATE = {
    "served": Label("已覆盖", "Served"),
    "partly": Label("部分覆盖", "Partly served"),
    "not_served": Label("未覆盖", "Left out"),
    "unknown": Label("待摸底", "Not surveyed"),
}

EXIT = {
    "given": Label("出入口：填报", "Exits: given"),
    "mapped": Label("出入口：地图所示", "Exits: from the map"),
    "inferred": Label("出入口未知（推定）", "Exits unknown (inferred)"),
    "none": Label("无出入口", "No exit"),
}

GROUP = {
    "people": Label("人口", "People"),
    "older_people": Label("老年人", "Older people"),
    "children": Label("儿童", "Children"),
}

WALKER = {
    "adult": Label("成年人", "Adult"),
    "older": Label("老年人", "Older person"),
    "pram": Label("推婴儿车", "With a pram"),
    "wheelchair": Label("乘轮椅", "Wheelchair user"),
    "crew": Label("上门人员", "Crew"),
}

SCOPE = {
    "all": Label("所有人", "everybody"),
    "subdistrict": Label("本街道", "its subdistrict"),
    "community": Label("本社区", "its community"),
    "compound": Label("本小区", "its compound"),
}

#: What kind of text a rule stands on.
BASIS = {
    "national_standard": Label("国家标准", "national standard"),
    "local_standard": Label("地方标准", "local standard"),
    "policy": Label("政策文件", "policy document"),
    "draft": Label("征求意见稿", "draft for comment"),
    "local_practice": Label("地方做法", "local practice"),
}

MODE = {
    "visit": Label("到站", "visited"),
    "outreach": Label("上门", "at the door"),
}

FLAG = {
    # as Fushan defines it
    "three_lacks": Label(
        "三无小区（无物业、无资金、无组织，福山口径）",
        "No management, funds or organization (as Fushan has it)",
    )
}

#: Who is counted as people (人口口径).
COUNTED = {
    "resident": Label("常住人口", "Residents"),
    "registered": Label("户籍人口", "Registered people"),
    "served": Label("服务人口", "People served"),
}

#: Groups by age; the older ones lie in each other.
AGE = {
    "age_60": Label("60岁以上", "60 and older"),
    "age_65": Label("65岁以上", "65 and older"),
    "age_80": Label("80岁以上", "80 and older"),
    "age_0_3": Label("0–3岁", "0 to 3"),
}

#: The party branch of a compound.
PARTY_BRANCH = {
    "own": Label("单独", "its own"),
    "joint": Label("联合", "joint"),
    "none": Label("无", "none"),
}

#: By which means a center came to its place (落地方式).
MEANS = {
    "allocation": Label("划拨使用", "Allocated"),
    "swap": Label("资产置换", "Asset swap"),
    "lease": Label("房屋租赁", "Lease"),
    "joint": Label("联建共享", "Built and shared jointly"),
    "elevator": Label("加装电梯", "Elevator added"),
    "merger": Label("撤并调整", "Merged or adjusted"),
}

#: What the template's filled rows are called, and where they lie; a row of that name is no entry.
EXAMPLE = {
    "station": Label("示例党群服务中心", "Example center"),
    "block": Label("示例花园", "Example gardens"),
    "station_address": Label("示例路12号", "12 Example Street"),
    "block_address": Label("示例路15号", "15 Example Street"),
    "subdistrict": Label("示例街道", "Example subdistrict"),
    "community": Label("示例社区", "Example community"),
}

PEOPLE_SOURCE = {
    "given": Label("填报", "given"),
    "estimated": Label("估算", "estimated"),
    "none": Label("无人口数据", "no data"),
}

#: What a proposed station is called: a place of its own, or the ground around a place on a street.
PROPOSED_AT = Label("建议选址{number}（{place}）", "Proposal {number} ({place})")
PROPOSED_AROUND = Label("建议选址范围{number}", "Proposal {number}")

#: Said on every output of a study whose stations have not been checked.
UNVERIFIED_STATIONS = Label(
    "站点来自 OSM，未经核实，不代表实际配置",
    "Stations come from OpenStreetMap, unverified: they do not show what there really is",
)


#: Things that an office may call by its own name ([labels]), by the key of the name.
OWN_NAMES: dict[str, tuple[Label, ...]] = {
    **{key: (TIER[key], PARTY_TIER[key]) for key in TIER},
    **{key: (KIND[key],) for key in ("commodity", "old", "resettlement", "visitor")},
    "unclassified": (KIND[""],),
}
#: Words of sentences that it may say otherwise, one and more, by language (Chinese ones as patterns).
OWN_WORDS: dict[str, dict[str, tuple[str, str]]] = {
    "block": {"zh": (r"小区(?!站)(?:（街坊）)?",) * 2, "en": ("block", "blocks")},
    "station": {"zh": ("站点",) * 2, "en": ("station", "stations")},
    "community": {"zh": ("社区",) * 2, "en": ("community", "communities")},
    # the word means streets, too
    "subdistrict": {"zh": (r"(?<=[本（按])街道",) * 2, "en": ("subdistrict", "subdistricts")},
}


def label(catalog: dict[str, Label], key: str, language: str) -> str:
    """Return the label of ``key`` in ``language``; a key that the catalog lacks is its own label."""
    entry = catalog.get(key)
    return key if entry is None else entry.in_(language)
