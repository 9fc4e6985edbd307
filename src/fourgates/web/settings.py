"""How the site is set up (设置): strict headers, accounts with a second factor, one database; no secret stands here.

What differs between installations is in ``home``: the folder, the database and the address people type.
"""

from __future__ import annotations

from pathlib import Path

from fourgates.web import elsewhere
from fourgates.web.home import Home

HERE = Path(__file__).resolve().parent
INSTALLATION = Home.of_environment()

DEBUG = False
SECRET_KEY = INSTALLATION.secret()
ALLOWED_HOSTS = list(INSTALLATION.hosts)
ROOT_URLCONF = "fourgates.web.urls"
WSGI_APPLICATION = "fourgates.web.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES = {"default": INSTALLATION.tables()}
AUTH_USER_MODEL = "web.User"

INSTALLED_APPS = [
    "fourgates.web.apps.Site",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.dingtalk",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "axes",
    "django_htmx",
    "fourgates.web.wecom",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "fourgates.web.safety.Headers",
    "fourgates.web.uploads.Bounded",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "fourgates.web.languages.Languages",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "fourgates.web.factors.Required",
    "fourgates.web.refusals.Refusals",
    "axes.middleware.AxesMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [HERE / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "builtins": ["fourgates.web.templatetags.saying", "django.templatetags.static"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "fourgates.web.surroundings.surroundings",
            ],
        },
    }
]

# --- accounts ---------------------------------------------------------------------------------------------------

AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in (
        ("UserAttributeSimilarityValidator", {}),
        ("MinimumLengthValidator", {"min_length": 10}),
        ("CommonPasswordValidator", {}),
        ("NumericPasswordValidator", {}),
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "fourgates.web.accounts.Adapter"
ACCOUNT_FORMS = {
    "login": "fourgates.web.accounts.Entrance",
    "reauthenticate": "fourgates.web.accounts.Again",
}
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
MFA_ADAPTER = "fourgates.web.accounts.Factors"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Fourgates"
# A passkey belongs to an address with TLS; on the loopback browsers allow it without.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not INSTALLATION.secure
USERSESSIONS_TRACK_ACTIVITY = (
    False  # it would write to the database for every page looked at; ``sessions`` does not
)
DOORS = elsewhere.doors(INSTALLATION.folder)
SOCIALACCOUNT_PROVIDERS = elsewhere.providers(DOORS)
SOCIALACCOUNT_ADAPTER = "fourgates.web.accounts.Joined"
SOCIALACCOUNT_AUTO_SIGNUP = False
SOCIALACCOUNT_QUERY_EMAIL = False
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_FORM_FIELD = "login"
AXES_LOCKOUT_CALLABLE = "fourgates.web.accounts.locked_out"
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False
AXES_CLIENT_IP_CALLABLE = "fourgates.web.accounts.visitor"

# How often somebody has tried is counted here: whoever types thousands of names must not push the counts of others out.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "OPTIONS": {"MAX_ENTRIES": 200_000},
    }
}

# --- headers ----------------------------------------------------------------------------------------------------

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_ENGINE = "fourgates.web.sessions"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 60 * 60
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_FAILURE_VIEW = "fourgates.web.refusals.forged"
if INSTALLATION.secure:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    ALLAUTH_TRUSTED_PROXY_COUNT = 1  # the address that it writes last is the visitor's
    SECURE_HSTS_SECONDS = 2 * 365 * 24 * 60 * 60
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
    CSRF_TRUSTED_ORIGINS = [INSTALLATION.origin]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "form-action": ["'self'", *elsewhere.origins(DOORS)],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
    }
}

# --- language, files, mail --------------------------------------------------------------------------------------

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
STATIC_URL = "/static/"
STATIC_ROOT = INSTALLATION.folder / "static" if INSTALLATION.folder else None
STATICFILES_DIRS = [("", HERE / "static")]
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
DATA_UPLOAD_MAX_MEMORY_SIZE = 8 << 20
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 << 20
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
DATA_UPLOAD_MAX_NUMBER_FILES = 1000
JOBS_BESIDE = True  # what takes a while is done beside the pages; tests wait for it
SILENCED_SYSTEM_CHECKS: list[str] = []
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"bare": {"()": "fourgates.web.logs.Bare"}},
    "handlers": {"terminal": {"class": "logging.StreamHandler", "formatter": "bare"}},
    "root": {"handlers": ["terminal"], "level": "WARNING"},
    "loggers": {  # a warning of a request's says its address, and anybody may type anything there
        "axes": {"level": "ERROR"},
        "django.request": {"level": "ERROR"},
        "django.security": {"level": "CRITICAL"},
    },
}
