"""The header lines, word for word and in order. "developer-docs" is Amazon's own page of the report's attributes."""

from __future__ import annotations

from collections.abc import Mapping

_LISTINGS = """
item-name item-description listing-id seller-sku price quantity open-date image-url item-is-marketplace product-id-type zshop-shipping-fee item-note item-condition
zshop-category1 zshop-browse-path zshop-storefront-feature asin1 asin2 asin3 will-ship-internationally expedited-shipping zshop-boldface product-id
bid-for-featured-placement add-delete pending-quantity fulfillment-channel merchant-shipping-group
"""
_MYI = """
sku fnsku asin product-name condition your-price mfn-listing-exists mfn-fulfillable-quantity afn-listing-exists afn-warehouse-quantity afn-fulfillable-quantity
afn-unsellable-quantity afn-reserved-quantity afn-total-quantity per-unit-volume afn-inbound-working-quantity afn-inbound-shipped-quantity
afn-inbound-receiving-quantity afn-researching-quantity afn-reserved-future-supply afn-future-supply-buyable
"""
#: Tiers of the aged surcharge by days, as the planning report names them.
AIS_TIERS = ("181-210", "211-240", "241-270", "271-300", "301-330", "331-365", "365-plus")
_TEXT: Mapping[str, str] = {
    # Amazon's sample of the report; developer-docs "FBA inventory reports" names it without columns.
    "GET_STRANDED_INVENTORY_UI_DATA": """
primary-action date-stranded Date-to-take-auto-removal status-primary status-secondary error-message stranded-reason asin sku fnsku product-name condition
fulfilled-by fulfillable-qty your-price unfulfillable-qty reserved-quantity inbound-shipped-qty
""",
    "GET_STRANDED_INVENTORY_LOADER_DATA": """
sku product-id product-id-type price minimum-seller-allowed-price maximum-seller-allowed-price item-condition quantity add-delete will-ship-internationally
expedited-shipping standard-plus item-note fulfillment-center-id product-tax-code leadtime-to-ship merchant_shipping_group_name
""",
    # developer-docs "FBA inventory reports".
    "GET_FBA_MYI_UNSUPPRESSED_INVENTORY_DATA": _MYI,
    "GET_FBA_MYI_ALL_INVENTORY_DATA": _MYI,
    "GET_RESERVED_INVENTORY_DATA": "sku fnsku asin product-name reserved_qty reserved_customerorders reserved_fc-transfers reserved_fc-processing",
    "GET_FBA_INVENTORY_PLANNING_DATA": f"""
snapshot-date sku fnsku asin product-name condition available pending-removal-quantity inv-age-0-to-90-days inv-age-91-to-180-days inv-age-181-to-270-days
inv-age-271-to-365-days inv-age-365-plus-days currency units-shipped-t7 units-shipped-t30 units-shipped-t60 units-shipped-t90 alert your-price sales-price
lowest-price-new-plus-shipping lowest-price-used recommended-action sell-through item-volume volume-unit-measurement storage-type storage-volume marketplace
product-group sales-rank days-of-supply estimated-excess-quantity weeks-of-cover-t30 weeks-of-cover-t90 featuredoffer-price sales-shipped-last-7-days
sales-shipped-last-30-days sales-shipped-last-60-days sales-shipped-last-90-days estimated-storage-cost-next-month inbound-quantity inbound-working inbound-shipped
inbound-received no-sale-last-6-months reserved-quantity unfulfillable-quantity
{" ".join(f"quantity-to-be-charged-ais-{tier}-days estimated-ais-{tier}-days" for tier in AIS_TIERS)}
""",
    # developer-docs "Inventory reports": bound by name; the columns differ by marketplace.
    "GET_MERCHANT_LISTINGS_ALL_DATA": _LISTINGS + "status",
    "GET_MERCHANT_LISTINGS_INACTIVE_DATA": _LISTINGS,
    "GET_MERCHANTS_LISTINGS_FYP_REPORT": "Status Reason SKU ASIN Product_name Condition Status_Change_Date Issue_Description",
    # developer-docs "FBA removals reports".
    "GET_FBA_FULFILLMENT_REMOVAL_ORDER_DETAIL_DATA": """
request-date order-id order-type service-speed order-status last-updated-date sku fnsku disposition requested-quantity cancelled-quantity disposed-quantity
shipped-quantity in-process-quantity removal-fee currency
""",
    "GET_FBA_FULFILLMENT_REMOVAL_SHIPMENT_DETAIL_DATA": "request-date order-id shipment-date sku fnsku disposition shipped-quantity carrier tracking-number removal-order-type",
    # developer-docs "FBA concessions reports".
    "GET_FBA_FULFILLMENT_CUSTOMER_RETURNS_DATA": """
return-date order-id sku asin fnsku product-name quantity fulfillment-center-id detailed-disposition reason status license-plate-number customer-comments
""",
    # developer-docs "FBA payments reports".
    "GET_FBA_STORAGE_FEE_CHARGES_DATA": """
asin fnsku product_name fulfillment_center country_code longest_side median_side shortest_side measurement_units weight weight_units item_volume volume_units
product_size_tier average_quantity_on_hand average_quantity_pending_removal estimated_total_item_volume month_of_charge storage_rate currency
estimated_monthly_storage_fee dangerous_goods_storage_type eligible_for_inventory_discount qualifies_for_inventory_discount total_incentive_fee_amount
breakdown_incentive_fee_amount average_quantity_customer_orders
""",
    "GET_FBA_FULFILLMENT_LONGTERM_STORAGE_FEE_CHARGES_DATA": """
snapshot-date sku fnsku asin product-name condition per-unit-volume currency volume-unit country qty-charged amount-charged surcharge-age-tier rate-surcharge
""",
}
#: The suppressed report is the one whose column names hold blanks.
_WITH_BLANKS = frozenset({"GET_MERCHANTS_LISTINGS_FYP_REPORT"})

#: Report type → its columns in order.
HEADERS: Mapping[str, tuple[str, ...]] = {name: tuple(word.replace("_", " ") if name in _WITH_BLANKS else word for word in text.split()) for name, text in _TEXT.items()}
