"""Signatures of webhooks: Standard Webhooks (https://www.standardwebhooks.com), symmetric scheme `v1`."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime

PREFIX = "whsec_"
MIN_BYTES, MAX_BYTES = 24, 64


def parse_secret(text: str) -> bytes:
    """The key in `whsec_` + base64 of 24 to 64 bytes. Raises `ValueError`, which never quotes the secret."""
    encoded = text.strip()
    if not encoded.startswith(PREFIX):
        raise ValueError(f"a signing secret starts with '{PREFIX}'")
    encoded = encoded.removeprefix(PREFIX)
    try:
        key = base64.b64decode(encoded + "=" * (-len(encoded) % 4), validate=True)
    except binascii.Error:
        raise ValueError(f"a signing secret is '{PREFIX}' and base64") from None
    if not MIN_BYTES <= len(key) <= MAX_BYTES:
        raise ValueError(f"a signing secret holds {MIN_BYTES} to {MAX_BYTES} bytes, this one {len(key)}")
    return key


def sign(message_id: str, timestamp: int, body: bytes, *, key: bytes) -> str:
    """`v1,` and the base64 HMAC-SHA256 of `id.timestamp.body`."""
    signed = b".".join((message_id.encode(), str(timestamp).encode(), body))
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def signature_headers(message_id: str, *, sent_at: datetime, body: bytes, keys: Sequence[bytes]) -> dict[str, str]:
    """The three headers of one attempt: `sent_at` is the attempt's. Several keys (a rotation) give several signatures.

    Raises `ValueError` for an id with a dot, which would make the signed content ambiguous.
    """
    if "." in message_id:
        raise ValueError("a webhook-id holds no dot")
    timestamp = int(sent_at.timestamp())
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(sign(message_id, timestamp, body, key=key) for key in keys),
    }


def unsubscribe_token(key: bytes, *, subscription_id: str, endpoint_id: str) -> str:
    """An opaque token for one subscription at one endpoint: it cannot be guessed and reveals neither (B56)."""
    parts = [part.encode() for part in ("unsubscribe", subscription_id, endpoint_id)]
    message = b"".join(len(part).to_bytes(4, "big") + part for part in parts)
    return base64.urlsafe_b64encode(hmac.new(key, message, hashlib.sha256).digest()[:24]).decode()
