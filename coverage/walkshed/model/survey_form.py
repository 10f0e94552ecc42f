"""The sheets on which a survey is filled in: what is printed on them, and what is read back by the same words."""

from __future__ import annotations

from walkshed.model.labels import LANGUAGES, Label
from walkshed.model.town.survey import FactKind, Verified

#: The sheet that tells programs which fact each number is; planners do not see it.
FACTS_SHEET = "walkshed"
FACTS_HEAD = ("number", "kind", "subject", "at", "known")
#: Before an answer that may be ticked, and before one that is.
BOX = "□"
TICKED = "☑☒■✓✔√●"
UNTICKED = "□☐○"

SHEET: dict[FactKind, Label] = {
    FactKind.GATE: Label("出入口", "Gates"),
    FactKind.LANE: Label("通道", "Lanes"),
    FactKind.FLOOR: Label("楼层电梯", "Floors and elevators"),
    FactKind.HOURS: Label("开放时间", "Opening hours"),
    FactKind.PLACE: Label("站点位置", "Places of stations"),
}
#: The letter of a number, by kind: G1, L1, F1, H1, P1.
LETTER: dict[FactKind, str] = {
    FactKind.GATE: "G",
    FactKind.LANE: "L",
    FactKind.FLOOR: "F",
    FactKind.HOURS: "H",
    FactKind.PLACE: "P",
}

#: What every sheet asks, in the order of its columns, each with its width.
COLUMNS: dict[str, tuple[Label, int]] = {
    "number": (Label("编号", "No."), 6),
    "priority": (Label("优先级", "Priority"), 7),
    "community": (Label("社区", "Community"), 11),
    "subject": (Label("小区或站点", "Compound or station"), 16),
    "place": (Label("地点（附图号）", "Place (figure)"), 20),
    "check": (Label("核查事项", "To check"), 24),
    "known": (Label("现有信息", "What is known"), 20),
    "answer": (Label("核查结果", "Result"), 13),
    "actual": (Label("实际情况", "What it is"), 20),
    "photo": (Label("照片编号", "Photo no."), 9),
    "who": (Label("核查人", "Checked by"), 9),
    "when": (Label("核查日期", "Date"), 11),
    "remark": (Label("备注", "Remarks"), 13),
}
#: Those that are filled in on the way.
FILLED = ("answer", "actual", "photo", "who", "when", "remark")

ANSWER: dict[Verified, Label] = {
    Verified.TRUE: Label("属实", "True"),
    Verified.FALSE: Label("不属实", "Not true"),
    Verified.BARRED: Label("未能进入", "Not let in"),
    Verified.UNCLEAR: Label("不清楚", "Unclear"),
}
PRIORITY: dict[str, Label] = {
    "high": Label("高", "High"),
    "middle": Label("中", "Middle"),
    "low": Label("低", "Low"),
}

#: How a station is told otherwise, word by word.
FLOOR_WORD = Label("楼层", "floor")
ELEVATOR_WORD = Label("电梯", "elevator")
STEP_FREE_WORD = Label("无障碍", "step-free")
YES = Label("有", "yes")
NO = Label("无", "no")
#: A station that is nowhere.
GONE = Label("无此站点", "no such station")


def in_all(label: Label) -> tuple[str, ...]:
    """Return a label in every language, lower case."""
    return tuple(dict.fromkeys(label.plain(language).lower() for language in LANGUAGES))
