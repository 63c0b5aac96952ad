"""How many: numerals, their kinds, and the finder that reads them."""
