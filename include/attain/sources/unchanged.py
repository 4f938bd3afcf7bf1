"""A delivered file must stand still while it is read: not grow, not be replaced, not be removed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from attain.errors import InputError

Identity = tuple[int, ...] | None


def identity(path: Path) -> Identity:
    """Tells this very file from any other and from itself after a change; None when it is gone.

    The instant at which its entry changed is in it because, unlike that of its content, a copy or a synchronising
    program cannot set it.
    """
    try:
        facts = path.stat()
    except OSError:
        return None
    return (facts.st_dev, facts.st_ino, facts.st_size, facts.st_mtime_ns, facts.st_ctime_ns)


@contextmanager
def standing_still(path: Path, file: str, before: Identity) -> Iterator[None]:
    """Raises InputError when the file is not what it was `before`, whatever reading it made of that."""
    failed: Exception | None = None
    try:
        yield
    except Exception as error:
        failed = error
    if before is None or identity(path) != before:
        what = "changed" if path.exists() else "was removed"
        raise InputError(
            f"{file}: {what} while it was read; start again when it is complete. Nothing of it was loaded."
        ) from failed
    if isinstance(failed, PermissionError) and not os.access(path, os.R_OK):
        raise InputError(f"{file}: may not be read by this user; change its permissions.") from failed
    if failed:
        raise failed
