"""Before and after: what changed, block by block and service by service."""
