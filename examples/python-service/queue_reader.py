"""One queue of the broker, as seamwright keeps it in Redis: a stream with a consumer group, and a stream of dead letters.

See "What it makes" in docs/guides/redis.md.
"""

import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass

from redis_client import Redis

GROUP = "seamwright"
LEASE_MS = 10_000


@dataclass(frozen=True)
class Message:
    number: bytes
    headers: dict
    body: bytes


class QueueReader:
    def __init__(self, url: str, queue: str) -> None:
        self._redis = Redis(url)
        self._queue = queue
        self._stream = f"{{seamwright}}:stream:0:{queue}"
        self._dead = f"{{seamwright}}:stream:0:{queue}.dlq"
        self._me = uuid.uuid4().hex

    def __enter__(self) -> "QueueReader":
        return self

    def __exit__(self, *_: object) -> None:
        self._redis.close()

    def messages(self) -> Iterator[Message]:
        """Without end: first what readers before this one have left behind, then what comes."""
        yield from self._left_behind()
        while True:
            self._redis.call("SET", f"{{seamwright}}:alive:{self._me}", 1, "PX", LEASE_MS)
            read = self._redis.call(
                "XREADGROUP", "GROUP", GROUP, self._me, "COUNT", 16, "BLOCK", 200, "STREAMS", self._stream, ">"
            )
            for _, entries in read or []:
                yield from map(_message, entries)

    def acknowledge(self, message: Message) -> None:
        """Both at once: killed in between, it would lie in the stream for ever, and nobody would be given it again."""
        self._redis.transaction(*self._done(message))

    def bury(self, message: Message, reason: str) -> None:
        """To the dead letters, whole, with what an operator needs to know; then it is done here."""
        why = {"sw-reason": reason, "sw-queue": self._queue, "sw-service": "search", "sw-attempts": "1"}
        headers = json.dumps({**message.headers, **why})
        self._redis.transaction(("XADD", self._dead, "*", "h", headers, "b", message.body), *self._done(message))

    def _done(self, message: Message) -> tuple[tuple, tuple]:
        return ("XACK", self._stream, GROUP, message.number), ("XDEL", self._stream, message.number)

    def _left_behind(self) -> Iterator[Message]:
        """This service runs once: who else holds messages is a life of it that has ended."""
        start = b"0-0"
        while True:
            start, entries, *_ = self._redis.call("XAUTOCLAIM", self._stream, GROUP, self._me, 0, start, "COUNT", 100)
            yield from [_message(entry) for entry in entries if entry is not None]
            if start == b"0-0":
                return


def _message(entry: list) -> Message:
    number, fields = entry
    found = dict(zip(fields[::2], fields[1::2]))
    try:
        headers = json.loads(found.get(b"h", b"{}"))
    except ValueError:
        headers = {}
    return Message(number, headers if isinstance(headers, dict) else {}, found.get(b"b", b""))
