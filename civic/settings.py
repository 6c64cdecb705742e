"""Settings of the portal, all from the environment (see docs/architecture/running.md)."""

import os
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from civic.environment import Environment

BASE_DIR = Path(__file__).resolve().parent.parent

env = Environment(dict(os.environ))

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
# False only where the portal is reached without TLS, as in `make run` on one's own machine.
SERVE_OVER_HTTPS = env.bool("SERVE_OVER_HTTPS", default=True)
DATA_DIR = Path(env.str("CIVIC_DATA_DIR", default=str(BASE_DIR / "var"))).resolve()

INSTALLED_APPS = [
    # First, so that its words for what is missing are there when the others make their forms.
    "civic.site",
    "civic.tenancy",
    "civic.audit",
    "civic.accounts",
    "civic.jobs",
    "civic.uploads",
    "civic.measures",
    "civic.runtime",
    "centres",
    "centres.monthly",
    "centres.rooms",
    "centres.information",
    "centres.events",
    "centres.registration",
    "indicators",
    "matching",
    "plans",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_htmx",
    "django_filters",
    "import_export",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "civic.tenancy.middleware.RefuseNullCharacters",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "civic.audit.kept_pages.KeptPages",
    # Last, because it calls the view itself, inside the municipality's transaction.
    "civic.tenancy.middleware.ActAsMunicipality",
]

ROOT_URLCONF = "civic.urls"
WSGI_APPLICATION = "civic.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "civic.site.navigation.navigation",
            ],
        },
    },
]
# Forms use the portal's own templates, templates/django/forms/.
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"


# Two ways into one database: `default` serves and is held by row security, `owner` migrates.
def _owner_url(serving_url: str) -> str:
    """The owner's URL on the same server, where none is given: same password, user civic_owner."""
    parts = urlsplit(serving_url)
    credentials, at, host = parts.netloc.rpartition("@")
    _user, colon, password = credentials.partition(":")
    return urlunsplit(parts._replace(netloc=f"civic_owner{colon}{password}{at or '@'}{host}"))


DATABASES = {
    "default": env.postgres("DATABASE_URL"),
    "owner": env.postgres("DATABASE_OWNER_URL", default=_owner_url(env.str("DATABASE_URL"))),
}
DATABASES["default"]["TEST"] = {"MIRROR": "owner"}
DATABASES["default"].setdefault("OPTIONS", {})["pool"] = {
    "min_size": 1,
    "max_size": env.int("DATABASE_POOL_SIZE", default=8),
    "timeout": 10,
}
DATABASE_ROUTERS = ["civic.tenancy.routers.OwnerMigrates"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.broker("REDIS_URL")
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL},
    # Public pages, kept in each web process by itself: nothing to reach, and their key changes with their records.
    "pages": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "pages",
        "TIMEOUT": 60,
        "OPTIONS": {"MAX_ENTRIES": 200},
    },
}

# Celery spells a socket's address in its own way.
CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://", 1)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TIMEZONE = "Asia/Tokyo"
# A broker that accepts connections and says nothing must not hold a request for ever.
CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_connect_timeout": 2, "socket_timeout": 5}
# A worker waits for its broker for as long as it takes.
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "beat-schedule")

# A job whose worker has not been heard of for so long is another's.
JOBS_LEASE_SECONDS = env.int("JOBS_LEASE_SECONDS", default=30)
# A job that waits and that no worker has taken for so long is sent again.
JOBS_RESEND_SECONDS = env.int("JOBS_RESEND_SECONDS", default=60)
JOBS_SWEEP_SECONDS = env.int("JOBS_SWEEP_SECONDS", default=20)
JOBS_FILE_DAYS = env.int("JOBS_FILE_DAYS", default=7)
# Work that ended longer ago is forgotten, its file included.
JOBS_KEEP_DAYS = env.int("JOBS_KEEP_DAYS", default=365)
CELERY_BEAT_SCHEDULE = {
    "sweep jobs": {
        "task": "jobs.sweep",
        "schedule": JOBS_SWEEP_SECONDS,
        # Sweeps that found no worker are not made up for.
        "options": {"expires": JOBS_SWEEP_SECONDS},
    },
    # At the beginning of the working day.
    "remind of progress reports": {"task": "plans.remind", "schedule": crontab(hour=8, minute=30)},
    "clear ended sessions": {"task": "civic.accounts.tasks.clear_ended_sessions", "schedule": timedelta(days=1)},
    # Before the centres open: whoever comes at nine finds what the draws left.
    "begin the rooms' day": {"task": "rooms.begin_day", "schedule": crontab(hour=6, minute=30)},
    "look after events": {"task": "events.daily", "schedule": crontab(hour=9, minute=0)},
    # The first thing on a morning, so that 1 April begins with what 31 March ended.
    "turn registrations": {"task": "registration.turn_day", "schedule": crontab(hour=0, minute=15)},
    "close past requests": {"task": "matching.close_past_requests", "schedule": crontab(minute=5)},
    "look after supporters": {"task": "matching.look_after_supporters", "schedule": crontab(hour=0, minute=30)},
    "look after introductions": {
        "task": "matching.look_after_introductions",
        "schedule": timedelta(minutes=10),
        "options": {"expires": 600},
    },
    "send the guild's news": {"task": "matching.send_news", "schedule": crontab(hour=8, minute=0)},
    "purge contacts": {"task": "centres.purge_contacts", "schedule": crontab(hour=4, minute=30)},
}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "account_start"

