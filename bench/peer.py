"""The peer: PyPI `temu-api`, one page after the other as its README shows, in its own process.

It keeps nothing: what it reads is counted and dropped.
"""

import json
import sys
import time
from typing import Any

from temu_api import TemuClient  # type: ignore[import-untyped]  # the peer has no types

PAGE = 100


def pull(base_url: str, app_key: str, app_secret: str, token: str, since_s: int) -> int:
    """Read all pages; how many different orders came."""
    client = TemuClient(app_key, app_secret, token, base_url)
    seen: set[str] = set()
    page = 0
    while True:
        page += 1
        answer = client.order.list_orders_v2(
            page_number=page, page_size=PAGE,
            update_at_start=since_s, update_at_end=int(time.time()), sortby="updateTime",
        )  # fmt: skip
        result = _of(answer)
        rows = result["pageItems"]
        seen.update(row["parentOrderMap"]["parentOrderSn"] for row in rows)
        if len(rows) < PAGE:
            return len(seen)


def _of(answer: object) -> dict[str, Any]:
    if isinstance(answer, dict) and answer.get("success"):
        return dict(answer["result"])
    raise SystemExit(f"The sandbox refused the peer: {str(answer)[:200]}")


if __name__ == "__main__":
    given = json.loads(sys.stdin.readline())
    began_s = time.monotonic()
    orders = pull(**given)
    print(json.dumps({"orders": orders, "seconds": time.monotonic() - began_s}))
