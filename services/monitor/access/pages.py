"""The headers of a page for people: nothing of another host comes in, and nothing of ours into a frame."""

from starlette.responses import HTMLResponse

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "img-src 'self'",
        "script-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
"""Only files of this host; no script or style inside a page."""


def page(html: str, *, status: int = 200) -> HTMLResponse:
    """A page for people. What it shares with every answer of the API is added there (shared/api_rules.py)."""
    headers = {
        "Content-Security-Policy": CONTENT_SECURITY_POLICY,
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    }
    return HTMLResponse(html, status_code=status, headers=headers)
