"""One connection as requests, answers and notifications. It ends with its connection; link.py makes the next one."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from typing import Any

from .errors import BridgeError
from .inbox import Inbox
from .messages import (
    METHOD_NOT_FOUND,
    OUR_ERROR,
    Answer,
    Notification,
    Request,
    encode_error,
    encode_message,
    parse_message,
)
from .reply import OnDone, OnError, Reply, timed_out
from .websocket import MAX_MESSAGE_BYTES, WebSocket

# Messages that wait to be sent. The service takes about a hundred in a second; this many mean that it hangs.
_OUTBOX_LIMIT = 1000

# Called on the reader thread for what the service says; must not wait for the main thread.
OnNotification = Callable[[Notification], None]
OnRequest = Callable[["Peer", Request], None]


class Peer:
    """Speaks over one WebSocket with two threads of its own: one reads, one writes.

    No method waits for the network. Callbacks of replies go into the inbox and run on the main thread; notifications
    and requests of the service go to the two functions, on the reader thread.
    """

    def __init__(
        self,
        websocket: WebSocket,
        inbox: Inbox,
        on_notification: OnNotification,
        on_request: OnRequest,
        *,
        outbox_limit: int = _OUTBOX_LIMIT,
    ) -> None:
        self.ended = threading.Event()
        self.end = BridgeError("PEER_GONE", "The connection to the local service is closed.", "Connect again.")
        # The service tells its own limit in the answer to peer/hello.
        self.max_message_bytes = MAX_MESSAGE_BYTES
        self._websocket = websocket
        self._inbox = inbox
        self._on_notification = on_notification
        self._on_request = on_request
        self._outbox: queue.Queue[bytes | None] = queue.Queue(outbox_limit)
        self._waiting: dict[int, tuple[Reply, float]] = {}
        self._last_id = 0
        self._lock = threading.Lock()
        self._reader = threading.Thread(target=self._read, name="maquette-reader", daemon=True)
        self._writer = threading.Thread(target=self._write, name="maquette-writer", daemon=True)
        self._reader.start()
        self._writer.start()

    def request(
        self, method: str, params: dict[str, Any], on_done: OnDone | None = None, on_error: OnError | None = None
    ) -> Reply:
        """Ask the service.

        raises: BridgeError("INPUT_INVALID") for params that cannot be sent. Everything else reaches the reply.
        """
        reply = Reply(method, on_done, on_error)
        self.send_request(reply, params)
        return reply

    def send_request(self, reply: Reply, params: dict[str, Any]) -> None:
        """As `request`, for a reply that exists already."""
        with self._lock:
            self._last_id += 1
            request_id = self._last_id
            message = encode_message(id=request_id, method=reply.method, params=params)
            if len(message) > self.max_message_bytes:
                raise BridgeError("INPUT_INVALID", "The request is too long for the service.", "Shorten the text.")
            if not self.ended.is_set():
                self._waiting[request_id] = (reply, time.monotonic())
                if self._enqueue(message):
                    return
                del self._waiting[request_id]
        self._settle(reply, None, self.end)

    def expire(self, seconds: float) -> None:
        """Give up the requests that have waited longer than that. What comes for them later is passed over."""
        oldest = time.monotonic() - seconds
        with self._lock:
            expired = {key: reply for key, (reply, since) in self._waiting.items() if since < oldest}
            for key in expired:
                del self._waiting[key]
        for reply in expired.values():
            self._settle(reply, None, timed_out(reply.method))

    def notify(self, method: str, params: dict[str, Any]) -> None:
        """Tell the service. Lost without a word when the connection is."""
        self._enqueue(encode_message(method=method, params=params))

    def answer(self, request: Request, result: Any) -> None:
        """Answer a request of the service. None counts as an empty object."""
        self._enqueue(encode_message(id=request.request_id, result={} if result is None else result))

    def refuse(self, request: Request, error: BridgeError) -> None:
        """Answer a request of the service with an error."""
        self._enqueue(encode_error(request.request_id, OUR_ERROR, error))

    def refuse_unknown(self, request: Request) -> None:
        """Answer a request whose method we do not know."""
        text = f"This Blender does not know {request.method}."
        error = BridgeError("UNSUPPORTED_ON_HOST", text, "Update the add-on.")
        self._enqueue(encode_error(request.request_id, METHOD_NOT_FOUND, error))

    def close(self) -> None:
        """Send what waits, say good-bye, end. Returns at once; `ended` is set when it is done."""
        try:
            self._outbox.put_nowait(None)
        except queue.Full:
            self._websocket.abort()

    def _enqueue(self, message: bytes) -> bool:
        try:
            self._outbox.put_nowait(message)
            return True
        except queue.Full:
            # Nothing was read for a thousand messages. Both sides are better off with a new connection.
            self._websocket.abort()
            return False

    def _write(self) -> None:
        try:
            while (message := self._outbox.get()) is not None:
                self._websocket.send(message)
        except BridgeError:
            return  # The reader notices the same and tells.
        self._websocket.close()

    def _read(self) -> None:
        end = self.end
        try:
            while (text := self._websocket.receive()) is not None:
                self._take(text)
            if self._websocket.close_reason:
                end = BridgeError(end.code, f"{end.message} {self._websocket.close_reason}", end.remedy)
        except BridgeError as error:
            end = error
            self._websocket.close(1002, error.message)
        finally:
            self._websocket.abort()
            self._finish(end)

    def _take(self, text: str) -> None:
        message = parse_message(text)
        if isinstance(message, Answer):
            with self._lock:
                waiting = self._waiting.pop(message.request_id, None) if message.request_id is not None else None
            if waiting is not None:
                self._settle(waiting[0], message.result, message.error)
        elif isinstance(message, Notification):
            self._on_notification(message)
        else:
            self._on_request(self, message)

    def _finish(self, end: BridgeError) -> None:
        with self._lock:
            self.end = end
            self.ended.set()
            waiting = list(self._waiting.values())
            self._waiting.clear()
        for reply, _ in waiting:
            self._settle(reply, None, BridgeError("PEER_GONE", end.message, end.remedy))
        self.close()  # wakes the writer

    def _settle(self, reply: Reply, result: Any, error: BridgeError | None) -> None:
        if reply.settle(result, error):
            self._inbox.put_now(reply.run_callback)
