"""Which stations are rooms of a community: not the clinics, schools and offices that stand in it."""

from __future__ import annotations

import re

from walkshed.model.town.places import Station

#: What ends the names of institutions with a calling of their own; a street may be named after one.
_INSTITUTIONS = re.compile(
    r"卫生服务(中心|站|点)"
    r"|(医院|卫生院|卫生室|卫生站|诊所|门诊部?|医务室|药房|药店|保健院"
    r"|幼儿园|小学|中学|学院|大学|(?<!社区)(?<!老年)(?<!市民)(?<!家长)学校"
    r"|派出所|警务室|警务站|消防站|邮局|邮政所|养老院|敬老院|护理院)([（(].*[）)])?$"
    r"|\b(hospital|clinic|health (center|centre|station)|pharmacy|school|kindergarten"
    r"|police( station)?|fire station|post office|nursing home)$",
    re.IGNORECASE,
)


def is_room_of_community(station: Station) -> bool:
    """Return whether a station's rooms count for its community: by its name it is no other institution."""
    return _INSTITUTIONS.search(station.name.strip()) is None
