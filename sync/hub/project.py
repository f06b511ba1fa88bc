"""The Django project: its settings, made of a Here, and the one place that sets them up."""

from __future__ import annotations

from pathlib import Path

import django
from django.conf import settings

from sync.hub.config import SQLITE, HubConfig
from sync.hub.here import Here
from sync.hub.keys import secret_of

APPS = (
    "territories",
    "accounts",
    "datasets",
    "devices",
    "events",
    "cards",
    "cardkeys",
    "audit",
    "office",
    "operations",
)
BODY_MAX = 600_000  # bytes that a view reads into memory; the server's limits come before it
FIELDS_MAX = 2_000
WAIT_S = 20  # for a lock of SQLite
SESSION_S = 8 * 3600  # a working day
PASSWORD_MIN = 12
YEAR_S = 31_536_000
_THIRD_PARTY = Path(__file__).resolve().parents[2] / "assets" / "third_party"
_FONTS = _THIRD_PARTY / "atkinson-hyperlegible-next"
_ICONS = _THIRD_PARTY / "tabler" / "icons"


def configure(here: Here) -> None:
    """Set Django up for this process, once; raises InputRefused when a secret is missing."""
    if not settings.configured:
        settings.configure(HUB=here, **_settings(here.config))
        django.setup()


def database(config: HubConfig) -> dict[str, object]:
    """Give Django's description of the database."""
    given = config.database
    if given is None:
        return sqlite(config.data / SQLITE)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": given.name,
        "USER": given.user,
        "PASSWORD": given.password,
        "HOST": given.host,
        "PORT": given.port,
        "OPTIONS": dict(given.options or {}),
        "CONN_HEALTH_CHECKS": True,
    }


def sqlite(file: Path) -> dict[str, object]:
    """Give Django's description of a SQLite file.

    IMMEDIATE: with Django's default 255 of 480 writes under load failed as locked, with this none
    (SYNC.md, "Hub"). FULL: an acknowledged event outlives a power cut.
    """
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(file),
        "OPTIONS": {
            "timeout": WAIT_S,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;"
            "PRAGMA foreign_keys=ON;",
        },
    }


def _settings(config: HubConfig) -> dict[str, object]:
    return {**_core(config), **_people(), **_safety(config)}


def _core(config: HubConfig) -> dict[str, object]:
    return {
        "DEBUG": False,
        "SECRET_KEY": secret_of(config.data),
        "ALLOWED_HOSTS": list(config.hosts),
        "DATABASES": {"default": database(config)},
        "ROOT_URLCONF": "sync.hub.urls",
        "INSTALLED_APPS": [
            "django.contrib.admin",
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "django.contrib.sessions",
            "django.contrib.messages",
            "django.contrib.staticfiles",
            "django_otp",
            "django_otp.plugins.otp_totp",
            *(f"sync.hub.{name}.apps.{name.title()}Config" for name in APPS),
        ],
        "MIDDLEWARE": [
            "sync.hub.middleware.ApiFirst",
            "django.middleware.security.SecurityMiddleware",
            "sync.hub.middleware.ContentPolicy",
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.locale.LocaleMiddleware",
            "django.middleware.common.CommonMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django_otp.middleware.OTPMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
            "sync.hub.office.gate.SecondFactor",
            "django.middleware.clickjacking.XFrameOptionsMiddleware",
        ],
        "TEMPLATES": [_TEMPLATES],
        "LANGUAGE_CODE": "fr",
        "LANGUAGES": [("fr", "Français"), ("en", "English")],
        "TIME_ZONE": "Europe/Paris",
        "USE_TZ": True,
        "STATIC_URL": "/static/",
        "STATICFILES_DIRS": [("fonts", str(_FONTS)), ("icons", str(_ICONS))],
        "STATIC_ROOT": str(config.data / "static"),
        "APPEND_SLASH": False,  # an API answers under the name that was asked for
        "DATA_UPLOAD_MAX_MEMORY_SIZE": BODY_MAX,
        "DATA_UPLOAD_MAX_NUMBER_FIELDS": FIELDS_MAX,
        "LOGGING_CONFIG": None,  # structlog writes the hub's log
    }


_TEMPLATES = {
    "BACKEND": "django.template.backends.django.DjangoTemplates",
    "APP_DIRS": True,
    "OPTIONS": {
        "context_processors": [
            "django.template.context_processors.request",
            "django.contrib.auth.context_processors.auth",
            "django.contrib.messages.context_processors.messages",
        ]
    },
}


def _people() -> dict[str, object]:
    checks = "django.contrib.auth.password_validation"
    return {
        "AUTH_USER_MODEL": "accounts.User",
        "AUTH_PASSWORD_VALIDATORS": [
            {"NAME": f"{checks}.UserAttributeSimilarityValidator"},
            {"NAME": f"{checks}.CommonPasswordValidator"},
            {
                "NAME": f"{checks}.MinimumLengthValidator",
                "OPTIONS": {"min_length": PASSWORD_MIN},
            },
        ],
        "LOGIN_URL": "office:sign-in",
        "SESSION_COOKIE_AGE": SESSION_S,
        "SESSION_EXPIRE_AT_BROWSER_CLOSE": True,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Strict",
        "CSRF_COOKIE_SAMESITE": "Strict",
        "CSRF_FAILURE_VIEW": "sync.hub.office.gate.csrf_refused",
        "OTP_TOTP_ISSUER": "Alvéole",
    }


def _safety(config: HubConfig) -> dict[str, object]:
    """Give what depends on whether others reach the hub: by https through a proxy, or nobody."""
    public = bool(config.public_url)
    return {
        "SESSION_COOKIE_SECURE": public,
        "CSRF_COOKIE_SECURE": public,
        "CSRF_TRUSTED_ORIGINS": [config.public_url] if public else [],
        "SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https") if public else None,
        "SECURE_HSTS_SECONDS": YEAR_S if public else 0,
        "SECURE_CONTENT_TYPE_NOSNIFF": True,
        "SECURE_REFERRER_POLICY": "same-origin",
        "X_FRAME_OPTIONS": "DENY",
    }
