"""Keys of online services: from the environment or a file outside the study, and shown nowhere."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path

from walkshed.errors import InvalidValueError, NotFoundError, UnreadableFileError
from walkshed.model.messages import Message
from walkshed.model.paths import STREAM, is_stream
from walkshed.outside.keys import Key


def read_key(
    service: str, *, environment: Mapping[str, str] | None = None, study: Path | None = None
) -> Key:
    """Return the key of a service ("amap", "baidu", "tianditu").

    From ``WALKSHED_AMAP_KEY``, else from the file that ``WALKSHED_KEYS`` names: TOML with one line
    per service, ``amap = "…"``. That file must not lie in the study's folder, which is sent on to
    others. Raises ``NotFoundError``, ``UnreadableFileError`` and ``InvalidValueError``; no message
    holds a key.
    """
    environment = os.environ if environment is None else environment
    variable = f"WALKSHED_{service.upper()}_KEY"
    given = environment.get(variable, "").strip()
    if given:
        return Key(given)

    named = environment.get("WALKSHED_KEYS", "").strip()
    if not named:
        raise NotFoundError(
            Message(
                "{service}: no key; set the environment variable {variable}, or WALKSHED_KEYS to "
                'a file outside the study with the line  {service} = "…"',
                service=service,
                variable=variable,
            )
        )

    # a file that is not sent on with the study
    path = Path(named)
    if study is not None and path.resolve().is_relative_to(study.resolve()):
        raise InvalidValueError(
            Message(
                "{path}: the file of keys lies in the study, which is sent on; move it out of "
                "{study}",
                path=path,
                study=study,
            )
        )
    if is_stream(path):
        raise UnreadableFileError(
            Message("{path}: {fact}; write the keys into a file", path=path, fact=STREAM)
        )
    try:
        keys = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise NotFoundError(
            Message("{path}: no such file of keys; correct WALKSHED_KEYS", path=path)
        ) from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UnreadableFileError(
            Message(
                "{path}: cannot be read as a file of keys ({error_kind}); write lines like  "
                '{service} = "…"',
                path=path,
                error_kind=type(error).__name__,
                service=service,
            )
        ) from None

    key = keys.get(service)
    if not isinstance(key, str) or not key.strip():
        raise NotFoundError(
            Message(
                '{path}: holds no key for {service}; add the line  {service} = "…"',
                path=path,
                service=service,
            )
        )
    return Key(key)
