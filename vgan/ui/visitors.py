"""Who asks: the page's session, and the address that a request comes from, told apart but known to nobody."""

import hashlib
import ipaddress
import secrets
from collections.abc import Sequence
from typing import Any

from gradio.context import LocalContext

from vgan.settings import Settings
from vgan.ui.line import Visitor

_KEY = secrets.token_bytes(32)  # of this process alone: what was hashed with it says nothing once the app has ended


def asking(settings: Settings, page: str = "") -> Visitor:
    """The visitor whose event is handled in this thread; outside of one, somebody without an address.

    page: what to call them where the event has no session.
    """
    request: Any = LocalContext.request.get(None)
    if request is None:
        return Visitor("", page)
    client = getattr(request, "client", None)
    headers = getattr(request, "headers", None) or {}
    told = [part.strip() for part in str(headers.get("x-forwarded-for", "")).split(",") if part.strip()]
    address = address_of(getattr(client, "host", "") or "", told, settings.proxies, settings.space)
    return Visitor(hashed(address), str(getattr(request, "session_hash", None) or page))


def address_of(peer: str, told: Sequence[str], proxies: int, inner: bool = False) -> str:
    """Where a request comes from.

    peer: who is connected. told: X-Forwarded-For, to which each proxy adds whom it speaks for, so that only the last
    `proxies` ones were written by ours, and everything before them by anybody. inner: private addresses are proxies of
    the host's as well.
    """
    if proxies < 1 or not told:
        return peer
    ours = list(told[max(0, len(told) - proxies) :])
    known = list(told[: len(told) - len(ours)])
    while inner and known and _private(ours[0]):
        ours.insert(0, known.pop())
    return ours[0]


def hashed(address: str) -> str:
    """A name for an address, the same as long as the app runs. Of IPv6 the network counts, which is one household's."""
    try:
        found = ipaddress.ip_address(address.strip("[]").partition("%")[0])
        if isinstance(found, ipaddress.IPv6Address):
            mapped = found.ipv4_mapped
            address = str(mapped or ipaddress.ip_network((found, 64), strict=False))
    except ValueError:  # with a port, or no address at all: its own words will do
        address = address.rpartition(":")[0] if address.count(":") == 1 else address
    return hashlib.blake2b(address.encode(errors="replace"), key=_KEY, digest_size=12).hexdigest()


def gone() -> bool:
    """Whether whoever asked for the event of this thread does not want it any more: the page was closed, the client
    hung up, or cancelled it over HTTP. False outside of an event of Gradio's queue, which in all these cases forgets
    the event, and leaves the thread to itself."""
    event_id, blocks = LocalContext.event_id.get(None), LocalContext.blocks.get(None)
    queue = getattr(blocks, "_queue", None)
    if queue is None or not event_id:
        return False
    event = queue.event_ids_to_events.get(event_id)
    return event is None or not event.alive


def _private(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_private
    except ValueError:
        return False
