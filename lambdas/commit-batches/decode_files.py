"""The process behind `Decoder`: decodes the files on standard input, each after its length, and says of each that it
survived. A file that is no good Parquet is none of its business: the function finds that by itself.
"""

import resource
import sys

from decoder import LENGTH, SURVIVED
from parquet import MEGABYTE, MOST_DECODED, read_table
from staged_batch import InvalidBatch

# The decoded rows, and as much again for the reader and the interpreter.
MEMORY = 2 * MOST_DECODED + 512 * MEGABYTE


def main() -> None:
    """Decode, with a bound on memory that makes the reader fail here instead of the function."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    while head := sys.stdin.buffer.read(LENGTH.size):
        decode(sys.stdin.buffer.read(*LENGTH.unpack(head)))
        sys.stdout.buffer.write(SURVIVED)
        sys.stdout.buffer.flush()


def decode(content: bytes) -> None:
    """Decode a file; whatever ends this process is the answer."""
    try:
        read_table("the file", content)
    except InvalidBatch:
        return


if __name__ == "__main__":
    main()
