"""Where it happened: names, cues and the gazetteer, and the finder that reads them."""
