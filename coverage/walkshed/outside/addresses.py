"""The address of a server: what may be told of it, and what in it is a secret."""

from __future__ import annotations

from urllib.parse import parse_qsl, unquote, urlsplit, urlunsplit


def bare(url: str) -> str:
    """Return an address without a user, a password and a query, which may hold keys."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


def secrets_in(url: str) -> tuple[str, ...]:
    """Return the password, or a user without one, and the values of the query: what nobody else is to read."""
    parts = urlsplit(url)
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    values = [value for _, value in parse_qsl(parts.query)]
    return tuple(text for text in (password or user, *values) if text)


def under(server: str, name: str) -> str:
    """Return the address of a service of a server; what follows ``?`` stays at the end."""
    parts = urlsplit(server)
    path = f"{parts.path.rstrip('/')}/{name}"
    return urlunsplit((parts.scheme, parts.netloc, path, parts.query, ""))
