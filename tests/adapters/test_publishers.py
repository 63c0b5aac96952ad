"""Who publishes a page."""

import pytest

from tocsin.adapters.publishers import publisher_of


@pytest.mark.parametrize(
    ("url", "publisher"),
    [
        ("https://news.herald.co.uk/a", "herald.co.uk"),
        ("https://www.herald.example/a", "herald.example"),
        ("https://desk.github.io/a", "desk.github.io"),
        ("http://localhost/a", "localhost"),
        ("http://10.0.0.1:8080/a", "10.0.0.1"),
        ("http://[fd00::1]:8080/a", "fd00::1"),
        ("no address", ""),
    ],
)
def test_a_publisher_is_a_registrable_domain_or_the_host_itself(url: str, publisher: str) -> None:
    assert publisher == publisher_of(url)


def test_two_addresses_that_end_alike_are_two_publishers() -> None:
    assert publisher_of("http://10.0.0.1/a") != publisher_of("http://192.168.0.1/a")
