"""Broken containers: a damaged workbook or Parquet file fails anywhere in the libraries that read it."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from attain.errors import AttainError

Item = TypeVar("Item")
# What a seek to nowhere says; any other refusal of the system is not the file's fault.
_OF_THE_FILE = (None, errno.EINVAL)


@contextmanager
def read_or(refusal: Callable[[Exception], AttainError]) -> Iterator[None]:
    """Whatever goes wrong inside is the file's fault and raised as `refusal`, except what the machine refuses."""
    try:
        yield
    except (AttainError, MemoryError):
        raise
    except Exception as error:
        if isinstance(error, OSError) and error.errno not in _OF_THE_FILE:
            raise
        raise refusal(error) from error


def each_or(items: Iterator[Item], refusal: Callable[[Exception], AttainError]) -> Iterator[Item]:
    """The items; what goes wrong in reading the next is told as by `read_or`, what a caller does with it is not."""
    while True:
        with read_or(refusal):
            try:
                item = next(items)
            except StopIteration:
                return
        yield item
