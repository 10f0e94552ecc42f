"""The office's own ledgers, all optional: who runs, rooms by the hour, re-sitings, work orders, governance."""
