"""This Blender's one connection to the local service, and the timer that carries what arrives to the main thread."""

from __future__ import annotations

import atexit
import secrets
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import bpy

from .. import VERSION
from ..wire.errors import BridgeError
from ..wire.helper_process import HelperSettings
from ..wire.link import Link
from ..wire.protocol import JobView, ProviderView
from . import bars, engine_requests, form, redraw
from .deliveries import Deliveries
from .jobs import JobTable
from .remedies import in_blender

# Seconds of our own code in one tick; a frame of a smooth window has 16 ms. What is left waits for the next tick.
_TICK_BUDGET = 0.004
_BUSY_INTERVAL = 0.012
_IDLE_INTERVAL = 0.25
# Blender lays the panels below one that grew only with the next drawing.
_SETTLE_DELAY = 0.1
# A price is asked for when the artist has stopped typing.
_PRICE_DELAY = 0.4


@dataclass
class Notice:
    """What the sidebar says about the last act. Kept here, never in the .blend."""

    message: str
    remedy: str = ""
    code: str = ""
    is_error: bool = False


class Session:
    """What is known about the service. Drawing reads it and changes nothing; `link` is None before the first act."""

    def __init__(self) -> None:
        # Not kept in the .blend: two Blenders may have the same file open.
        self.instance = f"blender-{secrets.token_hex(8)}"
        self.link: Link | None = None
        self.jobs = JobTable()
        self.deliveries = Deliveries(self)
        self.providers: list[ProviderView] = []
        self.findings: list[dict[str, Any]] | None = None
        # What an order costs: the answer or the refusal, and the order it is about; None where nothing was asked yet.
        self.priced: dict[str, Any] | None = None
        self.price: dict[str, Any] | None = None
        self.price_error: BridgeError | None = None
        self.notice: Notice | None = None
        # Grows when another .blend is opened: names of objects are those of one file.
        self.file_number = 0
        self._once_known: list[Callable[[], None]] = []
        self._asking = 0
        self._price_order: dict[str, Any] | None = None
        self._price_due = 0.0
        self._price_number = 0
        self._changed = False
        self._shown_second = 0
        self._settle_at = 0.0

    # Connection.

    @property
    def is_open(self) -> bool:
        return self.link is not None and self.link.state == "open"

    @property
    def state(self) -> str:
        """As Link.state; `idle` before the first act."""
        return self.link.state if self.link is not None else "idle"

    @property
    def home(self) -> str:
        """The folder that holds everything Maquette keeps; empty while it is not known."""
        service = self.link.service if self.link is not None else None
        return service["service"]["home"] if service is not None else ""

    def connect(self) -> Link:
        """The link, connecting or connected. The first act of the artist comes here; nothing before does."""
        if self.link is None:
            client = {
                "name": "maquette-blender",
                "version": VERSION,
                "kind": "engine",
                "instance": self.instance,
                "label": label(),
                "capabilities": ["engine/import", "engine/selection", "engine/placeholder"],
            }
            self.link = Link(client, helper_settings)
            self.link.on_state(self._take_state)
            self.link.handle_notification("job/changed", lambda params: self._take_job(params["job"]))
            self.link.handle_notification("service/stopping", lambda _params: self.touch())
            engine_requests.register_at(self.link, self)
            self.link.watch_jobs(self._take_jobs)
        self.link.connect()
        self.wake()
        return self.link

    def close(self) -> None:
        """Lets go of the service. Jobs go on there."""
        if self.link is not None:
            self.link.close()
            self.link = None
        if bpy.app.timers.is_registered(_tick):
            bpy.app.timers.unregister(_tick)

    def ask(
        self,
        method: str,
        params: dict[str, Any],
        on_done: Callable[[Any], None],
        on_error: Callable[[BridgeError], None] | None = None,
    ) -> None:
        """Asks the service; connects first where needed. Errors go to the notice where nobody else takes them."""
        self._asking += 1

        def done(result: Any) -> None:
            self._asking -= 1
            on_done(result)
            self.touch()

        def failed(error: BridgeError) -> None:
            self._asking -= 1
            (on_error or self.show_error)(error)
            self.touch()

        try:
            self.connect().request(method, params, done, failed)
        except BridgeError as error:
            failed(error)

    # What is shown.

    def touch(self) -> None:
        """What is drawn is out of date. The next tick redraws, once."""
        self._changed = True

    def show_error(self, error: BridgeError) -> None:
        self.notice = Notice(error.message, in_blender(error.remedy), error.code, is_error=True)
        self.touch()

    def show(self, message: str) -> None:
        self.notice = Notice(message)
        self.touch()

    def shares(self) -> dict[str, float]:
        """What is done, [0, 1], of every job that is shown with a bar."""
        shown = {view["job"]: view["progress"] or 0.0 for view in self.jobs.open()}
        return {**shown, **{job: 1.0 for job in self.deliveries.jobs()}}

    def ask_price(self, order: dict[str, Any]) -> None:
        """Asks what an order would cost, once the artist pauses. Connects nothing."""
        self.priced, self.price, self.price_error = order, None, None
        self._price_order = order if "prompt" in order or "image" in order else None
        self._price_due = time.monotonic() + _PRICE_DELAY
        if self.link is not None:
            self.wake()

    # The timer.

    def wake(self) -> None:
        """Has the timer run. It is registered by the first act and not before."""
        if self.link is not None and not bpy.app.background and not bpy.app.timers.is_registered(_tick):
            # Persistent: a timer that is not is gone after loading a file.
            bpy.app.timers.register(_tick, first_interval=_BUSY_INTERVAL, persistent=True)

    def interval(self) -> float:
        """Seconds to the next tick."""
        price_waits = self._price_order is not None and self.is_open
        busy = self._asking or price_waits or self.deliveries.waiting or self.jobs.moving()
        return _BUSY_INTERVAL if busy or self.state in ("starting", "connecting") else _IDLE_INTERVAL

    def drain_inbox(self, seconds: float = _TICK_BUDGET) -> bool:
        """Takes what arrived and does what is due. The timer calls it, and scripts without a window in a loop.

        seconds: no further message is begun after that; an import, which takes as long as it takes, comes at most once.
        returns: whether what is drawn has changed since the last call.
        """
        if self.link is not None:
            self.link.drain(seconds=seconds)
        self._look_at_form()
        self._send_price_order()
        self.deliveries.run_one()
        second = int(time.time())
        if second != self._shown_second and self.jobs.moving():
            self._shown_second, self._changed = second, True
        changed, self._changed = self._changed, False
        now = time.monotonic()
        if changed:
            self._settle_at = now + _SETTLE_DELAY
        elif self._settle_at and now > self._settle_at:
            self._settle_at, changed = 0.0, True
        return changed

    def wait_until(self, is_done: Callable[[], bool], seconds: float = 3600.0) -> None:
        """Blocks, for scripts that asked for it.

        raises: BridgeError("TIMED_OUT"); the job goes on nevertheless.
        """
        end = time.monotonic() + seconds
        while not is_done():
            if time.monotonic() > end:
                raise BridgeError("TIMED_OUT", "Waiting took too long.", "The job goes on; look at the queue.")
            self.drain_inbox(seconds=0.1)
            if self.link is not None and not is_done() and not self.deliveries.waiting:
                self.link.wait(0.1)

    # What arrives.

    def _take_state(self) -> None:
        self.touch()
        if self.is_open:
            self.refresh_providers()
        elif self.state == "failed":
            self._run_once_known()

    def refresh_providers(self) -> None:
        """Asks for the providers anew: after connecting, and when a key came or went."""

        def take(result: dict[str, Any]) -> None:
            self.providers = result["providers"]
            # What they ask, and whether they answer at all, may have changed. The next tick asks.
            self.priced = None
            self._run_once_known()

        self.ask("provider/list", {}, take)

    def once_providers_known(self, action: Callable[[], None]) -> None:
        """Calls `action` when the providers are known; at once where they are. It is called in any case."""
        if self.providers:
            action()
            return
        self._once_known.append(action)
        self.connect()

    def _run_once_known(self) -> None:
        actions, self._once_known = self._once_known, []
        for action in actions:
            action()

    def _take_jobs(self, result: dict[str, Any]) -> None:
        self.jobs.replace(result["jobs"])
        self.deliveries.look_for_awaited()
        for view in result["jobs"]:
            self.deliveries.consider(view)
        self.touch()

    def _take_job(self, view: JobView) -> None:
        if self.jobs.update(view):
            self.deliveries.consider(view)
            self.touch()

    def take_job(self, view: JobView) -> None:
        """A view that came as an answer."""
        self._take_job(view)

    def _look_at_form(self) -> None:
        """Asks for the price anew where nobody changed the form: another scene, another file, other providers."""
        if not self.is_open:
            return
        windows = bpy.context.window_manager.windows
        shown = [window.scene for window in windows] or [bpy.context.scene]
        orders = [form.to_order(form.read(scene)) for scene in shown]
        if self.priced not in orders:
            self.ask_price(orders[0])
            self.touch()

    def _send_price_order(self) -> None:
        order = self._price_order
        if order is None or not self.is_open or time.monotonic() < self._price_due:
            return
        self._price_order = None
        self._price_number += 1
        number = self._price_number

        def take(price: dict[str, Any]) -> None:
            # The form may have changed since: only the newest answer counts.
            if number == self._price_number and self._price_order is None:
                self.price = price

        def refuse(error: BridgeError) -> None:
            if number == self._price_number and self._price_order is None:
                self.price_error = error

        self.ask("job/estimate", order, take, refuse)


