"""The add-on's link without a network for some seconds. Arguments: job that is at work, seconds.

The connection is lost as when a cable is drawn, and no new one is possible until the time is over; then the artist presses
Connect Again. How long until the link is open, and until every event has come that had happened by then.
"""

import os
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import harness

job, offline = harness.arguments()[0], float(harness.arguments()[1])
seqs: list[int] = []


def main() -> object:
    harness.enable_addon()
    session = harness.session()
    link = session.connect()
    link.handle_notification("job/event", lambda params: seqs.append(params["seq"]))
    link.subscribe(job)
    harness.wait_until(lambda: session.is_open and len(seqs) > 0, pump=lambda: harness.pump(0.02))
    harness.pump(2.0)  # what happened before comes first

    websocket = harness.addon_module("wire.websocket")
    connect = websocket.connect_loopback

    def refuse(*_args: object) -> None:
        raise ConnectionRefusedError

    websocket.connect_loopback = refuse
    link._peer._websocket.abort()
    harness.wait_until(lambda: not session.is_open, pump=lambda: harness.pump(0.02))
    seen = len(seqs)
    harness.pump(offline)
    unexpected = len(seqs) - seen  # none can come
    websocket.connect_loopback = connect

    newest: list[int] = []
    started = time.perf_counter()
    link.connect()
    while not session.is_open:
        link.wait(0.01)
        session.drain_inbox()
    opened = time.perf_counter() - started
    session.ask("job/get", {"job": job}, lambda result: newest.append(result["job"]["seq"]))
    while not newest or seqs[-1] < newest[0]:
        link.wait(0.01)
        session.drain_inbox()
    caught_up = time.perf_counter() - started
    missed = newest[0] - seqs[seen - 1]
    harness.pump(2.0)
    faults = sum(1 for before, after in zip([0, *seqs], seqs) if after != before + 1)
    return {
        "missed": missed,
        "openSeconds": opened,
        "caughtUpSeconds": caught_up,
        "faults": faults + unexpected,
    }


harness.run_script(main)
