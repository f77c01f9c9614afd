"""Fetching: which addresses may be connected to, and that the connection goes to the checked one."""

# Strategy: the check is tested pure, with a table. Fetching is tested against a real HTTP server on
# loopback; there the rule lets that one port through, and the resolver says which address a name has.
from __future__ import annotations

import gzip
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

import settings as settings_module
from errors import AddressError, DocumentError, TooLargeError, UnsupportedError
from ingest.address import REDIRECTS, allow, check_url, fetch, is_public

PAGE = b"<html><title>Reform</title><p>The council asked its tenants.</p></html>"


@pytest.mark.parametrize(
    "address", ["93.184.215.14", "1.1.1.1", "172.32.0.1", "100.128.0.1", "2606:4700:4700::1111", "2a00:1450::1"]
)
def test_public_addresses(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.255.255.254",
        "0.0.0.0",
        "10.1.2.3",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "100.127.255.255",
        "192.0.0.8",
        "192.0.2.1",
        "198.18.0.1",
        "198.51.100.7",
        "203.0.113.7",
        "224.0.0.1",
        "239.255.255.250",
        "240.0.0.1",
        "255.255.255.255",
        "192.88.99.1",
        "::",
        "::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::ffff:93.184.215.14",
        "::7f00:1",
        "64:ff9b::7f00:1",
        "64:ff9b:1::1",
        "2002:7f00:1::",
        "2001:0:53aa:64c:0:1234:5678:9abc",
        "2001:db8::1",
        "fc00::1",
        "fd12:3456::1",
        "fe80::1",
        "fe80::1%eth0",
        "fec0::1",
        "ff02::1",
        "100::1",
        "5f00::1",
        "3fff::1",
        "not an address",
        "",
    ],
)
def test_addresses_that_are_not_public(address: str) -> None:
    assert not is_public(address)


def test_only_the_web_ports() -> None:
    assert allow("1.1.1.1", 80) and allow("1.1.1.1", 443)
    assert not allow("1.1.1.1", 8080) and not allow("1.1.1.1", 22) and not allow("127.0.0.1", 80)


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("file:///etc/passwd", "only http"),
        ("ftp://example.org/a.pdf", "only http"),
        ("gopher://example.org", "only http"),
        ("javascript:alert(1)", "only http"),
        ("example.org/a.pdf", "only http"),
        ("http://", "no host"),
        ("http://user:secret@example.org/", "login"),
        ("http://user@example.org/", "login"),
        ("http://exa mple.org/", "no valid"),
        ("http://example.org/\r\nHost: x", "no valid"),
        ("http://[::1", "no valid"),
        ("http://example.org\\@127.0.0.1/", "no valid"),
        ("http://example.org/" + "a" * 3000, "no valid"),
        ("", "only http"),
    ],
)
def test_addresses_refused_by_their_text(url: str, reason: str) -> None:
    with pytest.raises(AddressError, match=reason) as caught:
        check_url(url)
    assert "secret" not in str(caught.value)


def test_scheme_host_and_port() -> None:
    assert check_url("https://example.org/a") == ("https", "example.org", 443)
    assert check_url("http://example.org:8000/a") == ("http", "example.org", 8000)


