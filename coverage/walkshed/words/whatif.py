"""The words of the what-if panel."""

from __future__ import annotations

from walkshed.model.labels import Label

WHATIF = {
    "open": Label("比选试算", "What if"),
    "title": Label("方案比选", "What if …"),
    "close": Label("结束试算", "Close what-if"),
    "hint": Label(
        "在街道上增设站点，或拖动站点；点站点可撤并、增减服务、改开放时间；点小区可开出入口。人数"
        "随拖动即时重算。"
        "用键盘时：先搜索小区，再按“增设站点”即设在该处，方向键微调。",
        "Add a station on the streets, or drag one; "
        "select a station to close it, switch its services or change its hours, "
        "a block to open a gate. People are counted anew as you drag. "
        "By keyboard: search a block, press Add a station, and nudge it with the arrow keys.",
    ),
    "reading": Label("正在读取步行路网……", "Reading the walking network …"),
    "unable": Label(
        "此浏览器不能读取路网数据，无法试算；请用 Chromium 78、Firefox 78 或更新的浏览器。",
        "This browser cannot read the network; use Chromium 78, Firefox 78 or newer.",
    ),
    "unfaithful": Label(
        "本项目的评估含有页面无法试算的规则；请写比选文件，用 walkshed run --scenario 运行。",
        "This study is judged by rules that the page cannot try; "
        "write a scenario file and run it with walkshed run --scenario.",
    ),
    "add": Label("增设站点", "Add a station"),
    "adding": Label("请点地图选位置", "Click on the map"),
    "undo": Label("撤销", "Undo"),
    "reset": Label("全部还原", "Reset"),
    "save": Label("保存方案", "Save"),
    "saved": Label(
        "已存为 {file}；用 walkshed compare 复核", "Saved as {file}; check it with walkshed compare"
    ),
    "open_again": Label("继续试算", "Continue what-if"),
    "load": Label("打开方案", "Open"),
    "load_hint": Label(
        "打开存下的方案文件；也可拖到页面上", "Open a saved scenario file, or drop it on the page"
    ),
    "opened": Label("已打开方案，{n}项改动", "Scenario opened, changes: {n}"),
    "restored": Label(
        "已恢复上次在本机试算的{n}项改动", "Restored from this browser, changes: {n}"
    ),
    "not_kept": Label(
        "此浏览器不为本页保留试算：离开前请保存方案。",
        "This browser keeps nothing for this page: save before you leave.",
    ),
    "file_of_other": Label("（方案写给“{name}”）", "(It was written for {name}.)"),
    "file_line": Label(
        "打不开：第{line}行不是本页写出的格式", "Not opened: line {line} is not as this page writes"
    ),
    "file_table": Label(
        "打不开：含页面不能试算的内容“{name}”；请用 walkshed run --scenario 运行",
        "Not opened: it says {name}, which the page cannot try; use walkshed run --scenario",
    ),
    "file_unknown": Label(
        "打不开：本项目没有{what}“{name}”", "Not opened: this study has no {what} {name}"
    ),
    "file_station": Label("站点", "station"),
    "file_service": Label("服务", "service"),
    "file_block": Label("小区", "block"),
    "file_value": Label(
        "打不开：页面不认得“{name}”；请用 walkshed run --scenario 运行",
        "Not opened: the page does not know {name}; use walkshed run --scenario",
    ),
    "file_place": Label("打不开：有一处没有坐标", "Not opened: a place has no coordinates"),
    "file_may_not_move": Label(
        "打不开：{name}只服务所在小区或社区，不能在页面上迁移",
        "Not opened: {name} serves only where it stands, and cannot be moved here",
    ),
    "gain_and_loss": Label("影响人数", "Who gains, who loses"),
    "service": Label("服务类别", "Service"),
    "gained": Label("新惠及", "gain"),
    "lost": Label("失去", "lose"),
    "failing": Label("不达标小区", "blocks below standard"),
    "people": Label("人", "people"),
    "blocks": Label("小区", "blocks"),
    "nothing_changed": Label("尚无改动。", "Nothing is changed yet."),
    "nobody": Label("改动不影响任何居民。", "No resident gains or loses."),
    "changes": Label("改动", "Changes"),
    "tried": Label("比选试算：{n}项改动", "what-if, changes tried: {n}"),
    "block_gained": Label("新达标", "served anew"),
    "block_lost": Label("不再达标", "no longer served"),
    "change_added": Label("增设 {name}", "Add {name}"),
    "change_moved": Label("迁移 {name}", "Move {name}"),
    "change_closed": Label("撤并 {name}", "Close {name}"),
    "change_services": Label("{name}：{what}", "{name}: {what}"),
    "premises": Label("改善楼层或入口", "floor or entrance"),
    "change_gate": Label("{name}：开出入口", "{name}: open a gate"),
    "gate": Label("给此小区开一个出入口", "Open a gate of this block"),
    "placing_gate": Label("请点小区边界", "Click on its edge"),
    "hours": Label("开放时间", "Hours"),
    "hours_own": Label("现状：{hours}", "as now: {hours}"),
    "hours_any": Label("未注明（随时）", "none stated (any time)"),
    "hours_closed": Label("评估时刻未开放", "closed at the moment"),
    "take_back": Label("取消此项改动", "Take this change back"),
    "candidate": Label("候选 {n}", "Candidate {n}"),
    "name": Label("名称", "Name"),
    "services": Label("提供的服务", "Services offered"),
    "close_station": Label("撤并此站", "Close this station"),
    "reopen": Label("恢复此站", "Keep this station"),
    "put_back": Label("移回原处", "Move it back"),
    "remove": Label("删除此候选点", "Remove this candidate"),
    "may_not_move": Label(
        "此站只服务所在小区或社区，不能在页面上迁移。",
        "It serves only where it stands, and cannot be moved here.",
    ),
    "leg": Label("距街道 {n_length}", "{n_length} from the street"),
    "off_network": Label(
        "{n_limit}内地图没有可走的道路：暂不能计入评价",
        "The map has no usable street within {n_limit}: it cannot be counted",
    ),
    "floor": Label("楼层", "Floor"),
    "elevator": Label("电梯", "Elevator"),
    "step_free": Label("无台阶入口", "Step-free entrance"),
    "unknown": Label("未知", "unknown"),
    "yes": Label("有", "yes"),
    "no": Label("无", "no"),
    "limit": Label("统一步行距离", "One limit for all"),
    "limit_own": Label("按各自标准", "each its own standard"),
    "limit_meters": Label("{n_limit}", "{n_limit}"),
    "limit_hint": Label("试算前后都按此距离判定。", "Before and after are both judged by it."),
    "block_now": Label("{name}：{before} → {after}", "{name}: {before} → {after}"),
    "block_people": Label(
        "已覆盖 {before} → {after}（共 {all} 人）",
        "served {before} → {after} of {all} {all:person|people}",
    ),
    "unclassified": Label("未分类", "Unclassified"),
    "scenario_name": Label("方案名称", "Name of the scenario"),
    "scenario": Label("比选方案", "Scenario"),
}
