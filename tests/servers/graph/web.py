"""The web server: connections on loopback, from bytes to a `Request` and from a `Response` to bytes."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import socket
import ssl
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.servers.graph.exchange import Request, Response


class WebServer(ThreadingHTTPServer):
    """A web server that knows its connections, so that it can end them; when it has stopped no thread is left."""

    daemon_threads = False

    # Under Wine, shutting a socket down does not wake the thread that reads from it.
    block_on_close = os.name != "nt"

    def __init__(self, handle: Callable[[Request], Response | None], now: Callable[[], dt.datetime]) -> None:
        """Answer with what `handle` returns, None being a dropped connection. `now` is Microsoft's clock."""
        self.handle = handle
        self.now = now
        self.connections: set[socket.socket] = set()
        self.stopping = False
        self.tls: ssl.SSLContext | None = None  # for the connections that it carries as a proxy
        super().__init__(("127.0.0.1", 0), _Connection)
        self._thread = threading.Thread(target=self.serve_forever, args=(0.01,), name="graph server")

    def start(self) -> None:
        """Start to answer."""
        self._thread.start()

    def stop(self) -> None:
        """Stop answering, and end the connections that clients keep alive."""
        self.stopping = True
        self.shutdown()
        self._thread.join()
        for connection in list(self.connections):
            _end(connection)
        self.server_close()

    def handle_error(self, *_: object) -> None:
        """Print nothing: a client may leave, and `GraphServer.accidents` has all other errors."""


class _Connection(BaseHTTPRequestHandler):
    """One connection."""

    server: WebServer
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # head and body in one packet

    def setup(self) -> None:
        super().setup()
        self.server.connections.add(self.connection)
        if self.server.stopping:
            _end(self.connection)

    def finish(self) -> None:
        self.server.connections.discard(self.connection)
        super().finish()
        if self.connection is not self.request:  # the encrypted one, which the server does not know
            self.connection.close()

    def log_message(self, *_: object) -> None:
        """Print nothing."""

    def date_time_string(self, timestamp: float | None = None) -> str:
        return super().date_time_string(self.server.now().timestamp() if timestamp is None else timestamp)

    def do_CONNECT(self) -> None:
        """Answer as a proxy that inspects traffic: with a certificate of its own, as every host that is asked for."""
        if self.server.tls is None:
            self.send_error(405)
            return
        self.send_response(200, "Connection established")
        self.end_headers()
        self.wfile.flush()
        self.server.connections.discard(self.connection)
        self.connection = self.server.tls.wrap_socket(self.connection, server_side=True)
        self.server.connections.add(self.connection)
        self.rfile = self.connection.makefile("rb", self.rbufsize)
        self.wfile = self.connection.makefile("wb", self.wbufsize)
        self.close_connection = False  # what was asked for with HTTP/1.0 goes on with HTTP/1.1

    def _serve(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        authorization = headers.pop("authorization", "")
        body = self.rfile.read(int(headers.get("content-length", "0")))
        request = Request(self.command, headers.get("host", ""), self.path, headers, body, authorization)
        response = self.server.handle(request)
        if response is None:
            self.close_connection = True
            _end(self.connection)
        else:
            self._send(response)

    def _send(self, response: Response) -> None:
        payload, kind = response.payload()
        self.send_response(response.status)
        if kind and "Content-Type" not in response.headers:
            self.send_header("Content-Type", kind)
        for name, value in response.headers.items():
            self.send_header(name, value)
        if response.status not in (204, 304):
            self.send_header("Content-Length", str(len(payload)))
        self.end_headers()
        self.wfile.write(payload)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _serve  # noqa: N815


def _end(connection: socket.socket) -> None:
    with contextlib.suppress(OSError):  # the client was faster
        connection.shutdown(socket.SHUT_RDWR)
