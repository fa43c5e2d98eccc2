"""What we use of django-allauth that it calls internal is still there and still does that.

Its behaviour in our pages is in test_sign_in, test_sign_in_by_telephone and test_account.
"""

import inspect

import pytest
from allauth.account import stages
from allauth.account.adapter import DefaultAccountAdapter

from lms.accounts.adapter import AccountAdapter
from lms.accounts.allauth_insides import ChangeTelephone, CodeSignIn, CountsFailures


def parameters(function):
    return [name for name in inspect.signature(function).parameters if name != "self"]


@pytest.mark.parametrize("process", [CodeSignIn, ChangeTelephone])
def test_a_code_lasts_is_tried_and_ends_as_we_call_it(process):
    assert parameters(process.initial_state) == ["user", "email", "phone"]
    state = process.initial_state(user=None, phone="+8619900000001")
    assert {"at", "failed_attempts", "resend_count", "phone"} <= set(state)
    for method in ("abort", "abort_if_invalid", "persist", "record_invalid_attempt"):
        assert parameters(getattr(process, method)) == [], method
    assert isinstance(inspect.getattr_static(process, "code"), property)


def test_signing_in_by_a_code_has_what_we_put_our_own_in_place_of():
    """A method of ours that no longer stands in for one of theirs would never be called."""
    assert parameters(CodeSignIn.__init__) == ["stage"]
    assert parameters(CodeSignIn.send_by_phone) == ["phone", "skip_enumeration_mails"]
    assert parameters(CodeSignIn.finish) == ["redirect_url"]
    assert parameters(CodeSignIn.resume) == ["stage"]
    assert parameters(CodeSignIn.record_resend) == []
    assert parameters(stages.LoginStageController.enter) == ["request", "stage_key"]


def test_another_number_begins_and_goes_on_as_we_call_it():
    assert parameters(ChangeTelephone.initiate) == ["request", "phone"]
    assert parameters(ChangeTelephone.resume) == ["request"]
    assert parameters(ChangeTelephone.finish) == []


def test_wrong_passwords_are_counted_by_the_key_that_we_name(rf, monkeypatch):
    """By what the adapter hands to the counter, not by a name that may have changed."""
    asked = parameters(DefaultAccountAdapter._get_login_attempts_cache_key)
    assert asked == ["request", "credentials"]
    keys = []

    def consume(request, *, key, **more):
        keys.append(key)
        return True

    monkeypatch.setattr("allauth.core.internal.ratelimit.consume", consume)
    adapter = AccountAdapter()
    adapter.pre_authenticate(rf.post("/", REMOTE_ADDR="192.0.2.7"), username="Chen", password="any")
    assert keys == ["192.0.2.7 chen"]


def test_whoever_takes_the_adapter_names_a_key(rf):
    with pytest.raises(NotImplementedError):
        CountsFailures().failures_key(rf.get("/"), "chen")
