"""People of a served console: invited, signing in by password and second factor, with sessions that can be made older."""

from __future__ import annotations

import base64
import hashlib
import hmac
import html
import json
import os
import re
import struct
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import httpx2
from django.core import signing
from django.db import connection
from tests.console_desk import SRC, Desk, Visitor

from refloat.store.secrets import Keyring

PASSWORD = "a-harbour-in-the-north"
_SALT = "django.contrib.sessions.SessionStore"


class _Rows:
    """The store's tables, by name; they can be imported only once a store is open."""

    def __getattr__(self, name: str) -> Any:
        return getattr(import_module("refloat.store.models"), name)


rows = _Rows()


@dataclass(frozen=True)
class Address:
    """One of the urlconf: its name, its route, and its parameters with their kinds."""

    name: str
    route: str
    parameters: dict[str, str]

    def filled(self, values: dict[str, object]) -> str:
        """The path, with these values, or with ones that fit."""
        path = self.route
        for name, kind in self.parameters.items():
            path = path.replace(f"{{{name}}}", str(values.get(name, 1 if kind == "int" else "x")))
        return path


def link_of(answer: httpx2.Response) -> str:
    """The link that a page shows once."""
    found = re.search(r'id="link"[^>]* value="([^"]+)"', answer.text)
    assert found, answer.text
    return html.unescape(found[1])


def invited(desk: Desk, email: str, role: str, accounts: Sequence[str] | None = None, by: Visitor | None = None) -> str:
    """The link of an invitation that was made on the page."""
    given = {"email": email, "role": role} | ({"all": "yes"} if accounts is None else {"account": list(accounts)})
    return link_of((by or desk.visitor).post("/people/invite/", given, seen="/people/"))


def accepted(desk: Desk, link: str, name: str, *, password: str = PASSWORD, language: str = "en") -> tuple[Visitor, httpx2.Response]:
    """A newcomer who came in by the link, and the page that they met."""
    visitor, path = desk.newcomer(), link.removeprefix(desk.base)
    return visitor, visitor.post(path, {"name": name, "language": language, "password": password, "again": password}, seen=path)


def newcomer(desk: Desk, email: str, name: str, role: str, accounts: Sequence[str] | None = None) -> Visitor:
    """Somebody new, signed in."""
    visitor, answer = accepted(desk, invited(desk, email, role, accounts), name)
    assert answer.status_code == 200, answer.text
    return visitor


def sign_in(visitor: Visitor, email: str, password: str = PASSWORD, *, after: str = "", follow: bool = False) -> httpx2.Response:
    """Send the form of the sign-in page."""
    return visitor.post("/account/login/", {"login": email, "password": password} | ({"next": after} if after else {}), seen="/account/login/", follow=follow)


def code_of(secret: str, *, steps: int = 0) -> str:
    """What an authenticator app shows for the secret (RFC 6238)."""
    counter = struct.pack(">Q", int(time.time()) // 30 + steps)
    digest = hmac.new(base64.b32decode(secret), counter, hashlib.sha1).digest()
    return f"{(struct.unpack('>I', digest[digest[-1] & 15 :][:4])[0] & 0x7FFFFFFF) % 10**6:06}"


def aged(desk: Desk, name: str, **back: float) -> None:
    """Let every session's moment ``name`` (seen, began) lie so many seconds further back."""
    key = Keyring(desk.config).derived("pages")[0]
    with connection.cursor() as cursor:
        cursor.execute("SELECT session_key, session_data FROM django_session")
        for session, text in cursor.fetchall():
            told = signing.loads(text, key=key, salt=_SALT)
            if name in told:
                told[name] -= back["seconds"]
                cursor.execute("UPDATE django_session SET session_data = %s WHERE session_key = %s", [signing.dumps(told, key=key, salt=_SALT, compress=True), session])


def all_rows(*without: str) -> dict[str, list[Any]]:
    """Every table of ours and what it holds; sessions, throttling and the record of access tell themselves what was tried."""
    left_out = {"store_throttle", "store_accessentry", *without}
    tables = [table for table in connection.introspection.table_names() if table.startswith(("store_", "account_", "mfa_")) and "finding_words" not in table and table not in left_out]
    with connection.cursor() as cursor:
        return {table: cursor.execute(f"SELECT * FROM {table}").fetchall() for table in tables}


def addresses(desk: Desk) -> list[Address]:
    """Every address that the console answers at, as Django's own resolver lists them."""
    environment = os.environ | {"PYTHONPATH": str(SRC), "REFLOAT_HOME": str(desk.config.home)}
    told = subprocess.run([sys.executable, "-c", _LIST], env=environment, capture_output=True, text=True, check=True).stdout
    return [Address(**one) for one in json.loads(told)]


_LIST = """
import json
from refloat.config import configured
from refloat.web.settings import configured_for
configured_for(configured())
from django.urls import get_resolver
resolver, made = get_resolver(), []
def walk(patterns, converters):
    for one in patterns:
        known = converters | {name: type(kind).__name__.removesuffix("Converter").lower() for name, kind in getattr(one.pattern, "converters", {}).items()}
        if hasattr(one, "url_patterns"):
            walk(one.url_patterns, known)
        elif one.name:
            for possibility, *_ in resolver.reverse_dict.getlist(one.name):
                for route, names in possibility:
                    made.append({"name": one.name, "route": "/" + route.replace("%(", "{").replace(")s", "}"), "parameters": {name: known.get(name, "str") for name in names}})
walk(resolver.url_patterns, {})
print(json.dumps([dict(one) for one in {json.dumps(one): one for one in made}.values()]))
"""
