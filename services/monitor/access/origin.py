"""Where a request comes from, as the access log keeps it."""

import re

from starlette.requests import Request

from services.monitor.access.log import Origin, new_trace

_TRACEPARENT = re.compile(r"00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")


def origin_of(request: Request) -> Origin:
    """The route, the address, and the trace that the caller is in (W3C Trace Context) or a new one.

    The route as it is declared: what stands in the address of a request is not repeated in the log.
    """
    route = getattr(request.scope.get("route"), "path", "?")
    traced = _TRACEPARENT.fullmatch(request.headers.get("traceparent", ""))
    trace_id, span_id = new_trace()
    return Origin(
        what=f"{request.method} {route}",
        source_address=None if request.client is None else request.client.host,
        trace_id=traced.group(1) if traced else trace_id,
        span_id=span_id,
    )
