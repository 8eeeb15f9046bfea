"""Apprise without its logging, and with a second look at two services that say no with a yes.

Apprise logs addresses: at DEBUG in clear, else masked by a rule of thumb that lets a header's token through
(``jsons://host/?+Authorization=…``). urllib3 logs the path of each request at DEBUG, and a path may hold a token.
"""

from __future__ import annotations

import logging
import warnings
from functools import cache
from types import ModuleType
from typing import Any

#: HTTP's word for “understood, and not taken”: what a refusal inside a 200 is turned into.
_NOT_TAKEN = 422


@cache
def apprise() -> ModuleType:
    """The library, quiet; imported once."""
    for name in ("apprise", "urllib3", "requests"):
        logger = logging.getLogger(name)
        logger.addHandler(logging.NullHandler())
        logger.propagate = False
    with warnings.catch_warnings():
        # Some of its plugins import what Python is about to drop; all of them are loaded with the first address.
        warnings.simplefilter("ignore")
        import apprise as library
        from apprise.plugins import dingtalk, wecombot

        library.Apprise.instantiate("json://localhost")

    for plugin in (dingtalk, wecombot):
        if not isinstance(plugin.requests, _Reading):
            plugin.requests = _Reading(plugin.requests)  # type: ignore[attr-defined]
    return library


class _Reading:
    """``requests`` as DingTalk's and WeCom's plugins use it, except that an answer's ``errcode`` counts.

    Both answer HTTP 200 to a wrong token, a missing keyword or too many messages, with the trouble in the body;
    Apprise 2.3 looks at the 200 alone, and such a message would count as delivered.
    """

    def __init__(self, requests: Any) -> None:
        self._requests = requests

    def __getattr__(self, name: str) -> Any:
        return getattr(self._requests, name)

    def post(self, *args: Any, **kwargs: Any) -> Any:
        """The answer; with another status where its body says that the message was not taken."""
        answer = self._requests.post(*args, **kwargs)
        if answer.status_code == self._requests.codes.ok and _refused(answer):
            answer.status_code = _NOT_TAKEN
        return answer


def _refused(answer: Any) -> bool:
    try:
        said = answer.json()
    except ValueError:
        return True  # neither of the two answers anything but JSON: a proxy or a login page did
    return not isinstance(said, dict) or said.get("errcode", 0) != 0
