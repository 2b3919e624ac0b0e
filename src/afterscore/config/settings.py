"""Settings, all from the environment; each has a default that works on a laptop."""

from __future__ import annotations

import os
from pathlib import Path

from afterscore.config import asking, environment, erasing, mailboxes, stops, subscribers, timeline
from afterscore.surveys import languages

DATA_DIR = environment.data_dir()
PUBLIC_URL = environment.public_url()
SECRET_KEY = environment.secret_key(DATA_DIR)
AFTERSCORE_SECRETS_KEYS = environment.secrets_keys(DATA_DIR)
AFTERSCORE_SECRETS_FILE = environment.secrets_keys_file(DATA_DIR)
DEBUG = False
ALLOWED_HOSTS = environment.allowed_hosts(PUBLIC_URL)
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]

AFTERSCORE_SMTP_URL = os.environ.get("AFTERSCORE_SMTP_URL", "")
AFTERSCORE_SUBSCRIBERS = subscribers.SUBSCRIBERS
AFTERSCORE_TIMELINE = timeline.TIMELINE
AFTERSCORE_LATEST_SCORES = timeline.LATEST_SCORES
AFTERSCORE_ENROLMENT_SCORES = timeline.ENROLMENT_SCORES
AFTERSCORE_ENROLMENT_VOICES = timeline.ENROLMENT_VOICES
AFTERSCORE_SET_ASIDE = timeline.SET_ASIDE
AFTERSCORE_ANSWERS = timeline.ANSWERS
AFTERSCORE_WAITING = timeline.WAITING
AFTERSCORE_STOPS = stops.STOPS
AFTERSCORE_ERASERS = erasing.ERASERS
AFTERSCORE_ASKED = asking.ASKED
AFTERSCORE_WATCHERS = stops.WATCHERS
AFTERSCORE_MAILBOXES = mailboxes.MAILBOXES
AFTERSCORE_READERS = mailboxes.READERS
AFTERSCORE_INLET = environment.inlet()
AFTERSCORE_SCANNER_NETWORKS = environment.scanner_networks()
AFTERSCORE_CHAT_NETWORKS = environment.chat_networks()
AFTERSCORE_LANGUAGES = [
    (code, f"{languages.get(code).name} ({languages.get(code).english_name})")
    for code in languages.available()
]
AFTERSCORE_ENGINE = environment.engine()
MART_DIR = environment.mart_dir(DATA_DIR)
LEDGER_DIR = environment.ledger_dir(DATA_DIR)
LEDGER_DAYS = int(os.environ.get("AFTERSCORE_LEDGER_DAYS", "90"))
AFTERSCORE_PER_MINUTE = environment.per_minute()
AFTERSCORE_DOMAIN_RATES = environment.domain_rates()
AFTERSCORE_BOUNCE_DOMAIN = environment.bounce_domain()
AFTERSCORE_REPLY_DOMAIN = environment.reply_domain()
AFTERSCORE_CHANNEL = environment.channel_name(AFTERSCORE_SMTP_URL)

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "procrastinate.contrib.django",
    "afterscore.kit",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "afterscore.workspaces",
    "afterscore.journal",
    "afterscore.customers",
    "afterscore.surveys",
    "afterscore.outreach",
    "afterscore.programs",
    "afterscore.responses",
    "afterscore.improvements",
    "afterscore.cases",
    "afterscore.insights",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "afterscore.config.middleware.HeadersMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "afterscore.workspaces.middleware.WorkspaceMiddleware",
]

ROOT_URLCONF = "afterscore.config.urls"
WSGI_APPLICATION = "afterscore.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [Path(__file__).resolve().parent / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "afterscore.config.navigation.desk",
            ],
        },
    },
]

DATABASES = {"default": environment.database(DATA_DIR)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "workspaces.User"
AUTHENTICATION_BACKENDS = ["afterscore.workspaces.backends.MembersBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "afterscore.config.accounts.AccountAdapter"
ACCOUNT_FORMS = {"login": "afterscore.config.signing_in.SignInForm"}
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_GET = False
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("AFTERSCORE_PROXY_COUNT", "0"))
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Afterscore"
MFA_ALLOW_UNVERIFIED_EMAIL = True  # an owner has typed the address; nobody signs up
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"

SECURE_COOKIES = PUBLIC_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_COOKIES
SESSION_COOKIE_NAME = "__Host-session" if SECURE_COOKIES else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if SECURE_COOKIES else "csrf"
SESSION_COOKIE_AGE = 7 * 24 * 3600
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if SECURE_COOKIES:
    SECURE_HSTS_SECONDS = 31_536_000
    if ALLAUTH_TRUSTED_PROXY_COUNT:
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

DATA_UPLOAD_MAX_MEMORY_SIZE = 262_144
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]

EMAIL_BACKEND = "afterscore.config.mail.Backend"
DEFAULT_FROM_EMAIL = os.environ.get("AFTERSCORE_FROM", "Afterscore <afterscore@localhost>")

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = environment.static_root(DATA_DIR)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
# Names that change with their content; browsers need never ask for them again.
WHITENOISE_IMMUTABLE_FILE_TEST = r"^.+/charts\.[0-9a-f]{12}\.js$"
MEDIA_ROOT = DATA_DIR / "files"

PROCRASTINATE_ON_APP_READY = "afterscore.config.schedule.register"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("AFTERSCORE_LOG", "WARNING")},
}
