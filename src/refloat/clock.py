"""The clocks behind the port: the wall's, and one that a simulator keeps."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime


class WallClock:
    """The machine's own time."""

    def now(self) -> datetime:
        """This moment, in UTC."""
        return datetime.now(UTC)

    def sleep(self, seconds: float) -> None:
        """Wait so many seconds."""
        if seconds > 0:
            time.sleep(seconds)

    @contextmanager
    def lane(self) -> Iterator[None]:
        """Nothing to count: the wall's clock moves by itself."""
        yield
