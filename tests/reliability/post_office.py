"""Post: an API that takes everything it is not told to leave, and keeps its own record."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Letter = tuple[int, str]
"""Who and what: the tenant's number and the month. However it is written, it may go once."""


@dataclass
class Post:
    """The API: its record, and how it is to answer."""

    taken: list[tuple[str, Letter]] = field(default_factory=list)
    """The identifier, and the letter that its body says."""
    tried: set[Letter] = field(default_factory=set)
    """Letters of which a request came, taken or not."""
    met: list[str] = field(default_factory=list)
    """How each request was met."""
    answers: list[str] = field(default_factory=list)
    """How the next requests are met: `ok`, `lost` (taken, no answer), or a status."""
    port: int = 0
    kill: Callable[[], None] | None = None
    """What ends the sender once the next request is there."""

    def meets(self, body: dict[str, Any]) -> str:
        told = body["Letter"]
        letter = (int(told["Invoicee"]["Address1"].split()[-1]), told["Invoicee"]["Reference"])
        how = self.answers.pop(0) if self.answers else "ok"
        self.tried.add(letter)
        self.met.append(how)
        if how in {"ok", "lost", "500"}:
            self.taken.append((told["Identifier"], letter))
        if self.kill is not None:
            self.kill()
        return how


@contextmanager
def post_office() -> Iterator[Post]:
    """A Post that listens on loopback."""
    post, one_by_one = Post(), threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            with one_by_one:
                how = post.meets(body)
            if how == "lost":
                self.close_connection = True
                return
            name = body["Letter"]["Identifier"]
            answer = json.dumps({"RequestId": name, "Message": f"{name} is accepted."}).encode()
            self.send_response(202 if how == "ok" else int(how))
            if how == "503":
                self.send_header("Retry-After", "0")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            """Nobody reads it."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        post.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield post
        finally:
            server.shutdown()
            thread.join()
