"""What several commands share: the language, the clock."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from refloat.config import configured

if TYPE_CHECKING:
    from refloat.model.ports import Clock

Lang = Annotated[str | None, typer.Option("--lang", help="en or zh-Hans; by default as the locale says.", metavar="LANG")]


def asked_language(asked: str | None) -> str:
    """The language of ``--lang``, else the locale's.

    Raises:
        WrongUse: it is none of ours.
    """
    from refloat.errors import WrongUse

    if asked is None:
        return configured().language
    known = {"en": "en", "zh": "zh-Hans", "zh-hans": "zh-Hans", "zh-cn": "zh-Hans", "zh_cn": "zh-Hans"}
    if asked.lower() not in known:
        raise WrongUse("There is no language {name}.", why="The pages are written in English and Simplified Chinese.", todo="Use --lang en or --lang zh-Hans.", name=asked)
    return known[asked.lower()]


def asked_place(place: str) -> str:
    """The two letters of a marketplace that was named by them or by Amazon's id.

    Raises:
        WrongUse: there is none of that name.
    """
    from refloat.errors import WrongUse
    from refloat.knowledge.tables import marketplace_code

    code = marketplace_code(place)
    if code is None:
        raise WrongUse("There is no marketplace {name}.", why="A marketplace is written as its two letters or Amazon's id.", todo="For example --marketplace DE.", name=place)
    return code


def their_clock() -> Clock:
    """The wall's clock, or that of the simulator which ``REFLOAT_CLOCK_URL`` names."""
    from refloat.clock import clock_of

    return clock_of(configured().clock_url)
