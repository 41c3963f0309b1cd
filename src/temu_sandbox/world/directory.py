"""Sellers, accounts, malls, apps, warehouses and carriers: who and what there is."""

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import astuple

from temu_sandbox.world.database import Database
from temu_sandbox.world.model import Account, App, Carrier, Mall, Seller, Warehouse


class Directory:
    """Looks up by id raise KeyError with a sentence; writing is for seeding and control."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def sellers(self) -> list[Seller]:
        return [Seller(**row) for row in self._database.all("SELECT * FROM sellers ORDER BY id")]

    def accounts(self, seller_id: int | None = None) -> list[Account]:
        rows = self._database.all(
            "SELECT * FROM accounts WHERE ? IS NULL OR seller_id = ? ORDER BY id",
            (seller_id, seller_id),
        )
        return [_account(row) for row in rows]

    def account(self, account_id: int) -> Account:
        row = self._database.one("SELECT * FROM accounts WHERE id = ?", (account_id,))
        return _account(_there(row, f"There is no account {account_id} in this sandbox."))

    def malls(self, seller_id: int | None = None) -> list[Mall]:
        rows = self._database.all(
            "SELECT * FROM malls WHERE ? IS NULL OR seller_id = ? ORDER BY mall_id",
            (seller_id, seller_id),
        )
        return [_mall(row) for row in rows]

    def mall(self, mall_id: int) -> Mall:
        row = self._database.one("SELECT * FROM malls WHERE mall_id = ?", (mall_id,))
        return _mall(_there(row, f"There is no mall {mall_id} in this sandbox."))

    def apps(self, area: str | None = None) -> list[App]:
        rows = self._database.all(
            "SELECT * FROM apps WHERE ? IS NULL OR area = ? ORDER BY name DESC, app_key",
            (area, area),
        )
        return [_app(row) for row in rows]

    def find_app(self, app_key: str) -> App | None:
        row = self._database.one("SELECT * FROM apps WHERE app_key = ?", (app_key,))
        return None if row is None else _app(row)

    def app(self, app_key: str) -> App:
        found = self.find_app(app_key)
        if found is None:
            raise KeyError(f"There is no app {app_key} in this sandbox.")
        return found

    def warehouses(self, mall_id: int) -> list[Warehouse]:
        rows = self._database.all(
            "SELECT * FROM warehouses WHERE mall_id = ? ORDER BY is_default DESC, warehouse_id",
            (mall_id,),
        )
        return [_warehouse(row) for row in rows]

    def carriers(self, region_id: int | None = None) -> list[Carrier]:
        rows = self._database.all(
            "SELECT * FROM carriers WHERE ? IS NULL OR region_id = ? ORDER BY carrier_id",
            (region_id, region_id),
        )
        return [Carrier(**row) for row in rows]

    def carrier(self, carrier_id: int) -> Carrier | None:
        row = self._database.one("SELECT * FROM carriers WHERE carrier_id = ?", (carrier_id,))
        return None if row is None else Carrier(**row)

    def add_seller(self, seller: Seller, accounts: Sequence[Account]) -> None:
        with self._database.writing():
            self._database.write("INSERT INTO sellers VALUES (?, ?)", astuple(seller))
            self._database.write_many(
                "INSERT INTO accounts VALUES (?, ?, ?, ?)", [astuple(a) for a in accounts]
            )

    def add_mall(self, mall: Mall) -> None:
        values = (mall.mall_id, mall.name, mall.seller_id, mall.kind, json.dumps(mall.region_ids),
                  mall.semi_unique_id, mall.dpa_signed, mall.stock_cap)  # fmt: skip
        self._database.write("INSERT INTO malls VALUES (?, ?, ?, ?, ?, ?, ?, ?)", values)

    def save_mall(self, mall: Mall) -> None:
        """Keep what can change about a mall: the agreement signed, the platform's stock cap."""
        self._database.write(
            "UPDATE malls SET dpa_signed = ?, stock_cap = ? WHERE mall_id = ?",
            (mall.dpa_signed, mall.stock_cap, mall.mall_id),
        )

    def save_app(self, app: App) -> None:
        values = (app.app_key, app.app_secret, app.area, app.name, app.kind, app.suspended,
                  _dumped(app.ip_list), _dumped(app.scopes))  # fmt: skip
        self._database.write(
            "INSERT INTO apps VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (app_key) DO UPDATE SET"
            " app_secret = excluded.app_secret, name = excluded.name, kind = excluded.kind,"
            " suspended = excluded.suspended, ip_list = excluded.ip_list, scopes = excluded.scopes",
            values,
        )

    def add_warehouses(self, warehouses: Sequence[Warehouse]) -> None:
        self._database.write_many(
            "INSERT INTO warehouses VALUES (?, ?, ?, ?, ?, ?, ?)", [astuple(w) for w in warehouses]
        )

    def add_carriers(self, carriers: Sequence[Carrier]) -> None:
        self._database.write_many(
            "INSERT INTO carriers VALUES (?, ?, ?, ?, ?)", [astuple(c) for c in carriers]
        )


def _there(row: sqlite3.Row | None, sentence: str) -> sqlite3.Row:
    if row is None:
        raise KeyError(sentence)
    return row


def _account(row: sqlite3.Row) -> Account:
    return Account(row["id"], row["seller_id"], row["name"], bool(row["is_main"]))


def _mall(row: sqlite3.Row) -> Mall:
    values = dict(row)
    values["region_ids"] = tuple(json.loads(values["region_ids"]))
    values["dpa_signed"] = bool(values["dpa_signed"])
    return Mall(**values)


def _app(row: sqlite3.Row) -> App:
    values = dict(row)
    values["suspended"] = bool(values["suspended"])
    values["ip_list"] = _loaded(values["ip_list"])
    values["scopes"] = _loaded(values["scopes"])
    return App(**values)


def _warehouse(row: sqlite3.Row) -> Warehouse:
    values = dict(row)
    values["is_default"] = bool(values["is_default"])
    values["disabled"] = bool(values["disabled"])
    return Warehouse(**values)


def _dumped(values: tuple[str, ...] | None) -> str | None:
    return None if values is None else json.dumps(values)


def _loaded(text: str | None) -> tuple[str, ...] | None:
    return None if text is None else tuple(json.loads(text))
