"""What a date expression means: arithmetic from the slots of a pattern to a date with its precision."""

import calendar
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tocsin.core.dates.token_patterns import Match
from tocsin.core.mentions import EventDate, Precision

WEEK = 7
MONTHS = 12
OLDEST = 1900


@dataclass(frozen=True, slots=True)
class Context:
    """What an expression is counted from: the report's instant, the day last named before it, and which way to look."""

    reference: datetime
    anchor: date | None = None
    forward: bool = False

    @property
    def today(self) -> date:
        """The report's day in the outlet's time zone."""
        return self.reference.date()


Arguments = Mapping[str, str]
Meaning = Callable[[Match, Arguments, Context], EventDate | None]


def resolve(means: str, match: Match, arguments: Arguments, context: Context) -> EventDate | None:
    """The date meant, or None when the words name none or the calendar has no such day."""
    try:
        return MEANINGS[means](match, arguments, context)
    except (ValueError, OverflowError):
        return None


def _number(match: Match, slot: str) -> int | None:
    value = match.get(slot)
    return value if isinstance(value, int) else None


def _weekday(match: Match, arguments: Arguments, context: Context) -> EventDate | None:
    wanted = _number(match, "weekday")
    if wanted is None:
        return None
    side = arguments.get("side", "")
    if side in {"after", "ahead"} or (context.forward and side != "before"):
        ahead = (wanted - context.today.weekday()) % WEEK
        return EventDate(on=context.today + timedelta(days=ahead or (WEEK if side == "after" else 0)))
    back = (context.today.weekday() - wanted) % WEEK
    return EventDate(on=context.today - timedelta(days=back or (WEEK if side == "before" else 0)))


def _weekday_of_week(match: Match, arguments: Arguments, context: Context) -> EventDate | None:
    wanted = _number(match, "weekday")
    if wanted is None:
        return None
    monday = context.today - timedelta(days=context.today.weekday())
    return EventDate(on=monday + timedelta(days=WEEK * int(arguments.get("by", "0")) + wanted))


def _shift(match: Match, arguments: Arguments, context: Context) -> EventDate | None:
    count = _number(match, "n")
    amount = int(arguments.get("by", "-1")) * (1 if count is None else count)
    unit = arguments.get("unit") or str(match.get("unit") or "day")
    found = _shifted(context, amount, unit, context.today)
    if unit == "week" and count is not None:  # "a week ago" is counted in days, "last week" from a Monday
        return EventDate(on=context.today + timedelta(days=WEEK * amount), precision=Precision.WEEK)
    return found


def _anchored(match: Match, arguments: Arguments, context: Context) -> EventDate | None:
    count = _number(match, "n")
    amount = int(arguments.get("by", "-1")) * (1 if count is None else count)
    if context.anchor is None and amount >= 0:
        return None
    unit = arguments.get("unit") or str(match.get("unit") or "day")
    return _shifted(context, amount, unit, context.anchor or context.today)


