"""Requests, answers and notifications over a real connection, and the queue between the threads."""

from __future__ import annotations

import contextlib
import io
import threading
import time
import unittest
from typing import Any

from support import BridgeError, ServerTestCase, in_thread, wait_for

from maquette_wire.inbox import Inbox
from maquette_wire.messages import parse_message
from maquette_wire.peer import Peer


class PeerTestCase(ServerTestCase):
    def setUp(self) -> None:
        self.inbox = Inbox()
        self.heard: list[tuple[str, dict[str, Any]]] = []
        self.main_thread = threading.current_thread()
        self.peer = self.open_peer()

    def open_peer(self, **options: Any) -> Peer:
        peer = Peer(
            self.server.connect("/rpc"),
            self.inbox,
            lambda message: self.heard.append((message.method, message.params)),
            self.answer,
            **options,
        )
        self.addCleanup(peer.ended.wait, 10)
        self.addCleanup(peer.close)
        return peer

    def answer(self, peer: Peer, request: Any) -> None:
        if request.method == "engine/selection":
            peer.answer(request, {"objects": [{"name": "Würfel"}]})
        elif request.method == "engine/fail":
            peer.refuse(request, BridgeError("IMPORT_FAILED", "The file is broken.", "Make it anew."))
        else:
            peer.refuse_unknown(request)

    def ask(self, method: str, /, **params: Any) -> Any:
        return self.peer.request(method, params).wait(10)


class Requests(PeerTestCase):
    def test_result_by_waiting(self) -> None:
        self.assertEqual(self.ask("test/echo", prompt="ein Stuhl", seed=7), {"prompt": "ein Stuhl", "seed": 7})
        self.assertIsNone(self.ask("test/null"))

    def test_result_by_callback_on_the_draining_thread_only(self) -> None:
        got: list[Any] = []
        reply = self.peer.request(
            "test/echo", {"a": 1}, lambda result: got.append((result, threading.current_thread())), self.fail
        )
        wait_for(lambda: reply.arrived)
        self.assertEqual(got, [])
        wait_for(lambda: got, lambda: self.inbox.drain(10, 1.0))
        self.assertEqual(got, [({"a": 1}, self.main_thread)])
        self.inbox.drain(10, 1.0)
        self.assertEqual(len(got), 1)

    def test_many_requests_at_once_get_their_own_answers(self) -> None:
        replies = [(number, self.peer.request("test/echo", {"number": number})) for number in range(500)]
        for number, reply in replies:
            self.assertEqual(reply.wait(10), {"number": number})

    def test_error_with_code_message_and_remedy(self) -> None:
        params = {"code": "QUEUE_FULL", "message": "Too many.", "remedy": "Wait.", "retry": "later", "new": [1]}
        got: list[BridgeError] = []
        self.peer.request("test/fail", params, self.fail, got.append)
        wait_for(lambda: got, lambda: self.inbox.drain(10, 1.0))
        self.assertEqual((got[0].code, got[0].message, got[0].remedy), ("QUEUE_FULL", "Too many.", "Wait."))

    def test_error_without_our_data_keeps_its_message(self) -> None:
        error = self.assert_fails("INTERNAL", lambda: self.ask("test/fail", other=1))
        self.assertEqual(error.message, "Failed.")

    def test_answer_that_never_comes(self) -> None:
        reply = self.peer.request("test/never", {})
        self.assert_fails("TIMED_OUT", lambda: reply.wait(0.05))
        got: list[BridgeError] = []
        self.peer.request("test/never", {}, self.fail, got.append)
        self.peer.expire(60)
        self.assertEqual(self.inbox.drain(10, 1.0), 0)
        self.peer.expire(-1)
        self.inbox.drain(10, 1.0)
        self.assertEqual([error.code for error in got], ["TIMED_OUT"])
        self.assertEqual(self.ask("test/echo"), {})

    def test_answer_that_comes_too_late_is_passed_over(self) -> None:
        reply = self.peer.request("test/later", {"ms": 50})
        self.peer.expire(-1)
        self.assert_fails("TIMED_OUT", lambda: reply.wait(1))
        time.sleep(0.1)
        self.assertEqual(self.ask("test/echo"), {})

    def test_lost_connection_fails_what_waits_and_what_comes_after(self) -> None:
        got: list[str] = []
        waiting = self.peer.request("test/never", {}, self.fail, lambda error: got.append(error.code))
        self.peer.request("test/drop", {})
        self.assert_fails("PEER_GONE", lambda: waiting.wait(10))
        self.assertTrue(self.peer.ended.wait(10))
        self.assert_fails("PEER_GONE", lambda: self.ask("test/echo"))
        wait_for(lambda: got, lambda: self.inbox.drain(10, 1.0))
        self.assertEqual(got, ["PEER_GONE"])

    def test_reason_of_a_close_is_told(self) -> None:
        self.assert_fails("PEER_GONE", lambda: self.ask("test/close", code=1001, reason="Going home."))
        self.assertIn("Going home.", self.peer.end.message)

    def test_what_cannot_be_sent_is_refused_at_once(self) -> None:
        for params in ({"a": float("nan")}, {"a": object()}, {"path": "half \udce4 a character"}):
            self.assert_fails("INPUT_INVALID", lambda params=params: self.peer.request("test/echo", params))
        self.peer.max_message_bytes = 2000
        self.assert_fails("INPUT_INVALID", lambda: self.peer.request("test/echo", {"a": "x" * 2000}))
        self.assertEqual(self.ask("test/echo"), {})


