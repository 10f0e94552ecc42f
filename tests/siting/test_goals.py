"""Goals of siting: each option is an object, and each is named in the help."""

from __future__ import annotations

from typing import get_args

import pytest
from typer.testing import CliRunner

from walkshed.cli import app
from walkshed.errors import InvalidValueError
from walkshed.model.plans.goals import GOALS, SitingGoal
from walkshed.siting.planning.goals import Aim, aim_of


def test_every_option_has_words_and_an_object_of_its_own() -> None:
    assert tuple(GOALS) == get_args(SitingGoal)
    aims = [aim_of(goal) for goal in GOALS]
    assert all(isinstance(aim, Aim) for aim in aims)
    assert len({type(aim) for aim in aims}) == len(GOALS)


def test_the_help_names_every_goal() -> None:
    text = CliRunner().invoke(app, ["site", "--help"]).stdout
    assert [goal for goal in GOALS if f"{goal}:" not in text] == []


def test_a_word_that_names_no_goal_is_told() -> None:
    with pytest.raises(
        InvalidValueError, match="goal = 'most': is not a valid goal; write one of coverage"
    ):
        aim_of("most")
