"""What there is in the world: sellers, catalogue entries, listings, stock, orders. Plain records; the rules act on them."""