class FromTheService(PeerTestCase):
    def test_notifications_in_order(self) -> None:
        self.ask("test/tell", method="job/event", params={"job": "j"}, count=1000)
        self.assertEqual([params["number"] for _, params in self.heard], list(range(1, 1001)))

    def test_requests_are_answered_with_their_own_id(self) -> None:
        answer = self.ask("test/ask", method="engine/selection", params={})
        self.assertEqual(answer["result"], {"objects": [{"name": "Würfel"}]})
        self.assertEqual((answer["jsonrpc"], answer["id"]), ("2.0", "s-1"))

    def test_error_answer(self) -> None:
        error = self.ask("test/ask", method="engine/fail", params={})["error"]
        data = {"code": "IMPORT_FAILED", "message": "The file is broken.", "remedy": "Make it anew.", "retry": "never"}
        self.assertEqual(error, {"code": -32000, "message": "The file is broken.", "data": data})

    def test_unknown_method_is_answered_as_such(self) -> None:
        self.assertEqual(self.ask("test/ask", method="engine/fly", params={})["error"]["code"], -32601)

    def test_garbage_ends_the_connection(self) -> None:
        for text in (
            "",
            "nonsense",
            "[]",
            "null",
            '{"jsonrpc":"1.0","id":1,"result":{}}',
            '{"jsonrpc":"2.0"}',
            '{"jsonrpc":"2.0","id":1}',
            '{"jsonrpc":"2.0","id":true,"result":{}}',
            '{"jsonrpc":"2.0","id":1.5,"result":{}}',
            '{"jsonrpc":"2.0","method":5}',
            '{"jsonrpc":"2.0","method":"a","params":[]}',
            '{"jsonrpc":"2.0","id":null,"method":"a"}',
            '{"jsonrpc":"2.0","id":1,"result":NaN}',
            '{"jsonrpc":"2.0","id":1,"result":' + "9" * 5000 + "}",
            "[" * 200_000,
        ):
            with self.subTest(text[:40]):
                peer = self.open_peer()
                reply = peer.request("test/raw", {"text": text})
                self.assert_fails("PEER_GONE", lambda reply=reply: reply.wait(10))
                self.assertEqual(peer.end.code, "PROTOCOL_MISMATCH")

    def test_answers_to_nothing_are_passed_over(self) -> None:
        for text in (
            '{"jsonrpc":"2.0","id":987654,"result":{}}',
            '{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"?"}}',
            '{"jsonrpc":"2.0","id":987654,"error":5}',
        ):
            self.peer.request("test/raw", {"text": text})
        self.assertEqual(self.ask("test/echo"), {})

    def test_unknown_members_are_passed_over(self) -> None:
        message = parse_message('{"jsonrpc":"2.0","id":3,"result":{"new":1},"later":true,"error":null}')
        self.assertEqual(message.result, {"new": 1})


