"""Kinds of bodies that schemathesis does not write by itself: lines of JSON, as they are."""

import schemathesis


@schemathesis.serializer("application/x-ndjson")
def lines(context, value):
    return value if isinstance(value, bytes) else str(value).encode()