class Handler(BaseHTTPRequestHandler):
    """Answers by path; ``hosts`` keeps each request's Host header."""

    hosts: list[str]

    def do_GET(self) -> None:
        self.hosts.append(self.headers["Host"])
        port = self.server.server_address[1]
        path = self.path.partition("?")[0]
        if path == "/page":
            self._send(200, PAGE, {"Content-Type": "text/html; charset=utf-8"})
        elif path == "/packed":
            self._send(200, gzip.compress(PAGE), {"Content-Type": "text/html", "Content-Encoding": "gzip"})
        elif path == "/bomb":
            self._send(
                200, gzip.compress(b"0" * 40_000_000), {"Content-Type": "text/plain", "Content-Encoding": "gzip"}
            )
        elif path == "/cut":
            self._send(200, gzip.compress(PAGE)[:-12], {"Content-Type": "text/html", "Content-Encoding": "gzip"})
        elif path == "/brotli":
            self._send(200, b"xx", {"Content-Type": "text/html", "Content-Encoding": "br"})
        elif path == "/endless":
            self.send_response(200)
            self.send_header("Content-Type", "text/plain")
            self.end_headers()
            for _ in range(200):
                try:
                    self.wfile.write(b"x" * 65536)
                except OSError:
                    return
        elif path == "/drip":
            self.send_response(200)
            self.send_header("Content-Type", "text/plain")
            self.end_headers()
            for _ in range(100):
                try:
                    self.wfile.write(b"x")
                    self.wfile.flush()
                except OSError:
                    return
                time.sleep(0.05)
        elif path == "/picture":
            self._send(200, b"\x89PNG", {"Content-Type": "image/png"})
        elif path == "/large":
            self._send(200, b"", {"Content-Type": "text/html", "Content-Length": str(10**9)})
        elif path == "/missing":
            self._send(404, b"no", {"Content-Type": "text/html"})
        elif path == "/hop":
            self._send(302, b"", {"Location": "/page"})
        elif path == "/loop":
            self._send(302, b"", {"Location": "/loop"})
        elif path == "/inward":
            self._send(302, b"", {"Location": f"http://inner.test:{port}/page"})
        elif path == "/to-file":
            self._send(302, b"", {"Location": "file:///etc/passwd"})
        elif path == "/to-login":
            self._send(302, b"", {"Location": f"http://a:b@outer.test:{port}/page"})

    def _send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if "Content-Length" not in headers:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        return


