"""Typed readers for environment variables. A value that cannot be read stops the program.

Every reader takes a default that is used when the variable is unset or empty.
Names of quantities end in their unit (`VIDEO_MAX_UPLOAD_MIB`), and so does the error.
"""

import os
import re
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured
from django.http.request import validate_host

TRUE_WORDS = {"1", "true", "yes", "on"}
FALSE_WORDS = {"0", "false", "no", "off"}


def text(name: str, default: str) -> str:
    return os.environ.get(name, "").strip() or default


def boolean(name: str, default: bool) -> bool:
    value = os.environ.get(name, "").strip().lower()
    if not value:
        return default
    if value in TRUE_WORDS:
        return True
    if value in FALSE_WORDS:
        return False
    raise ImproperlyConfigured(f"{name}={value!r} is neither true nor false (use 1 or 0)")


def number(name: str, default: float, *, unit: str, minimum: float, maximum: float) -> float:
    """A finite number of `unit` between the two bounds, both included."""
    raw = os.environ.get(name, "").strip()
    if not raw:
        return default
    try:
        value = float(raw)
    except ValueError:
        raise ImproperlyConfigured(f"{name}={raw!r} is not a number of {unit}") from None
    if not minimum <= value <= maximum:
        raise ImproperlyConfigured(
            f"{name}={raw} is out of range: give {minimum:g} to {maximum:g} {unit}"
        )
    return value


def integer(name: str, default: int, *, unit: str, minimum: int, maximum: int) -> int:
    value = number(name, default, unit=unit, minimum=minimum, maximum=maximum)
    if value != int(value):
        raise ImproperlyConfigured(f"{name}={value:g} is not a whole number of {unit}")
    return int(value)


def words(name: str, default: list[str]) -> list[str]:
    """A comma-separated list; blanks around and between commas are dropped."""
    items = [item.strip() for item in os.environ.get(name, "").split(",")]
    return [item for item in items if item] or default


def site_url(name: str, hosts: list[str]) -> str:
    """The address that paper and QR codes bear: a scheme and one of `hosts`, with a port or none.
    Raises ImproperlyConfigured for anything else."""
    url = os.environ.get(name, "").strip().rstrip("/")
    parts = urlsplit(url)
    bare = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
    if parts.scheme not in {"http", "https"} or url != bare:
        raise ImproperlyConfigured(f"{name}={url!r} is no address as https://yinling.example")
    if not validate_host(parts.hostname or "", hosts):
        raise ImproperlyConfigured(f"{name}={url}: {parts.hostname} is not in ALLOWED_HOSTS")
    return url


def engines_by_language(name: str) -> dict[str, tuple[str, str]]:
    """`zh=sherpa-onnx:var/models/paraformer, yue=…` as engine and model of each language."""
    chosen: dict[str, tuple[str, str]] = {}
    for item in words(name, []):
        match = re.fullmatch(r"([a-z]+)\s*=\s*([\w.-]+)\s*:\s*(\S.*)", item)
        if match is None:
            raise ImproperlyConfigured(f"{name}: {item!r} is not language=engine:model")
        language, engine, model = match.groups()
        if language in chosen:
            raise ImproperlyConfigured(f"{name} names {language} twice")
        chosen[language] = engine, model
    return chosen


def pairs(name: str) -> dict[str, str]:
    """`code=SMS_1, moved=SMS_2` as a mapping."""
    found: dict[str, str] = {}
    for item in words(name, []):
        key, sign, value = (part.strip() for part in item.partition("="))
        if not (key and sign and value) or key in found:
            raise ImproperlyConfigured(f"{name}: {item!r} is not name=value, each name once")
        found[key] = value
    return found


def networks(name: str) -> list[IPv4Network | IPv6Network]:
    """A comma-separated list of addresses and networks, as 10.0.0.5,10.1.0.0/16."""
    try:
        return [ip_network(item) for item in words(name, [])]
    except ValueError as error:
        raise ImproperlyConfigured(f"{name}: {error}") from None


def folder(name: str, default: Path) -> Path:
    return Path(text(name, str(default))).expanduser().resolve()


def cache(name: str, default: str) -> dict[str, Any]:
    """A `CACHES` entry from a URL: `locmem://` (one process) or `redis://host:port/number`."""
    url = text(name, default)
    match urlsplit(url).scheme:
        case "locmem":
            return {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
        case "redis" | "rediss" | "unix":
            return {"BACKEND": "lms.caching.ForgivingRedisCache", "LOCATION": url}
        case scheme:
            raise ImproperlyConfigured(f"{name}: {scheme or url!r} is not redis:// or locmem://")


def storage(name: str) -> dict[str, Any]:
    """A `STORAGES` entry: the disk, or a bucket by `s3://key:secret@host/bucket`, `s3+http://` for
    one without TLS; `?region=…`, and `?addressing=virtual` where the bucket is part of the host's
    name. Raises ImproperlyConfigured without saying the secret."""
    url = text(name, "")
    if not url:
        return {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    parts, more = urlsplit(url), dict(parse_qsl(urlsplit(url).query))
    scheme = {"s3": "https", "s3+http": "http"}.get(parts.scheme)
    bucket, addressing = parts.path.strip("/"), more.pop("addressing", "path")
    region = more.pop("region", "us-east-1")
    is_whole = all([scheme, parts.hostname, parts.username, parts.password, bucket])
    if not is_whole or "/" in bucket or addressing not in {"path", "virtual"} or more:
        raise ImproperlyConfigured(
            f"{name} is not s3://key:secret@host/bucket, perhaps with ?region=…&addressing=virtual"
        )
    options = {
        "access_key": unquote(parts.username or ""),
        "secret_key": unquote(parts.password or ""),
        "endpoint_url": f"{scheme}://{parts.netloc.rpartition('@')[2]}",
        "bucket_name": bucket,
        "region_name": region,
        "addressing_style": addressing,
        "signature_version": "s3v4",
        "file_overwrite": False,
        "max_memory_size": 2**23,  # bytes; a larger file that is read goes by the disk
        "querystring_expire": 300,
    }
    return {"BACKEND": "media.objects.ObjectStorage", "OPTIONS": options}


def cache_of_pages(shared: dict[str, Any], folder: Path) -> dict[str, Any]:
    """A `CACHES` entry for whole pages: the shared cache where that is Redis, else files, which all
    processes of one machine find."""
    if shared["BACKEND"].endswith("RedisCache"):
        return shared
    backend = "django.core.cache.backends.filebased.FileBasedCache"
    return {"BACKEND": backend, "LOCATION": str(folder), "OPTIONS": {"MAX_ENTRIES": 2000}}
