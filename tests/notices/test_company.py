"""What is handed over to the telephone company, and how its answers are understood."""

import json
import logging

import pytest

from lms.accounts import checks
from lms.accounts.aliyun_sms import AliyunSms, signature
from lms.accounts.sms import (
    ShortMessage,
    SmsBusy,
    SmsRefused,
    SmsReply,
    SmsReport,
    SmsUnsure,
    send_code,
)
from tests.notices.company import SECRET, reckoned

MESSAGE = ShortMessage("+8619900000001", "tomorrow", {"class": "翠洲手机班 1~2*"}, "a" * 32 + "-0")


def test_the_signature_is_that_of_the_companys_own_example():
    form = {
        "AccessKeyId": "testId",
        "Action": "SendSms",
        "Format": "XML",
        "OutId": "123",
        "PhoneNumbers": "15300000001",
        "RegionId": "cn-hangzhou",
        "SignName": "阿里云短信测试专用",
        "SignatureMethod": "HMAC-SHA1",
        "SignatureNonce": "45e25e9b-0a6f-4070-8c85-2956eda1b466",
        "SignatureVersion": "1.0",
        "TemplateCode": "SMS_71390007",
        "TemplateParam": '{"customer":"test"}',
        "Timestamp": "2017-07-12T02:42:19Z",
        "Version": "2017-05-25",
    }
    assert signature(form, secret="testSecret", method="GET") == "zJDF+Lrzhj/ThnlvIToysFRq6t4="
    assert signature(form, secret=SECRET, method="POST") == reckoned(form)


def test_a_message_is_taken_with_its_number_its_template_and_its_name(company):
    assert AliyunSms().send(MESSAGE) == "900619746936498440^0"
    [form] = company.taken
    assert form["PhoneNumbers"] == "19900000001"
    assert form["TemplateCode"] == "SMS_tomorrow"
    assert json.loads(form["TemplateParam"]) == {"class": "翠洲手机班 1~2*"}
    assert form["OutId"] == form["SignatureNonce"] == MESSAGE.uid


@pytest.mark.parametrize(
    ("said", "understood"),
    [
        ("isv.BUSINESS_LIMIT_CONTROL", SmsBusy),
        ("Throttling.User", SmsBusy),
        ("isv.AMOUNT_NOT_ENOUGH", SmsBusy),
        ("isv.SMS_TEMPLATE_ILLEGAL", SmsBusy),
        ("isv.MOBILE_NUMBER_ILLEGAL", SmsRefused),
        ("isv.BLACK_KEY_CONTROL_LIMIT", SmsRefused),
        ("isp.SYSTEM_ERROR", SmsUnsure),
        ("gone", SmsUnsure),
        ("silence", SmsUnsure),
    ],
)
def test_each_answer_says_whether_to_try_again(company, said, understood):
    company.says = [said]
    with pytest.raises(understood) as reason:
        AliyunSms().send(MESSAGE)
    assert "1990" not in str(reason.value)


def test_a_company_that_is_not_there_has_taken_nothing(company, settings):
    settings.SMS_ENDPOINT = "http://127.0.0.1:9/"
    with pytest.raises(SmsBusy):
        AliyunSms().send(MESSAGE)


def test_a_message_handed_over_twice_is_sent_once(company):
    company.says = ["silence"]
    with pytest.raises(SmsUnsure):
        AliyunSms().send(MESSAGE)
    AliyunSms().send(MESSAGE)
    assert len(company.asked) == 2
    assert len(company.taken) == 1


def test_a_template_that_is_not_registered_is_not_sent(company):
    with pytest.raises(SmsBusy, match="emergency"):
        AliyunSms().send(ShortMessage("+8619900000001", "emergency", {"text": "台风"}, "b"))
    assert company.asked == []


def test_a_code_to_sign_in_with_goes_the_same_way_and_no_number_is_logged(
    company, client, db, caplog
):
    caplog.set_level(logging.DEBUG)
    client.post("/accounts/code/", {"digits": "19900000001"}, REMOTE_ADDR="10.0.0.9")
    [form] = company.taken
    assert form["TemplateCode"] == "SMS_code"
    assert json.loads(form["TemplateParam"])["minutes"] == "10"
    assert "19900000001" not in caplog.text


def test_a_code_that_was_not_taken_is_not_said_to_be(company):
    company.says = ["isv.AMOUNT_NOT_ENOUGH"]
    with pytest.raises(SmsBusy):
        send_code(number="+8619900000001", code="123456", minutes=10)


def test_what_the_company_pushes_is_read():
    report = {"phone_number": "19900000001", "success": False, "err_code": "UNDELIV", "out_id": "x"}
    answer = {"phone_number": "19900000001", "content": "TD", "sign_name": "翠洲学堂"}
    assert AliyunSms().pushed(json.dumps([report, answer, {"else": 1}]).encode()) == [
        SmsReport(uid="x", arrived=False, reason="UNDELIV"),
        SmsReply(number="+8619900000001", words="TD"),
    ]
    for body in (b"", b"{", b'{"a": 1}', b"[1]"):
        with pytest.raises(ValueError, match=r".*"):
            AliyunSms().pushed(body)


def test_a_deployer_hears_what_the_company_needs_and_is_not_set(company, settings):
    assert checks.the_gateway_is_there() == []
    settings.SMS_KEY_SECRET = ""
    settings.SMS_TEMPLATES = {}
    assert [each.id for each in checks.the_gateway_is_there()] == ["accounts.E003"] * 2
