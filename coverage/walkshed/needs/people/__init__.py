"""Where people live: blocks, homes and the points at which residents begin to walk."""
