"""The registry of online geocoders: it lists every module that asks one, and makes each by its name."""

from __future__ import annotations

from pathlib import Path

import pytest

from walkshed.errors import InvalidValueError, NotFoundError
from walkshed.geocode.providers import registry
from walkshed.geocode.providers.registry import GEOCODERS, NAMES, provider_of

KEYS = {each.name: f"WALKSHED_{each.name.upper()}_KEY" for each in GEOCODERS if each.keyed}


@pytest.mark.parametrize("name", NAMES)
def test_each_is_made_by_its_name(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if name in KEYS:
        monkeypatch.setenv(KEYS[name], "a key")
    made = provider_of(name, study=tmp_path, url="http://127.0.0.1:9/")
    assert made.name == name
    assert callable(made.ask)


def test_whoever_wants_a_key_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in (*KEYS.values(), "WALKSHED_KEYS"):
        monkeypatch.delenv(variable, raising=False)
    for name, variable in KEYS.items():
        with pytest.raises(NotFoundError, match=variable):
            provider_of(name, study=tmp_path)


def test_every_module_that_asks_a_server_is_listed() -> None:
    folder = Path(registry.__file__).parent
    asking = {
        path.stem for path in folder.glob("*.py") if "JsonService(" in path.read_text("utf-8")
    }
    assert asking == {each.asked_by.split(".")[0] for each in GEOCODERS}


def test_another_name_is_told(tmp_path: Path) -> None:
    with pytest.raises(InvalidValueError, match="provider 'google': write one of nominatim, amap"):
        provider_of("google", study=tmp_path)
