"""Addresses of articles: one canonical form per page, one publisher per registrable domain."""

from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

_TRACKING = frozenset(
    "fbclid gclid dclid msclkid mc_cid mc_eid igshid ref ref_src cmpid ocid spm xtor at_medium at_campaign".split()
)
_INDEX = ("/index.html", "/index.htm", "/index.php", "/default.aspx")
_AMP_ENDINGS = ("/amp", "/amp/", ".amp", ".amp.html")


def canonical_url(url: str) -> str:
    """The address that two links to one page share: no tracking, fragment, AMP, default port or trailing index.

    Idempotent. An address that is not http(s) comes back stripped and unchanged.
    """
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        return url.strip()
    if parts.scheme.lower() not in {"http", "https"} or not parts.hostname:
        return url.strip()
    host = parts.hostname.lower().removeprefix("www.").removeprefix("amp.").rstrip(".")
    if not host:
        return url.strip()
    if ":" in host:
        host = f"[{host}]"
    if port and port not in {80, 443}:
        host = f"{host}:{port}"
    query = [(k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True) if not _is_tracking(k.lower())]
    # http and https of one page are one page.
    return urlunsplit(("https", host, _canonical_path(parts.path), urlencode(sorted(query)), ""))


def _is_tracking(name: str) -> bool:
    return name.startswith("utm_") or name in _TRACKING or name == "amp"


def _canonical_path(path: str) -> str:
    before = None
    while before != path:
        before = path
        for ending in (*_AMP_ENDINGS, *_INDEX):
            if path.lower().endswith(ending):
                path = path[: -len(ending)]
        path = path.rstrip("/").rstrip()
    return path or "/"


def host_of(url: str) -> str:
    """The lower-case host name, or an empty string."""
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""
