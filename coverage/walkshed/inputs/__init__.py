"""The gate in: study.toml and its tables; every fault collected before one raises."""