def _shifted(context: Context, amount: int, unit: str, origin: date) -> EventDate:
    if unit == "hour":
        return EventDate(on=(context.reference + timedelta(hours=amount)).date())
    if unit == "day":
        return EventDate(on=origin + timedelta(days=amount))
    if unit == "week":
        day = origin + timedelta(days=WEEK * amount)
        return EventDate(on=day - timedelta(days=day.weekday()), precision=Precision.WEEK)
    if unit == "month":
        months = origin.year * MONTHS + origin.month - 1 + amount
        return EventDate(on=date(months // MONTHS, months % MONTHS + 1, 1), precision=Precision.MONTH)
    years = {"year": 1, "decade": 10, "century": 100}[unit]
    return EventDate(on=date(origin.year + amount * years, 1, 1), precision=Precision.YEAR)


def _weekend(_match: Match, arguments: Arguments, context: Context) -> EventDate | None:
    monday = context.today - timedelta(days=context.today.weekday())
    saturday = monday + timedelta(days=5 + WEEK * int(arguments.get("by", "0")))
    if saturday > context.today and int(arguments.get("by", "0")) == 0 and not context.forward:
        saturday -= timedelta(days=WEEK)
    return EventDate(on=saturday, precision=Precision.WEEK)


def _year_of(match: Match, context: Context) -> int | None:
    full = _number(match, "year")
    if full is not None:
        return full
    short = _number(match, "year2")
    if short is None:
        return None
    century = context.today.year - context.today.year % 100
    year = century + short
    return year if year <= context.today.year + 1 else year - 100


def _nearest(month: int, day: int, context: Context) -> date:
    """The latest such day that is not after the report, or the first that is not before it when looking forward."""
    step = 1 if context.forward else -1
    year = context.today.year
    for _ in range(9):  # a 29 February is at most eight years away
        if day <= calendar.monthrange(year, month)[1]:
            found = date(year, month, day)
            if (found - context.today).days * step >= 0:
                return found
        year += step
    raise ValueError("the calendar has no such day")


def _day(match: Match, _arguments: Arguments, context: Context) -> EventDate | None:
    days = [value for value in match.all("day") if isinstance(value, int)]
    month, year = _number(match, "month"), _year_of(match, context)
    if month is None or not days:
        return None
    first = _nearest(month, days[0], context) if year is None else date(year, month, days[0])
    months = [value for value in match.all("month") if isinstance(value, int)]
    length = days[-1] - days[0]
    if len(months) > 1:
        last = date(first.year + (months[-1] < months[0]), months[-1], days[-1])
        length = (last - first).days
    if length < 0:
        return None
    if length <= 1:
        return EventDate(on=first)
    return EventDate(on=first, precision=Precision.WEEK if length <= WEEK else Precision.MONTH)


def _day_of_month(match: Match, arguments: Arguments, context: Context) -> EventDate | None:
    day = _number(match, "nth")
    if day is None:
        return None
    months = context.today.year * MONTHS + context.today.month - 1 + int(arguments.get("by", "0"))
    found = date(months // MONTHS, months % MONTHS + 1, day)
    if "by" not in arguments and found > context.today:
        months -= 1
        found = date(months // MONTHS, months % MONTHS + 1, day)
    return EventDate(on=found)


def _month(match: Match, arguments: Arguments, context: Context) -> EventDate | None:
    month, year = _number(match, "month"), _year_of(match, context)
    if month is None:
        return None
    if year is None and arguments.get("by"):
        year = context.today.year + int(arguments["by"])
    if year is None:
        year = context.today.year
        side = arguments.get("side")
        if side == "after" or context.forward:
            year += month < context.today.month or (side == "after" and month == context.today.month)
        elif month > context.today.month or (side == "before" and month == context.today.month):
            year -= 1
    return EventDate(on=date(year, month, 1), precision=Precision.MONTH)


def _year(match: Match, _arguments: Arguments, _context: Context) -> EventDate | None:
    year = _number(match, "year")
    return None if year is None else EventDate(on=date(year, 1, 1), precision=Precision.YEAR)


def _numeric(match: Match, arguments: Arguments, context: Context) -> EventDate | None:
    value = match.get("numeric")
    if not isinstance(value, tuple):
        return None
    first, second, third, dotted = value
    if first > 31:
        return EventDate(on=date(first, second, third))
    month, day = (first, second) if arguments.get("order", "mdy") == "mdy" and not dotted else (second, first)
    if month > MONTHS:
        month, day = day, month
    if third < 100:
        third += context.today.year - context.today.year % 100
        third -= 100 if third > context.today.year + 1 else 0
    return EventDate(on=date(third, month, day))


def _holiday(_match: Match, arguments: Arguments, context: Context) -> EventDate | None:
    month, day = arguments["on"].split("-")
    return EventDate(on=_nearest(int(month), int(day), context))


def _same_day(_match: Match, _arguments: Arguments, context: Context) -> EventDate | None:
    return None if context.anchor is None else EventDate(on=context.anchor)


def _none(_match: Match, _arguments: Arguments, _context: Context) -> EventDate | None:
    return None


MEANINGS: Mapping[str, Meaning] = {
    "weekday": _weekday,
    "weekday_of_week": _weekday_of_week,
    "shift": _shift,
    "anchored": _anchored,
    "weekend": _weekend,
    "day": _day,
    "day_of_month": _day_of_month,
    "month": _month,
    "year": _year,
    "numeric": _numeric,
    "holiday": _holiday,
    "same_day": _same_day,
    "none": _none,
}
