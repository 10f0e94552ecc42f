"""Whatever stands in the cells of ledgers: a study, or faults that name file, row and cure; never another error."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledgers.town import write
from walkshed.errors import Fault, InputFaultsError
from walkshed.inputs.faults import column_names
from walkshed.inputs.study.specs import LEDGERS
from walkshed.maps.payload.whole import build_payload
from walkshed.reports.registry import TABLES
from walkshed.study import Study, read_study

#: What a column may hold, by a part of its name; the first that fits.
RIGHT = {
    "station": ("南门站", "花园站", "S1"),
    "center": ("南门站", "花园站", "太昌中心"),
    "block": ("南门里", "花园", "B3"),
    "services": ("助餐", "助餐;法律", ""),
    "running": ("是", "否", "未运行", ""),
    "basis": ("常住人口", "户籍", "服务人口"),
    "branch": ("单独", "联合", "无", ""),
    "means": ("房屋租赁", "撤并调整", "加装电梯"),
    "merged_into": ("", "开元", "南门"),
    "community": ("南门", "开元", "太昌", ""),
    "subdistrict": ("", "太平"),
    "floor": ("", "1", "二楼", "B1层"),
    "visits": ("", "20", "65人次"),
    "area": ("", "80㎡", "230平方米"),
    "days": ("周一至周五", "每天", "周三、五"),
    "times": ("8:30-11:30", "全天", "14:00-16:00、19:00-21:00"),
    "use": ("办公", "会议", "活动"),
    "room": ("一室", "多功能厅"),
    "reported": ("2026-05-18 8:30", "2026年5月18日9点"),
    "arrived": ("", "9:05", "2026-05-19 8:30"),
    "completed": ("", "2026年5月", "2026-05-18"),
    "as_of": ("", "2026", "2026-06-30"),
    "people": ("", "120人", "80"),
    "age_": ("", "4"),
    "staff": ("", "3人"),
    "orders": ("", "86单"),
}
OTHERS = (
    *("", "有", "无", "是", "否", "0", "-1", "2.5", "1e400", "NaN", "周八", "22:00-2:00", "上午"),
    *("2026-02-30", "去年", "9:05", "0000-00-00 00:00", "①", "９", "\u200e南门站", "x" * 300, "=1"),
)


def cells(column: str) -> st.SearchStrategy[str]:
    """Return what may stand in a column, four times in five as it should be."""
    right = next((words for part, words in RIGHT.items() if part in column), ("有", "无", ""))
    return st.integers(0, 9).flatmap(lambda die: st.sampled_from(right if die < 8 else OTHERS))


def read_or_faults(folder: Path) -> Study | tuple[Fault, ...]:
    try:
        return read_study(folder)
    except InputFaultsError as error:
        return error.faults


@pytest.mark.parametrize("kind", [spec.kind for spec in LEDGERS])
@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_a_study_or_its_faults(kind: str, data: st.DataObject) -> None:
    # of the one column with both visits nothing, since there are two
    columns = [name for name in column_names()[kind] if name != "visits"]
    row = st.tuples(*(cells(name) for name in columns))
    rows = data.draw(st.lists(row, min_size=1, max_size=3))
    lines = [",".join(f'"{cell}"' for cell in drawn) for drawn in rows]

    with TemporaryDirectory() as folder:
        found = read_or_faults(
            write(Path(folder), {kind: "\n".join([",".join(columns), *lines]) + "\n"})
        )
        if not isinstance(found, Study):
            assert all(fault.cure and fault.file for fault in found)
            return

        # what can be read can be shown
        results = found.run().results
        build_payload(results)
        for table in TABLES:
            if table.when.holds(results):
                table.made_of(results)
