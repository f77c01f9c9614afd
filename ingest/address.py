"""Fetches a document from a public web address.

Only http and https, only ports 80 and 443, only public addresses. A name is resolved once a hop;
if any of its addresses is not public the fetch is refused, and the connection goes to an address
that was checked: the name is never looked up a second time, so that it cannot point elsewhere in
between (DNS rebinding). Every redirect passes through the same check. Proxies of the environment
are not used: a proxy would resolve the name by itself, and the check would be worth nothing.
"""

from __future__ import annotations

import ipaddress
import re
import socket
import ssl
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import httpcore
import httpx

from errors import AddressError, TooLargeError, UnsupportedError
from settings import Settings

REDIRECTS = 5
PORTS = {"http": 80, "https": 443}
LONGEST = 2000  # characters of an address
MEDIA_TYPES = frozenset(
    [
        "text/html", "application/xhtml+xml", "application/pdf", "text/plain", "text/markdown", "text/x-markdown",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "application/vnd.oasis.opendocument.text",
        "application/octet-stream", "binary/octet-stream", "application/zip",  # decided by the content then
    ]
)  # fmt: skip
_BLOCKED = tuple(
    ipaddress.ip_network(network)
    for network in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
        "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24",
        "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
        "::/96", "::ffff:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32",
        "2002::/16", "3fff::/20", "5f00::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
    )
)  # fmt: skip

Resolver = Callable[[str, int], Sequence[str]]
Rule = Callable[[str, int], bool]


@dataclass(frozen=True, slots=True)
class Fetched:
    """What an address gave: the bytes, the server's media type, and the address after redirects."""

    data: bytes
    media_type: str
    address: str


def is_public(address: str) -> bool:
    """Whether an IP address may be connected to: global unicast, and of no block of the special-purpose registries.

    IPv6 forms that carry an IPv4 address (mapped, translated, 6to4, Teredo) are refused whole.
    Source: IANA's special-purpose address registries (RFC 6890 and its updates).
    """
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address) and found.scope_id is not None:
        return False
    if not found.is_global or found.is_multicast or found.is_reserved or found.is_unspecified:
        return False
    return not any(found.version == network.version and found in network for network in _BLOCKED)


def resolve(host: str, port: int) -> Sequence[str]:
    """The IP addresses of a name, as the system's resolver gives them. Raises OSError when there are none."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def allow(address: str, port: int) -> bool:
    """The rule by default: a public address, and port 80 or 443."""
    return port in PORTS.values() and is_public(address)


def check_url(url: str) -> tuple[str, str, int]:
    """Scheme, host and port of an address that may be fetched as far as its text tells. Raises AddressError."""
    shown = _shown(url)
    if len(url) > LONGEST or re.search(r"[\x00-\x20\x7f\\]", url):
        raise AddressError(shown, "it is no valid web address")
    try:
        parsed = httpx.URL(url)
        host, port = parsed.host, parsed.port
    except (httpx.InvalidURL, ValueError, UnicodeError) as problem:
        raise AddressError(shown, "it is no valid web address") from problem
    if parsed.scheme not in PORTS:
        raise AddressError(shown, "only http and https addresses are fetched")
    if parsed.userinfo or "@" in parsed.netloc.decode("ascii", "replace"):
        raise AddressError(shown, "addresses with a login in them are not fetched")
    if not host:
        raise AddressError(shown, "it names no host")
    return parsed.scheme, host, port or PORTS[parsed.scheme]


def fetch(url: str, settings: Settings, resolver: Resolver = resolve, rule: Rule = allow) -> Fetched:
    """The document at a public address.

    ``settings.fetch_seconds`` bounds the whole, redirects included; ``settings.document_mb`` bounds the
    bytes as sent and as unpacked. ``resolver`` and ``rule`` are other than the defaults only in tests.
    Raises AddressError (may not be fetched, or the server does not answer as it should),
    TooLargeError, UnsupportedError (a kind of file that is not read).
    """
    deadline = time.monotonic() + settings.fetch_seconds
    name = _shown(url)
    transport = _CheckedTransport(_CheckedBackend(name, deadline, resolver, rule))
    headers = {
        "User-Agent": "reform-evidence-graph (document reader)",
        "Accept": "text/html,application/pdf,*/*;q=0.5",
        "Accept-Encoding": "gzip",
    }
    try:
        with httpx.Client(
            transport=transport, trust_env=False, headers=headers, timeout=settings.fetch_seconds
        ) as client:
            for _ in range(REDIRECTS + 1):
                _check_hop(name, url)
                with client.stream("GET", url) as response:
                    if response.is_redirect:
                        url = str(response.url.join(response.headers["location"])).partition("#")[0]
                        client.cookies.clear()
                        continue
                    return _received(name, url, response, settings, deadline)
            raise AddressError(name, f"it redirects more than {REDIRECTS} times")
    except httpx.TimeoutException as problem:
        raise AddressError(name, f"it did not answer within {settings.fetch_seconds:g} seconds") from problem
    except httpx.InvalidURL as problem:
        raise AddressError(name, "it redirects to an address that is not valid") from problem
    except httpx.HTTPError as problem:
        raise AddressError(name, "the server cannot be reached, or its answer is broken") from problem


def _check_hop(name: str, url: str) -> None:
    try:
        check_url(url)
    except AddressError as problem:
        if problem.name == name:
            raise
        raise AddressError(name, f"it redirects to {problem.name}: {problem.reason}") from problem


def _shown(url: str) -> str:
    """The address as it may be shown: without a login, in one line, not too long."""
    return re.sub(r"//[^/?#]*@", "//", re.sub(r"[\x00-\x20\x7f]+", " ", url)).strip()[:200]


def _received(name: str, url: str, response: httpx.Response, settings: Settings, deadline: float) -> Fetched:
    if response.status_code != 200:
        raise AddressError(name, f"the server answers {response.status_code} {response.reason_phrase}".rstrip())
    media_type = response.headers.get("content-type", "").strip()
    kind = media_type.partition(";")[0].strip().lower()
    if kind and kind not in MEDIA_TYPES:
        raise UnsupportedError(name, f"the server sends {kind}, which is not read here")
    limit = settings.document_mb * 2**20
    declared = response.headers.get("content-length", "")
    if declared.isdigit() and int(declared) > limit:
        raise _too_large(name, settings)
    return Fetched(_body(name, response, settings, limit, deadline), media_type, url)


def _body(name: str, response: httpx.Response, settings: Settings, limit: int, deadline: float) -> bytes:
    """The answer's bytes, unpacked under the size limit and within the time limit."""
    import zlib

    encoding = response.headers.get("content-encoding", "").strip().lower()
    if encoding not in ("", "identity", "gzip", "x-gzip", "deflate"):
        raise AddressError(name, f"the server packs its answer as {encoding[:40]}, which was not asked for")
    # httpx unpacks a chunk whole before it can be counted, so the unpacking is done here with a bound.
    inflater = zlib.decompressobj(zlib.MAX_WBITS | 32) if encoding in ("gzip", "x-gzip", "deflate") else None
    body = bytearray()
    sent = 0
    try:
        for chunk in response.iter_raw():
            sent += len(chunk)
            if time.monotonic() > deadline:
                raise AddressError(name, f"it took more than {settings.fetch_seconds:g} seconds")
            for piece in _unpacked(inflater, chunk):
                body += piece
                if len(body) > limit or sent > limit:
                    raise _too_large(name, settings)
    except zlib.error as problem:
        raise AddressError(name, "the server's answer cannot be unpacked") from problem
    if inflater is not None and body and not inflater.eof:
        raise AddressError(name, "the server's answer is cut off")
    return bytes(body)


