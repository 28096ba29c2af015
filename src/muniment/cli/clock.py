"""What time it is, for commands that date what they make."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from muniment.model.errors import UsageError


def clock(environment: Mapping[str, str]) -> Callable[[], datetime]:
    """The time in UTC, or the fixed one that SOURCE_DATE_EPOCH gives. Raises UsageError."""
    given = environment.get("SOURCE_DATE_EPOCH")
    if not given:
        return lambda: datetime.now(UTC)
    try:
        fixed = datetime.fromtimestamp(int(given), UTC)
    except (ValueError, OverflowError, OSError) as fault:
        message = f'SOURCE_DATE_EPOCH is "{given}"; it must be seconds since 1970-01-01'
        raise UsageError(message) from fault
    return lambda: fixed
