"""Keeps a copy of every product of the catalogue, with nothing but the standard library.

What the contract asks of a consumer is done by hand here, so that it can be seen:

- a version that is not newer than the one that is kept is dropped (ordering, duplicates);
- a deletion leaves its version behind, so that an older message cannot bring the product back (tombstones);
- a message is acknowledged only after its effect is on the disk;
- what can never be taken goes to the dead letters, whole and with the reason.

With NAIVE=1 the first two are left out: every message is written as it comes.
"""

import json
import os
import signal
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from copies import Copies
from queue_reader import QueueReader
from redis_client import RedisError

COLUMNS = {"id": str, "title": str, "weightGrams": int, "isDeleted": bool}
NAIVE = os.environ.get("NAIVE") == "1"
copies = Copies(os.environ.get("DATA", "search.sqlite"))


class Poison(Exception):
    """No retry can help."""


def product_of(body: bytes) -> dict:
    try:
        product = json.loads(body)
    except ValueError:
        raise Poison("undecodable") from None
    if not isinstance(product, dict):
        raise Poison("invalid")
    for name, kind in COLUMNS.items():
        if type(product.get(name)) is not kind:
            raise Poison("invalid")
    return product


def take(headers: dict, body: bytes) -> None:
    if headers.get("ce-type") != "ProductChanged":
        return
    product = product_of(body)
    version = (int(headers.get("ce-epoch", "0")), int(headers["ce-sequence"]))
    deleted = product["isDeleted"] or headers.get("ce-op") == "deleted"
    fields = {name: product[name] for name in ("id", "title", "weightGrams")}
    if NAIVE:
        copies.write(product["id"], version, None if deleted else fields, tombstone=False)
    elif version > copies.version(product["id"]):
        copies.write(product["id"], version, None if deleted else fields, tombstone=True)


def consume() -> None:
    while True:
        try:
            with QueueReader(os.environ["BROKER_URL"], "search.events") as queue:
                for message in queue.messages():
                    try:
                        take(message.headers, message.body)
                    except Poison as reason:
                        queue.bury(message, str(reason))
                    else:
                        queue.acknowledge(message)
        except (OSError, RedisError) as error:
            # What was not acknowledged is handed out again.
            print(f"the broker is away: {error}", file=sys.stderr)
            time.sleep(0.2)


class Probes(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        answers = {"/health": lambda: {"status": "up"}}
        if os.environ.get("SEAMWRIGHT_TEST_MODE") == "1":
            answers["/__seamwright/state"] = lambda: {"copies": {"Product": copies.rows()}}
        answer = answers.get(self.path)
        body = b"" if answer is None else json.dumps(answer()).encode()
        self.send_response(404 if answer is None else 200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


def main() -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    threading.Thread(target=consume, daemon=True).start()
    ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), Probes).serve_forever()


if __name__ == "__main__":
    main()
