"""Tables of the office's own ledgers, each written where the study keeps the ledger."""
