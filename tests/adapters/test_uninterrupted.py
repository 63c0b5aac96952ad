"""Signals held back for a moment take effect at its end."""

import os
import signal
import subprocess
import sys
import threading

import pytest

from tocsin.adapters.uninterrupted import uninterrupted


def test_a_signal_in_the_block_takes_effect_at_its_end() -> None:
    reached: list[str] = []
    # Whatever runs these tests may have a handler of its own.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)

    try:
        with pytest.raises(KeyboardInterrupt):
            interrupt_in_a_block(reached)
        kept = signal.getsignal(signal.SIGINT)
    finally:
        signal.signal(signal.SIGINT, before)

    assert reached == ["the end of the block"]
    assert kept is signal.default_int_handler


def interrupt_in_a_block(reached: list[str]) -> None:
    with uninterrupted():
        os.kill(os.getpid(), signal.SIGINT)
        reached.append("the end of the block")
    reached.append("after it")


def test_a_process_started_in_the_block_can_be_interrupted() -> None:
    with uninterrupted():
        child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])

    child.terminate()

    assert child.wait(timeout=10) == -signal.SIGTERM


def test_in_another_thread_it_does_nothing() -> None:
    before = signal.getsignal(signal.SIGTERM)
    seen: list[object] = []

    def look() -> None:
        with uninterrupted():
            seen.append(signal.getsignal(signal.SIGTERM))

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()

    assert seen == [before]
