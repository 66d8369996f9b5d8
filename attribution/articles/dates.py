"""Dates as sources write them → ISO 8601."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime

_MONTHS = {
    name[:3]: n
    for n, name in enumerate(
        "january february march april may june july august september october november december".split(), 1
    )
}
_MONTH = r"(?P<month>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_WRITTEN = [
    re.compile(rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+{_MONTH},?\s+(?P<year>\d{{4}})\b", re.IGNORECASE),
    re.compile(rf"\b{_MONTH}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>\d{{4}})\b", re.IGNORECASE),
    re.compile(r"\b(?P<year>\d{4})/(?P<month>\d{1,2})/(?P<day>\d{1,2})\b"),
]
_SECONDS = range(100_000_000, 10_000_000_000)  # 1973 to 2286
_LONGEST = 100


def iso_date(value: object) -> str | None:
    """A date or time in ISO 8601, with a time and zone only if there is one; None for what is no sure date.

    Read are ISO 8601, RFC 2822 (mails, feeds), "4 March 2025", "March 4, 2025", "2025/3/4", seconds or milliseconds
    since 1970, and Python's own dates. "03/04/2025" means two different days and gives None.
    """
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _from_number(value)
    if isinstance(value, str) and 0 < len(value.strip()) <= _LONGEST:
        return _from_text(value.strip())
    return None


def _from_number(value: float) -> str | None:
    for seconds in (value, value / 1000):
        if _SECONDS.start <= seconds < _SECONDS.stop:
            return datetime.fromtimestamp(int(seconds), UTC).isoformat()
    return None


def _from_text(text: str) -> str | None:
    if re.match(r"\d{4}-\d{2}", text):
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            return _day(text[:10])
        return text if len(text) == 10 else moment.isoformat(timespec="seconds")
    if text.isdecimal() and len(text) >= 9:
        return _from_number(int(text))
    try:
        return parsedate_to_datetime(text).isoformat()
    except (ValueError, TypeError, IndexError, OverflowError):
        pass  # not of that form; the next one may fit
    for pattern in _WRITTEN:
        if match := pattern.search(text):
            month = match["month"].lower()
            number = int(month) if month.isdecimal() else _MONTHS[month[:3]]
            return _day(f"{match['year']}-{number:02}-{int(match['day']):02}")
    return None


def _day(text: str) -> str | None:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return None
