"""study.toml and the files in TOML that it names."""
