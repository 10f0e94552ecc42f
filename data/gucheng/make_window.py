"""The second study of the invented town, 家门到窗口 (door to window): offers, a standard by kind, and its study file."""

from __future__ import annotations

# ruff: noqa: E501 (rows of a table)

# station, service, mode, scope, hours, capacity, area m2, readiness min; what is empty is the
# station's own
OFFERS = """\
station,service,mode,scope,hours,capacity,area_m2,readiness_min
H1,culture,visit,all,Mo-Fr 17:00-20:30; Sa-Su 09:00-20:30,80,240,
H1,elder_care,visit,all,Mo-Fr 08:30-17:00,80,240,
H1,legal_advice,visit,all,"Tu,Th 14:00-17:00",6,24,
C1,civic_errands,visit,subdistrict,,20,60,
C2,civic_errands,visit,subdistrict,,24,60,
C3,civic_errands,visit,subdistrict,,20,60,
C4,civic_errands,visit,subdistrict,,30,70,
C5,civic_errands,visit,subdistrict,,20,60,
C6,civic_errands,visit,subdistrict,,20,60,
H1,civic_errands,visit,subdistrict,,40,90,
M11,civic_errands,visit,community,,10,30,
M12,civic_errands,visit,subdistrict,,10,30,
M15,civic_errands,visit,subdistrict,,10,30,
M16,civic_errands,visit,community,,12,40,
M03,elder_care,visit,community,,16,48,
M04,elder_care,visit,community,,24,70,
M12,elder_care,visit,community,,30,75,
M16,jobs,visit,compound,,12,40,
C4,repairs,outreach,all,Mo-Su 08:00-18:00,,,22
C5,repairs,outreach,all,Mo-Su 08:00-18:00,,,25
M01,repairs,outreach,subdistrict,Mo-Su 08:00-18:00,,,15
M02,repairs,outreach,subdistrict,Mo-Su 08:00-18:00,,,24
M03,repairs,outreach,community,Mo-Su 08:00-18:00,,,27
M04,repairs,outreach,all,Mo-Su 08:00-18:00,,,28
M05,repairs,outreach,all,Mo-Su 08:00-18:00,,,28
M07,repairs,outreach,all,Mo-Fr 16:00-20:00,,,20
M13,repairs,outreach,community,Mo-Su 08:00-18:00,,,26
M09,repairs,outreach,community,Mo-Su 08:00-18:00,,,20
M10,repairs,outreach,community,Mo-Su 08:00-18:00,,,26
"""

NEEDS = """\
# 示意标准，按小区类型分列：数字均为虚构，只为演示。
# An illustrative standard by kind of compound: every figure is invented, to show what a standard can ask.
[community]
area_m2_per_100_households = 30
clause = "—"
source_zh = "示意，非标准"
source_en = "placeholder, not an adopted standard"

[[needs]] # 其余一律 500 米
kind = "*"
service = "*"
limit = 500
source_zh = "示意，非标准"
source_en = "placeholder, not an adopted standard"

[[needs]] # 老旧小区：就近养老
kind = "old"
service = "elder_care"
limit = 300
source_zh = "示意，非标准"
source_en = "placeholder, not an adopted standard"

[[needs]] # 助餐：每千人 4 个餐位
kind = "*"
service = "meals"
limit = 500
places_per_1000 = 4
min_area_m2 = 60
source_zh = "示意，非标准"
source_en = "placeholder, not an adopted standard"

[[needs]] # 半小时响应：准备时间加路程
kind = "*"
service = "repairs"
limit = 30
unit = "min"
source_zh = "示意，非标准；“响应”按准备时间加路程理解"
source_en = "placeholder, not an adopted standard; response is read as readiness plus the way"

[[needs]] # 文化：十分钟，上楼也算时间
kind = "commodity"
service = "culture"
limit = 10
unit = "min"
source_zh = "示意，非标准"
source_en = "placeholder, not an adopted standard"

[[needs]] # 就业帮扶：按服务半径
kind = "*"
service = "jobs"
limit = 500
metric = "radius"
source_zh = "示意，非标准"
source_en = "placeholder, not an adopted standard"
"""

HEAD_CHANGES = (
    ('name = "示例古城（虚构）"', 'name = "示例古城（虚构）：家门到窗口"'),
    (
        'file = "stations.csv"\ncrs = "wgs84"\n',
        'file = "stations.csv"\ncrs = "wgs84"\n\n[offers]\nfile = "offers.csv"\n',
    ),
)
TAIL_CHANGES = (
    ('preset = "illustrative-500"', 'file = "needs.toml"'),
    ('walkers = ["adult"]', 'walkers = ["older", "adult", "wheelchair"]'),
)
MOMENT = """
[run]
at = "2026-11-25T10:00" # 周三上午十点
country = "CN" # 虚构的城在海上：假日按内地
"""

# Places with visitors, and outlines of two subdistricts: invented like the rest, and never added to
# residents.
VISITORS = """\
name,lon,lat,visitors
长亭街（虚构）,149.9999,23.7017,900
桥头埠（虚构）,150.0049,23.6990,300
"""
COMMUNITIES = """\
{"type": "FeatureCollection", "name": "示例古城（虚构）", "features": [
{"type": "Feature", "properties": {"name": "对岸街道", "level": "subdistrict"}, "geometry": {"type": "Polygon", "coordinates": [[[150.0065, 23.6915], [150.0115, 23.6915], [150.0115, 23.709], [150.0065, 23.709], [150.0065, 23.6915]]]}},
{"type": "Feature", "properties": {"name": "纸鸢街道", "level": "subdistrict"}, "geometry": {"type": "Polygon", "coordinates": [[[149.995, 23.6942], [150.0055, 23.6942], [150.0055, 23.7053], [149.995, 23.7053], [149.995, 23.6942]]]}}
]}
"""
VISITORS_CHANGES = (
    ('name = "示例古城（虚构）：家门到窗口"', 'name = "示例古城（虚构）：访客与街道轮廓"'),
    (
        '[[services]]\nid = "culture"',
        '[areas]\nfile = "communities.geojson" # 虚构的轮廓\ncrs = "wgs84"\n\n[visitors]\nfile = "visitors.csv" # 虚构的客流，不计入居民\ncrs = "wgs84"\n\n[[services]]\nid = "culture"',
    ),
)


def changed(text: str, changes: tuple[tuple[str, str], ...]) -> str:
    """Return a text with each of the changes made once."""
    for before, after in changes:
        assert text.count(before) == 1, before
        text = text.replace(before, after)
    return text
