"""The WebSocket client against a real server, and against one that breaks every rule."""

from __future__ import annotations

import contextlib
import hashlib
import json
import signal
import struct
import threading
import time
import unittest
from collections.abc import Callable
from socket import SHUT_WR, socketpair
from typing import Any

from support import TOKEN, BridgeError, ServerTestCase, in_thread, wait_for

from maquette_wire import frames
from maquette_wire.websocket import MAX_MESSAGE_BYTES, WebSocket

GOOD_ANSWER = (
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Accept: {accept}\r\nSec-WebSocket-Protocol: maquette.v1\r\n\r\n"
)


class Messages(ServerTestCase):
    def test_every_form_of_length(self) -> None:
        socket = self.server.connect("/echo")
        for length in (0, 1, 125, 126, 127, 65535, 65536, 1 << 17, (1 << 17) + 3):
            message = ("abcdefg" * (length // 7 + 1))[:length]
            socket.send(message.encode())
            self.assertEqual(socket.receive(), message, f"length {length}")
        socket.close()

    def test_text_of_every_plane(self) -> None:
        socket = self.server.connect("/echo")
        for message in ("ä", "木の椅子", "🪑" * 100, "\x00\x7f", "\u2028"):
            socket.send(message.encode())
            self.assertEqual(socket.receive(), message)
        socket.close()

    def test_message_of_twenty_megabytes_arrives_whole(self) -> None:
        message = b"0123456789abcdef" * (20 * 1024 * 1024 // 16)
        socket = self.server.connect("/digest")
        socket.send(message)
        told = json.loads(socket.receive())
        self.assertEqual(told, {"bytes": len(message), "digest": hashlib.sha256(message).hexdigest()})
        socket.close()

    def test_largest_message_is_taken_and_a_larger_one_refused(self) -> None:
        socket = self.server.connect("/text", count=str(MAX_MESSAGE_BYTES // 2))
        self.assertEqual(len(socket.receive()), MAX_MESSAGE_BYTES // 2)
        socket.close()
        socket = self.server.connect("/text", count=str(MAX_MESSAGE_BYTES // 2 + 1))
        self.assert_fails("PROTOCOL_MISMATCH", socket.receive)
        self.assertEqual(socket.close_code, 1009)

    def test_fragments_with_a_ping_between_are_one_message(self) -> None:
        socket = self.server.connect("/fragments")
        message = "ein Stück, ein zweites Stück " * 5000
        socket.send(message.encode())
        self.assertEqual(socket.receive(), message)
        self.assertEqual(socket.receive(), "pong between")
        socket.close()

    def test_several_threads_send_whole_messages(self) -> None:
        socket = self.server.connect("/echo")
        sent = [f"{number}:" + str(number) * 300_000 for number in range(8)]
        threads = [threading.Thread(target=socket.send, args=(message.encode(),)) for message in sent]
        for thread in threads:
            thread.start()
        received = [socket.receive() for _ in sent]
        self.assertEqual(sorted(received), sorted(sent))
        socket.close()

    def test_masking_is_its_own_inverse_and_follows_the_specification(self) -> None:
        for length in (0, 1, 3, 4, 5, 1000):
            data = bytes(range(256)) * 4
            key = b"\x12\x00\xff\x80"
            masked = frames.apply_mask(data[:length], key)
            self.assertEqual(masked, bytes(value ^ key[index % 4] for index, value in enumerate(data[:length])))
            self.assertEqual(frames.apply_mask(masked, key), data[:length])


class Closing(ServerTestCase):
    def assert_woken(self, received: Callable[[], Any]) -> None:
        """After our own close(), the server's good-bye may or may not have arrived before the end."""
        try:
            self.assertIsNone(received())
        except BridgeError as error:
            self.assertEqual(error.code, "PEER_GONE")

    def test_server_closes_with_code_and_reason(self) -> None:
        socket = self.server.connect("/close", code="4001", reason="Feierabend – bis morgen")
        self.assertIsNone(socket.receive())
        self.assertEqual((socket.close_code, socket.close_reason), (4001, "Feierabend – bis morgen"))
        self.assert_fails("PEER_GONE", lambda: socket.send(b"late"))

    def test_we_close_and_the_server_hears_code_and_reason(self) -> None:
        socket = self.server.connect("/quiet")
        socket.close(4002, "ü" * 200)
        note = wait_for(lambda: next((note for note in self.server.get("/notes") if note.get("code") == 4002), None))
        self.assertEqual(note["reason"], "ü" * 61)
        socket.close()

    def test_close_from_another_thread_wakes_the_receiver(self) -> None:
        socket = self.server.connect("/quiet")
        received = in_thread(socket.receive)
        time.sleep(0.1)
        socket.close()
        self.assert_woken(received)

    def test_close_does_not_wait_for_a_server_that_does_not_read(self) -> None:
        socket = self.server.connect("/half-open")
        sending = in_thread(lambda: socket.send(b"x" * 50_000_000))
        receiving = in_thread(socket.receive)
        time.sleep(0.3)
        socket.abort()
        self.assert_fails("PEER_GONE", sending)
        self.assert_fails("PEER_GONE", receiving)

    def test_connection_that_breaks_is_lost(self) -> None:
        socket = self.server.connect("/drop")
        socket.send(b"now")
        self.assert_fails("PEER_GONE", socket.receive)
        self.assert_fails("PEER_GONE", lambda: socket.send(b"late"))

    @unittest.skipUnless(hasattr(signal, "SIGPIPE"), "this system has no such signal")
    def test_writing_to_what_has_gone_raises_no_signal(self) -> None:
        # Blender 4.3 leaves SIGPIPE to end the process.
        signals: list[int] = []
        before = signal.signal(signal.SIGPIPE, lambda number, _frame: signals.append(number))
        self.addCleanup(signal.signal, signal.SIGPIPE, before)
        for write in (lambda socket: socket.send(b"late"), lambda socket: socket.close()):
            socket = self.server.connect("/quiet")
            socket._socket.shutdown(SHUT_WR)
            with contextlib.suppress(BridgeError):
                write(socket)
        time.sleep(0.01)
        self.assertEqual(signals, [])
        left, right = socketpair()
        right.close()
        with self.assertRaises(BrokenPipeError):
            left.send(b"late")
        left.close()
        time.sleep(0.01)
        self.assertEqual(signals, [signal.SIGPIPE])


class Silence(ServerTestCase):
    def test_half_open_connection_is_noticed(self) -> None:
        socket = self.server.connect("/half-open", options={"silence_seconds": 0.2})
        self.assert_fails("PEER_GONE", in_thread(socket.receive))

    def test_quiet_server_that_answers_pings_is_alive(self) -> None:
        socket = self.server.connect("/quiet", options={"silence_seconds": 0.1})
        received = in_thread(socket.receive)
        time.sleep(1.0)
        self.assertFalse(socket._close_sent)
        socket.close()
        with contextlib.suppress(BridgeError):
            received()

    def test_server_that_speaks_needs_no_ping(self) -> None:
        socket = self.server.connect("/slow", options={"silence_seconds": 0.5})
        self.assertEqual([socket.receive() for _ in range(20)], [str(number) for number in range(1, 21)])
        self.assertFalse(socket._silence_asked)
        socket.close()


class HostileFrames(ServerTestCase):
    def assert_refused(self, frame: bytes, close_code: int) -> None:
        socket = self.server.connect("/raw", hex=frame.hex())
        self.assert_fails("PROTOCOL_MISMATCH", in_thread(socket.receive))
        self.assertEqual(socket.close_code, close_code, frame[:16].hex())

    def test_frames_that_break_the_rules_are_refused(self) -> None:
        for name, frame in {
            "first reserved bit": b"\xc1\x00",
            "second reserved bit": b"\xa1\x00",
            "third reserved bit": b"\x91\x00",
            "masked": b"\x81\x81abcdx",
            "unknown data opcode": b"\x83\x00",
            "unknown control opcode": b"\x8b\x00",
            "length not shortest, 16 bit": b"\x81\x7e\x00\x05hello",
            "length not shortest, 64 bit": b"\x81\x7f" + struct.pack("!Q", 5) + b"hello",
            "length beyond 63 bit": b"\x81\x7f" + struct.pack("!Q", 1 << 63),
            "ping split": b"\x09\x00",
            "ping too long": b"\x89\x7e\x00\x7e" + b"x" * 126,
            "continuation of nothing": b"\x80\x01x",
            "message inside a message": b"\x01\x01a\x81\x01b",
            "close with half a code": b"\x88\x01\x03",
            "close with a code that must not travel": b"\x88\x02" + struct.pack("!H", 1006),
            "close with a code out of range": b"\x88\x02" + struct.pack("!H", 999),
        }.items():
            with self.subTest(name):
                self.assert_refused(frame, 1002)

    def test_text_that_is_not_utf8_is_refused(self) -> None:
        for frame in (b"\x81\x01\xff", b"\x81\x02\xc3\x28", b"\x81\x03\xed\xa0\x80", b"\x01\x01\xc3\x80\x01\x41"):
            self.assert_refused(frame, 1007)
        self.assert_refused(b"\x88\x03" + struct.pack("!H", 1000) + b"\xff", 1007)

    def test_character_split_over_fragments_is_whole(self) -> None:
        socket = self.server.connect("/raw", hex=(b"\x01\x01\xc3\x80\x01\xa4").hex())
        self.assertEqual(socket.receive(), "ä")
        socket.close()

    def test_binary_message_is_refused(self) -> None:
        socket = self.server.connect("/binary")
        self.assert_fails("PROTOCOL_MISMATCH", socket.receive)
        self.assertEqual(socket.close_code, 1003)

    def test_announced_size_is_refused_before_it_arrives(self) -> None:
        self.assert_refused(b"\x81\x7f" + struct.pack("!Q", 1 << 40), 1009)

    def test_fragments_may_not_add_up_beyond_the_limit(self) -> None:
        part = struct.pack("!H", 60_000) + b"x" * 60_000
        socket = self.server.connect("/raw", options={"max_message_bytes": 100_000}, hex="")
        assembler = socket._assembler
        assembler.add(frames.Frame(False, frames.TEXT, part[2:]))
        self.assertEqual(assembler.room, 40_000)
        buffer = bytearray(b"\x80\x7e" + part)

        def read(size: int) -> bytearray:
            taken = buffer[:size]
            del buffer[:size]
            return taken

        with self.assertRaises(frames.FrameError) as caught:
            frames.read_frame(read, assembler.room)
        self.assertEqual(caught.exception.close_code, 1009)
        socket.close()

    def test_flood_of_empty_fragments_takes_no_memory(self) -> None:
        assembler = frames.MessageAssembler(1000)
        assembler.add(frames.Frame(False, frames.TEXT, b"a"))
        for _ in range(100_000):
            assembler.add(frames.Frame(False, frames.CONTINUATION, b""))
        self.assertEqual(len(assembler._parts), 1)
        self.assertEqual(assembler.add(frames.Frame(True, frames.CONTINUATION, b"b")), "ab")


class Handshake(ServerTestCase):
    def test_what_the_server_is_told(self) -> None:
        socket = self.server.connect("/headers")
        headers = json.loads(socket.receive())
        self.assertEqual(headers["authorization"], f"Bearer {TOKEN}")
        self.assertEqual(headers["host"], f"127.0.0.1:{self.server.port}")
        self.assertEqual(headers["sec-websocket-protocol"], "maquette.v1")
        for absent in ("sec-websocket-extensions", "origin", "cookie"):
            self.assertNotIn(absent, headers)
        socket.close()

    def test_wrong_token_is_refused_in_the_service_s_words(self) -> None:
        error = self.assert_fails("AUTH_REJECTED", lambda: self.server.connect("/echo", token="wrong"))
        self.assertEqual(error.message, "This is not the token of this launch.")

    def test_token_cannot_smuggle_headers(self) -> None:
        for token in ("a\r\nX-Evil: 1", "a b", "ä", "\x00"):
            self.assert_fails("INPUT_INVALID", lambda token=token: self.server.connect("/echo", token=token))

    def test_answers_that_are_not_exactly_right_are_refused(self) -> None:
        answers = {
            "another protocol": "SSH-2.0-OpenSSH_9.9\r\n\r\n",
            "an old version of HTTP": GOOD_ANSWER.replace("HTTP/1.1", "HTTP/1.0"),
            "a page": "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
            "a redirect": "HTTP/1.1 302 Found\r\nLocation: ws://example.org/\r\nContent-Length: 0\r\n\r\n",
            "a status of four digits": GOOD_ANSWER.replace("101", "1011"),
            "no upgrade": GOOD_ANSWER.replace("Upgrade: websocket\r\n", ""),
            "another upgrade": GOOD_ANSWER.replace("Upgrade: websocket", "Upgrade: h2c"),
            "no connection": GOOD_ANSWER.replace("Connection: Upgrade\r\n", ""),
            "the answer to another": GOOD_ANSWER.replace("{accept}", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="),
            "two answers": GOOD_ANSWER.replace("\r\n\r\n", "\r\nSec-WebSocket-Accept: {accept}\r\n\r\n"),
            "an extension": GOOD_ANSWER.replace("\r\n\r\n", "\r\nSec-WebSocket-Extensions: x-deflate\r\n\r\n"),
            "another subprotocol": GOOD_ANSWER.replace("maquette.v1", "maquette.v2"),
            "no subprotocol": GOOD_ANSWER.replace("Sec-WebSocket-Protocol: maquette.v1\r\n", ""),
            "a header without a name": GOOD_ANSWER.replace("\r\n\r\n", "\r\n: value\r\n\r\n"),
            "a folded header": GOOD_ANSWER.replace("Upgrade: websocket", "Upgrade:\r\n websocket"),
            "a head without an end": "HTTP/1.1 101 Switching Protocols\r\n" + "X-Long: 1\r\n" * 3000,
        }
        for name, answer in answers.items():
            with self.subTest(name):
                self.assert_fails("PROTOCOL_MISMATCH", lambda text=answer: self.server.connect("/answer", text=text))

    def test_right_answer_with_frames_right_behind(self) -> None:
        # A frame of a text cannot be written as text of a query: 0x81 is not ASCII. Two fragments of zeros and ones can.
        behind = b"\x01\x02ab\x00\x01c".decode()
        socket = self.server.connect(
            "/answer", options={"silence_seconds": 0.1}, text=GOOD_ANSWER.replace("websocket", "WebSocket") + behind
        )
        self.assert_fails("PEER_GONE", in_thread(socket.receive))  # the message never ends, and nobody answers the ping
        self.assertEqual(socket._assembler.room, MAX_MESSAGE_BYTES - 3)

    def test_server_without_an_answer_takes_no_longer_than_allowed(self) -> None:
        for path in ("/silent", "/drip"):
            self.assert_fails(
                "TIMED_OUT", in_thread(lambda path=path: self.server.connect(path, options={"connect_seconds": 0.3}))
            )
        self.assert_fails("PEER_GONE", lambda: self.server.connect("/hang-up"))

    def test_nobody_listens(self) -> None:
        self.assert_fails("PEER_GONE", lambda: WebSocket("ws://127.0.0.1:1/rpc", TOKEN))

    def test_only_this_machine_is_talked_to(self) -> None:
        for url in (
            "ws://example.org:80/rpc",
            "ws://192.168.1.1:80/rpc",
            "ws://127.0.0.1.example.org:80/",
            "ws://localhost.example.org:80/",
            "ws://127.0.0.1@example.org:80/",
            "ws://user@127.0.0.1:80/",
            "ws://0.0.0.0:80/",
            "ws://2130706433:80/",
            "ws://[::ffff:127.0.0.1]:80/",
            "wss://127.0.0.1:80/",
            "http://127.0.0.1:80/",
            "ws://127.0.0.1/rpc",
            "ws://127.0.0.1:0/rpc",
            "ws://127.0.0.1:99999/rpc",
            "ws://127.0.0.1:80/a\r\nX: y",
            "ws://127.0.0.1:80/ä",
            "ws://[::1:80/",
            "",
        ):
            with self.subTest(url):
                self.assert_fails("URL_NOT_TRUSTED", lambda url=url: WebSocket(url, TOKEN))

    def test_names_of_this_machine(self) -> None:
        socket = WebSocket(f"ws://LOCALHOST:{self.server.port}/headers", TOKEN)
        self.addCleanup(socket._socket.close)
        # Asked for under the one name that the service accepts, whatever it was called.
        self.assertEqual(json.loads(socket.receive())["host"], f"127.0.0.1:{self.server.port}")


if __name__ == "__main__":
    unittest.main()
