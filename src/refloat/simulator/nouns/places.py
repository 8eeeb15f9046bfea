"""Amazon's marketplaces as the world knows them: id, region, pool, currency, channel."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """One marketplace. ``pool``: marketplaces that sell the same physical units."""

    id: str
    country: str
    region: str
    pool: str
    currency: str
    language: str
    domain: str

    @property
    def channel(self) -> str:
        """The code of Amazon's own fulfilment channel."""
        return {"NA": "AMAZON_NA", "EU": "AMAZON_EU", "UK": "AMAZON_EU", "JP": "AMAZON_JP", "IN": "AMAZON_IN"}.get(self.pool, f"AMAZON_{self.country}")


_ROWS = """
ATVPDKIKX0DER  US NA NA USD en_US www.amazon.com
A2EUQ1WTGCTBG2 CA NA NA CAD en_CA www.amazon.ca
A1AM78C64UM0Y8 MX NA NA MXN es_MX www.amazon.com.mx
A2Q3Y263D00KWC BR NA NA BRL pt_BR www.amazon.com.br
A1F83G8C2ARO7P GB EU UK GBP en_GB www.amazon.co.uk
A1PA6795UKMFR9 DE EU EU EUR de_DE www.amazon.de
A13V1IB3VIYZZH FR EU EU EUR fr_FR www.amazon.fr
APJ6JRA9NG5V4  IT EU EU EUR it_IT www.amazon.it
A1RKKUPIHCS9HS ES EU EU EUR es_ES www.amazon.es
A1805IZSGTT6HS NL EU EU EUR nl_NL www.amazon.nl
A2NODRKZP88ZB9 SE EU EU SEK sv_SE www.amazon.se
A1C3SOZRARQ6R3 PL EU EU PLN pl_PL www.amazon.pl
AMEN7PMS3EDWL  BE EU EU EUR fr_BE www.amazon.com.be
A28R8C7NBKEWEA IE EU EU EUR en_IE www.amazon.ie
A33AVAJ2PDY3EV TR EU TR TRY tr_TR www.amazon.com.tr
A2VIGQ35RCS4UG AE EU AE AED en_AE www.amazon.ae
A17E79C6D8DWNP SA EU SA SAR ar_SA www.amazon.sa
ARBP9OOSHTCHU  EG EU EG EGP ar_EG www.amazon.eg
AE08WJ6YKNBMC  ZA EU ZA ZAR en_ZA www.amazon.co.za
A21TJRUUN4KGV  IN EU IN INR en_IN www.amazon.in
A1VC38T7YXB528 JP FE JP JPY ja_JP www.amazon.co.jp
A39IBJ37TRP1C6 AU FE AU AUD en_AU www.amazon.com.au
A19VAU5U5O7RUS SG FE SG SGD en_SG www.amazon.sg
"""
PLACES = {place.id: place for place in (Place(*row.split()) for row in _ROWS.strip().splitlines())}
BY_COUNTRY = {place.country: place for place in PLACES.values()}
