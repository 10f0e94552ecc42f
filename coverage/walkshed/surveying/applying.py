"""Filled sheets taken back: into a file beside study.toml, in one step."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from walkshed.inputs.skills import Skills
from walkshed.inputs.survey.filled import Filled, read_filled
from walkshed.inputs.survey.kept import survey_bytes, survey_path
from walkshed.model.results import StudyInputs


@dataclass(frozen=True, slots=True)
class SurveyApplied:
    """The file that keeps what was found, and what the sheets brought."""

    path: Path
    filled: Filled


def apply_sheets(inputs: StudyInputs, file: Path, skills: Skills) -> SurveyApplied:
    """Write what a workbook brings into the file beside study.toml, all or nothing; nothing where it brings nothing.

    Raises ``InputFaultsError`` with every fault of the workbook, and ``OutputError``.
    """
    from walkshed.reports.writing import put_files

    filled = read_filled(file, inputs, skills)
    path = survey_path(inputs.folder / inputs.file)
    if filled.fresh:
        put_files(path.parent, {path.name: survey_bytes(filled.findings)})
    return SurveyApplied(path, filled)
