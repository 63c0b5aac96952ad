"""Signatures, held against the reference library and against fixed vectors."""

import base64
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook

from tocsin.core.signing import parse_secret, sign, signature_headers, unsubscribe_token

SECRET = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"
BODY = b'{"type":"endpoint.test","timestamp":"2026-03-08T09:00:00Z","data":{"facts":{"Message":"hello"}}}'
AT = datetime(2026, 3, 8, 9, 0, tzinfo=UTC)


@given(st.text("abcdef0123456789", min_size=1), st.text(), st.binary(min_size=24, max_size=64))
def test_a_signature_is_the_reference_librarys(message_id: str, text: str, key: bytes) -> None:
    body = text.encode("utf-8", "replace")
    ours = sign(message_id, int(AT.timestamp()), body, key=key)

    assert ours == Webhook(key).sign(message_id, AT, body.decode())


def test_the_published_vector_holds() -> None:
    headers = signature_headers("dlv_5f0c1d7a2b9e4c6d8a01b2c3", sent_at=AT, body=BODY, keys=[parse_secret(SECRET)])

    assert headers == {
        "webhook-id": "dlv_5f0c1d7a2b9e4c6d8a01b2c3",
        "webhook-timestamp": "1772960400",
        "webhook-signature": "v1,ZI/tRFgmg+uZIPltAlbpSgYBtyUQlxiN0I/HtI6Fcb0=",
    }


def test_two_keys_give_two_signatures() -> None:
    keys = [bytes(range(32)), bytes(range(32, 64))]
    headers = signature_headers("dlv_1", sent_at=AT, body=BODY, keys=keys)

    assert [part.partition(",")[0] for part in headers["webhook-signature"].split(" ")] == ["v1", "v1"]


def test_an_id_with_a_dot_is_refused() -> None:
    with pytest.raises(ValueError, match="no dot"):
        signature_headers("dlv.1", sent_at=AT, body=BODY, keys=[])


@given(st.binary(min_size=24, max_size=64), st.booleans())
def test_a_secret_is_read_with_or_without_padding(key: bytes, padded: bool) -> None:
    encoded = base64.b64encode(key).decode()

    assert parse_secret("whsec_" + (encoded if padded else encoded.rstrip("="))) == key


@pytest.mark.parametrize("size", [0, 1, 23, 65])
def test_a_secret_of_the_wrong_size_is_refused(size: int) -> None:
    secret = "whsec_" + base64.b64encode(bytes(size)).decode()

    with pytest.raises(ValueError, match="24 to 64 bytes"):
        parse_secret(secret)


def test_a_token_belongs_to_one_subscription_at_one_endpoint_under_one_key() -> None:
    tokens = {
        unsubscribe_token(key, subscription_id=subscription, endpoint_id=endpoint)
        for key in (b"k" * 32, b"l" * 32)
        for subscription, endpoint in (("a", "bc"), ("ab", "c"), ("a", "b"))
    }

    assert len(tokens) == 6
    assert all("=" not in token and len(token) == 32 for token in tokens)
