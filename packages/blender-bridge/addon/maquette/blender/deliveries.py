"""From a finished job to an object in this scene: what lands by itself, where, and when."""

from __future__ import annotations

import os
import tempfile
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import bpy

from ..wire.asset_download import fetch_asset
from ..wire.errors import BridgeError
from ..wire.protocol import JobView
from . import online, placement, stage
from .jobs import can_land
from .orders import Order

if TYPE_CHECKING:
    from ..wire.link import Link
    from .session import Session

# Ticks between saying "Importing…" and doing it: the window draws between two ticks.
_ANNOUNCE_TICKS = 2

# A placeholder that was moved less than this ago may still be held.
_STILL_SECONDS = 1.5

# Told what became of an import: its receipt, or the error.
Settle = Callable[[dict[str, Any] | None, BridgeError | None], None]


@dataclass(eq=False)
class Delivery:
    """An import that is to be done.

    by_hand: somebody asked for it just now, here or in the web panel. place: where it was asked for by hand; with a
    name it replaces that object. settle: wants to know how it ended.
    is_here: whether this Blender sees the folder; None until it has looked. is_coming: its files are on their way.
    """

    job: str
    folder: str
    by_hand: bool = False
    place: placement.Place = field(default_factory=placement.Place)
    settle: Settle | None = None
    ticks: int = 0
    obstacle: str = ""
    pose: tuple[float, ...] = ()
    moved_at: float = 0.0
    is_here: bool | None = None
    is_coming: bool = False


