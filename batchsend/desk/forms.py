"""What a form or an address says, as plain values."""

from __future__ import annotations

from starlette.requests import Request


def field(request: Request, name: str) -> str:
    """A field of the form that was sent; empty where it has none."""
    form: dict[str, list[str]] = request.state.form
    return form.get(name, [""])[-1].strip()


def fields(request: Request, name: str) -> list[str]:
    """All values of a field."""
    form: dict[str, list[str]] = request.state.form
    return form.get(name, [])


def asked(request: Request, name: str) -> str:
    """A value after the question mark; empty where there is none."""
    return request.query_params.get(name, "").strip()


def number(text: str, default: int = 0) -> int:
    """A whole number, 0 or more; the default where it is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else default
