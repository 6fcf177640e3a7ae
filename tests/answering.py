"""An API that does what a test wants before it answers: what must not go on is held there."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread


@contextmanager
def answering(before: Callable[[list[str]], object]) -> Iterator[str]:
    """Its address. It takes every letter, and answers once `before` has returned, which is told the
    identifiers of all that came so far."""
    came: list[str] = []
    one_by_one = Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            name = body["Letter"]["Identifier"]
            with one_by_one:
                came.append(name)
                so_far = [*came]
            before(so_far)
            answer = json.dumps({"RequestId": name, "Message": f"{name} is accepted."}).encode()
            self.send_response(202)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            """Nobody reads it."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        thread = Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()
