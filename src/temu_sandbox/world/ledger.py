"""The effect ledger: what really happened, whatever the caller was told."""

import json
from collections.abc import Mapping

from temu_sandbox.clock import WorldClock
from temu_sandbox.world.database import Database
from temu_sandbox.world.model import LedgerRow

SELLER_CENTRAL = "seller_central"
"""The ``api_type`` of deeds done by hand in Seller Central."""


class Ledger:
    """Append-only. Rows are written in the transaction of the effect that they record."""

    def __init__(self, database: Database, clock: WorldClock) -> None:
        self._database = database
        self._clock = clock

    def record(
        self,
        effect: str,
        *,
        mall_id: int,
        subject: str,
        area: str,
        api_type: str = SELLER_CENTRAL,
        details: Mapping[str, object],
    ) -> None:
        self._database.write(
            "INSERT INTO ledger (at_s, area, api_type, mall_id, effect, subject, details)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                self._clock.now_s(), area, api_type, mall_id, effect, subject,
                json.dumps(details, ensure_ascii=False),
            ),
        )  # fmt: skip

    def rows(
        self,
        *,
        effect: str | None = None,
        mall_id: int | None = None,
        subject: str | None = None,
        api_type: str | None = None,
        after_id: int = 0,
        limit: int = 1000,
    ) -> list[LedgerRow]:
        """Rows as they happened, after row ``after_id``; what is left None does not filter."""
        found = self._database.all(
            "SELECT * FROM ledger WHERE id > :after_id AND (:effect IS NULL OR effect = :effect)"
            " AND (:mall_id IS NULL OR mall_id = :mall_id)"
            " AND (:subject IS NULL OR subject = :subject)"
            " AND (:api_type IS NULL OR api_type = :api_type) ORDER BY id LIMIT :limit",
            {"after_id": after_id, "effect": effect, "mall_id": mall_id, "subject": subject,
             "api_type": api_type, "limit": limit},
        )  # fmt: skip
        return [LedgerRow(**{**dict(row), "details": json.loads(row["details"])}) for row in found]
