"""How a file that somebody gave us leaves again: as a download, never as a page of ours, whatever is in it."""

from __future__ import annotations

from django.utils.http import content_disposition_header

DOWNLOAD_TYPE = "application/octet-stream"


def download_headers(name: str) -> dict[str, str]:
    """What the answer with such a file carries."""
    return {
        "Content-Type": DOWNLOAD_TYPE,
        "Content-Disposition": content_disposition_header(True, name) or "attachment",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'",
    }
