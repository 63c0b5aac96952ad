"""Which parts of a date a token of digits can be: a day, a year, a numeric date, a time of day."""

import re

from tocsin.core.dates.meanings import OLDEST

NUMBER_SLOTS = frozenset({"day", "nth", "n", "year", "year2", "numeric", "clock", "hour", "hhmm"})
NEWEST = 2099
LAST_DAY = 31
_NUMERIC = re.compile(r"(\d+)[-/.](\d+)[-/.](\d+)")
_CLOCK = re.compile(r"(\d\d?)[:.](\d\d)")
_DIGITS = re.compile(r"\d+")


def number_values(low: str, suffixes: tuple[str, ...], clocks: tuple[str, ...] = ()) -> dict[str, object]:
    """Slot name to value for a token that begins with a digit.

    `suffixes` are those of ordinals ("27th"), `clocks` those of times ("3pm").
    """
    if low.isdecimal():
        return _whole(low)
    digits = _DIGITS.match(low)
    if digits and low[digits.end() :] in suffixes:
        day = int(digits[0]) if digits.end() <= 2 else 0
        return {"day": day, "nth": day} if 1 <= day <= LAST_DAY else {}
    if digits and low[digits.end() :] in clocks:
        return {"clock": low} if digits.end() <= 2 and _is_time(int(digits[0]), 0) else {}
    numeric = _NUMERIC.fullmatch(low)
    if numeric:
        return {"numeric": (*(int(part) for part in numeric.groups()), "." in low)}
    clock = _CLOCK.fullmatch(low)
    return {"clock": low} if clock and _is_time(int(clock[1]), int(clock[2])) else {}


def _whole(low: str) -> dict[str, object]:
    number = int(low) if len(low) <= 4 else 0
    values: dict[str, object] = {}
    if len(low) <= 3:
        values["n"] = number
    if len(low) <= 2:
        if 1 <= number <= LAST_DAY:
            values["day"] = number
        if _is_time(number, 0):
            values["hour"] = number
    if len(low) == 2:
        values["year2"] = number
    if len(low) == 4:
        if OLDEST <= number <= NEWEST:
            values["year"] = number
        if _is_time(number // 100, number % 100):
            values["hhmm"] = low
    return values


def _is_time(hour: int, minute: int) -> bool:
    return hour <= 24 and minute < 60
