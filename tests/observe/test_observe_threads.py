"""Threads: each has its own line, whenever it began and whenever it ends."""

import subprocess
import sys
import textwrap
import threading

import wherefrom
from wherefrom.check.outline import match

HERE = __name__
OLD = sys.version_info < (3, 12)


class Box:
    value = None


def run(source):
    command = [sys.executable, "-c", textwrap.dedent(source)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_a_thread_that_outlives_the_block_is_let_go():
    printed = run("""
        import sys, threading, wherefrom

        go = threading.Event()

        def tick(): pass

        def work():
            go.wait()
            tick()
            print(sys.gettrace())

        with wherefrom.observe() as trace:
            thread = threading.Thread(target=work)
            thread.start()
        before = len(trace.calls)
        go.set()
        thread.join()
        print(len(trace.calls) - before)
    """)
    assert printed.split() == ["None", "0"]


def test_threads_one_after_the_other_are_told_apart():
    def helper():
        pass

    def program():
        for name in ("one", "two", "three"):
            thread = threading.Thread(target=helper, name=name)
            thread.start()
            thread.join()

    with wherefrom.observe(focus=[HERE]) as trace:
        program()
    seen = [trace.threads[call.thread] for call in trace.calls]
    assert seen == [threading.current_thread().name, "one", "two", "three"]


def test_what_goes_on_after_a_thread_is_back_here_and_the_outline_asserts_itself():
    def helper():
        pass

    def program():
        thread = threading.Thread(target=helper, name="other")
        thread.start()
        thread.join()
        helper()

    with wherefrom.observe(focus=[HERE]) as trace:
        program()
    outline = "program\n-- in thread other\nhelper\n-- back here\n  helper"
    assert trace.outline() == outline
    assert match(trace.trace, outline).missing is None


def test_a_thread_that_ran_before_is_watched_where_python_can():
    box, go = Box(), threading.Event()

    def work():
        go.wait()
        box.value = 7

    def after(box):
        return box

    thread = threading.Thread(target=work)
    thread.start()
    with wherefrom.observe(watch=[f"{HERE}.Box.value"]) as trace:
        after(box)
        go.set()
        thread.join()
        after(box)
    assert [(store.new.text, store.seen) for store in trace.stores] == [("7", not OLD)]
