"""The embassy to Amazon: everything that knows SP-API, its errors, its rates and its tokens. Nothing else does."""

from __future__ import annotations

from refloat.amazon.endpoints import Credentials, Endpoints
from refloat.amazon.health import account_standing
from refloat.amazon.line import AmazonLine
from refloat.amazon.secret import Secret
from refloat.amazon.writer import AmazonWriter

__all__ = ["AmazonLine", "AmazonWriter", "Credentials", "Endpoints", "Secret", "account_standing"]
