"""A stop that a signal handler may ask for at any moment."""

import subprocess
import sys
import time

from tocsin.processes.stopping import StopSignal

SIGNALS_AT_ANY_MOMENT = """
import os, random, signal, sys, time
from tocsin.processes.stopping import StopSignal

parent, ended = os.getpid(), False
if os.fork() == 0:
    for _ in range(2000):
        time.sleep(random.random() * 0.001)
        os.kill(parent, signal.SIGINT)
    os.kill(parent, signal.SIGUSR1)
    os._exit(0)

def end(*_):
    global ended
    ended = True

signal.signal(signal.SIGUSR1, end)
stops = 0
while not ended:
    stop = StopSignal().on_signals()
    while not (ended or stop.wait(0.00005)):
        pass
    stops += stop.is_set()
print(stops)
"""


def test_it_waits_no_longer_than_told_and_says_whether_it_was_asked() -> None:
    stop = StopSignal()
    began = time.monotonic()

    assert not stop.wait(0.05)
    assert 0.05 <= time.monotonic() - began < 5
    assert not stop.is_set()

    stop.set()
    stop.set()
    assert (stop.is_set(), stop.wait(60), stop.wait(60)) == (True, True, True)


def test_signals_at_any_moment_of_the_wait_are_never_lost_and_never_block() -> None:
    answer = subprocess.run(
        [sys.executable, "-c", SIGNALS_AT_ANY_MOMENT], capture_output=True, text=True, check=False, timeout=60
    )

    assert (answer.returncode, answer.stderr) == (0, "")
    assert int(answer.stdout) > 500
