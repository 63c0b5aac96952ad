"""How a mention stands to the facts: ordered tests, each with its reason."""
