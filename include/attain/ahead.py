"""Work done ahead in a second process, while the first is busy: parsing the models, importing Great Expectations.

Both keep one processor busy for seconds (5 each, the first time) and neither needs the run's data. Whoever runs all steps
in one process wraps them in `helper`; without it, or when the helper dies, everything is done where it is called.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class _Helper:
    """The second process of this one, if there is any."""

    pool: ProcessPoolExecutor | None = None
    parsing: Future[None] | None = None


@contextmanager
def helper(scratch: Path) -> Iterator[None]:
    """Keep a second process for what happens inside; it begins at once. `scratch` is where dbt keeps its own things."""
    # Spawned, because a fork would copy the locks of threads that are not there.
    with ProcessPoolExecutor(1, get_context("spawn")) as _Helper.pool:
        _Helper.parsing = _Helper.pool.submit(_parse, scratch)
        _Helper.pool.submit(_import_expectations)
        try:
            yield
        finally:
            _Helper.pool.shutdown(cancel_futures=True)
            _Helper.pool = _Helper.parsing = None


def await_parsing() -> None:
    """Return when the helper has parsed the models, at once without it. What is wrong is found by the caller's own try."""
    if _Helper.parsing is not None:
        _Helper.parsing.exception()


def call(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """The function's result, from the helper when there is one; what it raises is raised here."""
    if _Helper.pool is not None:
        try:
            return _Helper.pool.submit(function, *args, **kwargs).result()
        except BrokenProcessPool:
            _Helper.pool = None
    return function(*args, **kwargs)


def _parse(scratch: Path) -> None:
    from attain.modelling import parse

    parse(scratch)


def _import_expectations() -> None:
    import great_expectations  # noqa: F401
