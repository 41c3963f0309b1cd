"""The columns of a table of tokens: what people call them, and which stands where."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cached_property

from django.utils.translation import gettext as _

from storewarden.marketplaces.base import StoreType, TokenKind
from storewarden.marketplaces.registry import marketplace
from storewarden.stores import wording
from storewarden.stores.errors import Refusal

CONNECT, RENEW = "connect", "renew"
NICKNAME, TYPE, SHOP, ORDER, AREA = "nickname", "store_type", "shop_id", "order", "area"
PRODUCT = "product:cn"
ECHOED = 40
# A run of letters with digits in it that is longer than any name: a token in a wrong column.
TOKEN_LIKE = re.compile(r"(?=[A-Za-z]*[0-9])(?=[0-9]*[A-Za-z])[A-Za-z0-9]{32,}")

# Names are compared without case, blanks, brackets and the like: see `plain`.
NAMES: Mapping[str, Sequence[str]] = {
    NICKNAME: (
        "nickname", "store nickname", "shop nickname", "store", "store name", "name",
        "nickname or shop id", "店铺昵称", "昵称", "店铺", "店铺名称", "店铺名", "名称",
        "店铺昵称或店铺ID",
    ),
    TYPE: (
        "type", "store type", "shop type", "店铺类型", "类型", "托管类型", "托管模式", "经营模式",
    ),
    SHOP: ("shop id", "store id", "mall id", "店铺id", "店铺编号", "商城id"),
    AREA: ("area", "order area", "region", "区域", "地区", "订单区域"),
    PRODUCT: (
        "product stock token", "product token", "product", "stock token", "token product cn",
        "产品库存token", "产品token", "商品库存token", "商品token", "库存token", "产品库存",
        "产品库存令牌",
    ),
    ORDER: (
        "order shipping token", "order token", "order tokens", "order", "token order",
        "订单发货token", "订单token", "发货token", "订单发货", "订单发货令牌",
    ),
}  # fmt: skip
AREAS: Mapping[str, Sequence[str]] = {
    "us": ("us", "usa", "美国", "美区"),
    "eu": ("eu", "europe", "欧盟", "欧洲", "欧区"),
    "global": ("global", "gl", "全球", "全球区"),
}
TYPES: Mapping[StoreType, Sequence[str]] = {
    StoreType.SEMI: (
        "semi", "semi consignment", "semi managed", "半托管", "半托", "半托管店铺", "半托店铺",
    ),
    StoreType.FULL: (
        "full", "full consignment", "full managed", "fully managed", "全托管", "全托",
        "全托管店铺", "全托店铺",
    ),
}  # fmt: skip


def plain(text: str) -> str:
    """A name without what people write differently: case, width, blanks, brackets, dashes."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(letter for letter in folded if letter.isalnum())


def _column_names() -> dict[str, str]:
    found = {plain(name): column for column, names in NAMES.items() for name in names}
    for area, words in AREAS.items():
        for word in map(plain, words):
            for name in ("", "token", *map(plain, NAMES[ORDER])):
                found[name + word] = found[word + name] = f"{TokenKind.ORDER}:{area}"
    return found


COLUMN_OF = _column_names()
TYPE_OF = {plain(name): kind for kind, names in TYPES.items() for name in names}
AREA_OF = {plain(name): area for area, names in AREAS.items() for name in names}


def known_name(text: str) -> bool:
    return plain(text) in COLUMN_OF


def printable(text: str) -> str:
    """Without what a database refuses or a page would show wrongly."""
    return "".join("�" if unicodedata.category(one)[0] == "C" else one for one in text)


def masked(text: str) -> str:
    """A text of a cell as it may be kept and shown: short, printable, and never a token."""
    if TOKEN_LIKE.search(text):
        return f"…{printable(text[-4:])}"
    clean = printable(text)
    return clean if len(clean) <= ECHOED else f"{clean[:ECHOED]}…"


def header(kind: str, market: str) -> list[str]:
    """The names of the columns in the reader's language, for templates and help."""
    first = [NICKNAME, TYPE] if kind == CONNECT else [NICKNAME, SHOP]
    slots = marketplace(market).slots(StoreType.SEMI)
    ordered = sorted(slots, key=lambda slot: slot.kind is not TokenKind.PRODUCT)
    return [column_words(one) for one in (*first, *map(str, ordered))]


def column_words(column: str) -> str:
    words = {
        NICKNAME: _("nickname"),
        TYPE: _("store type"),
        SHOP: _("shop id"),
        AREA: _("area"),
    }
    return words.get(column) or wording.slot_name(column)


class Header:
    """Which column stands where. Raises Refusal when what is needed is not there."""

    def __init__(self, kind: str, market: str, names: Sequence[str]) -> None:
        self.kind, self.market = kind, market
        self.slots = {str(slot): slot for slot in marketplace(market).slots(StoreType.SEMI)}
        self.columns = [self._column(name) for name in names]
        pairs = zip(names, self.columns, strict=True)
        self.unread = tuple(masked(name) for name, column in pairs if name and not column)
        self._refuse_lacking()
        self._refuse_twice()

    @cached_property
    def tokens(self) -> list[str]:
        """The columns that tokens stand in."""
        return [one for one in self.columns if one in self.slots or one == ORDER]

    def _column(self, name: str) -> str:
        """A column, or "" for one that is not read: Temu tells the shop id, the store its type."""
        column = COLUMN_OF.get(plain(name), "")
        other = SHOP if self.kind == CONNECT else TYPE
        elsewhere = ":" in column and column not in self.slots
        return "" if column == other or elsewhere else column

    def _refuse_twice(self) -> None:
        named = [one for one in self.columns if one]
        twice = next((one for one in named if named.count(one) > 1), "")
        if twice:
            raise Refusal(
                "table_column_twice",
                _("Two columns of the table mean the same: %(column)s.")
                % {"column": column_words(twice)},
                _("Take one of them out."),
            )

    def _refuse_lacking(self) -> None:
        lacking = self._lacking_to_connect() if self.kind == CONNECT else self._lacking_to_renew()
        if lacking:
            raise self._lacking(lacking)
        if ORDER in self.columns and AREA not in self.columns:
            raise Refusal(
                "table_area_missing",
                _("A column of order shipping tokens does not say for which area they are."),
                _("Name it like “order shipping token (US)”, or add a column “area”."),
            )

    def _lacking_to_connect(self) -> list[str]:
        return [one for one in (NICKNAME, TYPE, PRODUCT) if one not in self.columns]

    def _lacking_to_renew(self) -> list[str]:
        named = NICKNAME in self.columns or SHOP in self.columns
        return ([] if named else [NICKNAME]) + ([] if self.tokens else [PRODUCT])

    def _lacking(self, lacking: Sequence[str]) -> Refusal:
        return Refusal(
            "table_column_missing",
            _("The first line of the table has no column for: %(columns)s.")
            % {"columns": wording.listed(map(column_words, lacking))},
            _("Write the names of the columns there: %(names)s. The template has them.")
            % {"names": wording.listed(header(self.kind, self.market))},
        )
