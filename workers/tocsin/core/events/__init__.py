"""One event per occurrence: identity, matching, merging and what changed."""
