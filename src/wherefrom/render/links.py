"""Addresses as they go into an attribute: links of our own making, or nowhere."""

from __future__ import annotations

from html import escape


def nowhere(_name: str) -> str:
    """The address of nothing: what a figure uses where no reference is at hand."""
    return ""


def safe(address: str) -> str:
    """An address that is safe in an attribute; one that could run a script leads nowhere."""
    known = address.startswith(("https://", "http://", "#", "../", "./")) or ":" not in address
    return escape(address) if known else "#"
