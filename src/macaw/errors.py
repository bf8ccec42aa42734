"""Errors a user can act on, and the exit codes they lead to."""

from __future__ import annotations

EXIT_FAILED = 1
EXIT_USAGE = 2
# Done, and something found that a person should look at.
EXIT_WARNED = 3


class MacawError(Exception):
    """Something went wrong that the user can mend.

    The message names what failed, the value, the place, and what to do. The command line prints it
    without a traceback and exits with 1.

    >>> str(MacawError("cvpr2013.json: the file is empty", "download it again: macaw fetch paperlists"))
    'cvpr2013.json: the file is empty\\n  → download it again: macaw fetch paperlists'
    """

    exit_code = EXIT_FAILED

    def __init__(self, what: str, remedy: str | None = None) -> None:
        super().__init__(what if remedy is None else f"{what}\n  → {remedy}")
        self.what = what
        self.remedy = remedy


class UsageError(MacawError):
    """The command or call was worded wrongly; the command line exits with 2."""

    exit_code = EXIT_USAGE


class SourceError(MacawError):
    """A source file cannot be read at all (truncated, empty, not in its format)."""


class RegistryError(MacawError):
    """A hand-kept file of the registry breaks its own rules; the message names the file and the row."""
