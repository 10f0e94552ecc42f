"""How the template is filled in: the sheet of notes of its workbooks."""

from __future__ import annotations

from walkshed.model.labels import Label

NOTES_SHEET = Label("填表说明", "how to fill in")
NOTES = (
    Label(
        "每行一个站点、小区或服务类别。站点、小区表第 2 行是示例，请改写或删去（留着不改的不读取）；"
        "其他表的示例见各列的提示。列名不要改，用不到的列可以留空或删去。",
        "One row per station, compound or service. In row 2 of stations and blocks stands an "
        "example: overwrite or delete it (left as it is, it is not read); elsewhere examples stand "
        "in the hints of the columns. Keep the column names.",
    ),
    Label(
        "只有名称是必填的；经纬度和地址至少填一项。没有经纬度时，运行 walkshed geocode 按地址查找。",
        "Only the name is required, and lon and lat or an address; walkshed geocode places "
        "addresses.",
    ),
    Label(
        "经纬度取自哪里，可写在列名里，如 经度（高德）、经度（WGS84），或另加一列“坐标来源”；不写时自动判断。",
        "Whose coordinates they are may stand in the header, as lon (Amap) or lon (WGS84), "
        "or in a column crs.",
    ),
    Label(
        "楼层：1 为首层，-1 为地下一层；“二楼”“３层”“地下一层”也能识别。多项服务用“；”分开。",
        "Floors: 1 is the ground floor, -1 the basement. Services are separated by semicolons.",
    ),
    Label(
        "开放时间照常写，例如：周一至周五 8:30-12:00，14:30-17:30；法定节假日休息。写不准的会请您改写。",
        "Hours as in OpenStreetMap: Mo-Fr 08:30-12:00,14:30-17:30; PH off.",
    ),
    Label(
        "形式：小区（有围墙、从大门出入，空缺时按此）或居住街坊（沿街建筑，从四周街道出入）。",
        "Form: a compound (walls and gates; what an empty cell means) or a street block "
        "(open to its streets).",
    ),
    Label(
        "服务类别：站点表“服务项目”写这里的服务名称；对应标准条目见 walkshed standards。",
        "Services: stations name them as here; walkshed standards lists the items of standards.",
    ),
    Label(
        "清单是否完整：提供该服务的站点是否都已列入站点表。"
        "填“是”才评不达标；填“否”“不清楚”或不填，均为待摸底。",
        "complete: whether every station that offers it is listed. "
        "Only with yes can blocks fail; else: not surveyed.",
    ),
    Label(
        "服务明细：同一站点各项服务的时间、范围、方式（到站或上门）不同时才填，一行一项；"
        "空着的格子按站点表。上门服务的“响应准备”填出发前要几分钟，路上时间另算。",
        "offers: only where the services of a station differ in hours, scope or mode, a row each; "
        "what is empty is as the station has it. readiness_min: minutes until a crew leaves.",
    ),
    Label(
        "出入口：一行一个大门，小区写小区表中的名称。房源：可以设站的房间，用于选址和补短板。"
        "访客：景点、商圈等处的人数，与居民分开统计。这三张表都可不填。",
        "gates: a row per gate of a block. rooms: where a station may open, for siting. visitors: "
        "how many people are at sights and shops, counted apart. All three may stay empty.",
    ),
    Label(
        "站点运行等台账各占一张表，都可不填。“是否实体化运行”填“否”的站点，所列服务不计入。",
        "The ledgers (operations …) have a sheet each, all optional. "
        "What a station lists that does not run is not counted.",
    ),
    Label(
        "房间时段：一行一个房间的一种用途，同一时间服务几项的写在一行；房间服务的项目按这些时段开放。"
        "工单：写明日期和时刻。人口口径：常住、户籍、服务人口分行填，不相加。",
        "room_times: a row per room and use; services are open when a room serves them. "
        "work_orders: date and time. population: each basis in a row of its own, never added up.",
    ),
    Label(
        "落地台账：完成的填完成时间；社区撤并的填“并入社区”，旧社区此后按新社区统计。",
        "relocations: completed once it is done; merged_into where communities merged, "
        "which then count as the new one.",
    ),
    Label(
        "共用站点：本小区没有站点而与别处共用时，填那个站点的名称；它视同本小区自己的站点。",
        "shared_station: a station elsewhere that serves this compound as its own.",
    ),
    Label(
        "小区没有边界时按名称（及社区、地址）与地图挂接；"
        "人口空缺时按户数 × study.toml 中的 household_size 估算。",
        "Compounds without an outline are joined to the map by name; people are households × "
        "household_size if empty.",
    ),
)
