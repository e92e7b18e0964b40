"""Copies of products in SQLite: what is committed outlives the process."""

import json
import sqlite3
import threading


class Copies:
    def __init__(self, path: str) -> None:
        self._lock = threading.Lock()
        self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._db.execute(
            "create table if not exists products"
            " (id text primary key, epoch integer not null, sequence integer not null, fields text)"
        )

    def version(self, product_id: str) -> tuple[int, int]:
        """That of the tombstone when it is deleted; (-1, -1) when it was never seen."""
        with self._lock:
            row = self._db.execute("select epoch, sequence from products where id = ?", (product_id,)).fetchone()
        return row or (-1, -1)

    def write(self, product_id: str, version: tuple[int, int], fields: dict | None, tombstone: bool) -> None:
        with self._lock:
            if fields is None and not tombstone:
                self._db.execute("delete from products where id = ?", (product_id,))
                return
            self._db.execute(
                "insert or replace into products values (?, ?, ?, ?)",
                (product_id, *version, None if fields is None else json.dumps(fields)),
            )

    def rows(self) -> list[dict]:
        """As the harness reads them."""
        with self._lock:
            found = self._db.execute("select id, epoch, sequence, fields from products order by id").fetchall()
        return [
            {
                "id": product_id,
                "version": {"epoch": epoch, "sequence": str(sequence), "tie": ""},
                "deleted": fields is None,
                **({} if fields is None else {"fields": json.loads(fields)}),
            }
            for product_id, epoch, sequence, fields in found
        ]
