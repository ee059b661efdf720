"""Downloads over real HTTP that break, lie and stall."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
import unittest
from pathlib import Path
from typing import Any
from unittest import mock

from support import ServerTestCase

from maquette_wire import asset_download
from maquette_wire.asset_download import download_file, fetch_asset
from maquette_wire.errors import BridgeError
from maquette_wire.inbox import Inbox
from maquette_wire.link import Link
from maquette_wire.reply import Reply


def content(size: int) -> bytes:
    return bytes((index * 7) % 251 for index in range(size))


class DownloadTestCase(ServerTestCase):
    def setUp(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.target = self.folder / "lod0.glb"

    def offer(self, size: int, query: str = "", **other: Any) -> Any:
        url = f"http://127.0.0.1:{self.server.port}/files/{size}?{query}"
        digest = hashlib.sha256(content(size)).hexdigest()
        return {"url": url, "bytes": size, "mediaType": "model/gltf-binary", "digest": digest, "expiresAt": 0, **other}

    def ranges(self, query: str) -> list[Any]:
        return [note["range"] for note in self.server.get("/notes") if note.get("file", "").endswith(query)]


class OneFile(DownloadTestCase):
    def test_whole_file(self) -> None:
        for size in (0, 1, 1_000_000):
            download_file(self.offer(size), self.target)
            self.assertEqual(self.target.read_bytes(), content(size))
        self.assertEqual(os.listdir(self.folder), ["lod0.glb"])

    def test_broken_download_goes_on_where_it_ended(self) -> None:
        download_file(self.offer(500_000, "fault=cut"), self.target)
        self.assertEqual(self.target.read_bytes(), content(500_000))
        self.assertEqual(self.ranges("fault=cut"), [None, "bytes=250000-"])

    def test_server_without_ranges_begins_anew(self) -> None:
        download_file(self.offer(500_000, "fault=cut&always=no-ranges"), self.target)
        self.assertEqual(self.target.read_bytes(), content(500_000))

    def test_file_without_a_digest(self) -> None:
        offer = self.offer(1000)
        del offer["digest"]
        download_file(offer, self.target)
        self.assertEqual(self.target.read_bytes(), content(1000))

    def assert_nothing_stays(self, code: str, offer: Any) -> None:
        with mock.patch.object(asset_download, "_PAUSES", (0.0, 0.0)), mock.patch.object(
            asset_download, "_STALLED_SECONDS", 0.2
        ):
            self.assert_fails(code, lambda: download_file(offer, self.target))
        self.assertEqual(os.listdir(self.folder), [])

    def test_what_is_not_as_announced_is_thrown_away(self) -> None:
        self.assert_nothing_stays("ASSET_INVALID", self.offer(1000, digest="0" * 64))
        self.assert_nothing_stays("ASSET_INVALID", self.offer(1000, bytes=999))
        self.assert_nothing_stays("ASSET_INVALID", self.offer(1000, "always=more"))
        self.assert_nothing_stays("ASSET_INVALID", self.offer(1000, "fault=cut&other=1", bytes=1001))

    def test_file_that_never_comes_whole(self) -> None:
        self.assert_nothing_stays("PEER_GONE", self.offer(1000, "always=stall&always-range"))
        self.assert_nothing_stays("PEER_GONE", self.offer(1000, url="http://127.0.0.1:1/files/1000"))

    def test_used_up_link_and_redirects(self) -> None:
        self.assert_nothing_stays("ASSET_UNREADABLE", self.offer(1000, "always=gone"))
        self.assert_nothing_stays("ASSET_UNREADABLE", self.offer(1000, "always=elsewhere"))

    def test_only_this_machine(self) -> None:
        for url in ("http://example.org:80/a", "https://127.0.0.1:80/a", "file:///etc/passwd", "http://127.0.0.1/a"):
            self.assert_nothing_stays("URL_NOT_TRUSTED", self.offer(10, url=url))

    def test_unwritable_place(self) -> None:
        self.assert_fails("STORE_FAILED", lambda: download_file(self.offer(10), self.folder / "none/lod0.glb"))


class AnsweringLink:
    """A link as far as fetch_asset uses it: the answers of the service, without one."""

    def __init__(self, files: list[dict[str, Any]], offers: dict[str, Any]) -> None:
        self.inbox = Inbox()
        self._files = files
        self._offers = offers

    def request(self, method: str, params: dict[str, Any], *, connects: bool) -> Reply:
        assert not connects
        reply = Reply(method)
        if method == "asset/describe":
            reply.settle({"job": params["job"], "folder": "/elsewhere", "files": self._files})
        else:
            reply.settle(self._offers[params["file"]])
        return reply


class WithoutConnection(DownloadTestCase):
    def fetch(self, link: Link) -> BridgeError:
        outcome: list[Any] = []
        fetch_asset(link, "job-1", self.folder / "chair", outcome.append, outcome.append).join(20)
        link.inbox.drain(10, 1.0)
        (error,) = [one for one in outcome if isinstance(one, BridgeError)]
        return error

    def test_nothing_is_connected_off_the_main_thread(self) -> None:
        settings = mock.Mock(side_effect=AssertionError("settings were read"))
        link = Link({}, settings)
        self.assertEqual(self.fetch(link).code, "PEER_GONE")
        self.assertEqual((link.state, settings.call_count), ("idle", 0))

    def test_a_link_that_failed_says_why(self) -> None:
        settings = mock.Mock(side_effect=AssertionError("settings were read"))
        link = Link({}, settings)
        link._give_up(BridgeError("CONFIG_MISSING", "There is no Node.js.", "Install it."))
        error = self.fetch(link)
        self.assertEqual((error.code, error.message), ("CONFIG_MISSING", "There is no Node.js."))
        self.assertEqual((link.state, settings.call_count), ("failed", 0))
        link.close()
        self.assertEqual(settings.call_count, 0)


class WholeAsset(DownloadTestCase):
    def fetch(self, files: list[str], offers: dict[str, Any]) -> list[Any]:
        link = AnsweringLink([{"name": name} for name in files], offers)
        outcome: list[Any] = []
        fetch_asset(link, "job-1", self.folder / "chair", outcome.append, outcome.append).join(20)
        self.assertEqual(outcome, [])
        link.inbox.drain(10, 1.0)
        return outcome

    def test_all_files_in_a_new_folder(self) -> None:
        names = ["manifest.json", "lod0.glb", "lod1.glb"]
        offers = {name: self.offer(1000 + index) for index, name in enumerate(names)}
        self.assertEqual(self.fetch(names, offers), [self.folder / "chair"])
        self.assertEqual(sorted(os.listdir(self.folder / "chair")), sorted(names))
        self.assertEqual((self.folder / "chair/lod1.glb").read_bytes(), content(1002))
        self.assertEqual(os.listdir(self.folder), ["chair"])

    def test_half_an_asset_is_none(self) -> None:
        offers = {"manifest.json": self.offer(10), "lod0.glb": self.offer(10, digest="0" * 64)}
        (error,) = self.fetch(["manifest.json", "lod0.glb"], offers)
        self.assertEqual(error.code, "ASSET_INVALID")
        self.assertEqual(os.listdir(self.folder), [])

    def test_names_stay_in_the_folder(self) -> None:
        for name in ("../evil", "/etc/evil", "a/b", "a\\b", "", ".hidden", "C:evil", "a" * 300):
            (error,) = self.fetch([name], {name: self.offer(10)})
            self.assertIsInstance(error, BridgeError)
            self.assertEqual(error.code, "ASSET_INVALID")
        self.assertEqual(os.listdir(self.folder), [])

    def test_an_answer_that_is_none_ends_the_waiting(self) -> None:
        for offer in ({}, {"url": 7, "bytes": 10}, None):
            (error,) = self.fetch(["lod0.glb"], {"lod0.glb": offer})
            self.assertIsInstance(error, BridgeError)
        self.assertEqual(os.listdir(self.folder), [])

    def test_folder_that_is_there_stays_as_it_is(self) -> None:
        (self.folder / "chair").mkdir()
        (self.folder / "chair/mine.txt").write_text("mine")
        (error,) = self.fetch(["manifest.json"], {"manifest.json": self.offer(10)})
        self.assertEqual(error.code, "STORE_FAILED")
        self.assertEqual(os.listdir(self.folder), ["chair"])
        self.assertEqual(os.listdir(self.folder / "chair"), ["mine.txt"])


if __name__ == "__main__":
    unittest.main()
