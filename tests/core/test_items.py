"""Which item, which page, which text: keys, canonical addresses and fingerprints."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.core.addresses import canonical_url, host_of
from tocsin.core.feeds import FeedEntry
from tocsin.core.fingerprint import distance, numbers_in, simhash
from tocsin.core.ids import make_id
from tocsin.core.items import item_keys

STORY = (
    "Customs officers in the port found two tonnes of cocaine behind a shipment of bananas and led away three dockers "
    "who had been watched for months, the prosecutor said in a statement read out on local radio this morning. "
) * 3


def entry(guid: str = "", url: str = "", title: str = "", body: str = "") -> FeedEntry:
    return FeedEntry(guid=guid, url=url, title=title, body=body)


def test_the_publishers_id_is_the_key():
    assert ("a", "b") == item_keys([entry(guid="a"), entry(guid="b")])


def test_one_id_for_all_items_hides_none():
    keys = item_keys([entry(guid="x", url="https://e.org/1"), entry(guid="x", url="https://e.org/2"), entry(guid="x")])

    assert ("x", "x|https://e.org/2", "x|2") == keys


def test_without_id_the_canonical_address_is_the_key():
    assert ("https://e.org/1",) == item_keys([entry(url="http://www.e.org/1?utm_source=rss")])


@given(
    st.lists(
        st.builds(
            FeedEntry,
            guid=st.sampled_from(["", "a", "b"]),
            url=st.sampled_from(["", "https://e.org/1"]),
            title=st.text(max_size=3),
            body=st.just(""),
        )
    )
)
def test_keys_never_collide_within_a_document(entries):
    keys = item_keys(entries)

    assert len(keys) == len(entries)
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize(
    "url",
    [
        "https://www.e.org/a/b",
        "http://e.org:80/a/b/",
        "https://e.org/a/b?utm_medium=x&fbclid=1#part",
        "https://amp.e.org/a/b/amp",
        "HTTPS://E.org/a/b/index.html",
    ],
)
def test_links_to_one_page_share_a_canonical_address(url):
    assert canonical_url(url) == "https://e.org/a/b"


def test_what_selects_the_page_is_kept():
    assert canonical_url("https://e.org:8443/?id=7&a=") == "https://e.org:8443/?a=&id=7"


@given(st.text(max_size=60) | st.from_regex(r"https?://[a-z.]{1,12}(:\d{1,7})?/[ -~]{0,30}", fullmatch=True))
def test_canonical_is_idempotent_and_never_raises(url):
    once = canonical_url(url)

    assert canonical_url(once) == once
    assert isinstance(host_of(url), str)


def test_copies_of_a_story_have_near_fingerprints():
    assert distance(simhash(STORY), simhash(STORY.replace("led away", "arrested", 1))) <= 3


def test_other_stories_have_far_fingerprints():
    other = "The city council voted to plant four hundred trees along the river after residents asked for shade. " * 6

    assert distance(simhash(STORY), simhash(other)) > 12


@given(st.text())
def test_a_fingerprint_has_64_bits(text):
    assert 0 <= simhash(text) < 2**64


def test_reports_that_differ_in_a_number_are_told_apart():
    assert numbers_in("10 strikes near 2 towns") != numbers_in("12 strikes near 2 towns")


def test_ids_depend_on_where_parts_end():
    assert make_id("art", "ab", "c") != make_id("art", "a", "bc")