ACCOUNT_ADAPTER = "civic.accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "civic.accounts.forms.SignInForm",
    "reset_password": "civic.accounts.forms.ForgottenPasswordForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
# An account begins with an invitation, whose link proves the address: nothing is left to verify.
ACCOUNT_EMAIL_VERIFICATION = "none"
# A new address takes the place of the old one once somebody has opened the link that was mailed to it.
ACCOUNT_CHANGE_EMAIL = True
# Whoever asks learns nothing about which addresses have accounts, and strangers get no mail from the portal.
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
# The session ends with the browser: the computers at a counter are shared.
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_REDIRECT_URL = "municipality_list"
# Five wrong passwords lock an address for a quarter of an hour; a machine that tries many addresses is stopped as well.
# A group's application, joining the guild and booking, which send mail, are no way to annoy the owner of an address.
ACCOUNT_RATE_LIMITS = {
    "login_failed": "20/15m/ip,5/15m/key",
    "apply_for_registration": "20/1h/ip,5/1h/key",
    "join_guild": "20/1h/ip,5/1h/key",
    # Telephones share an address of their network's: more of them may book at once than apply.
    "book_event": "60/1h/ip,5/1h/key",
    "answer_survey": "200/1h/ip",
}
# How many reverse proxies stand in front: the limits per machine go by what the outermost of them saw.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)

MFA_FORMS = {
    "activate_totp": "civic.accounts.forms.TotpActivationForm",
    "authenticate": "civic.accounts.forms.TotpForm",
    "reauthenticate": "civic.accounts.forms.TotpAgainForm",
    "add_webauthn": "civic.accounts.forms.PasskeyForm",
    "edit_webauthn": "civic.accounts.forms.PasskeyNameForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "市民活動ポータル"
# One step of 30 seconds either way, for telephones whose clock is a little off.
MFA_TOTP_TOLERANCE = 1
# Browsers offer passkeys without TLS on localhost only.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not SERVE_OVER_HTTPS
# Managers, planners and operators sign in with two factors; sample accounts are exempt.
REQUIRE_SECOND_FACTOR = env.bool("REQUIRE_SECOND_FACTOR", default=True)

LANGUAGE_CODE = "ja"
LANGUAGES = [("ja", _("日本語"))]
LOCALE_PATHS = [BASE_DIR / "civic" / "locale"]
TIME_ZONE = "Asia/Tokyo"
USE_TZ = True

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = DATA_DIR / "static"
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": DATA_DIR / "files"},
    },
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

vars().update(env.mail("EMAIL_URL", default="consolemail://"))
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="portal@localhost")
EMAIL_TIMEOUT = 10
# Where people reach the portal: mail is written by the worker, which sees no request to take it from.
PORTAL_URL = env.str("PORTAL_URL", default=f"http://localhost:{env.int('PORT', default=8000)}").rstrip("/")

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = SERVE_OVER_HTTPS
SECURE_HSTS_SECONDS = 63_072_000 if SERVE_OVER_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SERVE_OVER_HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SERVE_OVER_HTTPS else None
# The probes speak plain HTTP from inside the machine.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
# An hour without a click ends the session.
SESSION_COOKIE_AGE = 60 * 60
SESSION_SAVE_EVERY_REQUEST = True
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
# What a form may send in all, its files included: a few of them. Each field holds its own file to its purpose's size.
UPLOAD_REQUEST_MAX_BYTES = 60 * 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "civic.uploads.handlers.RefuseTooLarge",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
# A plan of two hundred passages is one form.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
