"""What the tests of tables share: a table of stores of the sandbox, as CSV and as XLSX."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from io import BytesIO

from openpyxl import Workbook

from storewarden.people.actions import Actor
from storewarden.stores.models import TableJob, TableRow
from storewarden.stores.tables import actions as bulk
from storewarden.stores.tables import reading as tables
from storewarden.stores.tables import settling
from temu_sandbox.world import seed
from temu_sandbox.world.world import World
from tests.conftest import TESTER, Granting

HEADER = "nickname,store type,product stock token,order shipping token (US)"
RENEW_HEADER = "nickname,shop id,product stock token,order shipping token (US)"
ANNA = Actor("anna@example.test")


@dataclass(frozen=True)
class Wanted:
    """A store of the sandbox that a table asks for, and its tokens there."""

    nickname: str
    mall_id: int
    product: str
    order: str

    @property
    def line(self) -> str:
        return f"{self.nickname},semi,{self.product},{self.order}"

    @property
    def tokens(self) -> tuple[str, str]:
        return self.product, self.order


def more_malls(world: World, number: int) -> list[int]:
    """Semi-consignment malls beside those of the seed."""
    first = world.directory.mall(seed.SEMI_ONE)
    made = []
    for index in range(number):
        mall_id = 634418000002000 + index
        own = {"name": f"Mall {index + 1}", "semi_unique_id": f"SEMI{mall_id}"}
        world.directory.add_mall(replace(first, mall_id=mall_id, **own))
        made.append(mall_id)
    return made


def wanted(world: World, grant: Granting, number: int) -> list[Wanted]:
    return [
        Wanted(f"Shop {index + 1}", mall, grant(mall, "cn").token, grant(mall, "us").token)
        for index, mall in enumerate(more_malls(world, number))
    ]


def csv_of(lines: Sequence[str], header: str = HEADER) -> str:
    return "\n".join([header, *lines])


def xlsx_of(rows: Sequence[Sequence[object]]) -> bytes:
    book, out = Workbook(), BytesIO()
    for row in rows:
        book.active.append(list(row))
    book.save(out)
    return out.getvalue()


def handed_in(text: str, kind: str = "connect", actor: Actor = TESTER, **more: bool) -> TableJob:
    return bulk.hand_in(tables.read_text(kind, "temu", text), actor, **more)


def started(text: str, kind: str = "connect", **more: bool) -> TableJob:
    job = handed_in(text, kind, **more)
    bulk.start(job)
    return job


def worked_off(text: str, kind: str = "connect", **more: bool) -> TableJob:
    job = started(text, kind, **more)
    settling.work()
    job.refresh_from_db()
    return job


def ends(job: TableJob) -> list[str]:
    """How each line ended: its state, and the cause where it was refused."""
    return [one.cause if one.state == "refused" else one.state for one in rows(job)]


def rows(job: TableJob) -> list[TableRow]:
    return list(job.rows.order_by("line"))
