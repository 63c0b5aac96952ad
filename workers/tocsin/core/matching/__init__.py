"""From words to frames: scan, tokens, noun groups, verb groups, frames, roles."""
