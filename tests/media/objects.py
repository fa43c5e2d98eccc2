"""A store that speaks S3 (moto's server), and the site's files in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

import boto3
from moto.server import ThreadedMotoServer

#: In STORAGE_URL a secret is quoted as in any address.
KEY, SECRET, QUOTED = "yinling", "a/b+c", "a%2Fb%2Bc"
_numbers = count(1)


@contextmanager
def object_store() -> Iterator[str]:
    """Its address, as http://127.0.0.1:port."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        _host, port = server.get_host_and_port()
        yield f"http://127.0.0.1:{port}"
    finally:
        server.stop()


def new_bucket(endpoint: str) -> str:
    """Makes one; returns what STORAGE_URL says of it."""
    name = f"bucket-{next(_numbers)}"
    client = boto3.client(
        "s3",
        endpoint_url=endpoint,
        region_name="us-east-1",
        aws_access_key_id=KEY,
        aws_secret_access_key=SECRET,
    )
    client.create_bucket(Bucket=name)
    return f"s3+{endpoint.replace('://', f'://{KEY}:{QUOTED}@')}/{name}"
