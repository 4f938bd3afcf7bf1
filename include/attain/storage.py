"""What the machine refuses – space, permission, memory, a failing disk – as a sentence instead of a stack trace."""

from __future__ import annotations

import errno
import os
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from attain.errors import AttainError, StorageFailed

_STANDS = "What is published stays whole."
# DuckDB, Arrow and dbt hand the system's words on, not its number.
_WORDS = {
    errno.ENOSPC: ("No space left on device", "Disk quota exceeded", "failed to offload data block"),
    errno.EROFS: ("Read-only file system",),
    errno.EACCES: ("Permission denied", "Operation not permitted"),
    errno.EFBIG: ("File too large",),
    errno.EIO: ("Input/output error",),
    errno.ENOMEM: ("Out of Memory Error", "could not allocate block", "std::bad_alloc", "Cannot allocate memory"),
}
_SAME = {errno.EDQUOT: errno.ENOSPC, errno.EPERM: errno.EACCES}
_SENTENCES = {
    errno.ENOSPC: "There is no space left under {home}. Make room and start again.",
    errno.EROFS: "{home} lies on a file system that is mounted read-only; state has to be written there. Mount it "
    "for writing, or name another folder: ATTAIN_HOME.",
    errno.EACCES: "{home} cannot be written by this user. Give the folder to the user that runs Attain, or name "
    "another one: ATTAIN_HOME.",
    errno.EFBIG: "A file under {home} became larger than this system allows (ulimit -f). Raise that limit.",
    errno.EIO: "The disk under {home} fails to read or write. Look at the system's log, and restore to a sound disk.",
    errno.ENOMEM: "Memory ran out, also with spilling to disk under {home}. Give the run more memory or fewer threads "
    "and start again.",
}


@contextmanager
def told(home: Path) -> Iterator[None]:
    """Raises StorageFailed instead of an error of the system about space, permission, memory or disk under `home`."""
    try:
        yield
    except StorageFailed:
        raise
    except Exception as error:
        reason = reason_of(error, home)
        if reason is None:
            raise
        detail = "".join(traceback.format_exception_only(error)).strip().splitlines()[0][:300]
        raise StorageFailed(f"{_SENTENCES[reason].format(home=home)} {_STANDS} ({detail})") from error


def reason_of(error: BaseException, home: Path) -> int | None:
    """The errno that says what the machine refused, None for any other kind of error."""
    number = _SAME.get(getattr(error, "errno", None) or 0, getattr(error, "errno", None))
    if isinstance(error, OSError) and number in _SENTENCES and _is_state(error, home):
        return number
    if isinstance(error, MemoryError):
        return errno.ENOMEM
    if _hands_words_on(error):
        text = str(error)
        return next((number for number, words in _WORDS.items() if any(word in text for word in words)), None)
    # A library may raise its own error while it handles the system's, as the one that writes workbooks does.
    behind = error.__cause__ or error.__context__
    return reason_of(behind, home) if behind else None


def _hands_words_on(error: BaseException) -> bool:
    package = type(error).__module__.split(".")[0]
    return package in ("duckdb", "_duckdb", "pyarrow") or type(error) in (OSError, AttainError)


def _is_state(error: OSError, home: Path) -> bool:
    # A company's file that cannot be read is the company's matter, and is told where it is read.
    return error.filename is None or os.path.abspath(os.fsdecode(error.filename)).startswith(str(home.absolute()))


def writable(folder: Path) -> str | None:
    """Why nothing can be written into a folder; None when something can. What the test wrote is removed."""
    probe = folder / f".probe-{os.getpid()}"
    try:
        probe.write_bytes(b"\0" * 4096)
    except OSError as error:
        return error.strerror or str(error)
    finally:
        with suppress(OSError):
            probe.unlink(missing_ok=True)
    return None
