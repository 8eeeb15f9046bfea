"""What a feed's work comes to: a result document, and whether the feed ends FATAL."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Outcome:
    """The result as it is stored. DONE says nothing about rows or messages: the content does."""

    content: bytes
    content_type: str
    fatal: bool = False
