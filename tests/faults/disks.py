"""A small disk of its own, where this machine lets us have one: a tmpfs, which only the administrator may mount."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[Path]:
    """`folder` as a file system of that size. Skips the test where that is not allowed."""
    folder.mkdir(parents=True, exist_ok=True)
    done = _mount("-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder))
    if done:
        pytest.skip(f"no file system can be mounted here: {done}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=False)


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """The mounted folder takes no writes for a while."""
    assert _mount("-o", "remount,ro", str(folder)) == ""
    try:
        yield
    finally:
        assert _mount("-o", "remount,rw", str(folder)) == ""


def _mount(*words: str) -> str:
    try:
        done = subprocess.run(["mount", *words], capture_output=True, text=True, check=False)
    except OSError as error:
        return str(error)
    return "" if done.returncode == 0 else done.stderr.strip() or "refused"
