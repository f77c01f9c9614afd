"""What every answer of the explorer carries, and which requests get one.

The explorer only reads. It answers GET and HEAD, to host names that the settings list (so that another
site cannot reach a local explorer by DNS rebinding), and its pages load nothing but its own style sheet.
"""
from __future__ import annotations

from flask import Flask, Response, request

from errors import ReformError
from settings import Settings

POLICY = "; ".join((
    "default-src 'none'",
    "style-src 'self'",
    "img-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
))
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
METHODS = ("GET", "HEAD")


class HostError(ReformError):
    """The request names a host that the settings do not list."""

    status = 421


class MethodError(ReformError):
    """The request would change something; the explorer only reads."""

    status = 405


def host_name(host: str) -> str:
    """The name in a Host header, without its port: "localhost:8000" gives "localhost", "[::1]:80" gives "[::1]"."""
    if host.startswith("["):
        return host.partition("]")[0].lower() + "]"
    return host.partition(":")[0].lower().rstrip(".")


def secure(app: Flask, settings: Settings) -> None:
    """Checks each request of ``app`` and sets the headers of each answer."""
    names = frozenset(name.lower() for name in settings.allowed_hosts)

    @app.before_request
    def check_request() -> None:
        if host_name(request.environ.get("HTTP_HOST", "")) not in names:
            raise HostError("The setting allowed_hosts lists the host names that this explorer answers to.")
        if request.method not in METHODS:
            raise MethodError("The explorer only reads: GET and HEAD.")

    @app.after_request
    def set_headers(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if response.status_code == MethodError.status:
            response.headers["Allow"] = ", ".join(METHODS)
        return response