def label() -> str:
    """How this Blender is called where people choose between several."""
    name = Path(bpy.data.filepath).name if bpy.data.filepath else "unsaved"
    return f"Blender {bpy.app.version_string.split()[0]}, {name}"[:200]


def helper_settings() -> HelperSettings:
    """Where the helper lies and what the preferences say about it."""
    from . import preferences

    root = Path(__file__).resolve().parent.parent
    chosen = preferences.read()
    suffix = ".exe" if bpy.app.build_platform.startswith(b"Windows") else ""
    return HelperSettings(
        script=root / "helper.mjs",
        executable=root / f"maquette-helper{suffix}",
        node=bpy.path.abspath(chosen.node) if chosen is not None and chosen.node else "",
        home=bpy.path.abspath(chosen.home) if chosen is not None and chosen.home else "",
    )


def _tick() -> float | None:
    if _session.link is None:
        return None
    try:
        if _session.drain_inbox():
            bars.prepare(_session.shares())
            redraw.sidebars()
        return _session.interval()
    except Exception:  # an exception ends a timer for good, and nobody would know why the queue stands still
        traceback.print_exc()
        # What failed now will fail again: not eighty times a second.
        return _IDLE_INTERVAL


_session = Session()


def current() -> Session:
    """The session of this Blender."""
    return _session


def register() -> None:
    from . import preferences

    atexit.register(_close)
    chosen = preferences.read()
    if chosen is not None and chosen.connect_at_start and not bpy.app.background:
        # While Blender starts, add-ons see no file yet.
        bpy.app.timers.register(_connect_at_start, first_interval=0.5, persistent=True)


def _connect_at_start() -> None:
    current().connect()


def unregister() -> None:
    if bpy.app.timers.is_registered(_connect_at_start):
        bpy.app.timers.unregister(_connect_at_start)
    atexit.unregister(_close)
    _close()


def _close() -> None:
    _session.close()
