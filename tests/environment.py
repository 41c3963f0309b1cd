"""Loaded before Django's settings: a data folder of its own for every test process."""

import atexit
import os
import shutil
import tempfile

from hypothesis import settings

# Deadlines in milliseconds say more about the machine than about the code.
settings.register_profile("here", deadline=None)
settings.load_profile("here")

folder = tempfile.mkdtemp(prefix="storewarden-tests-")
atexit.register(shutil.rmtree, folder, ignore_errors=True)
os.environ["STOREWARDEN_DATA"] = folder
os.environ["STOREWARDEN_LOG_LEVEL"] = "warning"
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # the browser tests run Django beside Playwright
for name in ("STOREWARDEN_KEYS", "STOREWARDEN_ALLOWED_HOSTS", "STOREWARDEN_HTTPS"):
    os.environ.pop(name, None)
for area in ("CN", "PA", "US", "EU", "GLOBAL"):  # nothing may reach Temu from a test
    os.environ[f"TEMU_GATEWAY_{area}"] = "http://127.0.0.1:9/unreachable"
