"""What a rule of a shipped table asks of tags: some keys, each with the values that it takes."""

from __future__ import annotations

from collections.abc import Mapping

from walkshed.model.ground.extract import Tags

#: The values that a rule takes of each key; None takes every value.
TagRule = Mapping[str, frozenset[str] | None]


def tag_rule(stated: Mapping[str, str]) -> TagRule:
    """Return what a rule asks: values stand as ``a|b``, and ``*`` for any."""
    return {
        key: None if values == "*" else frozenset(values.split("|"))
        for key, values in stated.items()
    }


def fits(tags: Tags, rule: TagRule) -> bool:
    """Return whether tags hold every key of a rule with a value that it takes."""
    return all(
        key in tags and (values is None or tags[key] in values) for key, values in rule.items()
    )
