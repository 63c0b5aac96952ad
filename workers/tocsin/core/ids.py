"""Ids derive from content: the same parts give the same id, on every machine, for ever."""

import hashlib


def make_id(prefix: str, *parts: str) -> str:
    """`prefix_` and 24 hex digits of SHA-256 over the length-prefixed parts.

    Holds only letters, digits and one underscore, so it serves as an RQ argument, a `webhook-id` and the
    left side of a Message-ID.
    """
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode("utf-8", "surrogatepass")
        digest.update(len(data).to_bytes(8, "big"))
        digest.update(data)
    return f"{prefix}_{digest.hexdigest()[:24]}"
