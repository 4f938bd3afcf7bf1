"""The errors Attain raises on purpose; each carries one sentence for the person who can mend it."""

from __future__ import annotations


class AttainError(Exception):
    """Base of all deliberate errors. `exit_code` is what the command line ends with."""

    exit_code = 3


class InputError(AttainError):
    """Something the user delivered or typed is wrong; names file, row or line, field, value, expectation."""

    exit_code = 2


class GateStopped(AttainError):
    """A critical finding of a gate; nothing was published and the previous set stands."""

    exit_code = 1


class Busy(AttainError):
    """Another run of the same company is at work."""

    exit_code = 2


class Corrupt(AttainError):
    """Stored state (a batch, a close, a published file) no longer matches its seal."""

    exit_code = 3


class StorageFailed(AttainError):
    """The state folder cannot be written (no space, read-only, failing disk) or memory ran out."""

    exit_code = 3
