"""Texts and names as they may stand in SQL, for statements that take no parameters."""

from __future__ import annotations


def literal(text: str) -> str:
    """The text as a string literal."""
    escaped = text.replace("'", "''")
    return f"'{escaped}'"


def identifier(name: str) -> str:
    """The name as a quoted identifier."""
    escaped = name.replace('"', '""')
    return f'"{escaped}"'
