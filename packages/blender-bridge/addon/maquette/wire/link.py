"""What the add-on holds: one lasting link to the local service, over as many connections as it takes."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from typing import Any, Literal

from .errors import BridgeError
from .helper_process import HelperSettings, Listening, start_helper
from .inbox import Inbox
from .later import Later
from .messages import Notification, Request
from .peer import Peer
from .protocol import (
    JOB_CHANGED,
    JOB_EVENT,
    JOB_SUBSCRIBE,
    JOB_UNSUBSCRIBE,
    JOB_WATCH,
    PEER_HELLO,
    PEER_RENAME,
    PROTOCOL_MAJOR,
    PROTOCOL_MINOR,
    Client,
    PeerHelloResult,
)
from .reply import OnDone, OnError, Reply
from .subscriptions import Subscriptions
from .websocket import WebSocket

_PROTOCOL = {"major": PROTOCOL_MAJOR, "minor": PROTOCOL_MINOR}

LinkState = Literal["idle", "starting", "connecting", "open", "lost", "failed", "closed"]

_SENTENCES: dict[str, str] = {
    "idle": "Not connected.",
    "starting": "Starting the local service …",
    "connecting": "Connecting to the local service …",
    "open": "Connected.",
    "lost": "Connection lost, trying again …",
    "failed": "No connection.",
    "closed": "Disconnected.",
}

# Waits between attempts, seconds, each varied by a quarter so that several Blenders do not come at once.
_BACK_OFF = (0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 8.0, 8.0, 8.0)
# A connection that lived this long was a good one: counting starts anew.
_STABLE_SECONDS = 10.0
_HELLO_SECONDS = 10.0
_ANSWER_SECONDS = 120.0
_WAITING_LIMIT = 256
# What a new attempt cannot mend; a person has to do something first.
_LASTING = frozenset(
    {
        *("CONFIG_MISSING", "PROTOCOL_MISMATCH", "AUTH_REJECTED", "URL_NOT_TRUSTED", "INPUT_INVALID"),
        *("STORE_FAILED", "STORE_VERSION"),
    }
)


class Link:
    """Connects on `connect` or on the first request, never before; keeps connected until `close`.

    Every method is for the main thread and none waits for anything, `Reply.wait` and `wait` excepted; threads of our
    own may call `request` with connects=False. All callbacks run inside `drain`. A request made while there is no
    connection is sent as soon as there is one; one whose connection ends before the answer fails with PEER_GONE and is
    never sent twice. Subscriptions go on by themselves.
    """

    def __init__(self, client: Client, read_settings: Callable[[], HelperSettings]) -> None:
        """client: how this Blender presents itself in peer/hello: program, instance, label, capabilities.

        read_settings: asked on the main thread whenever the helper may have to be started.
        """
        self.inbox = Inbox()
        self._client = client
        self._read_settings = read_settings
        self._subscriptions = Subscriptions()
        self._on_jobs: OnDone | None = None
        self._on_state: Callable[[], None] | None = None
        self._notification_handlers: dict[str, Callable[[dict[str, Any]], None]] = {}
        self._request_handlers: dict[str, Callable[[dict[str, Any]], Any]] = {}
        self._lock = threading.RLock()
        self._state: LinkState = "idle"
        self._error: BridgeError | None = None
        self._service: PeerHelloResult | None = None
        self._peer: Peer | None = None
        self._waiting: list[tuple[Reply, dict[str, Any]]] = []
        self._wake = threading.Event()
        self._listening: Listening | None = None

    # What the panel shows.

    @property
    def state(self) -> LinkState:
        """Where the link stands. "failed" waits for a person, "lost" tries again by itself."""
        return self._state

    @property
    def sentence(self) -> str:
        """The state in one sentence, the last error included while there is no connection."""
        with self._lock:
            if self._state == "failed" and self._error is not None:
                return str(self._error)
            return _SENTENCES[self._state]

    @property
    def error(self) -> BridgeError | None:
        """Why there is no connection; None while there is one."""
        return self._error

    @property
    def service(self) -> PeerHelloResult | None:
        """What the service told in peer/hello on the newest connection."""
        return self._service

    # What the main thread does.

    def on_state(self, handler: Callable[[], None]) -> None:
        """Have `handler` called after changes of the state."""
        self._on_state = handler

    def handle_notification(self, method: str, handler: Callable[[dict[str, Any]], None]) -> None:
        """Have `handler` called with the params of every such notification; job/event comes exactly once per number."""
        self._notification_handlers[method] = handler

    def handle_request(self, method: str, handler: Callable[[dict[str, Any]], Any]) -> None:
        """Have `handler` answer the service's requests of that method.

        It returns the result, or a `Later` that will have it, or raises BridgeError.
        """
        self._request_handlers[method] = handler

    def connect(self) -> None:
        """Begin to connect, or try again at once. Does nothing on an open link."""
        with self._lock:
            if self._state in ("idle", "failed"):
                settings = self._read_settings()
                self._set_state("starting")
                threading.Thread(target=self._run, args=(settings,), name="maquette-link", daemon=True).start()
            elif self._state == "lost":
                self._wake.set()

    def close(self) -> None:
        """End the connection for good, without waiting. Jobs go on in the service; nothing arrives any more."""
        gone = BridgeError("PEER_GONE", "Blender closed the connection to the local service.", "Connect again.")
        with self._lock:
            peer = self._peer
            self._set_state("closed")
            if peer is not None:
                peer.close()
            waiting, self._waiting = self._waiting, []
            self._wake.set()
        for reply, _ in waiting:
            reply.settle(None, gone)
        self.inbox.close()

    def request(
        self,
        method: str,
        params: dict[str, Any],
        on_done: OnDone | None = None,
        on_error: OnError | None = None,
        *,
        connects: bool = True,
    ) -> Reply:
        """Ask the service; connects first where needed.

        connects: False for threads of our own. Connecting reads settings, which only the main thread may do.
        raises: BridgeError("INPUT_INVALID") for params that cannot be sent, PEER_GONE on a closed link. With
        connects=False also why the link failed, or PEER_GONE where nobody has connected yet.
        """
        reply = Reply(method, on_done, on_error)
        with self._lock:
            if self._state == "closed":
                raise BridgeError("PEER_GONE", "The connection to the local service was closed.", "Connect again.")
            if not connects and self._state in ("idle", "failed"):
                gone = BridgeError("PEER_GONE", "There is no connection to the local service.", "Connect again.")
                raise self._error or gone
            if self._state == "open" and self._peer is not None and not self._peer.ended.is_set():
                self._peer.send_request(reply, params)
                return reply
            if len(self._waiting) >= _WAITING_LIMIT:
                raise BridgeError("PEER_GONE", "Too much waits for the local service.", "Connect again.")
            self._waiting.append((reply, params))
            if self._state in ("idle", "failed"):
                self.connect()
        return reply

    def notify(self, method: str, params: dict[str, Any]) -> None:
        """Tell the service. Dropped while there is no connection."""
        with self._lock:
            if self._state == "open" and self._peer is not None:
                self._peer.notify(method, params)

    def rename(self, label: str) -> None:
        """Change how this Blender is called in lists, now and on later connections."""
        with self._lock:
            self._client = {**self._client, "label": label}
            if self._state == "open":
                self.request(PEER_RENAME, {"label": label})

    def watch_jobs(self, on_jobs: OnDone) -> None:
        """Follow all jobs: `on_jobs` gets the result of job/watch now and after every reconnect, as the list may have
        changed meanwhile; changes come as job/changed."""
        with self._lock:
            self._on_jobs = on_jobs
            if self._state == "open":
                self.request(JOB_WATCH, {}, on_jobs)
        self.connect()

    def subscribe(self, job: str, after_seq: int = 0, on_error: OnError | None = None) -> None:
        """Follow the events of one job from the one after `after_seq`. They come as job/event, over every reconnect."""
        with self._lock:
            self._subscriptions.add(job, after_seq, on_error)
            if self._state == "open":
                self._send_subscription({"job": job, "afterSeq": after_seq})
        self.connect()

    def unsubscribe(self, job: str) -> None:
        """Follow the events of that job no longer."""
        with self._lock:
            self._subscriptions.remove(job)
            if self._state == "open":
                self.request(JOB_UNSUBSCRIBE, {"job": job})

    def drain(self, limit: int = 1000, seconds: float = 0.02) -> int:
        """Run what arrived: callbacks and handlers. Returns how many ran; the rest waits for the next call.

        seconds: no further action begins after that, so that the window stays smooth.
        """
        return self.inbox.drain(limit, seconds)

    def wait(self, seconds: float) -> bool:
        """Wait until there is something to drain, at most so long. For background mode."""
        return self.inbox.wait(seconds)

    # What the thread does.

    def _run(self, settings: HelperSettings) -> None:
        attempt = 0
        while self._state != "closed":
            known = self._listening is not None
            opened_at = None
            try:
                peer = self._open(settings)
                opened_at = time.monotonic()
                while not peer.ended.wait(1.0):
                    peer.expire(_ANSWER_SECONDS)
                error = peer.end
            except BridgeError as failure:
                error = failure
                # Whatever listens there now may be another launch with another token. The helper knows.
                self._listening = None
            except Exception as failure:  # a fault of ours must be seen, not end the thread without a word
                error = BridgeError("INTERNAL", f"The add-on failed: {failure!r}.", "Connect again.")
                self._listening = None
            if opened_at is not None and time.monotonic() - opened_at >= _STABLE_SECONDS:
                attempt = 0
            elif known and opened_at is None:
                continue
            lasting = error.code in _LASTING and opened_at is None
            if lasting or attempt == len(_BACK_OFF):
                self._give_up(error)
                return
            if not self._set_state("lost", error):
                return
            if not self._wake.wait(_BACK_OFF[attempt] * random.uniform(0.75, 1.25)):
                attempt += 1
            self._wake.clear()

    def _open(self, settings: HelperSettings) -> Peer:
        """Connect, say hello and go on with everything. Returns the peer of an open link."""
        if self._listening is None:
            self._set_state("starting")
            self._listening = start_helper(settings)
        self._set_state("connecting")
        websocket = WebSocket(self._listening.websocket_url, self._listening.token)
        peer = Peer(websocket, self.inbox, self._take_notification, self._take_request)
        try:
            with self._lock:
                client = self._client
            service = peer.request(PEER_HELLO, {"protocol": _PROTOCOL, "client": client}).wait(_HELLO_SECONDS)
            peer.max_message_bytes = _message_limit(service)
        except BridgeError:
            peer.close()
            raise
        with self._lock:
            if self._state == "closed":
                peer.close()
                return peer
            self._peer, self._service = peer, service
            self._set_state("open")
            if self._client is not client:
                self.rename(self._client["label"])
            if self._on_jobs is not None:
                peer.request(JOB_WATCH, {}, self._on_jobs)
            for params in self._subscriptions.to_resume():
                self._send_subscription(params)
            waiting, self._waiting = self._waiting, []
            for reply, params in waiting:
                # Whoever waited for it may have given up: then nobody expects it to happen any more.
                if not reply.arrived:
                    self._send_waiting(peer, reply, params)
        return peer

    def _send_waiting(self, peer: Peer, reply: Reply, params: dict[str, Any]) -> None:
        try:
            peer.send_request(reply, params)
        except BridgeError as error:
            self._settle(reply, error)

    def _send_subscription(self, params: dict[str, Any]) -> None:
        def refused(error: BridgeError) -> None:
            if error.code == "PEER_GONE":
                return  # The next connection asks again.
            on_error = self._subscriptions.remove(params["job"])
            if on_error is not None:
                on_error(error)

        self.request(JOB_SUBSCRIBE, params, None, refused)

    def _give_up(self, error: BridgeError) -> None:
        with self._lock:
            if not self._set_state("failed", error):
                return
            waiting, self._waiting = self._waiting, []
        for reply, _ in waiting:
            self._settle(reply, error)

    def _settle(self, reply: Reply, error: BridgeError) -> None:
        if reply.settle(None, error):
            self.inbox.put_now(reply.run_callback)

    def _set_state(self, state: LinkState, error: BridgeError | None = None) -> bool:
        """Returns False on a closed link, whose state does not change any more."""
        with self._lock:
            if self._state == "closed":
                return False
            self._state = state
            self._error = None if state == "open" else error or self._error
            if state != "open":
                self._peer = None
            self.inbox.put_now(self._tell_state, "state")
            return True

    def _tell_state(self) -> None:
        if self._on_state is not None:
            self._on_state()

    # What the reader thread does.

    def _take_notification(self, message: Notification) -> None:
        if message.method == JOB_EVENT and not self._subscriptions.accept(message.params):
            return
        job = message.params.get("job")
        # Only the newest view of a job is of interest.
        newest = job.get("job") if message.method == JOB_CHANGED and isinstance(job, dict) else None
        self.inbox.put(lambda: self._handle_notification(message), (JOB_CHANGED, newest) if newest else None)

    def _handle_notification(self, message: Notification) -> None:
        handler = self._notification_handlers.get(message.method)
        if handler is not None:
            handler(message.params)

    def _take_request(self, peer: Peer, request: Request) -> None:
        self.inbox.put(lambda: self._handle_request(peer, request))

    def _handle_request(self, peer: Peer, request: Request) -> None:
        handler = self._request_handlers.get(request.method)
        if handler is None:
            peer.refuse_unknown(request)
            return
        def send(result: Any, error: BridgeError | None) -> None:
            if error is None:
                peer.answer(request, result)
            else:
                peer.refuse(request, error)

        try:
            result = handler(request.params)
            if isinstance(result, Later):
                result.send_by(send)
            else:
                send(result, None)
        except BridgeError as error:
            send(None, error)
        except Exception:
            peer.refuse(request, BridgeError("INTERNAL", "The add-on failed.", "See Blender's console for the reason."))
            raise


def _message_limit(service: Any) -> int:
    """Largest message the service takes, bytes, as peer/hello tells it."""
    limits = service.get("limits") if isinstance(service, dict) else None
    limit = limits.get("messageBytes") if isinstance(limits, dict) else None
    if type(limit) is not int or limit < 1024:
        raise BridgeError(
            "PROTOCOL_MISMATCH", "The local service does not present itself.", "Update the add-on and Maquette."
        )
    return limit
