"""What has to be known of a CSV file before it can be read: encoding, separator, header, sound quotes."""

from __future__ import annotations

import codecs
import csv
import mmap
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np

from attain.errors import InputError
from attain.sources import header
from attain.sources.header import Wanted

_CHUNK = 4 << 20
_HEAD_BYTES = 1 << 20
_SEPARATORS = ",;\t"
# So much valid non-ASCII text before the first bad byte cannot be chance: the file is UTF-8 with a fault.
_UTF8_EVIDENCE = 8
# The csv module refuses longer cells; deliveries hold cells of 10 MB.
csv.field_size_limit(sys.maxsize)


@dataclass(frozen=True)
class Layout:
    """How to read the file: its header's row number as people count, `data_offset` the byte after it."""

    separator: str
    columns: list[str]
    header_row: int
    data_offset: int


def encoding_of(path: Path, label: str) -> str:
    """`utf-8`, `utf-8-sig`, `utf-16` or `gb18030`. Raises InputError naming the row for anything else."""
    with path.open("rb") as file:
        head = file.read(4096)
    if head.startswith(codecs.BOM_UTF8):
        _decodes(path, "utf-8-sig", label, must=True)
        return "utf-8-sig"
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        _decodes(path, "utf-16", label, must=True)
        return "utf-16"
    if head[:200].count(0) * 3 > len(head[:200]):
        raise InputError(f"{label}: looks like UTF-16 without a byte order mark; save it as UTF-8.")
    if _decodes(path, "utf-8", label, must=False):
        return "utf-8"
    _decodes(path, "gb18030", label, must=True)
    return "gb18030"


def _decodes(path: Path, encoding: str, label: str, *, must: bool) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    row, evidence, chunk = 1, 0, b""
    with path.open("rb") as file:
        try:
            while chunk := file.read(_CHUNK):
                text = decoder.decode(chunk)
                row += text.count("\n")
                evidence += 0 if text.isascii() else sum(1 for char in text[:10_000] if ord(char) > 127)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError as error:
            before = bytes(error.object[: error.start]).decode(encoding, errors="ignore")
            evidence += sum(1 for char in before[:1_000_000] if ord(char) > 127)
            if must or evidence >= _UTF8_EVIDENCE:
                byte = error.object[error.start]
                name = "UTF-8" if encoding.startswith("utf-8") else encoding.upper()
                raise InputError(
                    f"{label}: line {row + before.count(chr(10))} holds the byte 0x{byte:02X}, which is not "
                    f"{name}; save the file as UTF-8 or GB18030. Nothing of it was loaded."
                ) from error
            return False
    return True


def to_utf8(path: Path, encoding: str, target: Path) -> None:
    """Writes the file as UTF-8 without a byte order mark."""
    decoder = codecs.getincrementaldecoder(encoding)()
    with path.open("rb") as source, target.open("wb") as sink:
        while chunk := source.read(_CHUNK):
            sink.write(decoder.decode(chunk).encode())
        sink.write(decoder.decode(b"", final=True).encode())


def layout_of(path: Path, start: int, wanted: Wanted, label: str) -> Layout | None:
    """Separator and header of a UTF-8 file whose text begins at byte `start`; None when the file is blank.

    The separator is the one under which the header has most known columns, then most columns.
    """
    with path.open("rb") as file:
        file.seek(start)
        lines = _head_lines(file)
    best: tuple[tuple[int, int], Layout] | None = None
    for separator in _SEPARATORS:
        records = list(_records(lines, separator))
        at = header.find([cells for cells, _, _ in records], wanted)
        if at is None:
            return None
        cells, number, used = records[at]
        rank = (wanted.matches(cells), len(cells))
        if best is None or rank > best[0]:
            offset = start + sum(len(line) for line in lines[:used])
            best = rank, Layout(separator, cells, number, offset)
    if best is None:
        return None
    found = best[1]
    return Layout(found.separator, header.clean(found.columns, label), found.header_row, found.data_offset)


def _head_lines(file: BinaryIO) -> list[bytes]:
    # bytes split at \n, \r\n and \r only; text would also split at characters that stand inside values
    head = file.read(_HEAD_BYTES)
    lines = head.splitlines(keepends=True)
    if len(head) < _HEAD_BYTES:
        return lines
    return lines[:-1] if len(lines) > 1 else [head + file.readline()]


def _records(lines: list[bytes], separator: str) -> Iterator[tuple[list[str], int, int]]:
    """The first records: cells, row number, how many lines were used up to its end."""
    skipped = 1 if lines and re.fullmatch(rb"sep=.[\r\n]*", lines[0], re.IGNORECASE) else 0
    reader = csv.reader((line.decode("utf-8", "replace") for line in lines[skipped:]), delimiter=separator)
    for number, cells in enumerate(reader, start=1 + skipped):
        yield cells, number, reader.line_num + skipped
        if number >= header.SEARCHED_ROWS:
            return


def check_quotes(path: Path, start: int, separator: str, label: str) -> bool:
    """Whether the file uses quotes. Raises InputError naming the row of a broken one.

    A quote that is never closed, or closed in the wrong place, makes a reader swallow rows without a word; so
    every quote has to open at the start of a value or close at its end. The fast test only knows quotes used
    that way; where it stumbles (an inch mark within a value, say) the exact one decides.
    """
    allowed = np.zeros(256, dtype=bool)
    allowed[[ord(separator), ord("\n"), ord("\r"), ord('"')]] = True
    inside, any_quotes, before = False, False, b"\n"
    with path.open("rb") as file:
        file.seek(start)
        while chunk := _read_past_quotes(file):
            if b'"' in chunk:
                any_quotes = True
                text = np.frombuffer(before + chunk + b"\n", np.uint8)
                quotes = np.flatnonzero(text[1:-1] == ord('"')) + 1
                openings, closings = quotes[int(inside) :: 2], quotes[1 - int(inside) :: 2]
                if not allowed[text[openings - 1]].all() or not allowed[text[closings + 1]].all():
                    _check_exactly(path, start, separator, label)
                    return True
                inside ^= bool(len(quotes) % 2)
            before = chunk[-1:]
    if inside:
        _check_exactly(path, start, separator, label)
    return any_quotes


def _read_past_quotes(file: BinaryIO) -> bytes:
    # What follows a quote decides about it, so no chunk may end with one.
    chunk = file.read(_CHUNK)
    while chunk.endswith(b'"') and (more := file.read(1)):
        chunk += more
    return chunk


def _check_exactly(path: Path, start: int, separator: str, label: str) -> None:
    mark = re.escape(separator.encode())
    opening = re.compile(b"(?<=[\r\n" + mark + b'])"')
    value = re.compile(rb'"(?:[^"]|"")*+"')
    follows = re.compile(b"[\r\n" + mark + rb"]|\Z")
    row, position = 1, start
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as text:
        while True:
            found = opening.search(text, position)
            at = start if position == start and text[start : start + 1] == b'"' else found.start() if found else -1
            if at < 0:
                return
            row += line_ends(text[position:at])
            whole = value.match(text, at)
            if whole is None:
                what = "a quote opens a value and is never closed"
            elif not follows.match(text, whole.end()):
                what = "text follows the closing quote of a value"
            else:
                position = whole.end()
                continue
            raise InputError(
                f'{label}: row {row}: {what}; quotes inside a value are written twice (""). Mend the row or '
                "export the file again. Nothing of it was loaded."
            )


def line_ends(text: bytes) -> int:
    """Number of line ends of any kind."""
    return text.count(b"\n") + text.count(b"\r") - text.count(b"\r\n")
