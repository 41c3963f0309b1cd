"""Django's settings, made from `config` alone."""

import sys
from pathlib import Path

import dj_database_url
from django.utils.translation import gettext_lazy as _

from storewarden import config as configuration
from storewarden import vault
from storewarden.vault import keys as vault_keys

CONFIG = configuration.read()
HERE = Path(__file__).parent

CONFIG.data.mkdir(parents=True, exist_ok=True, mode=0o700)
KEY_RING = vault_keys.load(CONFIG.keys, CONFIG.data / "keys")
vault.use_ring(KEY_RING)

DEBUG = CONFIG.debug
SECRET_KEY = KEY_RING.derive(KEY_RING.newest, "django").hex()
SECRET_KEY_FALLBACKS = [
    KEY_RING.derive(version, "django").hex() for version in KEY_RING.versions[:-1]
]
ALLOWED_HOSTS = [*CONFIG.allowed_hosts, "localhost", "127.0.0.1", "[::1]", CONFIG.host]
if "pytest" in sys.modules:
    ALLOWED_HOSTS.append("testserver")
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in CONFIG.allowed_hosts]

INSTALLED_APPS = [
    "storewarden.people",
    "storewarden.marketplaces",
    "storewarden.stores",
    "storewarden.catalog",
    "storewarden.inventory",
    "storewarden.orders",
    "storewarden.shipping",
    "storewarden.outbox",
    "storewarden.webhooks",
    "storewarden.arrivals",
    "storewarden.alerts",
    "storewarden.calendars",
    "storewarden.web",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "django_htmx",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "storewarden.web.middleware.SecurityHeaders",
    "storewarden.web.middleware.NoNul",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "storewarden.web.middleware.FirstVisit",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "storewarden.web.middleware.ReadersTimeZone",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "storewarden.web.middleware.PlainRefusals",
]

ROOT_URLCONF = "storewarden.web.urls"
WSGI_APPLICATION = "storewarden.web.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "storewarden.web.context.page",
            ],
            "builtins": ["storewarden.web.templatetags.desk"],
        },
    }
]

SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
    "PRAGMA cache_size=-32000; PRAGMA temp_store=MEMORY"
)


def database() -> dict[str, object]:
    """SQLite with what durability needs, or PostgreSQL by DATABASE_URL."""
    if CONFIG.database_url:
        parsed = dj_database_url.parse(CONFIG.database_url, conn_max_age=60)
        return {**parsed, "CONN_HEALTH_CHECKS": True}
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": CONFIG.data / "storewarden.sqlite3",
        "TEST": {"NAME": CONFIG.data / "test.sqlite3"},
        "OPTIONS": {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": SQLITE_PRAGMAS,
        },
    }


DATABASES = {"default": database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_ADAPTER = "storewarden.people.adapter.ClosedDoor"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_ON_GET = False
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = CONFIG.https
CSRF_COOKIE_HTTPONLY = True
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if CONFIG.https else 0
if CONFIG.https:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "DENY"
DEFAULT_EXCEPTION_REPORTER_FILTER = "storewarden.web.reports.NoValues"
CSRF_FAILURE_VIEW = "storewarden.web.views.csrf_failure"
# A pasted token is 56 characters; a table of 1,000 stores is under 1 MB.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000
# A table of tokens must not lie on a disk in clear, as Django keeps large uploads.
FILE_UPLOAD_HANDLERS = ["storewarden.stores.tables.uploads.InMemory"]

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("zh-hans", _("Simplified Chinese"))]
LOCALE_PATHS = [HERE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_MAX_AGE = 3600

LOGGING_CONFIG = "storewarden.logs.configure"
LOGGING = {"level": CONFIG.log_level}
SILENCED_SYSTEM_CHECKS = ["security.W004", "security.W008", "security.W012", "security.W016"]
