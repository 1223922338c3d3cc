"""Decodes the Parquet file on standard input and says by its exit code whether it survived that: see `check_apart`."""

import resource
import sys

from parquet import MEGABYTE, MOST_DECODED, read_table

# The decoded rows, and as much again for the reader and the interpreter.
MEMORY = 2 * MOST_DECODED + 512 * MEGABYTE


def main() -> None:
    """Decode, with a bound on memory that makes the reader fail here instead of the function."""
    content = sys.stdin.buffer.read()
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    read_table("the file", content)


if __name__ == "__main__":
    main()
