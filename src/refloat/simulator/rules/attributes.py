"""The attributes that the play knows, and the product types that ask for them.

A small part of what Product Type Definitions 2020-09-01 hold: what stranded stock is about, and enough besides for a
listing to look like one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Form = Literal["text", "value", "flag", "number", "image", "offer", "availability", "identifier", "money", "condition", "regulation", "measure"]


@dataclass(frozen=True)
class Attribute:
    """One attribute: the group of the definition it stands in, and the form of its elements."""

    name: str
    group: str
    form: Form


_ROWS = """
item_name product_identity text
brand product_identity text
manufacturer product_identity text
model_number product_identity text
model_name product_identity text
part_number product_identity text
item_type_keyword product_identity value
item_type_name product_identity text
product_category product_identity value
product_subcategory product_identity value
recommended_browse_nodes product_identity value
externally_assigned_product_identifier product_identity identifier
supplier_declared_has_product_identifier_exemption product_identity flag
merchant_suggested_asin product_identity value
condition_type offer condition
condition_note offer text
purchasable_offer offer offer
fulfillment_availability offer availability
list_price offer money
merchant_shipping_group offer value
max_order_quantity offer number
merchant_release_date offer value
product_tax_code offer value
skip_offer offer flag
product_description product_details text
bullet_point product_details text
generic_keyword product_details text
subject_keyword product_details text
target_audience_keyword product_details text
special_feature product_details text
color product_details text
size product_details text
style product_details text
material product_details text
pattern product_details text
department product_details text
age_range_description product_details text
manufacturer_minimum_age product_details measure
manufacturer_maximum_age product_details measure
number_of_items product_details number
unit_count product_details measure
included_components product_details text
item_weight product_details measure
item_dimensions product_details measure
item_package_weight shipping measure
item_package_dimensions shipping measure
item_length_width_height product_details measure
is_fragile product_details flag
is_expiration_dated_product product_details flag
product_expiration_type product_details value
fc_shelf_life product_details measure
ingredients product_details text
directions product_details text
warranty_description product_details text
theme product_details text
main_product_image_locator images image
other_product_image_locator_1 images image
other_product_image_locator_2 images image
swatch_product_image_locator images image
country_of_origin safety_and_compliance value
batteries_required safety_and_compliance flag
batteries_included safety_and_compliance flag
battery safety_and_compliance measure
num_batteries safety_and_compliance number
number_of_lithium_ion_cells safety_and_compliance number
supplier_declared_dg_hz_regulation safety_and_compliance regulation
hazmat safety_and_compliance value
safety_data_sheet_url safety_and_compliance value
ghs safety_and_compliance value
cpsia_cautionary_statement safety_and_compliance value
compliance_media safety_and_compliance image
legal_disclaimer_description safety_and_compliance text
warnings safety_and_compliance text
parentage_level variations value
child_parent_sku_relationship variations value
variation_theme variations value
"""
ATTRIBUTES: Mapping[str, Attribute] = {row.split()[0]: Attribute(*row.split()) for row in _ROWS.strip().splitlines()}  # type: ignore[arg-type]

#: What the regulation attribute may say (B.7; ``unknown`` was never confirmed).
REGULATIONS = ("transportation", "storage", "waste", "ghs", "not_applicable", "other")
CONDITIONS = (
    "new_new", "new_open_box", "new_oem", "refurbished_refurbished", "used_like_new", "used_very_good", "used_good",
    "used_acceptable", "collectible_like_new", "collectible_very_good", "collectible_good", "collectible_acceptable", "club_club",
)  # fmt: skip

#: What a listing that describes its product must say, whatever its type.
ALWAYS = ("item_name", "brand", "condition_type", "country_of_origin", "batteries_required", "supplier_declared_dg_hz_regulation")
#: What an offer on a product that is there already must say.
OFFER_ONLY = ("condition_type", "merchant_suggested_asin", "purchasable_offer")

#: Name → (display name, what it needs besides).
PRODUCT_TYPES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "LUGGAGE": ("Luggage", ("material", "color")),
    "PET_SUPPLIES": ("Pet Supplies", ("number_of_items",)),
    "PRODUCT": ("Product", ()),
    "TOYS_AND_GAMES": ("Toys and Games", ("manufacturer_minimum_age",)),
}


def required(product_type: str, requirements: str) -> tuple[str, ...]:
    """The names without which a submission of this kind is refused; types that the play does not know ask for what all ask for."""
    offer = ("condition_type", "purchasable_offer") if product_type == "PRODUCT" else ()
    more = PRODUCT_TYPES.get(product_type, ("", ()))[1]
    return {"LISTING_OFFER_ONLY": OFFER_ONLY, "LISTING_PRODUCT_ONLY": (*(name for name in ALWAYS if name != "condition_type"), *more)}.get(requirements, (*ALWAYS, *more, *offer))