class Deliveries:
    """Jobs this Blender ordered land once; so do jobs an object of the .blend waits for. All others only by hand."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._orders: list[Order] = []
        self._queue: list[Delivery] = []
        # Jobs that landed in this session, or could not: undoing the import must not bring it back by itself.
        self._landed: set[str] = set()
        # Jobs whose asset is in this file, as far as is known.
        self._here: set[str] = set()
        self._awaited: set[str] = set()

    @property
    def waiting(self) -> bool:
        """Whether something is to be done at the next tick."""
        return any(not delivery.is_coming for delivery in self._queue)

    def jobs(self) -> list[str]:
        """The jobs that will be imported next, in order."""
        return [delivery.job for delivery in self._queue]

    def place_order(
        self,
        method: str,
        params: dict[str, Any],
        place: placement.Place,
        provider: str,
    ) -> Order:
        """Sends an order whose asset will stand at `place`. The order tells how it ends.

        method, params: of the protocol. provider: id of who is asked, empty for the default.
        """
        placement.claim(place)
        order = Order(place, self._session.file_number)
        self._orders.append(order)

        def stored(result: dict[str, Any]) -> None:
            view: JobView = result["job"]
            order.job = view["job"]
            is_same_file = order.file == self._session.file_number
            # The file may have been opened anew meanwhile: then what stands there waits for it, and not the order.
            if placement.wait(place, order.job, by_name=is_same_file) and not is_same_file:
                self._awaited.add(order.job)
            self._session.take_job(view)
            # It may have ended before the answer came.
            self.consider(self._session.jobs.find(order.job) or view)

        def refused(error: BridgeError) -> None:
            self._fail(order, error)
            self._session.show_error(error)

        def send() -> None:
            try:
                online.demand(provider)
            except BridgeError as error:
                refused(error)
                return
            self._session.ask(method, params, stored, refused)

        # Who is asked, and whether that is on the internet, only the service knows.
        send() if online.is_allowed() else self._session.once_providers_known(send)
        return order

    def place_of(self, job: str) -> placement.Place | None:
        """Where a job of this session was to stand; None for a job from elsewhere or of another file."""
        for order in self._orders:
            if order.job == job and order.file == self._session.file_number:
                return order.place
        return None

    def look_for_awaited(self) -> None:
        """Reads from the .blend which jobs its objects wait for; after opening it, and after connecting."""
        ordered = {order.place.token for order in self._orders if order.state == "ordered"}
        placement.give_up_unclaimed(ordered | {delivery.place.token for delivery in self._queue})
        self._awaited = placement.awaited()
        self._here = placement.finished()
        known = self._session.jobs
        for job in self._awaited:
            if known.find(job) is None:
                # Older than the list of the service. One it does not know (any more) is left to the artist.
                self._session.ask("job/get", {"job": job}, lambda r: self._session.take_job(r["job"]), lambda _e: None)

    def mark_places(self) -> None:
        """After undo and redo: a step older than the service's answer does not know yet what its box waits for.

        Nor does one older than an import by hand know what that replaces.
        """
        for delivery in self._queue:
            placement.mark_again(delivery.place)
        for order in self._orders:
            if order.state == "ordered" and order.job and order.file == self._session.file_number:
                placement.wait(order.place, order.job)

    def let_go(self) -> None:
        """The add-on is being disabled. Answers that are on their way will not be heard; see look_for_awaited."""
        self._orders = [order for order in self._orders if order.job]

    def file_changed(self) -> None:
        """Another .blend is open. Orders of the one before land there, when it is opened again, or by hand."""
        before, self._queue = self._queue, []
        for delivery in before:
            if delivery.by_hand and not delivery.place.name:
                # Scene and cursor were those of the file before.
                delivery.place = placement.Place()
                self._queue.append(delivery)
        self._landed.clear()
        self.look_for_awaited()
        for job in self._awaited:
            view = self._session.jobs.find(job)
            if view is not None:
                self.consider(view)
        for delivery in before:
            if delivery.by_hand and delivery.place.name:
                # An object of that name may well be here too, and is another one.
                name = delivery.place.name
                message = f'Another file was opened before the asset could take the place of "{name}".'
                self._refuse(delivery, None, BridgeError("IMPORT_FAILED", message, "Import it again."))

    def consider(self, view: JobView) -> None:
        """A job changed: it may land, or its place be given up."""
        job = view["job"]
        order = self._order_of(job)
        if order is None and job not in self._awaited:
            return
        if can_land(view):
            if job not in self._landed and all(delivery.job != job for delivery in self._queue):
                self._queue.append(Delivery(job, view["folder"]))
        elif "endedAt" in view:
            self._awaited.discard(job)
            told = view.get("error")
            error = BridgeError(
                told["code"] if told else "CANCELLED",
                told["message"] if told else view["summary"],
                told.get("remedy", "") if told else "",
            )
            if order is not None:
                self._fail(order, error)
            else:
                placement.give_up(placement.Place(), job)

    def request(self, job: str, folder: str, replaces: str = "", settle: Settle | None = None) -> None:
        """Somebody wants a job in the scene now, as often as wished. It goes to the scene and the 3D cursor of now.

        replaces: name of an object. raises: as placement.at_object, about that object.
        """
        place = placement.at_object(replaces) if replaces else placement.Place()
        for delivery in list(self._queue):
            if delivery.job == job and delivery.settle is None:
                self._queue.remove(delivery)
                placement.unclaim(delivery.place)
        placement.claim(place, shares=True)
        self._queue.append(Delivery(job, folder, by_hand=True, place=place, settle=settle))
        self._session.touch()
        self._session.wake()

    def has_landed(self, job: str) -> bool:
        """Whether a job is in this file already, as far as is known."""
        return job in self._here and all(delivery.job != job for delivery in self._queue)

    def status(self, job: str) -> str:
        """What this Blender does with a finished job, in a sentence; empty where there is nothing to say."""
        for delivery in self._queue:
            if delivery.job == job:
                return delivery.obstacle or "Importing …"
        return ""

    def run_one(self) -> None:
        """Imports one asset, if one is due, was announced and the moment is good. Called by every tick."""
        for delivery in self._queue:
            if not self._has_files(delivery):
                continue
            obstacle = stage.obstacle(delivery.by_hand) or _movement(delivery)
            if obstacle != delivery.obstacle:
                delivery.obstacle = obstacle
                self._session.touch()
            if obstacle:
                continue
            delivery.ticks += 1
            self._session.touch()
            if delivery.ticks > _ANNOUNCE_TICKS or bpy.app.background:
                self._queue.remove(delivery)
                self._land(delivery)
            return

    def _has_files(self, delivery: Delivery) -> bool:
        """Whether the asset is in a folder this Blender sees. A sandbox hides the service's: files are fetched then.

        Into the temporary folder of this Blender, which ends with it: the scene holds everything, pictures packed.
        """
        if delivery.is_here is None:
            delivery.is_here = os.path.isdir(delivery.folder)
            link = self._session.link
            if not delivery.is_here and link is not None and link.state == "open":
                self._fetch(delivery, link)
        return not delivery.is_coming

    def _fetch(self, delivery: Delivery, link: Link) -> None:
        delivery.is_coming, delivery.obstacle = True, "Ready. Its files are on their way."
        self._session.touch()

        def arrived(folder: Path) -> None:
            delivery.folder, delivery.is_coming, delivery.obstacle = str(folder), False, ""
            self._session.touch()

        def failed(error: BridgeError) -> None:
            # Another file may have been opened meanwhile: then nobody waits for it here.
            if delivery in self._queue:
                self._queue.remove(delivery)
                self._landed.add(delivery.job)
                self._refuse(delivery, self._order_of(delivery.job), error)

        parent = tempfile.mkdtemp(prefix="maquette-", dir=bpy.app.tempdir)
        fetch_asset(link, delivery.job, Path(parent) / "asset", arrived, failed)

    def _refuse(self, delivery: Delivery, order: Order | None, error: BridgeError) -> None:
        placement.unclaim(delivery.place)
        if order is not None:
            order.fail(error)
        if delivery.settle is not None:
            delivery.settle(None, error)
        self._session.show_error(error)

    def import_now(
        self,
        job: str,
        folder: str,
        *,
        replaced: bpy.types.Object | None = None,
        place: placement.Place | None = None,
        undo_step: bool = True,
    ) -> dict[str, Any]:
        """Imports an asset folder and tells the service.

        replaced: gives its place; None for what waits for the job, if anything does.
        place: that was ordered or asked for, for when nothing stands there any more.
        undo_step: False inside an operator that makes the step itself.
        returns: an import receipt of the protocol. raises: BridgeError("IMPORT_FAILED") and others of the importer.
        """
        from .importing import import_asset
        from .importing.import_context import window_context

        target = replaced
        if target is None and job:
            target = placement.find(job)
        box = target.data if target is not None and placement.is_ours(target) else None
        scene, matrix = placement.remembered(place) if place is not None else (None, None)
        receipt = import_asset(
            bpy.context, folder, job=job, placeholder=target, scene=scene, matrix=matrix, undo_step=False
        )
        if box is not None:
            placement.drop_unused(box)
        # Copies with the token of an order for the same object are that order's.
        placement.release_copies(job, place.token if place is not None and not place.is_shared else "")
        # Not by the importer: redoing the step would bring back what went away since.
        if undo_step:
            with window_context(bpy.context):  # a timer runs without a window, and a step needs one
                if bpy.ops.ed.undo_push.poll():
                    bpy.ops.ed.undo_push(message=f"Import {receipt.name}")
        told = {
            "job": job or str(receipt.root.get("maquette_job", "")),
            "object": receipt.root.name,
            "objects": [made.name for made in receipt.objects],
        }
        self._here.add(told["job"])
        for note in receipt.notes:
            self._session.show(note)
        if self._session.link is not None and told["job"]:
            self._session.link.notify("asset/imported", {"receipt": told})
        return told

    def _land(self, delivery: Delivery) -> None:
        order = self._order_of(delivery.job)
        self._landed.add(delivery.job)
        self._awaited.discard(delivery.job)
        # An order that is waited for lands inside its operator, which makes the step.
        undo_step = order is None or not order.is_waited_for
        place = order.place if order is not None and not delivery.by_hand else delivery.place
        # Not by its name: another object may be called so by now.
        replaced = placement.locate(delivery.place, by_name=False)
        try:
            receipt = self.import_now(
                delivery.job, delivery.folder, replaced=replaced, place=place, undo_step=undo_step
            )
        except BridgeError as error:
            self._refuse(delivery, order, error)
            return
        except Exception as error:  # whoever waits for this order must be told, whatever it was
            traceback.print_exc()
            self._refuse(delivery, order, BridgeError("IMPORT_FAILED", f"Blender could not take the asset: {error}"))
            return
        if delivery.settle is not None:
            delivery.settle(receipt, None)
        if order is not None:
            order.land(receipt["objects"])

    def _fail(self, order: Order, error: BridgeError) -> None:
        if order.state == "ordered":
            order.fail(error)
            placement.give_up(order.place, order.job, by_name=order.file == self._session.file_number)

    def _order_of(self, job: str) -> Order | None:
        return next(
            (
                order
                for order in self._orders
                if order.job == job and order.state == "ordered" and order.file == self._session.file_number
            ),
            None,
        )


def _movement(delivery: Delivery) -> str:
    """As stage.obstacle, where Blender does not tell its tools: whether somebody moves the placeholder just now."""
    waiting = None if stage.KNOWS_TOOLS or bpy.app.background else placement.find(delivery.job)
    if waiting is None:
        return ""
    pose = tuple(value for row in waiting.matrix_world for value in row)
    # One that is selected may be held already.
    if pose != delivery.pose and (delivery.pose or waiting.select_get()):
        delivery.moved_at = time.monotonic()
    delivery.pose = pose
    is_held = time.monotonic() < delivery.moved_at + _STILL_SECONDS
    return "Ready. It lands when its place stands still." if is_held else ""
