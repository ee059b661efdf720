"""Fetching the files of an asset over HTTP, for a service whose folders we cannot see (containers, sandboxes)."""

from __future__ import annotations

import contextlib
import hashlib
import http.client
import os
import re
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from .errors import BridgeError
from .loopback import LoopbackAddress, connect_loopback, parse_loopback_url
from .protocol import ASSET_DESCRIBE, ASSET_LINK, AssetDescribeResult, AssetLinkResult
from .reply import OnError

if TYPE_CHECKING:
    from .link import Link

_BLOCK_BYTES = 1 << 18
# How long the service may stay silent during a download, seconds.
_STALLED_SECONDS = 30.0
# Waits before going on with a download that broke. A link is good until everything was sent, or for ten minutes.
_PAUSES = (0.1, 0.5, 2.0)
_ANSWER_SECONDS = 60.0
_FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,199}")


def fetch_asset(
    link: Link, job: str, folder: Path, on_done: Callable[[Path], None], on_error: OnError
) -> threading.Thread:
    """Fetch all files of a finished job into a new folder. Returns at once; the callbacks run when the link is drained.

    link: connected, or about to be; without a connection the fetching fails with PEER_GONE, or with why there is none.
    folder: must not exist; appears under its name only when it is complete.
    """

    def fetch() -> None:
        try:
            _fetch_files(link, job, folder)
        except Exception as error:
            # An answer that is not what the protocol says must not leave somebody waiting for ever.
            is_ours = isinstance(error, BridgeError)
            failure = error if is_ours else _invalid(f"its description is not readable ({error!r})")
            link.inbox.put_now(lambda: on_error(failure))
        else:
            link.inbox.put_now(lambda: on_done(folder))

    thread = threading.Thread(target=fetch, name="maquette-download", daemon=True)
    thread.start()
    return thread


def _fetch_files(link: Link, job: str, folder: Path) -> None:
    described: AssetDescribeResult = _ask(link, ASSET_DESCRIBE, {"job": job})
    names = [file["name"] for file in described["files"]]
    if len(set(names)) != len(names) or not all(_FILE_NAME.fullmatch(name) for name in names):
        raise _invalid("its files have improper names")
    unfinished = folder.with_name(folder.name + ".part")
    try:
        unfinished.mkdir(parents=True)
        for name in names:
            offer: AssetLinkResult = _ask(link, ASSET_LINK, {"job": job, "file": name})
            download_file(offer, unfinished / name)
        # A folder that is there already stays as it is: renaming onto one with files in it fails everywhere.
        unfinished.rename(folder)
    except OSError as cause:
        raise _unwritable(cause) from cause
    finally:
        for leftover in unfinished.glob("*"):
            leftover.unlink()
        with contextlib.suppress(OSError):
            unfinished.rmdir()


def _ask(link: Link, method: str, params: dict[str, Any]) -> Any:
    """raises: as Link.request and Reply.wait. Never connects: this is not the main thread."""
    return link.request(method, params, connects=False).wait(_ANSWER_SECONDS)


def download_file(offer: AssetLinkResult, target: Path) -> None:
    """Download one file by its one-time link; goes on where a broken connection ended. Blocks: not for the main thread.

    offer: result of asset/link. target: appears under its name only when size and digest are right.
    raises: BridgeError URL_NOT_TRUSTED, ASSET_INVALID (other bytes than announced), ASSET_UNREADABLE (link used up),
    PEER_GONE, STORE_FAILED (disk).
    """
    download = _Download(parse_loopback_url(offer["url"], "http"), offer["bytes"])
    part = target.with_name(target.name + ".part")
    try:
        with open(part, "wb") as file:
            download.run(file)
        if "digest" in offer and download.digest != offer["digest"].lower():
            raise _invalid("its digest is another one")
        os.replace(part, target)
    except OSError as cause:
        raise _unwritable(cause) from cause
    finally:
        part.unlink(missing_ok=True)


class _Download:
    """One file under way."""

    def __init__(self, address: LoopbackAddress, size: int) -> None:
        self._address = address
        self._size = size
        self._received = 0
        self._hash = hashlib.sha256()

    @property
    def digest(self) -> str:
        return self._hash.hexdigest()

    def run(self, file: IO[bytes]) -> None:
        pauses = list(_PAUSES)
        before = 0
        while not self._receive(file):
            if self._received > before:
                pauses = list(_PAUSES)  # It gets on, if slowly.
            before = self._received
            if not pauses:
                raise BridgeError("PEER_GONE", "The download of an asset broke off several times.", "Try again.")
            time.sleep(pauses.pop(0))

    def _receive(self, file: IO[bytes]) -> bool:
        """Receive the rest, or as much as comes. Returns whether the file is complete."""
        connection = http.client.HTTPConnection(self._address.host, self._address.port)
        try:
            headers = {"Range": f"bytes={self._received}-"} if self._received else {}
            try:
                connection.sock = connect_loopback(self._address, _STALLED_SECONDS)
                connection.request("GET", self._address.target, headers=headers)
                response = connection.getresponse()
            except (OSError, http.client.HTTPException):
                return False
            self._begin(response, file)
            while True:
                try:
                    block = response.read(_BLOCK_BYTES)
                except (OSError, http.client.HTTPException):
                    return False
                if not block:
                    return self._received == self._size
                self._received += len(block)
                if self._received > self._size:
                    raise _invalid("it is longer than announced")
                self._hash.update(block)
                file.write(block)
        finally:
            connection.close()

    def _begin(self, response: http.client.HTTPResponse, file: IO[bytes]) -> None:
        """Check the head of the answer, and begin anew where it does not go on."""
        if response.status == 206 and self._received:
            if response.headers.get("Content-Range") != f"bytes {self._received}-{self._size - 1}/{self._size}":
                raise _invalid("it goes on at another place")
        elif response.status == 200:
            self._received = 0
            self._hash = hashlib.sha256()
            file.seek(0)
            file.truncate()
        else:
            raise BridgeError(
                "ASSET_UNREADABLE",
                f"The local service does not hand out a file of the asset (status {response.status}).",
                "Try again.",
            )


def _invalid(what: str) -> BridgeError:
    return BridgeError("ASSET_INVALID", f"The downloaded asset is not what was announced: {what}.", "Try again.")


def _unwritable(cause: OSError) -> BridgeError:
    reason = cause.strerror or "unknown reason"
    return BridgeError("STORE_FAILED", f"The asset cannot be written: {reason}.", "Check the disk, then try again.")
