"""Lines of a text file, and what each holds, as `lib/files/split-lines.ts` and `read-text.ts` read them."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any

from landing.json_text import MAX_DEPTH, is_too_deep, parse_object
from shared.load_plan import FileForm

MAX_LINE_BYTES = 1024 * 1024
MAX_COLUMNS = 2000
_BOM = b"\xef\xbb\xbf"
_BLANK = "\t\n\v\f\r \u00a0\u1680" + "".join(map(chr, range(0x2000, 0x200B))) + "\u2028\u2029\u202f\u205f\u3000\ufeff"
#: The bytes that windows-1252 leaves free are controls to browsers, and so to land-file.
_WINDOWS_1252 = "".join(bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in range(256))

#: The number of a line in the file, from 1, and its bytes without the line feed.
Numbered = tuple[int, bytes]


@dataclass(frozen=True)
class Line:
    """A line; of several lines where a quoted value holds line breaks. Without bytes when it is too long to be held."""

    number: int
    content: bytes | None
    has_stray_quote: bool = False
    breaks: int = 0


@dataclass(frozen=True)
class Found:
    """What a line holds, or why it is no row. The reason never holds a value."""

    number: int
    data: dict[str, Any] | None = None
    reason: str = ""
    text: str | None = None


class UnreadableFileError(Exception):
    """A file that can never be read, whatever is tried: it is held as a whole."""


def is_whole(line: bytes, form: FileForm) -> bool:
    """Whether a quoted value neither begins nor goes on beyond this line, if it begins a row."""
    quote = _quote_of(form)
    return quote is None or quote not in line or _end_of(line, quote, form.delimiter.encode()) != "open"


def join_lines(numbered: Iterable[Numbered], form: FileForm) -> Iterator[Line]:
    """Rows of a file, read in its order: a quoted value may hold line breaks.

    Where quotes do not add up within the longest line, only the line that opens them is lost.
    """
    quote, delimiter = _quote_of(form), form.delimiter.encode()
    rest = iter(numbered)
    ahead: list[Numbered] = []
    for number, content in _taking(ahead, rest):
        if quote is None or quote not in content or len(content) > MAX_LINE_BYTES:
            yield _line(number, content)
            continue
        end, joined, taken = _end_of(content, quote, delimiter), content, 0
        while end == "open" and len(joined) <= MAX_LINE_BYTES:
            if taken == len(ahead):
                if (following := next(rest, None)) is None:
                    break
                ahead.append(following)
            added = ahead[taken][1]
            joined, taken = joined + b"\n" + added, taken + 1
            if quote in added:
                end = _end_of(joined, quote, delimiter)
        if end == "line" and len(joined) <= MAX_LINE_BYTES:
            del ahead[:taken]
            yield _line(number, joined, breaks=taken)
        else:
            yield _line(number, content, has_stray_quote=True)


def line_reader(form: FileForm, columns: list[str]) -> Callable[[Line], Found | None]:
    """A function from a line to what it holds; None for a blank one."""
    take = (lambda number, text: _row_of(number, text, form, columns)) if form.format == "csv" else _object_of

    def read(line: Line) -> Found | None:
        if line.content is None:
            return Found(line.number, reason=f"the line is longer than {MAX_LINE_BYTES} bytes")
        content = without_bom(line)
        text = decode(content, form)
        if text is None:
            reason = "the line has bytes that are no text in its encoding"
            return Found(line.number, reason=reason, text=line.content.decode("latin-1"))
        if line.has_stray_quote:
            return Found(line.number, reason="a quote opens a value and nothing closes it", text=text)
        return take(line.number, text)

    return read


def header_of(line: Line, form: FileForm, needed: list[str]) -> list[str]:
    """The columns that a CSV file names in its first line."""
    text = None if line.content is None or line.has_stray_quote else decode(without_bom(line), form)
    columns = None if text is None else _fields_of(text, form)
    if columns is None:
        raise UnreadableFileError(f"the header is no line of {form.encoding} text with CSV in it")
    if len(columns) > MAX_COLUMNS:
        raise UnreadableFileError(f"the header has {len(columns)} columns, allowed: {MAX_COLUMNS}")
    if missing := [name for name in needed if name not in columns]:
        reason = "its columns were renamed, or the file is another"
        raise UnreadableFileError(f"the header has no column {', '.join(missing)}; {reason}")
    if twice := [name for name in needed if columns.count(name) > 1]:
        raise UnreadableFileError(f"the header has column {', '.join(twice)} twice")
    return columns


def decode(content: bytes, form: FileForm) -> str | None:
    """The text of a line; None when its bytes are none in the encoding."""
    if form.encoding != "utf-8":
        return content.decode("latin-1").translate(_WINDOWS_1252)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return None


def without_bom(line: Line) -> bytes:
    """A byte order mark is no part of the first line."""
    content = line.content or b""
    return content.removeprefix(_BOM) if line.number == 1 else content


def _taking(ahead: list[Numbered], rest: Iterator[Numbered]) -> Iterator[Numbered]:
    while True:
        following = ahead.pop(0) if ahead else next(rest, None)
        if following is None:
            return
        yield following


def _line(number: int, content: bytes, *, has_stray_quote: bool = False, breaks: int = 0) -> Line:
    if len(content) > MAX_LINE_BYTES:
        return Line(number, None)
    return Line(number, content.removesuffix(b"\r"), has_stray_quote, breaks)


def _quote_of(form: FileForm) -> bytes | None:
    return form.quote.encode() if form.format == "csv" and form.quote != "none" else None


def _end_of(line: bytes, quote: bytes, delimiter: bytes) -> str:
    """`line` when its quotes add up, `open` when one is never closed, `stray` when something follows a closed one."""
    at = 0
    while True:
        if line[at : at + 1] == quote:
            at = _after_quoted(line, at, quote)
            if at < 0:
                return "open"
            if line[at:] in (b"", b"\r"):
                return "line"
            if line[at : at + 1] != delimiter:
                return "stray"
        else:
            at = line.find(delimiter, at)
            if at < 0:
                return "line"
        at += 1


def _after_quoted(line: bytes, opening: int, quote: bytes) -> int:
    """The first byte after a quoted value; -1 when nothing closes it. Two quotes are one that is meant."""
    at = opening + 1
    while (close := line.find(quote, at)) >= 0:
        if line[close + 1 : close + 2] != quote:
            return close + 1
        at = close + 2
    return -1


def _object_of(number: int, text: str) -> Found | None:
    if text.strip(_BLANK) == "":
        return None
    if is_too_deep(text):
        return Found(number, reason=f"the event nests deeper than {MAX_DEPTH} levels", text=text)
    data, losses = parse_object(text)
    if data is None:
        return Found(number, reason="the line is no JSON object", text=text)
    return Found(number, reason="; ".join(losses), text=text) if losses else Found(number, data)


def _row_of(number: int, text: str, form: FileForm, columns: list[str]) -> Found | None:
    if text == "":
        return None
    fields = _fields_of(text, form)
    if fields is None:
        return Found(number, reason="a quote stands inside a value that is not quoted", text=text)
    if len(fields) != len(columns):
        reason = f"found {len(fields)} values, allowed: {len(columns)}, as the header has"
        return Found(number, reason=reason, text=text)
    return Found(number, dict(zip(columns, fields, strict=True)))


def _fields_of(text: str, form: FileForm) -> list[str] | None:
    """The values of a line; None when its quotes make no sense."""
    if form.quote == "none" or form.quote not in text:
        return text.split(form.delimiter)
    fields: list[str] = []
    pieces = chain(text.split(form.delimiter))
    for piece in pieces:
        value = piece
        if piece.startswith(form.quote):
            while value.count(form.quote) % 2 == 1:
                if (more := next(pieces, None)) is None:
                    return None
                value += form.delimiter + more
            if not value.endswith(form.quote) or form.quote in value[1:-1].replace(form.quote * 2, ""):
                return None
            value = value[1:-1].replace(form.quote * 2, form.quote)
        elif form.quote in piece:
            return None
        fields.append(value)
    return fields
