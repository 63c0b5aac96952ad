"""Which item is which: keys that survive feeds with missing, repeated or changing ids (B15)."""

import hashlib
from collections.abc import Sequence

from tocsin.core.addresses import canonical_url
from tocsin.core.feeds import FeedEntry


def item_keys(entries: Sequence[FeedEntry]) -> tuple[str, ...]:
    """One key an entry, each different within the document.

    The id the publisher gives; for its second and later use in one document id and address, else id and place; with
    no id the canonical address; with neither a hash of title and text.
    """
    seen: set[str] = set()
    keys = []
    for index, entry in enumerate(entries):
        key = _first_key(entry)
        if key in seen:
            key = f"{key}|{canonical_url(entry.url) if entry.url else index}"
        if key in seen:
            key = f"{key}|{index}"
        seen.add(key)
        keys.append(key)
    return tuple(keys)


def _first_key(entry: FeedEntry) -> str:
    if entry.guid:
        return entry.guid
    if entry.url:
        return canonical_url(entry.url)
    return hashlib.sha256(f"{entry.title}\0{entry.body}".encode("utf-8", "replace")).hexdigest()