class NeverBlocking(PeerTestCase):
    def test_service_that_does_not_read_blocks_nobody_and_loses_its_connection(self) -> None:
        peer = self.open_peer(outbox_limit=20)
        peer.request("test/stop-reading", {}).wait(10)
        replies = []
        for _ in range(200):
            replies.append(peer.request("test/echo", {"text": "x" * 500_000}))
            if peer.ended.wait(0.02):
                break
        self.assertTrue(peer.ended.wait(10))
        for reply in replies:
            self.assert_fails("PEER_GONE", lambda reply=reply: reply.wait(10))

    def test_close_says_good_bye_after_what_waits(self) -> None:
        peer = self.open_peer()
        for number in range(50):
            peer.notify("test/noted", {"peer": id(peer), "number": number})
        peer.close()
        self.assertTrue(peer.ended.wait(10))

        def noted() -> list[int]:
            notes = [note for note in self.server.get("/notes") if note.get("notification") == "test/noted"]
            return [note["params"]["number"] for note in notes if note["params"]["peer"] == id(peer)]

        wait_for(lambda: len(noted()) == 50)
        self.assertEqual(noted(), list(range(50)))

    def test_no_thread_stays(self) -> None:
        peer = self.open_peer()
        peer.close()
        self.assertTrue(peer.ended.wait(10))
        wait_for(lambda: not peer._reader.is_alive() and not peer._writer.is_alive())


class InboxRules(unittest.TestCase):
    def setUp(self) -> None:
        self.inbox = Inbox(limit=5)
        self.seen: list[Any] = []

    def leave(self, what: Any, key: Any = None) -> None:
        self.inbox.put(lambda: self.seen.append(what), key)

    def test_newest_of_a_key_replaces_the_waiting_one_and_goes_to_the_end(self) -> None:
        for what, key in ((1, "a"), ("event", None), (2, "b"), (3, "a")):
            self.leave(what, key)
        self.inbox.drain(10, 1.0)
        self.assertEqual(self.seen, ["event", 2, 3])
        self.leave(4, "a")
        self.inbox.drain(10, 1.0)
        self.assertEqual(self.seen[-1], 4)

    def test_full_inbox_lets_the_reader_wait_until_something_is_taken(self) -> None:
        for number in range(5):
            self.leave(number)
        waiting = in_thread(lambda: self.leave("late"))
        time.sleep(0.05)
        self.assertEqual(len(self.inbox), 5)
        self.inbox.drain(1, 1.0)
        waiting()
        self.inbox.drain(10, 1.0)
        self.assertEqual(self.seen, [0, 1, 2, 3, 4, "late"])

    def test_state_changes_never_wait(self) -> None:
        for number in range(5):
            self.leave(number)
        self.inbox.put_now(lambda: self.seen.append("state"), "state")
        self.assertEqual(len(self.inbox), 6)

    def test_closing_frees_who_waits_and_drops_the_rest(self) -> None:
        for number in range(5):
            self.leave(number)
        waiting = in_thread(lambda: self.leave("late"))
        time.sleep(0.05)
        self.inbox.close()
        waiting()
        self.assertEqual(self.inbox.drain(10, 1.0), 0)

    def test_budget_of_a_tick(self) -> None:
        for number in range(5):
            self.leave(number)
        self.assertEqual(self.inbox.drain(2, 1.0), 2)
        self.assertEqual(self.inbox.drain(10, 0.0), 1)  # one in any case, or nothing would ever be done
        self.assertEqual(self.seen, [0, 1, 2])

    def test_fault_of_one_action_does_not_stop_the_others(self) -> None:
        def break_down() -> None:
            raise ValueError("on purpose")

        self.inbox.put(break_down)
        self.leave("after")
        with contextlib.redirect_stderr(io.StringIO()) as text:
            self.inbox.drain(10, 1.0)
        self.assertEqual(self.seen, ["after"])
        self.assertIn("on purpose", text.getvalue())

    def test_waiting_ends_when_something_comes(self) -> None:
        self.assertFalse(self.inbox.wait(0.01))
        waiting = in_thread(lambda: self.inbox.wait(10))
        self.leave(1)
        self.assertTrue(waiting())


if __name__ == "__main__":
    unittest.main()
