"""What stands before the views: the API's short way, and the policy of the back office's pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponseBase
from django.urls import Resolver404, resolve

BARE: Final = "is_bare"  # marks a view that needs no session, language or page policy
POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
    " font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none';"
    " frame-ancestors 'none'"
)
PERMISSIONS: Final = "camera=(), microphone=(), geolocation=()"

GetResponse = Callable[[HttpRequest], HttpResponseBase]


class ApiFirst:
    """Answers what devices ask without the back office's middlewares: a poll stays small."""

    def __init__(self, get_response: GetResponse) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer at once, or let the next one."""
        try:
            found = resolve(request.path_info)
        except Resolver404:
            return self._get_response(request)
        if not getattr(found.func, BARE, False):
            return self._get_response(request)
        request.get_host()  # refuses a host that isn't ours
        answer: HttpResponseBase = found.func(request, *found.args, **found.kwargs)
        return answer


class ContentPolicy:
    """Puts the policy of what a page may load on every answer."""

    def __init__(self, get_response: GetResponse) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Let the next one answer, and add the policy."""
        response = self._get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        return response
