"""Messages to people, by e-mail and chats: takes an address and a message, and knows nothing else of the house.

An embassy: Apprise is known here alone, and is imported when something is sent or an address is looked at.
An address (an Apprise URL) is a secret. It is never logged, shown or put into an error; ``shown`` says which
service it is, and the host where the URL has one.
"""

from __future__ import annotations

from refloat.notify.address import Address, addressed
from refloat.notify.sending import Letter, send_all

__all__ = ["Address", "Letter", "addressed", "send_all"]
