"""Django's settings for the pages, made of our own configuration; nothing is read from a settings module."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from refloat import __version__
from refloat.config import Config
from refloat.store.secrets import Keyring
from refloat.store.settings import database
from refloat.web.mail import mail_settings

#: A cookie outlives no session (``console.guarding``).
_SESSION_SECONDS = 14 * 24 * 3600
#: A form may be so long; files come in pieces and have a limit of their own.
_FORM_BYTES = 10 * 2**20
_TEMPLATES = Path(__file__).parents[1] / "console" / "templates"


def configured_for(config: Config) -> None:
    """Configure Django for the pages, once in this process, before anything opens the store."""
    import django
    from django.conf import settings

    if not settings.configured:
        settings.configure(**settings_of(config))
        django.setup()


def settings_of(config: Config) -> dict[str, Any]:
    """The settings. ``config.hosts``: under which names the pages may be asked for; none but this machine's when empty."""
    keys = Keyring(config).derived("pages")
    away = bool(config.hosts)
    return {
        "SECRET_KEY": keys[0],
        "SECRET_KEY_FALLBACKS": keys[1:],
        "DEBUG": False,
        "ALLOWED_HOSTS": [*config.hosts, "localhost", "127.0.0.1", "[::1]"],
        "CSRF_TRUSTED_ORIGINS": [f"https://{host}" for host in config.hosts],
        "DATABASES": {"default": {**database(config), "CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}},
        "DEFAULT_AUTO_FIELD": "django.db.models.BigAutoField",
        "USE_TZ": True,
        "TIME_ZONE": "UTC",
        "USE_I18N": True,
        "LANGUAGE_CODE": "en",
        "LANGUAGES": [("en", "English"), ("zh-hans", "简体中文")],
        "ROOT_URLCONF": "refloat.web.urls",
        "INSTALLED_APPS": _APPS,
        "MIDDLEWARE": _MIDDLEWARE,
        "TEMPLATES": [
            {"BACKEND": "django.template.backends.jinja2.Jinja2", "DIRS": [_TEMPLATES], "OPTIONS": _JINJA},
            {"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True, "OPTIONS": {"context_processors": ["django.template.context_processors.request"]}},
        ],
        "STATIC_URL": "/static/",
        "WHITENOISE_USE_FINDERS": True,
        "WHITENOISE_MAX_AGE": 3600,
        "REFLOAT_VERSION": __version__,
        "REFLOAT_CONFIG": config,
        "DATA_UPLOAD_MAX_MEMORY_SIZE": _FORM_BYTES,
        "DATA_UPLOAD_MAX_NUMBER_FIELDS": 20_000,
        # How many files the upload takes stands in limits.toml, and is said in words; this only ends what nobody means.
        "DATA_UPLOAD_MAX_NUMBER_FILES": 1_000,
        "LOGGING_CONFIG": None,
        "AUTH_USER_MODEL": "store.Person",
        "AUTH_PASSWORD_VALIDATORS": _PASSWORDS,
        "CACHES": {"default": {"BACKEND": "refloat.store.throttle.ThrottleCache"}},
        "AUTHENTICATION_BACKENDS": ["refloat.console.adapter.Backend"],
        "LOGIN_URL": "account_login",
        "LOGIN_REDIRECT_URL": "/",
        "SESSION_ENGINE": "refloat.store.sessions",
        "SESSION_COOKIE_AGE": _SESSION_SECONDS,
        "SESSION_COOKIE_NAME": "refloat_session",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": away,
        "CSRF_COOKIE_SECURE": away,
        "CSRF_COOKIE_SAMESITE": "Lax",
        "CSRF_USE_SESSIONS": True,
        "CSRF_FAILURE_VIEW": "refloat.console.faults.not_from_here",
        "SECURE_SSL_REDIRECT": False,
        "SECURE_HSTS_SECONDS": 31_536_000 if away else 0,
        "SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https") if away else None,
        "SECURE_CONTENT_TYPE_NOSNIFF": True,
        "SECURE_REFERRER_POLICY": "same-origin",
        "X_FRAME_OPTIONS": "DENY",
        **mail_settings(config.smtp_url),
        **_ALLAUTH,
        **_sign_in(away=away),
    }


def _sign_in(*, away: bool) -> dict[str, Any]:
    """What of signing in depends on whether a proxy with HTTPS stands in front."""
    return {
        "ACCOUNT_DEFAULT_HTTP_PROTOCOL": "https" if away else "http",
        # A proxy of ours says who asks; without one its header would be anybody's word.
        "ALLAUTH_TRUSTED_PROXY_COUNT": 1 if away else 0,
        # Browsers hold this machine's own name for safe without HTTPS.
        "MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN": not away,
    }


_APPS = (
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "refloat.store",
    "refloat.console",
)
_MIDDLEWARE = (
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "refloat.console.guarding.fenced",
    "refloat.api.problems.spoken",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "refloat.console.guarding.reader",
    "refloat.console.upload.within_limits",
    "refloat.console.faults.told",
)
_JINJA = {"environment": "refloat.console.rendering.environment", "context_processors": ["refloat.console.rendering.told"], "autoescape": True}
_PASSWORDS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator", "OPTIONS": {"user_attributes": ("email", "name")}},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
#: Sign-in: by e-mail and password, with a second factor or a passkey; nobody signs up uninvited.
_ALLAUTH: dict[str, Any] = {
    "ACCOUNT_ADAPTER": "refloat.console.adapter.AccountAdapter",
    "ACCOUNT_LOGIN_METHODS": {"email"},
    "ACCOUNT_SIGNUP_FIELDS": ["email*", "password1*", "password2*"],
    "ACCOUNT_USER_MODEL_USERNAME_FIELD": None,
    "ACCOUNT_USER_MODEL_EMAIL_FIELD": "email",
    # An administrator vouches for the address; only a change of it is proven by a mail.
    "ACCOUNT_EMAIL_VERIFICATION": "none",
    "ACCOUNT_CHANGE_EMAIL": True,
    "ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS": False,
    "ACCOUNT_SESSION_REMEMBER": True,
    "ACCOUNT_LOGOUT_REDIRECT_URL": "account_login",
    "ACCOUNT_REAUTHENTICATION_REQUIRED": True,
    "ACCOUNT_REAUTHENTICATION_METHODS": ("password", "mfa"),
    "MFA_ADAPTER": "refloat.console.adapter.SecondFactorAdapter",
    "MFA_SUPPORTED_TYPES": ["totp", "webauthn", "recovery_codes"],
    "MFA_PASSKEY_LOGIN_ENABLED": True,
    "MFA_ALLOW_UNVERIFIED_EMAIL": True,
    "MFA_TOTP_ISSUER": "Refloat",
    # A telephone whose clock is half a minute off lets its owner in all the same; each code counts once.
    "MFA_TOTP_TOLERANCE": 1,
}
