"""Django's settings. State and addresses come from the home folder; a missing one is refused only when it is needed."""

import os
import secrets
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from csp.constants import NONE, SELF

from nextplay.home import SETTINGS_FILE, home_folder, open_home

HOME = home_folder()
_SET_UP = (HOME / SETTINGS_FILE).exists()


def ledger_database(url: str) -> dict[str, Any]:
    """Django's description of a ledger address: `sqlite:///path` or `postgresql://user:password@host/name`."""
    if url.startswith("sqlite://"):
        options = {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": "PRAGMA journal_mode=WAL"}
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": url.removeprefix("sqlite:///"), "OPTIONS": options}
    parts = urlsplit(url)
    if parts.scheme not in ("postgresql", "postgres"):
        raise ValueError(f"{url!r} is no address for a ledger. Use sqlite:///path or postgresql://user@host/name.")
    query = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or query.pop("host", ""),
        "PORT": str(parts.port or query.pop("port", "")),
        "OPTIONS": query,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


if _SET_UP:
    _home = open_home(HOME)
    SECRET_KEY, _ledger, _proxies = _home.secret_key, _home.ledger_url, _home.held.get("trusted_proxies", "")
else:
    # Enough for commands that make a home; nothing that is signed now is ever read again.
    SECRET_KEY, _ledger, _proxies = secrets.token_urlsafe(48), f"sqlite:///{HOME / 'ledger.sqlite3'}", ""

DATABASES = {"default": ledger_database(_ledger)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "ledger.Person"

# The address people open: https makes cookies travel by https only.
PUBLIC_URL = os.environ.get("NEXTPLAY_PUBLIC_URL", "")
_public = urlsplit(PUBLIC_URL)
_secure = _public.scheme == "https"
DEBUG = False
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", *filter(None, [_public.hostname])]
ALLOWED_HOSTS += [host for host in os.environ.get("NEXTPLAY_ALLOWED_HOSTS", "").split(",") if host]
# Whose X-Forwarded-For is read; nobody's, where none is named.
TRUSTED_PROXIES = os.environ.get("NEXTPLAY_TRUSTED_PROXIES", _proxies)
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL.rstrip("/")] if PUBLIC_URL else []

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django_htmx",
    "django_linear_migrations",
    "axes",
    "csp",
    "nextplay.ledger",
    "nextplay.web",
]
MIDDLEWARE = [
    "nextplay.web.proxies.BehindProxies",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Pads what it packs, so that the size of an answer does not give a form's token away.
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "nextplay.web.gate.GateMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "nextplay.urls"
WSGI_APPLICATION = "nextplay.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
    }
]

STATIC_URL = "static/"
# Files are served from the packages that hold them: nothing to collect, nothing to forget.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_MAX_AGE = 3600

LANGUAGE_CODE = "en-us"
USE_I18N = False
USE_TZ = True
TIME_ZONE = "UTC"

AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "sign-in"
# Five failures for one address from one place, then a pause.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
# The sign-in form's field. Without it failures are counted under no name, and the right guess is never held up.
AXES_USERNAME_FORM_FIELD = "username"
AXES_USERNAME_CALLABLE = "nextplay.web.gate.address_tried"
AXES_LOCKOUT_CALLABLE = "nextplay.web.gate.too_many_tries"
AXES_VERBOSE = False
AXES_HTTP_RESPONSE_CODE = 429

SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = _secure
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = _secure
CSRF_FAILURE_VIEW = "nextplay.web.gate.not_trusted"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _secure else None
SECURE_HSTS_SECONDS = 31_536_000 if _secure else 0
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
# A file of this size is streamed to disk; the whole upload may be larger.
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"without_tokens": {"()": "nextplay.web.logged.WithoutTokens"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "filters": ["without_tokens"]}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"axes": {"level": "ERROR"}},
}
