"""The server: one process for a laptop, several for a team; stopped by Ctrl-C or SIGTERM."""

from __future__ import annotations

#: So many requests are answered side by side by one process.
_THREADS = 8


def serve(address: str, port: int, *, workers: int = 1) -> None:
    """Answer until stopped. The configuration is read from the environment by each worker."""
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    server = Granian(
        "refloat.web.wsgi:application", address=address, port=port, interface=Interfaces.WSGI, workers=workers, blocking_threads=_THREADS, log_level=LogLevels.error, log_access=False,
        respawn_failed_workers=True,
    )  # fmt: skip
    server.serve()
