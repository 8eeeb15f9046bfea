"""Sealing secrets: Fernet (AES-128-CBC with HMAC-SHA-256), the first key seals, any of the keys opens.

The keys come from REFLOAT_SECRET_KEY, comma separated, the newest first; else from the key file in
``$REFLOAT_HOME``, one a line in the same order, made on first use and readable by its user alone.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from contextlib import suppress
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from refloat.config import Config
from refloat.store.troubles import SecretError, told

FILE = "secret.key"


class Keyring:
    """The keys, read when they are needed, so that a key added to the file counts at once."""

    def __init__(self, config: Config) -> None:
        self._given, self._file = config.secret_key, config.home.absolute() / FILE

    def sealed(self, text: str) -> tuple[str, str]:
        """(the text sealed by the newest key, that key's fingerprint). Makes the key file when there is no key at all."""
        keys = self._keys() or _made(self._file)
        return Fernet(keys[0]).encrypt(text.encode()).decode(), fingerprint(keys[0])

    def unsealed(self, sealed: str, sealed_by: str) -> str:
        """The text in clear; ``sealed_by`` is the fingerprint of the key that sealed it.

        Raises:
            SecretError: that key is not among ours.
        """
        keys = self._keys()
        opened = _opened(sealed, keys)
        if opened is None:
            raise _missing(sealed_by, self._place(), damaged=sealed_by in map(fingerprint, keys))
        return opened

    def derived(self, purpose: str) -> list[str]:
        """For each key another secret made of it, the newest first: what signs is not what seals. Makes the key file when there is no key at all."""
        return [hashlib.sha256(f"refloat {purpose} {key}".encode()).hexdigest() for key in self._keys() or _made(self._file)]

    def _keys(self) -> list[str]:
        if self._given is not None:
            return [_checked(part.strip(), self._place()) for part in self._given.split(",") if part.strip()]
        return [_checked(line, self._place()) for line in _lines(self._file)]

    def _place(self) -> str:
        return str(self._file) if self._given is None else "REFLOAT_SECRET_KEY"


def fingerprint(key: str) -> str:
    """Names a key without telling it."""
    return hashlib.sha256(b"refloat key " + key.encode()).hexdigest()[:12]


def _opened(sealed: str, keys: list[str]) -> str | None:
    """The text in clear; None, and no exception that would drag the sealed text along, when no key fits."""
    if not keys:
        return None
    try:
        return MultiFernet([Fernet(key) for key in keys]).decrypt(sealed.encode()).decode()
    except InvalidToken:
        return None


def _lines(file: Path) -> list[str]:
    try:
        mode = file.stat().st_mode
        if os.name == "posix" and mode & 0o077:
            raise SecretError(
                "The key file {file} can be read by others.",
                why="Whoever has it can use every account in the store.",
                todo="Run chmod 600 {file}. If others may have read it, rotate every client secret too.",
                file=file,
            )
        return file.read_text(encoding="utf-8", errors="replace").split()
    except FileNotFoundError:
        return []
    except OSError as error:
        raise told(error, str(file)) from error


def _checked(key: str, place: str) -> str:
    with suppress(ValueError):
        Fernet(key)
        return key
    # Outside the suppressed part: the ValueError of the library never becomes our context.
    raise SecretError(
        "A key in {place} is not a key.",
        why="A key is 32 random bytes in URL-safe base64: 44 characters.",
        todo='Make one with: python -c "from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())"',
        place=place,
    )


def _made(file: Path) -> list[str]:
    """The keys of the key file that was just made; of another process's, should it have been first."""
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(prefix=f"{file.name}.", dir=file.parent)
        with os.fdopen(descriptor, "w", encoding="ascii") as opened:
            opened.write(Fernet.generate_key().decode() + "\n")
        try:
            with suppress(FileExistsError):
                os.link(name, file)
        finally:
            Path(name).unlink()
    except OSError as error:
        raise told(error, str(file)) from error
    return _lines(file)


def _missing(sealed_by: str, place: str, *, damaged: bool) -> SecretError:
    if damaged:
        return SecretError(
            "The stored secret is damaged: key {name} sealed it, and it no longer opens.",
            why="Its characters were changed in the database.",
            todo="Enter the credentials again with refloat accounts rotate.",
            name=sealed_by,
        )
    return SecretError(
        "The key {name} is missing.",
        why="It sealed the secrets of this account, and it is not in {place}.",
        todo="Put that key back, or enter the credentials again with refloat accounts rotate.",
        name=sealed_by,
        place=place,
    )
