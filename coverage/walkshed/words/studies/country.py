"""The country of a study in words: whose holidays count, how numbers and floors are written, and its map law."""

from __future__ import annotations

from walkshed.model.labels import Label, Language
from walkshed.model.results import StudyInputs
from walkshed.model.town.country import Country
from walkshed.needs.rules.calendars import calendar_of
from walkshed.words.messages.saying import said

_PARTS = {
    "found": Label("{name}，按地图所在位置", "{name}, where the map lies"),
    "stated": Label("{name}，按 study.toml", "{name}, as study.toml states"),
    "holidays": Label("节假日：{calendar}", "public holidays: {calendar}"),
    "floor": Label("临街层为{floor}层", "the floor at the street is floor {floor}"),
    "decimal": Label("小数点为“{mark}”", "decimals with '{mark}'"),
    "currency": Label("货币：{currency}", "currency: {currency}"),
    "units_us": Label("当地用英尺、英里", "feet and miles are usual"),
    "maps": Label("地图公开须依法送审", "maps may be published only after review"),
}
_MARK = Label("；", "; ")
#: Habits of which nothing tells what they are.
_UNKNOWN = Label(
    "国家/地区不明：节假日按地点判断；请在 study.toml 的 [study] 下写 country",
    "not known: holidays go by the place; write country under [study] in study.toml",
)


def country_text(inputs: StudyInputs, language: Language) -> str:
    """Return the country of a study with its calendar, and the defaults that follow from it."""
    country = inputs.country
    if country is None:
        return _UNKNOWN.in_(language)

    # whose calendar; what holds there and nowhere else
    calendar = said(calendar_of(country.code, (0.0, 0.0)).called, language)
    how = "stated" if country.stated else "found"
    told = [
        _PARTS[how].said(language, name=country.called(language)),
        _PARTS["holidays"].said(language, calendar=calendar),
        *_habits(country, language),
    ]
    return _MARK.in_(language).join(told)


def _habits(country: Country, language: Language) -> list[str]:
    """Return what offices of a country write, as far as it is known."""
    told = []
    if country.decimal:
        told.append(_PARTS["decimal"].said(language, mark=country.decimal))
    if country.ground_floor is not None:
        told.append(_PARTS["floor"].said(language, floor=country.ground_floor))
    if country.currency:
        told.append(_PARTS["currency"].said(language, currency=country.currency))
    if country.units == "us":
        told.append(_PARTS["units_us"].in_(language))
    if country.reviews_maps:
        told.append(_PARTS["maps"].in_(language))
    return told
