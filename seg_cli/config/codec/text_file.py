"""Text files from outside as numbered lines, and the sentences that name a line."""

from collections.abc import Iterator

from seg_cli.errors import BadFile

MOST_BYTES = 64 * 1024 * 1024
"""The largest file that is read; two full tables, of 40,000 rows each, are well below it."""

BLANKS = " \t"


def numbered_lines(data: bytes) -> Iterator[tuple[int, str]]:
    """Each line that says something, with its number from 1 and without blanks around it.

    Empty lines and comments (`#`, `;`) are left out. Lines end in LF or CRLF; a byte order mark is
    allowed. Raises BadFile for a file that is too large or is not UTF-8.
    """
    if len(data) > MOST_BYTES:
        raise BadFile(f"The file is larger than {MOST_BYTES} bytes.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise bad_line(data.count(b"\n", 0, error.start) + 1, "this is not UTF-8.") from None
    for number, line in enumerate(text.split("\n"), 1):
        content = line.removesuffix("\r").strip(BLANKS)
        if content and content[0] not in "#;":
            yield number, content


def bad_line(number: int, why: str) -> BadFile:
    """The refusal of a file for what stands in one of its lines."""
    return BadFile(f"Line {number}: {why}")