@pytest.fixture
def server() -> Iterator[ThreadingHTTPServer]:
    handler = type("OneHandler", (Handler,), {"hosts": []})
    found = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    found.daemon_threads = True
    thread = threading.Thread(target=found.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield found
    found.shutdown()
    found.server_close()
    thread.join()


def names(table: dict[str, list[str]]) -> Callable[[str, int], Sequence[str]]:
    def resolver(host: str, port: int) -> Sequence[str]:
        if host not in table:
            raise OSError("unknown")
        return table[host]

    return resolver


def get(server: ThreadingHTTPServer, path: str, **changes: object) -> tuple[bytes, str, str]:
    """Fetch from the test server under the name outer.test, where only its own port of loopback is let through."""
    port = server.server_address[1]
    fetched = fetch(
        f"http://outer.test:{port}{path}",
        settings_module.load(**({"document_mb": 1, "fetch_seconds": 5} | changes)),
        names({"outer.test": ["127.0.0.1"], "inner.test": ["127.0.0.2"]}),
        lambda address, p: (address, p) == ("127.0.0.1", port),
    )
    return fetched.data, fetched.media_type, fetched.address


def test_fetches_a_page_under_its_own_name(server: ThreadingHTTPServer) -> None:
    port = server.server_address[1]
    data, media_type, address = get(server, "/page")
    assert (data, media_type, address) == (PAGE, "text/html; charset=utf-8", f"http://outer.test:{port}/page")
    assert server.RequestHandlerClass.hosts == [f"outer.test:{port}"]


def test_unpacks_and_follows(server: ThreadingHTTPServer) -> None:
    assert get(server, "/packed")[0] == PAGE
    data, _, address = get(server, "/hop")
    assert data == PAGE and address.endswith("/page")


@pytest.mark.parametrize(
    ("path", "kind", "reason"),
    [
        ("/bomb", TooLargeError, "more than 1 MiB"),
        ("/endless", TooLargeError, "more than 1 MiB"),
        ("/large", TooLargeError, "1 MiB"),
        ("/cut", AddressError, "cut off"),
        ("/brotli", AddressError, "packs its answer as br"),
        ("/picture", UnsupportedError, "image/png"),
        ("/missing", AddressError, "404"),
        ("/loop", AddressError, f"more than {REDIRECTS} times"),
        ("/inward", AddressError, "inner.test is not a public address"),
        ("/to-file", AddressError, "only http and https"),
        ("/to-login", AddressError, "login"),
    ],
)
def test_says_why_it_does_not_fetch(
    server: ThreadingHTTPServer, path: str, kind: type[DocumentError], reason: str
) -> None:
    with pytest.raises(kind, match=reason) as caught:
        get(server, path)
    assert caught.value.name.startswith("http://outer.test:")


def test_a_server_that_drips_is_left(server: ThreadingHTTPServer) -> None:
    started = time.monotonic()
    with pytest.raises(AddressError, match=r"0\.4 seconds"):
        get(server, "/drip", fetch_seconds=0.4)
    assert time.monotonic() - started < 3


def test_the_name_is_looked_up_once_and_the_checked_address_dialled(server: ThreadingHTTPServer) -> None:
    """DNS rebinding: a resolver that gives a public address first and a private one then is asked once only."""
    port = server.server_address[1]
    answers = iter([["198.51.100.1"], ["127.0.0.1"]])
    asked: list[str] = []

    def resolver(host: str, _: int) -> Sequence[str]:
        asked.append(host)
        return next(answers)

    checked: list[str] = []

    def rule(address: str, _: int) -> bool:
        checked.append(address)
        return address == "198.51.100.1"  # stands for a public one; nothing listens there

    with pytest.raises(AddressError, match=r"cannot be reached|did not answer"):
        fetch(f"http://rebind.test:{port}/page", settings_module.load(fetch_seconds=0.5), resolver, rule)
    assert asked == ["rebind.test"] and checked == ["198.51.100.1"]
    assert server.RequestHandlerClass.hosts == []


def test_a_name_that_turns_private_at_a_redirect_is_refused(server: ThreadingHTTPServer) -> None:
    port = server.server_address[1]
    answers = iter([["127.0.0.1"], ["127.0.0.2"]])  # the first stands for a public address
    with pytest.raises(AddressError, match="not a public address"):
        fetch(
            f"http://outer.test:{port}/hop",
            settings_module.load(fetch_seconds=5),
            lambda *_: next(answers),
            lambda address, _: address == "127.0.0.1",
        )
    assert len(server.RequestHandlerClass.hosts) == 1


def certificate(folder: Path, name: str) -> Path:
    """A self-signed certificate for a name, with its key, in one PEM file."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / f"{name}.pem"
    path.write_bytes(
        made.public_bytes(Encoding.PEM) + key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )
    return path


@pytest.mark.parametrize("host", ["outer.test", "other.test"])
def test_tls_asks_for_the_name_and_verifies_it(
    server: ThreadingHTTPServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    pem = certificate(tmp_path, "outer.test")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    asked: list[str] = []
    context.sni_callback = lambda _, name, __: asked.append(name)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    port = server.server_address[1]

    def get_page() -> bytes:
        return fetch(
            f"https://{host}:{port}/page",
            settings_module.load(fetch_seconds=5),
            names({host: ["127.0.0.1"]}),
            lambda *_: True,
        ).data

    if host == "outer.test":
        assert get_page() == PAGE
    else:
        with pytest.raises(AddressError, match="cannot be reached"):
            get_page()
    assert asked == [host]


def test_one_private_address_among_public_ones_is_enough_to_refuse(server: ThreadingHTTPServer) -> None:
    resolver = names({"mixed.test": ["93.184.215.14", "127.0.0.1"]})
    with pytest.raises(AddressError, match="not a public address"):
        fetch("http://mixed.test/page", settings_module.load(), resolver)


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "127.0.0.1",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "169.254.169.254",
        "127.1",
        "0x7f000001",
        "2130706433",
        "0177.0.0.1",
        "10.0.0.1",
    ],
)
def test_loopback_in_every_spelling_is_refused(server: ThreadingHTTPServer, host: str) -> None:
    port = server.server_address[1]
    for url in (f"http://{host}:{port}/page", f"http://{host}/page"):
        with pytest.raises(AddressError):
            fetch(url, settings_module.load(fetch_seconds=2))
    assert server.RequestHandlerClass.hosts == []


def test_proxies_of_the_environment_are_not_used(server: ThreadingHTTPServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    assert get(server, "/page")[0] == PAGE


def test_an_unknown_host_and_a_port_that_is_not_allowed() -> None:
    with pytest.raises(AddressError, match=r"nowhere\.test is not known"):
        fetch("http://nowhere.test/", settings_module.load(), names({}))
    with pytest.raises(AddressError, match="port 8080 is not allowed"):
        fetch("http://public.test:8080/", settings_module.load(), names({"public.test": ["93.184.215.14"]}))
