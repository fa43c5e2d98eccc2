"""A group of colleagues is told by its robot, where a setting lets messages go."""

import hashlib
import hmac
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from lms.notices.choices import DeliveryState, GroupKind, Way
from lms.notices.services.classes import tell_class
from lms.notices.services.groups import GroupRefused, add_group
from lms.notices.services.posting import send_due

pytestmark = pytest.mark.django_db


@pytest.fixture
def robot(settings):
    """Answers with the numbers in `says`, then 0; what it was told lies in `told`."""

    class Robot(BaseHTTPRequestHandler):
        says: list[int] = []
        told: list[tuple[bytes, dict]] = []

        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.told.append((body, dict(self.headers)))
            said = self.says.pop(0) if self.says else 0
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps({"errcode": said, "errmsg": "x"}).encode())

        def log_message(self, *words):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Robot)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.WEBHOOK_HOSTS = ["127.0.0.1", "qyapi.weixin.qq.com"]
    Robot.address = f"http://127.0.0.1:{server.server_port}/cgi-bin/webhook/send?key=k"
    yield Robot
    server.shutdown()
    server.server_close()


def group(cast, robot, kind):
    unit = cast.class_group.unit
    officer = cast.street_officer
    return add_group(unit=unit, name="教师群", kind=kind, address=robot.address, made_by=officer)


def test_a_group_hears_of_the_class_and_of_no_learner(cancelled, cast, robot, clock):
    wecom = group(cast, robot, GroupKind.WECOM)
    notice = tell_class(cancelled, made_by=cast.teacher, groups=[wecom])
    robot.says.append(45009)  # too many in a minute
    send_due()
    delivery = notice.deliveries.get(way=Way.GROUP)
    assert delivery.state == DeliveryState.WAITING
    clock.on(minutes=1)
    send_due()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.tries) == (DeliveryState.SENT, 2)
    said = json.loads(robot.told[-1][0])
    assert said["msgtype"] == "text"
    assert "翠洲手机班" in said["text"]["content"]
    assert "陈" not in said["text"]["content"]


def test_a_relay_knows_that_it_is_ours_and_which_it_is(cancelled, cast, robot):
    relay = group(cast, robot, GroupKind.RELAY)
    notice = tell_class(cancelled, made_by=cast.teacher, groups=[relay])
    send_due()
    body, headers = robot.told[-1]
    signed = hmac.new(relay.secret.encode(), body, hashlib.sha256).hexdigest()
    assert headers["X-Yinling-Signature"] == signed
    assert json.loads(body)["id"] == notice.deliveries.get(way=Way.GROUP).handed_over_as


@pytest.mark.parametrize(
    "address",
    [
        "https://elsewhere.example/send",
        "http://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=k",
        "https://qyapi.weixin.qq.com.elsewhere.example/",
        "https://10.0.0.1/",
    ],
)
def test_nothing_goes_where_no_setting_says(cast, robot, address, settings):
    with pytest.raises(GroupRefused):
        add_group(
            unit=cast.class_group.unit,
            name="群",
            kind=GroupKind.WECOM,
            address=address,
            made_by=cast.street_officer,
        )


def test_a_host_that_was_taken_out_of_the_setting_hears_nothing_more(
    cancelled, cast, robot, settings
):
    wecom = group(cast, robot, GroupKind.WECOM)
    told = len(robot.told)
    notice = tell_class(cancelled, made_by=cast.teacher, groups=[wecom])
    settings.WEBHOOK_HOSTS = []
    send_due()
    assert len(robot.told) == told
    assert notice.deliveries.get(way=Way.GROUP).state == DeliveryState.FAILED
