"""Secrets: sealed before they reach the database, and by which key is known."""

from __future__ import annotations

import stat
import traceback
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from tests.databases import ON_SQLITE

from refloat.config import Config
from refloat.store import SecretError, Store, Unsealed, opened
from refloat.store.secrets import FILE, Keyring, fingerprint

OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()


def _config(tmp_path: Path, keys: str | None) -> Config:
    return Config(None, "en", home=tmp_path, secret_key=keys)


def test_what_is_sealed_is_opened(tmp_path: Path) -> None:
    """Any text comes back, and what is stored does not contain it."""
    keyring = Keyring(_config(tmp_path, NEW))
    sealed, sealed_by = keyring.sealed("made-up 秘密")
    assert keyring.unsealed(sealed, sealed_by) == "made-up 秘密"
    assert "made-up" not in sealed
    assert sealed_by == fingerprint(NEW)


def test_the_key_file_is_made_once_and_closed_to_others(tmp_path: Path) -> None:
    """The first use makes it; later uses, and other processes, take it as it is."""
    sealed, sealed_by = Keyring(_config(tmp_path, None)).sealed("made-up")
    key = (tmp_path / FILE).read_bytes()
    assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600
    assert Keyring(_config(tmp_path, None)).unsealed(sealed, sealed_by) == "made-up"
    Keyring(_config(tmp_path, None)).sealed("more")
    assert (tmp_path / FILE).read_bytes() == key
    assert [path.name for path in tmp_path.iterdir()] == [FILE]


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644])
def test_a_key_file_that_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    """Before anything is sealed or opened with it."""
    Keyring(_config(tmp_path, None)).sealed("made-up")
    (tmp_path / FILE).chmod(mode)
    with pytest.raises(SecretError, match="read by others") as caught:
        Keyring(_config(tmp_path, None)).sealed("made-up")
    assert "chmod 600" in str(caught.value)


def test_the_first_key_seals_and_every_key_opens(tmp_path: Path) -> None:
    """A new key in front of the old one: old secrets still open, new ones are sealed by it."""
    sealed, sealed_by = Keyring(_config(tmp_path, OLD)).sealed("made-up")
    both = Keyring(_config(tmp_path, f"{NEW}, {OLD}"))
    assert both.unsealed(sealed, sealed_by) == "made-up"
    assert both.sealed("more")[1] == fingerprint(NEW)


def test_a_missing_key_is_named(tmp_path: Path) -> None:
    """The fingerprint and the place are told; neither the key, nor the sealed text, nor a library's error comes along."""
    sealed, sealed_by = Keyring(_config(tmp_path, OLD)).sealed("made-up")
    with pytest.raises(SecretError, match=fingerprint(OLD)) as caught:
        Keyring(_config(tmp_path, NEW)).unsealed(sealed, sealed_by)
    whole = "".join(traceback.format_exception(caught.value))
    assert "REFLOAT_SECRET_KEY" in whole
    assert [secret for secret in (OLD, NEW, sealed, "InvalidToken") if secret in whole] == []


def test_a_lost_key_file_is_not_replaced_by_opening(tmp_path: Path) -> None:
    """A new key would hide that the old one is gone."""
    sealed, sealed_by = Keyring(_config(tmp_path, None)).sealed("made-up")
    (tmp_path / FILE).unlink()
    with pytest.raises(SecretError, match="missing"):
        Keyring(_config(tmp_path, None)).unsealed(sealed, sealed_by)
    assert not (tmp_path / FILE).exists()


def test_a_secret_that_was_changed_in_the_database_is_damaged(tmp_path: Path) -> None:
    """The key is there, and still it does not open: that is something else than a missing key."""
    keyring = Keyring(_config(tmp_path, NEW))
    sealed, sealed_by = keyring.sealed("made-up")
    with pytest.raises(SecretError, match="damaged"):
        keyring.unsealed(sealed[:-4] + "AAA=", sealed_by)


@pytest.mark.parametrize("keys", ["made-up-passphrase", "made-up,keys", "é" * 44, f"{NEW},{OLD[:-2]}"], ids=["passphrase", "two words", "not ascii", "the second is cut"])
def test_what_is_not_a_key_is_refused_without_repeating_it(tmp_path: Path, keys: str) -> None:
    """A passphrase is no key; it is not shown, not even in the traceback."""
    with pytest.raises(SecretError, match="is not a key") as caught:
        Keyring(_config(tmp_path, keys)).sealed("made-up")
    assert [part for part in keys.split(",") if part in str(caught.value)] == []


@ON_SQLITE
def test_no_secret_stands_in_a_file(store: Store, config: Config, unsealed: Unsealed, start: datetime) -> None:
    """Added, rotated, removed: no byte of the folder tells a client id, a client secret or a refresh token."""
    store.accounts.add("harbour", region="EU", seller_id="A0MADEUP", unsealed=unsealed, at=start)
    store.accounts.rotate("harbour", at=start, client_secret="made-up-client-secret-new-0004")
    store.accounts.add("other", region="EU", seller_id="A0OTHER", unsealed=unsealed, at=start)
    store.accounts.remove("other", start)
    written = {path.name: path.read_bytes() for path in config.home.iterdir()}
    store.close()
    written |= {f"{path.name} closed": path.read_bytes() for path in config.home.iterdir()}
    assert any(b"harbour" in content for content in written.values())
    assert [name for name, content in written.items() if b"made-up-" in content] == []


def test_what_the_store_hands_out_does_not_show_itself(store: Store, account: str) -> None:
    """A repr, a log line or an error never holds what was unsealed."""
    assert "made-up" not in f"{store.accounts.credentials(account)!r} {store.accounts.get(account)!r} {store.accounts.list()}"


def test_sealing_again_moves_every_account_to_the_newest_key(config: Config, unsealed: Unsealed, start: datetime) -> None:
    """Afterwards the old key can be thrown away; an account whose key is lost is named and left as it is."""
    lost = Fernet.generate_key().decode()
    for name, key in (("harbour", OLD), ("island", OLD), ("lost", lost), ("new", NEW)):
        with opened(replace(config, secret_key=key)) as store:
            store.accounts.add(name, region="EU", seller_id=name, unsealed=unsealed, at=start)
    with opened(replace(config, secret_key=f"{NEW},{OLD}")) as store:
        assert store.accounts.seal_again() == (2, ("lost",))
    with opened(replace(config, secret_key=NEW)) as store:
        assert [store.accounts.credentials(name) for name in ("harbour", "island", "new")] == [unsealed] * 3
        with pytest.raises(SecretError, match=fingerprint(lost)):
            store.accounts.credentials("lost")
    with opened(replace(config, secret_key=lost)) as store:
        assert store.accounts.credentials("lost") == unsealed
