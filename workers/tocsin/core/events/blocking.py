"""Index keys that bring an account together with the few events it could be, so that cost does not grow with history.

A key is type family × where or who × when. An event is indexed under all its keys; an account looks up those of the
events it could match: its own town, the province around it, events known only by the country, its actors.
"""

from collections.abc import Iterable
from datetime import date, timedelta

from tocsin.core.events.identity import UNDATED_DAYS, Profile, place_key
from tocsin.core.mentions import Precision

STRETCH_DAYS = 4


def event_keys(event: Profile) -> tuple[str, ...]:
    """The keys to index an event under."""
    return _cross(event, _places(event) | _actors(event), _times(event))


def lookup_keys(account: Profile) -> tuple[str, ...]:
    """The keys to look up for an account that may be of a known event."""
    return _cross(account, _sought(account), _sought_times(account))


def _cross(profile: Profile, tokens: Iterable[str], times: Iterable[str]) -> tuple[str, ...]:
    family = profile.line[-1]
    return tuple(f"block:{family}:{token}:{time}" for token in sorted(set(tokens)) for time in sorted(set(times)))


def _towns(profile: Profile) -> set[str]:
    return {f"t.{place_key(p.name)}" for p in profile.places if p.kind not in {"country", "province"}}


def _provinces(profile: Profile) -> set[str]:
    named = {p.province for p in profile.places if p.province}
    return {f"p.{place_key(name)}" for name in named | {p.name for p in profile.places if p.kind == "province"}}


def _places(profile: Profile) -> set[str]:
    towns, provinces = _towns(profile), _provinces(profile)
    found = towns | provinces | {f"c.{country}" for country in profile.countries}
    if not towns and not provinces:
        found |= {f"co.{country}" for country in profile.countries}
    return found | {f"s.{digest}" for digest in profile.sentences}


def _actors(profile: Profile) -> set[str]:
    found = {f"a.{actor}" for actor in profile.cast.kin}
    if not profile.places and not profile.countries:
        found |= {f"ao.{actor}" for actor in profile.cast.kin}
    return found


def _sought(profile: Profile) -> set[str]:
    found = {f"s.{digest}" for digest in profile.sentences}
    towns, provinces = _towns(profile), _provinces(profile)
    if towns or provinces:
        found |= towns | provinces | {f"co.{country}" for country in profile.countries}
    elif profile.countries:
        found |= {f"c.{country}" for country in profile.countries}
    else:
        return found | {f"a.{actor}" for actor in profile.cast.kin}
    return found | {f"ao.{actor}" for actor in profile.cast.kin}


def _times(profile: Profile) -> set[str]:
    """A dated event under its days, one without a date under a stretch of days, a vague one under month or year."""
    when = profile.date
    if when is None:
        return _stretches(profile.anchor_on, profile.anchor_on)
    if when.precision is Precision.YEAR:
        return {f"y{when.on.year}"}
    if when.precision is Precision.MONTH:
        return {_month(when.on)}
    return _days(when.on, when.on + timedelta(days=6 if when.precision is Precision.WEEK else 0))


def _sought_times(profile: Profile) -> set[str]:
    when = profile.date
    if when is not None and when.precision is Precision.YEAR:
        return {f"y{when.on.year}"}
    if when is not None and when.precision is Precision.MONTH:
        last = when.on + timedelta(days=30)
        return _days(when.on, last) | _stretches(when.on, last) | {_month(when.on)}
    around = timedelta(days=UNDATED_DAYS)
    first, last = profile.anchor_on - around, profile.anchor_on + around
    if when is None:
        days = _days(first, last)
    else:
        length = 6 if when.precision is Precision.WEEK else 0
        days = _days(when.on - timedelta(days=1), when.on + timedelta(days=length + 1))
    return days | _stretches(first, last) | {_month(first), _month(last)}


def _days(first: date, last: date) -> set[str]:
    return {f"d{day}" for day in range(first.toordinal(), last.toordinal() + 1)}


def _stretches(first: date, last: date) -> set[str]:
    return {f"u{n}" for n in range(first.toordinal() // STRETCH_DAYS, last.toordinal() // STRETCH_DAYS + 1)}


def _month(day: date) -> str:
    return f"m{day:%Y-%m}"
