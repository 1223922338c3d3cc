"""Runs a command on a terminal and answers its questions: `{words of a question: answer}`, then the command."""

import json
import os
import pty
import sys

answers: dict[str, str] = json.loads(sys.argv[1])


def read(terminal: int) -> bytes:
    data = os.read(terminal, 1024)
    for words in [words for words in answers if words.encode() in data]:
        os.write(terminal, f"{answers.pop(words)}\n".encode())
    return data


sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[2:], read)))
