"""The gate in: study.toml and its tables; every fault collected before one raises."""

from walkshed.inputs.read import read_inputs
from walkshed.inputs.skills import Skills

__all__ = ["Skills", "read_inputs"]
