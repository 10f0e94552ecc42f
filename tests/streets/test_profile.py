"""What is walkable: every rule by an example, and what the loader refuses."""

from __future__ import annotations

import pytest

from walkshed.errors import InvalidValueError, NotFoundError, UnreadableFileError
from walkshed.streets.profile import ANSWERS, parse_profile, read_profile

WALKING = read_profile("walking")


@pytest.mark.parametrize(
    ("tags", "walk"),
    [
        ("highway=footway", "open"),
        ("highway=steps", "open"),
        ("highway=corridor", "open"),
        ("highway=elevator", "open"),
        ("highway=platform", "open"),
        ("highway=path", "open"),
        ("highway=cycleway", "open"),
        ("highway=cycleway foot=no", None),
        ("highway=residential", "open"),
        ("highway=service service=driveway", "open"),
        ("highway=primary sidewalk=separate", "open"),
        ("highway=primary foot=use_sidepath", "open"),
        ("highway=motorway foot=use_sidepath", None),
        ("highway=trunk motorroad=yes foot=use_sidepath", None),
        ("highway=service access=private foot=use_sidepath", "private"),
        ("highway=service access=no foot=use_sidepath", None),
        ("highway=residential construction=yes", None),
        ("highway=residential construction=minor", "open"),
        ("highway=path sac_scale=hiking", "open"),
        ("highway=path sac_scale=mountain_hiking", "open"),
        ("highway=path sac_scale=demanding_mountain_hiking", None),
        ("highway=path sac_scale=alpine_hiking", None),
        ("highway=path sac_scale=demanding_alpine_hiking foot=yes", None),
        ("highway=path sac_scale=difficult_alpine_hiking", None),
        ("highway=path via_ferrata_scale=1", None),
        ("highway=via_ferrata", None),
        ("highway=residential oneway=yes", "open"),
        ("highway=trunk", "open"),
        ("highway=trunk motorroad=yes", None),
        ("highway=motorway", None),
        ("highway=motorway foot=yes", "open"),
        ("highway=motorway_link", None),
        ("highway=busway", None),
        ("highway=construction", None),
        ("highway=construction foot=yes", None),
        ("highway=proposed", None),
        ("highway=footway abandoned=yes", None),
        ("highway=rest_area area=yes", None),
        ("highway=unheard_of", None),
        ("highway=unheard_of foot=yes", None),
        ("highway=residential foot=no", None),
        ("highway=residential access=no", None),
        ("highway=residential access=no foot=yes", "open"),
        ("highway=residential access=no foot=designated", "open"),
        ("highway=residential access=no foot=permissive", "open"),
        ("highway=service access=military", None),
        ("highway=service access=private", "private"),
        ("highway=service access=residents", "private"),
        ("highway=service access=permit", "private"),
        ("highway=service access=private foot=yes", "open"),
        ("highway=service access=yes foot=private", "private"),
        ("highway=service service=private", "private"),
        ("highway=service access=customers", "open"),
        ("highway=service access=destination", "open"),
        ("highway=service access=permissive", "open"),
        ("highway=service access=private;delivery", "private"),
        ("highway=service access=private;customers foot=customers", "open"),
        ("highway=motorway access=private", None),
        ("highway=pedestrian area=yes", "joined"),
        ("railway=platform", "private"),
        ("railway=platform foot=yes", "private"),
        ("railway=platform subway=yes", "private"),
        ("railway=platform foot=no", None),
        ("railway=platform tram=yes", "joined"),
        ("railway=platform tram=yes train=yes", "private"),
        ("highway=platform train=yes", "private"),
        ("public_transport=platform", "joined"),
        ("public_transport=platform bus=yes", "joined"),
        ("public_transport=platform subway=yes", "private"),
        ("highway=footway railway=platform", "private"),
        ("man_made=pier", "joined"),
        ("man_made=pier access=private", "private"),
        ("landuse=residential", None),
    ],
)
def test_walkable(tags, walk):
    found = WALKING.walk(dict(pair.split("=", 1) for pair in tags.split(" ")))
    if walk is None:
        assert found is None
    else:
        assert (found.private, found.joined and not found.private) == (
            walk == "private",
            walk == "joined",
        )


@pytest.mark.parametrize(
    ("tags", "forward", "backward"),
    [
        ({}, True, True),
        ({"oneway": "yes"}, True, True),
        ({"oneway:foot": "yes"}, True, False),
        ({"oneway:foot": "-1"}, False, True),
        ({"oneway:foot": "no", "oneway": "yes"}, True, True),
        ({"foot:backward": "no"}, True, False),
        ({"foot:forward": "no"}, False, True),
        ({"conveying": "forward"}, True, False),
        ({"conveying": "backward"}, False, True),
        ({"conveying": "reversible"}, True, True),
    ],
)
def test_direction(tags, forward, backward):
    walk = WALKING.walk({"highway": "steps", **tags})
    assert (walk.forward, walk.backward, walk.steps) == (forward, backward, True)


