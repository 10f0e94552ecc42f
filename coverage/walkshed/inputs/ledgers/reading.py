"""All ledgers of a study read against its stations, compounds and services."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from walkshed.inputs.files import StudyFolder
from walkshed.inputs.ledgers.named import Names
from walkshed.inputs.ledgers.operations import read_operations
from walkshed.inputs.ledgers.tables import ledger_sheets, ledger_table
from walkshed.inputs.study.settings import StudyToml
from walkshed.inputs.study.specs import OPERATIONS
from walkshed.model.town.ledgers import Ledgers
from walkshed.model.town.places import Service


@dataclass(frozen=True, slots=True)
class Known:
    """What ledgers may name."""

    stations: Names
    blocks: Names
    services: Sequence[Service]


def read_ledgers(toml: StudyToml, study: StudyFolder, known: Known) -> Ledgers:
    """Return the ledgers that the study keeps; every fault of their tables is in the folder's book."""
    sheets, book = ledger_sheets(toml, study), study.book
    operations = ledger_table(OPERATIONS, toml, study, sheets)
    return Ledgers(
        operations=(
            () if operations is None else read_operations(operations, known.stations, book)
        ),
    )
