"""A gateway for tests: whatever is sent lies in a list."""

from dataclasses import dataclass, field

from lms.accounts.sms import SmsNotSent


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
    def send_code(self, *, number: str, code: str, minutes: int) -> None:
        if box.is_broken:
            raise SmsNotSent
        box.sent.append(Sent(number, code, minutes))