@pytest.mark.parametrize(
    ("tags", "passage"),
    [
        ("barrier=gate", "open"),
        ("barrier=gate access=yes", "open"),
        ("barrier=gate access=private", "private"),
        ("barrier=gate access=private foot=yes", "open"),
        ("barrier=gate access=no", "closed"),
        ("barrier=gate access=no foot=permissive", "open"),
        ("barrier=gate locked=yes", "private"),
        ("barrier=gate access=no locked=yes", "closed"),
        ("barrier=gate foot=no", "closed"),
        ("barrier=lift_gate access=private", "open"),
        ("barrier=lift_gate foot=private", "private"),
        ("barrier=bollard access=no", "open"),
        ("barrier=turnstile", "open"),
        ("barrier=wall", "closed"),
        ("barrier=fence access=yes", "open"),
        ("barrier=kerb", "open"),
        ("barrier=yes", "presumed"),
        ("barrier=yes foot=yes", "open"),
        ("barrier=yes access=permissive", "open"),
        ("barrier=jersey_barrier", "presumed"),
        ("barrier=jersey_barrier foot=no", "closed"),
        ("barrier=guard_rail", "presumed"),
        ("barrier=ticket_barrier", "private"),
        ("barrier=gate amenity=ticket_validator foot=yes", "private"),
        ("barrier=turnstile fee=yes", "private"),
        ("highway=crossing foot=no", "open"),
    ],
)
def test_barrier(tags, passage):
    assert WALKING.barrier(dict(pair.split("=", 1) for pair in tags.split(" "))) == passage


@pytest.mark.parametrize(
    ("tags", "anywhere"),
    [
        ("highway=footway", True),
        ("highway=footway level=0", True),
        ("highway=footway level=-1", False),
        ("highway=footway level=2", False),
        ("highway=steps level=-1;0", False),
        ("highway=steps level=0-1", False),
        ("highway=steps level=ground", True),
        ("highway=footway indoor=yes level=0", False),
        ("highway=footway indoor=no", True),
        ("highway=corridor", False),
        ("highway=footway location=underground", False),
        ("highway=footway location=indoor", False),
        ("railway=platform level=-2", False),
        ("highway=footway layer=-1", False),
        ("highway=footway footway=sidewalk layer=-1", True),
        ("highway=residential layer=-1", True),
        ("highway=primary layer=-2", True),
        ("highway=primary layer=-1 tunnel=yes", False),
        ("highway=primary level=-1", True),
        ("highway=service level=-1", False),
        ("highway=residential layer=1", True),
        ("highway=residential bridge=yes", False),
        ("highway=footway tunnel=building_passage", True),
    ],
)
def test_entering(tags, anywhere):
    walk = WALKING.walk(dict(pair.split("=", 1) for pair in tags.split(" ")))
    assert walk.enterable == anywhere


def test_every_rule_of_the_shipped_profile_has_a_reason_and_an_answer():
    for kind, answers in ANSWERS.items():
        assert WALKING.rules[kind]
        for rule in WALKING.rules[kind]:
            assert rule.walk in answers
            assert rule.reason.endswith((".", ")"))


def test_all_faults_at_once():
    with pytest.raises(InvalidValueError) as caught:
        parse_profile(
            b"""
            speed = 5
            [[class]]
            when = { highway = ["footway"] }
            walk = "opened"
            [[acess]]
            [[access]]
            whn = { foot = ["no"] }
            walk = "closed"
            reason = "Closed."
            [[barrier]]
            when = { barrier = "gate" }
            walk = "open"
            reason = "-"
            [[entering]]
            when = { level = ["<ground"] }
            walk = "ends"
            reason = "Below."
            """,
            "mine.toml",
        )
    assert str(caught.value).splitlines() == [
        (
            "mine.toml: 'speed' is unknown; known are name, class, access, direction, through, "
            "barrier, steps, entering"
        ),
        "mine.toml: 'acess' is unknown; did you mean 'access'?",
        'mine.toml: name is missing; write name = "walking" or another word',
        (
            "mine.toml, [[class]] 1: walk = 'opened' is not a valid answer; write one of open, "
            "joined, invited, closed"
        ),
        "mine.toml, [[class]] 1: has no reason; say in a sentence why the rule stands",
        "mine.toml, [[access]] 1: 'whn' is unknown; did you mean 'when'?",
        'mine.toml, [[access]] 1: when is missing; write when = { highway = ["footway"] }',
        "mine.toml, [[barrier]] 1: has no reason; say in a sentence why the rule stands",
        'mine.toml, [[barrier]] 1: when.barrier = \'gate\' is not a list of words; write ["yes", "no"] or "*"',
        'mine.toml, [[entering]] 1: when.level = [\'<ground\'] is not a list of words; write ["yes", "no"] or "*"',
    ]


def test_a_profile_of_ones_own(tmp_path):
    path = tmp_path / "steps_only.toml"
    path.write_text(
        'name = "steps"\n[[class]]\nwhen = { highway = ["steps"] }\nwalk = "open"\nreason = "Nothing else."\n',
        encoding="utf-8",
    )
    profile = read_profile(str(path))
    assert profile.walk({"highway": "steps"}) is not None
    assert profile.walk({"highway": "footway"}) is None


def test_profiles_that_are_not_there(tmp_path):
    with pytest.raises(
        NotFoundError, match="profile 'wheelchair': not among the shipped ones; use one of walking"
    ):
        read_profile("wheelchair")
    with pytest.raises(NotFoundError, match="no such file"):
        read_profile(str(tmp_path / "mine.toml"))
    (tmp_path / "mine.toml").write_text("name = ", encoding="utf-8")
    with pytest.raises(UnreadableFileError, match="is not TOML"):
        read_profile(str(tmp_path / "mine.toml"))
