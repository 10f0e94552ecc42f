"""The gate in: study.toml and its tables; every fault collected before one raises."""

from walkshed.inputs.read import read_inputs

__all__ = ["read_inputs"]
