"""The seven extracts of ``WALKSHED_TEST_DATA``, by name."""

from __future__ import annotations

EXTRACTS = [
    "chengdu_xindu_dafeng",
    "jiangxi_guixi",
    "monaco_2016_osrm",
    "porto_alegre_2020_r5r",
    "porto_portugal_r5",
    "shanghai_baoshan_dachang",
    "shenzhen_nanshan",
]
