"""The rule by which a comparison fails a build."""

from enum import StrEnum


class FailOn(StrEnum):
    """Which verdicts make the exit code 1; unless never, so does a case that was right and is so no more."""

    NEVER = "never"
    SLOWER = "slower"
    NOT_SURE = "not-sure"
