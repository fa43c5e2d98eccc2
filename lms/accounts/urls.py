"""Signing in and out, and how pages look. Of allauth's pages only those that have words of ours."""

from allauth.account import views
from django.urls import path
from django.views.generic import RedirectView

from lms.accounts.views import display_page

to_sign_in = RedirectView.as_view(pattern_name="account_login", query_string=True)

urlpatterns = [
    path("display/", display_page, name="display"),
    path("accounts/login/", views.login, name="account_login"),
    path("accounts/logout/", views.logout, name="account_logout"),
    path("accounts/password/change/", views.password_change, name="account_change_password"),
    path("accounts/signup/", views.signup, name="account_signup"),  # says that it is closed
    path("accounts/inactive/", views.account_inactive, name="account_inactive"),
    # Wagtail's own two doors, which count no wrong passwords. These come before Wagtail's.
    path("admin/login/", to_sign_in),
    path("_util/login/", to_sign_in),
]
