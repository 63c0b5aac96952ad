"""When it happened: expressions, their meanings and the resolver that reads them."""
