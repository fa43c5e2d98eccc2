"""RabbitMQ, as `bin/services start --rabbitmq` has it, or one of a test's own that it may kill."""

import base64
import os
import signal
import socket
import subprocess
import time
import urllib.request
from itertools import count
from pathlib import Path

from tests import workers

_hosts = count(1)
START_SECONDS = 180


def own_host() -> str:
    """Makes a virtual host, in which a site has its queues for itself; returns its address."""
    host = f"site-{workers.RUN}-{workers.WORKER}-{next(_hosts)}"
    asked = urllib.request.Request(
        f"{os.environ['RABBITMQ_MANAGEMENT']}/api/vhosts/{host}", method="PUT"
    )
    guest = base64.b64encode(b"guest:guest").decode()
    asked.add_header("Authorization", f"Basic {guest}")
    asked.add_header("Content-Type", "application/json")
    urllib.request.urlopen(asked, timeout=30).close()
    return os.environ["RABBITMQ_URL"].removesuffix("%2F") + host


class OwnRabbit:
    """A node of its own below `folder`, where its queues outlive it."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self.port, distribution, names = free_ports(3)
        (folder / "plugins").write_text("[].")
        (folder / "rabbitmq.conf").write_text(f"listeners.tcp.1 = 127.0.0.1:{self.port}\n")
        self.url = f"amqp://guest:guest@127.0.0.1:{self.port}/%2F"
        self.environment = {
            **os.environ,
            "HOME": str(folder),
            "RABBITMQ_NODENAME": f"own-{self.port}@localhost",
            "RABBITMQ_DIST_PORT": str(distribution),
            "ERL_EPMD_PORT": str(names),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "ERL_EPMD_RELAXED_COMMAND_CHECK": "1",  # it may be ended though it knows a node still
            "RABBITMQ_MNESIA_BASE": str(folder / "data"),
            "RABBITMQ_LOG_BASE": str(folder / "log"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "plugins"),
            "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq.conf"),
        }
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Returns when it takes connections. Raises TimeoutError."""
        self.process = subprocess.Popen(
            ["/usr/lib/rabbitmq/bin/rabbitmq-server"],
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=2).close()
            except OSError:
                time.sleep(0.3)
            else:
                return
        raise TimeoutError(f"RabbitMQ did not start within {START_SECONDS} s")

    def kill(self) -> None:
        """SIGKILL, as a power cut would."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None

    def end(self) -> None:
        """With the register of names, which stays behind of a node."""
        self.kill()
        subprocess.run(["epmd", "-kill"], env=self.environment, capture_output=True, check=False)


def free_ports(number: int) -> list[int]:
    probes = [socket.create_server(("127.0.0.1", 0)) for _ in range(number)]
    ports = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports
