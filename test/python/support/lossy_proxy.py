"""A proxy between a client and a server that forwards requests and loses the first answers to some of them.

It is a process of its own, `<endpoint> <suffix> <losses> <log>`: delta-rs holds Python's lock while it waits.
"""

import contextlib
import http.client
import json
import socket
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

HOP = ("content-length", "transfer-encoding", "connection")


class LossyProxy:
    """While it is entered, the answers to the first PUTs of a path with this suffix are lost, after the server has done
    what they ask for.
    """

    def __init__(self, endpoint: str, suffix: str, losses: int, log: Path) -> None:
        self._command = [sys.executable, __file__, endpoint, suffix, str(losses), str(log)]
        self._log = log

    def __enter__(self) -> "LossyProxy":
        self._process = subprocess.Popen(self._command, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout
        self.endpoint = self._process.stdout.readline().strip()
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()

    def answers(self, method: str, suffix: str) -> list[int]:
        """The server's answers to requests of this kind, lost ones included."""
        lines = [json.loads(line) for line in self._log.read_text().splitlines()]
        return [status for found, path, status in lines if found == method and path.endswith(suffix)]


def handler_of(endpoint: str, suffix: str, losses: int, log: Path) -> type[BaseHTTPRequestHandler]:
    target, left = urlsplit(endpoint), [losses]

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def forward(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            server = http.client.HTTPConnection(target.hostname or "", target.port)
            server.request(self.command, self.path, body, dict(self.headers))
            answer = server.getresponse()
            content = answer.read()
            with log.open("a") as lines:
                lines.write(json.dumps([self.command, self.path.split("?")[0], answer.status]) + "\n")
            if self.command == "PUT" and self.path.split("?")[0].endswith(suffix) and left[0] > 0:
                left[0] -= 1
                self.close_connection = True
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            self.give(answer, content)

        def give(self, answer: http.client.HTTPResponse, content: bytes) -> None:
            self.send_response_only(answer.status)
            for name, value in answer.getheaders():
                if name.lower() not in HOP:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(answer.getheader("Content-Length", str(len(content)))))
            self.end_headers()
            self.wfile.write(content)

        def handle(self) -> None:
            # A client that has what it wanted may hang up.
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                super().handle()

        do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = forward

        def log_message(self, *_: Any) -> None:
            pass

    return Handler


def main(endpoint: str, suffix: str, losses: str, log: str) -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler_of(endpoint, suffix, int(losses), Path(log)))
    print(f"http://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main(*sys.argv[1:])
