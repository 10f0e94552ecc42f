"""What every output must say of what nobody states: datums, places of stations, whom a narrow scope means."""

from __future__ import annotations

from collections.abc import Sequence

from walkshed.model.geocoding import DatumDoubt
from walkshed.model.labels import Label, Language
from walkshed.model.town.places import Scope, Station
from walkshed.needs.rules.offers import ScopeFinding
from walkshed.words.quantities import NAMES, joined
from walkshed.words.unplaced import unplaced_names

_NAMED = 5  # stations

_DATUM = Label(
    "{table} 的{which}没有注明坐标系，根据位置也无法判断：暂按 WGS84 计算。"
    "如取自高德、腾讯（GCJ-02）或百度（BD-09），位置会偏 0.5 至 1.2 公里，结论可能不对；"
    "请在 study.toml 的 [{section}] 下写明 {key}。",
    "{table}: nothing tells the datum of {which}; taken as WGS84. If they are of Amap or Tencent "
    "(GCJ-02) or of Baidu (BD-09), places are 0.5 to 1.2 km off and the answer may be wrong: "
    "state {key} under [{section}] in study.toml.",
)
_ALL_PLACES = Label("坐标", "the coordinates")
_SOME_PLACES = Label("{of} 个坐标中的 {rows} 个", "{rows} of {of} {of:place|places}")

_SHUT = Label(
    "{named}只服务本社区（街道），但站点表未注明具体是哪个，也无法从边界或所在小区推断："
    "暂按不服务任何居民计算。"
    "请填写站点和小区的“社区”“街道”列，或在 study.toml 的 [areas] 下给出边界。",
    "{named}: open to their own community or subdistrict only, and nothing tells which; "
    "they count as serving nobody. Fill in community and subdistrict of stations and blocks, "
    "or give outlines under [areas].",
)
_MISNAMED = Label(
    "{named}只服务所填的社区（街道），但没有小区属于该社区（街道），名称写法可能不一致："
    "暂按不服务任何居民计算。请在各表中统一社区、街道的名称。",
    "{named}: open to the community or subdistrict that their table names, to which no block "
    "belongs; perhaps the names are not written alike. They count as serving nobody. "
    "Write the names of communities and subdistricts in one way in all tables.",
)
_IN_NO_COMPOUND = Label(
    "{named}只服务所在小区的居民，但附近没有小区：暂按不服务任何居民计算。请核对站点坐标或服务范围"
    "。",
    "{named}: for the residents of the compound in which they stand, and none is near; "
    "they count as serving nobody. Check the places of the stations, or their scope.",
)
_STATED = Label("{station}（{place}）", "{station} ({place})")
_AND_MORE = Label("{named}等 {all} 个站点", "{named} and {more} more")

_UNPLACED = Label(
    "{n} 个站点没有坐标，也未能按地址定位，未计入评价：{named}。"
    "其所在社区（未填社区的按街道，都未填的按全部小区）相应服务的不达标结论均列为待核实。"
    "请补全坐标或地址（walkshed geocode）；名单见 unplaced.csv。",
    "{n} {n:station has|stations have} neither coordinates nor an address that could be placed, "
    "and {n:is|are} left out: "
    "{named}. What fails of their services in their community "
    "(else their subdistrict, else everywhere) is to be checked. "
    "Fill in coordinates or addresses (walkshed geocode); they are listed in unplaced.csv.",
)


_IDLE = Label(
    "{n} 个站点没有填写服务项目，未计入任何一项服务：{named}。请补填“服务项目”一列。",
    "{n} {n:station lists no service and counts|stations list no service and count} for none: "
    "{named}. Fill in the column services.",
)


_HOLIDAYS = Label(
    "{years}年的节假日安排未知：开放时间只按星期判断，节假日当天的结论可能不对。"
    "内地以外的项目，可在 study.toml 的 [run] 下用 country 注明国家/地区。",
    "Public holidays of {years} are not known: hours go by the day of the week alone, and verdicts "
    "on a holiday may be wrong. Off the Chinese mainland, country under [run] in study.toml states "
    "whose holidays they are.",
)
_ASK_FIRST = Label(
    "{named}的开放时间仅注明需预约等，是否开放不明：暂按未开放计算。",
    "{named}: hours only say whom to ask; whether they are open is not known, and they count as "
    "closed.",
)


def unknown_hours(
    years: Sequence[str], stations: Sequence[str], language: Language
) -> tuple[str, ...]:
    """Return sentences on years without known holidays, and on stations whose hours only say whom to ask."""
    told = []
    if years:
        told.append(_HOLIDAYS.said(language, years=joined(years, NAMES, language)))
    if stations:
        named = _named(list(dict.fromkeys(stations)), language)
        told.append(_ASK_FIRST.said(language, named=named))
    return tuple(told)


def datum_doubts(doubts: Sequence[DatumDoubt], language: Language) -> tuple[str, ...]:
    """Return a sentence for each table that is taken as WGS84 with a doubt."""
    return tuple(_datum(doubt, language) for doubt in doubts)


def _datum(doubt: DatumDoubt, language: Language) -> str:
    which = _ALL_PLACES if doubt.rows == doubt.of else _SOME_PLACES
    places = which.said(language, of=doubt.of, rows=doubt.rows)
    section, _, key = doubt.key.partition(".")
    return _DATUM.said(language, table=doubt.table, which=places, section=section, key=key)


def shut_scopes(findings: Sequence[ScopeFinding], language: Language) -> tuple[str, ...]:
    """Return sentences on stations that admit nobody: nothing tells whom their scope means, or no block is of it."""
    shut = [finding for finding in findings if not finding.place]
    inside = [finding.station for finding in shut if finding.level == Scope.COMPOUND]
    unnamed = [
        finding.station
        for finding in shut
        if not finding.stated and finding.level != Scope.COMPOUND
    ]
    misnamed = [
        _STATED.said(language, station=finding.station, place=finding.stated)
        for finding in shut
        if finding.stated
    ]
    return tuple(
        sentence.said(language, named=_named(list(dict.fromkeys(names)), language))
        for sentence, names in ((_SHUT, unnamed), (_MISNAMED, misnamed), (_IN_NO_COMPOUND, inside))
        if names
    )


def _named(names: Sequence[str], language: Language) -> str:
    """Return the first few names, and how many there are."""
    named, more = joined(names[:_NAMED], NAMES, language), len(names) - _NAMED
    if more <= 0:
        return named
    return _AND_MORE.said(language, named=named, all=len(names), more=more)


def left_out_stations(unplaced: Sequence[Station], language: Language) -> tuple[str, ...]:
    """Return a sentence on stations that are left out for want of a place; () without any."""
    if not unplaced:
        return ()
    named = unplaced_names(unplaced, language, _NAMED)
    return (_UNPLACED.said(language, n=len(unplaced), named=named),)


def stations_without_services(stations: Sequence[Station], language: Language) -> tuple[str, ...]:
    """Return a sentence on stations, placed or not, that list no service; () without any."""
    # those that do not run are told apart: what they list does not count
    idle = [one for one in stations if not one.services and one.running is not False]
    if not idle:
        return ()
    return (_IDLE.said(language, n=len(idle), named=unplaced_names(idle, language, _NAMED)),)
