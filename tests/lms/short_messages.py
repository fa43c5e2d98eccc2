"""A gateway for tests, whatever is sent lies in a list; and what people do with a telephone."""

import re
from dataclasses import dataclass, field
from datetime import timedelta

from lms.accounts.sms import ShortMessage, SmsBusy


@dataclass
class Sent:
    number: str
    code: str
    minutes: int


@dataclass
class Box:
    sent: list[Sent] = field(default_factory=list)
    is_broken: bool = False


box = Box()


class BoxSms:
    remembers = timedelta(0)

    def send(self, message: ShortMessage) -> str:
        if box.is_broken:
            raise SmsBusy
        values = message.values
        box.sent.append(Sent(message.number, values["code"], int(values["minutes"])))
        return ""

    def pushed(self, body):
        raise ValueError


ASK, TYPE = "/accounts/code/", "/accounts/code/typed/"
MINE = "+8619900000001"


def words(response) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", response.content.decode()).split())


def ask(client, number="19900000001", address="10.0.0.1", **more):
    return client.post(ASK, {"digits": number, **more}, REMOTE_ADDR=address)


def give(client, code, **more):
    return client.post(TYPE, {"digits": code, **more})


def sign_in(client, sent, number="19900000001"):
    ask(client, number)
    give(client, sent[-1].code)


def who(client) -> object | None:
    user = client.get("/display/").wsgi_request.user
    return user if user.is_authenticated else None


def wrong(code: str) -> str:
    return code[:-1] + str((int(code[-1]) + 1) % 10)
