"""The Redis protocol (RESP 2), as far as a consumer needs it."""

import socket
from urllib.parse import unquote, urlsplit


class RedisError(Exception):
    """The server refused a command, or said nothing that can be read."""


class Redis:
    def __init__(self, url: str, timeout: float = 5) -> None:
        parts = urlsplit(url)
        self._socket = socket.create_connection((parts.hostname, parts.port or 6379), timeout)
        self._stream = self._socket.makefile("rb")
        if parts.password:
            login = [unquote(parts.username)] if parts.username else []
            self.call("AUTH", *login, unquote(parts.password))
        number = parts.path.lstrip("/")
        if number:
            self.call("SELECT", number)

    def call(self, *command: str | int | bytes):
        """Sends one command and answers its reply: bytes, int, list or None."""
        encoded = [part if isinstance(part, bytes) else str(part).encode() for part in command]
        self._socket.sendall(
            b"*%d\r\n" % len(encoded) + b"".join(b"$%d\r\n%s\r\n" % (len(part), part) for part in encoded)
        )
        return self._reply()

    def transaction(self, *commands: tuple) -> None:
        """All of them or none."""
        self.call("MULTI")
        for command in commands:
            self.call(*command)
        self.call("EXEC")

    def close(self) -> None:
        self._stream.close()
        self._socket.close()

    def _reply(self):
        line = self._stream.readline()
        if not line.endswith(b"\r\n"):
            raise ConnectionError("the connection is gone")
        kind, rest = line[:1], line[1:-2]
        if kind == b"+":
            return rest
        if kind == b"-":
            raise RedisError(rest.decode())
        if kind == b":":
            return int(rest)
        if kind == b"$":
            return None if rest == b"-1" else self._exactly(int(rest))
        if kind == b"*":
            return None if rest == b"-1" else [self._reply() for _ in range(int(rest))]
        raise RedisError(f"an answer that begins with {kind!r}")

    def _exactly(self, size: int) -> bytes:
        data = self._stream.read(size + 2)
        if len(data) != size + 2:
            raise ConnectionError("the connection is gone")
        return data[:-2]
