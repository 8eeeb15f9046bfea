"""An address: an Apprise URL that can be used, and what may be shown of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from refloat.errors import WrongUse
from refloat.notify.quiet import apprise


@dataclass(frozen=True, slots=True)
class Address:
    """``url`` is the secret; ``shown`` tells the service, and the host where the URL has one: ``jsons://hooks.example.com``."""

    url: str = field(repr=False)
    shown: str


def addressed(url: str) -> Address:
    """The address that ``url`` says; nothing is asked of the network.

    Raises:
        WrongUse: no service can be reached by such a URL. The error does not repeat it.
    """
    plugin = plugin_of(url.strip())
    if plugin is None:
        raise WrongUse(
            "This is no address that a message can be sent to.",
            why="It is not shown here, because it may hold a secret. An address begins with its service, such as mailtos:// or slack://.",
            todo="See docs/operate/alarms.md for e-mail, Slack, WeCom, DingTalk, Feishu, Telegram and webhooks.",
        )
    return Address(url.strip(), _shown(plugin))


def plugin_of(url: str) -> Any:
    """Apprise's object for the URL; None where it knows none. Long texts are sent in parts, and nothing is asked of the network."""
    library = apprise()
    # Nothing is kept on disk, no picture is loaded from elsewhere, and Apprise starts no thread for a deadline: ``sending`` has its own.
    asset = library.AppriseAsset(storage_mode="memory", service_timeout=0, image_url_mask="", image_url_logo="", app_id="Refloat", app_desc="Refloat", app_url="")
    try:
        plugin = library.Apprise.instantiate(url, asset=asset, suppress_exceptions=True)
    except Exception:
        return None  # whatever a plugin's parser raises may repeat the URL
    if plugin is None or not getattr(plugin, "templates", ()):
        return None
    if "overflow=" not in url:
        plugin.overflow_mode = library.OverflowMode.SPLIT
    if is_mail(plugin):
        # A mail may be long; Apprise would cut it at 32 kB, and wait 5.5 s between the parts.
        plugin.body_maxlen, plugin.request_rate_per_sec = 10_000_000, 0
    if plugin.secure_protocol == "wecombot":
        # WeCom counts 2,048 bytes, Apprise characters, and a Chinese one has three bytes.
        plugin.body_maxlen = 2048 // 3
    plugin.max_retry = 0
    return plugin


def is_mail(plugin: Any) -> bool:
    """Whether it takes a page; a chat takes text."""
    return "mailto" in (plugin.protocol if isinstance(plugin.protocol, tuple) else (plugin.protocol,))


def _shown(plugin: Any) -> str:
    """The service; with the host only where every form of the URL has a host in that place, and not a token."""
    protocol = plugin.secure_protocol if plugin.secure and plugin.secure_protocol else plugin.protocol or plugin.secure_protocol
    service = protocol if isinstance(protocol, str) else protocol[0]
    named = all("{host}" in form for form in plugin.templates)
    return f"{service}://{plugin.host}" if named and plugin.host else f"{service}://…"
