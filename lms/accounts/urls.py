"""Signing in and out, and how pages look. Of allauth's pages only those that have words of ours."""

from allauth.account import views
from allauth.mfa.base import views as second_factor
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from django.urls import path
from django.views.generic import RedirectView

from lms.accounts.views import account, telephones
from lms.accounts.views.display import display_page

to_account = RedirectView.as_view(pattern_name="account")
to_sign_in = RedirectView.as_view(pattern_name="account_login", query_string=True)

urlpatterns = [
    path("display/", display_page, name="display"),
    path("accounts/", account.account, name="account"),
    path("accounts/name/", account.name, name="account_name"),
    path("accounts/code/", telephones.ask_code, name="account_request_login_code"),
    path("accounts/code/typed/", telephones.type_code, name="account_confirm_login_code"),
    path("accounts/telephone/", telephones.change_telephone, name="account_change_phone"),
    path("accounts/telephone/typed/", telephones.confirm_telephone, name="account_verify_phone"),
    path(
        "accounts/sign-out-everywhere/",
        account.sign_out_everywhere,
        name="sign_out_everywhere",
    ),
    path("accounts/login/", views.login, name="account_login"),
    path("accounts/logout/", views.logout, name="account_logout"),
    path("accounts/password/change/", views.password_change, name="account_change_password"),
    # Where allauth sends who has none: a telephone does without.
    path("accounts/password/set/", to_account, name="account_set_password"),
    path("accounts/signup/", views.signup, name="account_signup"),  # says that it is closed
    path("accounts/inactive/", views.account_inactive, name="account_inactive"),
    path("accounts/reauthenticate/", views.reauthenticate, name="account_reauthenticate"),
    path("accounts/second-factor/", second_factor.index, name="mfa_index"),
    path("accounts/second-factor/set-up/", totp.activate_totp, name="mfa_activate_totp"),
    path("accounts/second-factor/renew/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("accounts/second-factor/show/", second_factor.authenticate, name="mfa_authenticate"),
    path("accounts/second-factor/again/", second_factor.reauthenticate, name="mfa_reauthenticate"),
    path(
        "accounts/second-factor/paper/",
        recovery_codes.view_recovery_codes,
        name="mfa_view_recovery_codes",
    ),
    path(
        "accounts/second-factor/paper/new/",
        recovery_codes.generate_recovery_codes,
        name="mfa_generate_recovery_codes",
    ),
    # Wagtail's own two doors, which count no wrong passwords. These come before Wagtail's.
    path("admin/login/", to_sign_in),
    path("_util/login/", to_sign_in),
]
