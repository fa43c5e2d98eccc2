"""Who signs in, how, and what is asked of them; part of base.py."""

from lms.settings import env

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = WAGTAILADMIN_LOGIN_URL = WAGTAIL_FRONTEND_LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "work:begin"  # which knows who works here
LOGOUT_REDIRECT_URL = "account_login"  # which says that one is out
SIGN_IN_TRIES = 5  # wrong passwords for one name from one address, and then:
SIGN_IN_LOCK_MINUTES = 15
#: Whether accounts with printed passwords and an invented village may be made.
DEMO_ALLOWED = False
ACCOUNT_ADAPTER = "lms.accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "lms.accounts.forms.SignInForm",
    "change_password": "lms.accounts.forms.ChangePasswordForm",
    "reauthenticate": "lms.accounts.forms.ReauthenticateForm",
}
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]  # closed by the adapter; a check reads it
ACCOUNT_EMAIL_VERIFICATION = "none"
ALLAUTH_USER_CODE_FORMAT = {"numeric": True, "length": 6, "dashed": False}
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = ACCOUNT_PHONE_VERIFICATION_TIMEOUT = 600  # seconds
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = ACCOUNT_PHONE_VERIFICATION_MAX_ATTEMPTS = 5  # of a million
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = 3  # times
ACCOUNT_REAUTHENTICATION_REQUIRED = True  # who has a password gives it before another number
ACCOUNT_AUTHENTICATED_LOGIN_REDIRECTS = False  # to the admin and back for ever, without the right
#: What allauth asks for by itself; our own pages' limits stand in limits.py.
ACCOUNT_RATE_LIMITS = {
    "login_failed": f"{SIGN_IN_TRIES}/{SIGN_IN_LOCK_MINUTES}m/key",  # the adapter makes the key
    "login": "100/m/ip",  # a room of officers behind one address signs in at once
    "verify_phone": "1/10s/key",  # besides: for another number of an account
}
ACCOUNT_SESSION_REMEMBER = True  # no box to tick
SESSION_COOKIE_AGE = 30 * 24 * 3600  # seconds since the last use
STAFF_IDLE_MINUTES = env.integer(
    "STAFF_IDLE_MINUTES", 30, unit="minutes", minimum=1, maximum=24 * 60
)
#: Whether who works here must show a second factor; see docs/features/sign-in.md.
STAFF_SECOND_FACTOR = env.boolean("STAFF_SECOND_FACTOR", False)
#: Who that is: each says it of a user.
SECOND_FACTOR_DUTIES = [
    "lms.accounts.second_factor.works_here",
    "lms.people.models.holds_office",
]
#: Addresses that are open without it to who must have one, besides Wagtail's pages. A new room is
#: closed until it stands here.
OPEN_WITHOUT_SECOND_FACTOR = (
    "/accounts/",
    "/alerts/",
    "/display/",
    "/documents/",
    "/handouts/",
    "/healthz",
    "/lessons.xml",
    "/robots.txt",
    "/sitemap.xml",
    "/help/",
    "/here/",
    "/m/",
    "/manuals/",
    "/manufacturers/",
    "/media/",
    "/more/",
    "/my/",
    "/screen/",
    "/search/",
    "/static/",
    "/subtitles/",
    "/tv/",
)
#: Of these, what only staff may open.
CLOSED_WITHOUT_SECOND_FACTOR = (
    "/manufacturers/documents/",
    "/media/original_images/",
    "/media/originals/",
)
MFA_ADAPTER = "lms.accounts.second_factor.adapter.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "lms.accounts.second_factor.forms.AuthenticateForm",
    "reauthenticate": "lms.accounts.second_factor.forms.ReauthenticateByCodeForm",
    "activate_totp": "lms.accounts.second_factor.forms.ActivateForm",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "银龄学堂"
MFA_TOTP_TOLERANCE = 1  # steps of 30 seconds that a phone's clock may be wrong
#: What an open page asks by itself; nobody need be sitting before it.
VIEWS_ASKED_BY_THE_PAGE = {
    "wagtailadmin_editing_sessions:ping",
    "media:progress",
    "attendance:code",
    "attendance:code_picture",
    "tracks:news",
}
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "lms.accounts.passwords.NotOnesName"},
    {"NAME": "lms.accounts.passwords.LongEnough", "OPTIONS": {"min_length": 10}},
    {"NAME": "lms.accounts.passwords.NotCommon"},
    {"NAME": "lms.accounts.passwords.NotOnlyDigits"},
]