def _unpacked(inflater: Any, chunk: bytes) -> Iterator[bytes]:
    if inflater is None:
        yield chunk
        return
    while chunk and not inflater.eof:
        yield inflater.decompress(chunk, 1 << 20)
        chunk = inflater.unconsumed_tail


def _too_large(name: str, settings: Settings) -> TooLargeError:
    return TooLargeError(name, f"it sends more than {settings.document_mb:,} MiB, which is the most that is read")


def _checked(name: str, host: str, port: int, resolver: Resolver, rule: Rule) -> list[str]:
    """The addresses of a host when every one of them may be connected to. Raises AddressError."""
    literal = host.strip("[]")
    try:
        addresses: Iterable[str] = [str(ipaddress.ip_address(literal))]
    except ValueError:
        if re.fullmatch(r"0x[0-9a-f]+|\d+", host.rstrip(".").rpartition(".")[2], re.I):
            raise AddressError(name, f"{host} is no valid host name") from None  # 127.1, 0x7f000001, 2130706433
        try:
            addresses = resolver(host, port)
        except (OSError, UnicodeError) as problem:
            raise AddressError(name, f"the host {host} is not known") from problem
    found = list(addresses)
    if not found:
        raise AddressError(name, f"the host {host} is not known")
    if not all(rule(address, port) for address in found):
        if all(is_public(address) for address in found):
            raise AddressError(name, f"port {port} is not allowed; only ports 80 and 443 are fetched from")
        raise AddressError(name, f"the host {host} is not a public address")
    return found


class _CheckedBackend(httpcore.NetworkBackend):
    """Connects to a host by way of its checked addresses only."""

    def __init__(self, name: str, deadline: float, resolver: Resolver, rule: Rule) -> None:
        self._name, self._deadline, self._resolver, self._rule = name, deadline, resolver, rule
        self._plain = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        problem: Exception | None = None
        for address in _checked(self._name, host, port, self._resolver, self._rule)[:4]:
            left = self._deadline - time.monotonic()
            if left <= 0:
                raise httpcore.ConnectTimeout("no time left")
            wait = min(left, timeout) if timeout else left
            try:
                stream = self._plain.connect_tcp(address, port, wait, local_address, socket_options)
            except httpcore.ConnectError as error:
                problem = error
            else:
                return _DeadlineStream(stream, self._deadline)
        raise problem or httpcore.ConnectError("no address")


class _CheckedTransport(httpx.HTTPTransport):
    """httpx's own transport on connections of ``_CheckedBackend``; TLS verifies the host's name as ever."""

    def __init__(self, backend: httpcore.NetworkBackend) -> None:
        context = httpx.create_ssl_context()
        super().__init__(verify=context, trust_env=False)
        self._pool = httpcore.ConnectionPool(ssl_context=context, network_backend=backend)


class _DeadlineStream(httpcore.NetworkStream):
    """A connection each of whose reads and writes ends at the deadline: a server that drips cannot hold it open."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: float) -> None:
        self._stream = stream
        self._deadline = deadline

    def _left(self, timeout: float | None) -> float:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout("no time left")
        return min(left, timeout) if timeout else left

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        stream = self._stream.start_tls(ssl_context, server_hostname, self._left(timeout))
        return _DeadlineStream(stream, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
