"""What goes out with every answer, so that a browser runs nothing that came from a user."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

HeaderList = Sequence[tuple[bytes, bytes]]

EVERYWHERE: HeaderList = (
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
)
"""Answers are data: they load nothing, are put into no frame, and are what their media type says. A route that serves
a page states a policy of its own."""

CONTENT_POLICY = "sandbox; default-src 'none'; frame-ancestors 'none'"
"""For bytes that a user brought: shown alone in a tab they have no origin, run no script and load nothing."""

PAGE_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'wasm-unsafe-eval'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "media-src 'self' blob:",
        "connect-src 'self' blob:",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)
"""For the pages that came with the server: they load what it serves and nothing else, and run no script inline."""

SHARED_POLICY = PAGE_POLICY.replace("frame-ancestors 'none'", "frame-ancestors *")
"""For the page of a shared scene: what whoever has the link sees may stand in pages of others."""

GRANTS = b"access-control-"
"""Headers that would open answers to pages of other sites; none goes out, whoever set it."""


def guarded_headers(given: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """An answer's headers without grants to other sites and with what is missing of those for everywhere."""
    kept = [(name, value) for name, value in given if not name.lower().startswith(GRANTS)]
    present = {name.lower() for name, _ in kept}
    if any(name.lower() == b"content-security-policy" and b"frame-ancestors *" in value for name, value in kept):
        # The older header knows no exception: it would forbid what the policy allows.
        present.add(b"x-frame-options")
    return kept + [(name, value) for name, value in EVERYWHERE if name not in present]
