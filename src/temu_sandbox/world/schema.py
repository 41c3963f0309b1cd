"""The tables of the simulated Temu. Times are POSIX seconds unless the name says ``_ms``."""

SCHEMA = """
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS sellers (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS accounts (
  id INTEGER PRIMARY KEY, seller_id INTEGER NOT NULL REFERENCES sellers(id),
  name TEXT NOT NULL, is_main INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS malls (
  mall_id INTEGER PRIMARY KEY, name TEXT NOT NULL,
  seller_id INTEGER NOT NULL REFERENCES sellers(id),
  kind TEXT NOT NULL CHECK (kind IN ('semi', 'full')),
  region_ids TEXT NOT NULL, semi_unique_id TEXT,
  dpa_signed INTEGER NOT NULL DEFAULT 1, stock_cap INTEGER NOT NULL DEFAULT 100000);
CREATE TABLE IF NOT EXISTS apps (
  app_key TEXT PRIMARY KEY, app_secret TEXT NOT NULL, area TEXT NOT NULL, name TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('isv', 'self')),
  suspended INTEGER NOT NULL DEFAULT 0, ip_list TEXT, scopes TEXT);

CREATE TABLE IF NOT EXISTS grants (
  id INTEGER PRIMARY KEY, mall_id INTEGER NOT NULL REFERENCES malls(mall_id),
  app_key TEXT NOT NULL REFERENCES apps(app_key), area TEXT NOT NULL, token TEXT NOT NULL UNIQUE,
  issued_at_s INTEGER NOT NULL, expires_at_s INTEGER NOT NULL,
  packages TEXT NOT NULL, scopes TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('active', 'removed', 'replaced')));
CREATE UNIQUE INDEX IF NOT EXISTS one_live_grant
  ON grants (mall_id, app_key, area) WHERE state <> 'replaced';

CREATE TABLE IF NOT EXISTS warehouses (
  warehouse_id TEXT PRIMARY KEY, mall_id INTEGER NOT NULL REFERENCES malls(mall_id),
  name TEXT NOT NULL, region_id INTEGER NOT NULL, is_default INTEGER NOT NULL,
  management_type INTEGER NOT NULL, disabled INTEGER NOT NULL DEFAULT 0);
CREATE INDEX IF NOT EXISTS warehouses_of_mall ON warehouses (mall_id);
CREATE TABLE IF NOT EXISTS carriers (
  carrier_id INTEGER PRIMARY KEY, region_id INTEGER NOT NULL, name TEXT NOT NULL,
  brand TEXT NOT NULL, tracking_pattern TEXT NOT NULL);

CREATE TABLE IF NOT EXISTS skcs (
  product_skc_id INTEGER PRIMARY KEY, mall_id INTEGER NOT NULL REFERENCES malls(mall_id),
  product_id INTEGER NOT NULL, goods_id INTEGER NOT NULL, name TEXT NOT NULL,
  colour TEXT NOT NULL, ext_code TEXT NOT NULL, created_at_ms INTEGER NOT NULL,
  site_status INTEGER NOT NULL, category_id INTEGER NOT NULL, category_name TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS skcs_of_mall ON skcs (mall_id, product_skc_id);
CREATE TABLE IF NOT EXISTS skus (
  product_sku_id INTEGER PRIMARY KEY, sku_id INTEGER NOT NULL,
  product_skc_id INTEGER NOT NULL REFERENCES skcs(product_skc_id),
  mall_id INTEGER NOT NULL, ext_code TEXT NOT NULL, size TEXT NOT NULL,
  weight_mg INTEGER NOT NULL, length_mm INTEGER NOT NULL, width_mm INTEGER NOT NULL,
  height_mm INTEGER NOT NULL, barcode TEXT NOT NULL,
  viewable INTEGER NOT NULL DEFAULT 1, in_promotion INTEGER NOT NULL DEFAULT 0);
CREATE INDEX IF NOT EXISTS skus_of_skc ON skus (product_skc_id);
CREATE TABLE IF NOT EXISTS stock (
  product_sku_id INTEGER NOT NULL REFERENCES skus(product_sku_id),
  warehouse_id TEXT NOT NULL, quantity INTEGER NOT NULL CHECK (quantity >= 0),
  temp_lock INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (product_sku_id, warehouse_id)) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS orders (
  id INTEGER PRIMARY KEY, parent_order_sn TEXT NOT NULL UNIQUE,
  mall_id INTEGER NOT NULL REFERENCES malls(mall_id), area TEXT NOT NULL,
  region_id INTEGER NOT NULL, status INTEGER NOT NULL, fulfillment TEXT NOT NULL,
  payment_type TEXT NOT NULL, created_at_s INTEGER NOT NULL, updated_at_s INTEGER NOT NULL,
  confirmed_at_s INTEGER, ship_by_s INTEGER, deliver_by_s INTEGER, shipped_at_s INTEGER,
  labels TEXT NOT NULL, warnings TEXT NOT NULL, address TEXT);
CREATE INDEX IF NOT EXISTS orders_by_update
  ON orders (mall_id, area, fulfillment, updated_at_s);
CREATE INDEX IF NOT EXISTS orders_by_creation
  ON orders (mall_id, area, fulfillment, created_at_s);
CREATE INDEX IF NOT EXISTS orders_of_mall ON orders (mall_id, updated_at_s);
CREATE TABLE IF NOT EXISTS order_lines (
  order_sn TEXT PRIMARY KEY, order_id INTEGER NOT NULL REFERENCES orders(id),
  status INTEGER NOT NULL, quantity INTEGER NOT NULL, original_quantity INTEGER NOT NULL,
  cancelled_quantity INTEGER NOT NULL, product_sku_id INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS lines_of_order ON order_lines (order_id);

CREATE TABLE IF NOT EXISTS parcels (
  package_sn TEXT PRIMARY KEY, mall_id INTEGER NOT NULL, carrier_id INTEGER NOT NULL,
  tracking_number TEXT NOT NULL, warehouse_id TEXT NOT NULL, shipped_at_s INTEGER NOT NULL,
  main_package_sn TEXT);
CREATE INDEX IF NOT EXISTS parcels_by_tracking ON parcels (mall_id, tracking_number);
CREATE INDEX IF NOT EXISTS sub_parcels ON parcels (main_package_sn);
CREATE TABLE IF NOT EXISTS parcel_lines (
  package_sn TEXT NOT NULL REFERENCES parcels(package_sn), order_id INTEGER NOT NULL,
  order_sn TEXT NOT NULL, quantity INTEGER NOT NULL,
  PRIMARY KEY (package_sn, order_sn)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS parcels_of_order ON parcel_lines (order_id);
CREATE TABLE IF NOT EXISTS address_reads (
  parent_order_sn TEXT NOT NULL, day INTEGER NOT NULL, app_key TEXT NOT NULL,
  reads INTEGER NOT NULL, PRIMARY KEY (parent_order_sn, day, app_key)) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS callbacks (
  app_key TEXT PRIMARY KEY REFERENCES apps(app_key), url TEXT NOT NULL,
  event_codes TEXT NOT NULL, stopped INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS event_permits (
  grant_id INTEGER NOT NULL REFERENCES grants(id), event_code TEXT NOT NULL,
  permits_status INTEGER NOT NULL, PRIMARY KEY (grant_id, event_code)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS messages (
  id INTEGER PRIMARY KEY, app_key TEXT NOT NULL, area TEXT NOT NULL, event_code TEXT NOT NULL,
  event_data TEXT NOT NULL, made_at_ms INTEGER NOT NULL, next_at_s REAL NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0, answer TEXT NOT NULL DEFAULT '',
  state TEXT NOT NULL DEFAULT 'waiting'
    CHECK (state IN ('waiting', 'delivered', 'lost', 'dropped')));
CREATE INDEX IF NOT EXISTS messages_due ON messages (next_at_s, id) WHERE state = 'waiting';

CREATE TABLE IF NOT EXISTS ledger (
  id INTEGER PRIMARY KEY AUTOINCREMENT, at_s INTEGER NOT NULL, area TEXT NOT NULL,
  api_type TEXT NOT NULL, mall_id INTEGER NOT NULL, effect TEXT NOT NULL,
  subject TEXT NOT NULL, details TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS ledger_by_subject ON ledger (subject);
"""
