"""How an online service can fail. None of these messages holds a URL, a key or an answer's full text."""

from __future__ import annotations

from walkshed.errors import OutsideServiceError


class UnreachableError(OutsideServiceError):
    """No connection, no answer in time, or an error of the server, after all retries."""


class BusyError(OutsideServiceError):
    """Asked too often, after all retries."""


class BadAnswerError(OutsideServiceError):
    """An answer that is not what the service promises: HTML, broken JSON, missing fields."""


class KeyRefusedError(OutsideServiceError):
    """The key is missing, wrong, or not meant for this; asking again is useless."""


class QuotaExhaustedError(OutsideServiceError):
    """No more requests today; asking again is useless."""


#: After these a service is not asked again in the same run.
FINAL = (KeyRefusedError, QuotaExhaustedError)
