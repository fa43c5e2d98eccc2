"""Files in an object store that speaks S3 (the setting STORAGE_URL).

Addresses stay the site's own: it looks who may have a file, and fetches it, or has nginx fetch it.
So nothing in the bucket need be public, and pages name no other host.
"""

from collections.abc import Iterator
from contextlib import closing
from typing import IO, Any
from urllib.parse import urljoin, urlsplit

from botocore.config import Config
from botocore.exceptions import ClientError
from botocore.response import StreamingBody
from django.conf import settings
from django.utils.encoding import filepath_to_uri
from storages.backends.s3 import S3Storage

from media.ranges import BLOCK_BYTES, ByteRange

#: Checksums that came with boto3 1.36 are refused by most stores but Amazon's own. And boto3 would
#: wait a minute for a store that is away, five times.
CLIENT = Config(
    request_checksum_calculation="when_required",
    response_checksum_validation="when_required",
    connect_timeout=5,
    read_timeout=60,
    retries={"total_max_attempts": 3},
)


class ObjectStorage(S3Storage):
    client_config: Config

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.client_config = self.client_config.merge(CLIENT)

    def url(self, name: str, *_how: Any, **_more: Any) -> str:
        """As of a file on the disk."""
        return urljoin(settings.MEDIA_URL, filepath_to_uri(name).lstrip("/"))

    def signature(self, name: str) -> str:
        """What stands behind the ? of the store's own address, for whoever may fetch the file now.
        It ends after `querystring_expire` seconds; a transfer that has begun goes on."""
        return urlsplit(super().url(name)).query

    def fetch(self, name: str, target: IO[bytes]) -> None:
        """Write the file to `target`, whatever its size, without holding it in memory."""
        self.bucket.download_fileobj(name, target)

    def found(self, name: str) -> Any:
        """boto3's Object, with its length, ETag and time. Raises FileNotFoundError."""
        found = self.bucket.Object(name)
        try:
            found.load()
        except ClientError as error:
            if error.response["ResponseMetadata"]["HTTPStatusCode"] == 404:
                raise FileNotFoundError(name) from error
            raise
        return found

    def span_of(self, found: Any, span: ByteRange) -> Iterator[bytes]:
        """These bytes of an Object, block by block, as somebody reads them."""
        body: StreamingBody = found.get(Range=f"bytes={span.start}-{span.last}")["Body"]
        with closing(body):
            yield from body.iter_chunks(BLOCK_BYTES)
