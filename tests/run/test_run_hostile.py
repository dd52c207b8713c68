"""Each hostile snippet gets one clear outcome at its place, in time, and leaves nothing."""

import subprocess
import sys
import time

import psutil
import pytest

REACTOR = """
from twisted.internet import reactor
reactor.run()
"""
MB = 1_000_000


def told(result):
    return [each.status.value for each in result.outcomes]


def notes(result):
    return [each.note for each in result.outcomes if each.note]


def test_an_endless_loop_meets_the_time_limit(run_beside, job, page):
    result = run_beside(job(">>> 1", "def f():\n    while True: pass\nf()", ">>> 2", seconds=0.5))
    assert told(result) == ["passed", "timeout", "skipped"]
    assert notes(result) == [
        "it took longer than 0.5 s and was ended",
        "skipped: the group's process ended at line 5",
    ]
    assert f'File "{page}", line 6 in f' in result.stack
    assert f'File "{page}", line 7 in <module>' in result.stack
    assert "wherefrom" not in result.stack.replace(str(page), "")


def test_a_blocked_event_loop_is_shown_with_the_librarys_line(run_beside, job, page):
    result = run_beside(job(REACTOR, ">>> 2", seconds=1.5))
    assert told(result) == ["timeout", "skipped"]
    assert "epollreactor.py" in result.stack
    assert f'File "{page}", line 4 in <module>' in result.stack


def test_ignoring_sigterm_does_not_help(run_beside, job):
    result = run_beside(
        job(
            "import signal, time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)",
            "print('before')\ntime.sleep(60)",
            seconds=0.5,
        )
    )
    assert told(result) == ["passed", "timeout"]
    assert result.outcomes[1].output == "before\n"


def test_a_worker_that_stops_itself_is_ended_at_the_time_limit(run_beside, job):
    result = run_beside(job("import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)", seconds=0.5))
    assert told(result) == ["timeout"]


def test_exit_status_0_proves_nothing(run_beside, job):
    result = run_beside(job(">>> 1", "print('said', flush=True)\nimport os\nos._exit(0)", ">>> 2"))
    assert told(result) == ["passed", "died", "skipped"]
    assert notes(result)[0] == "the process ended here: exit status 0"
    assert result.outcomes[1].output == "said\n"


@pytest.mark.parametrize("name", ["SIGKILL", "SIGSEGV", "SIGTERM"])
def test_death_by_a_signal_names_it(run_beside, job, page, name):
    result = run_beside(job(f"import os, signal\nos.kill(os.getpid(), signal.{name})", ">>> 2"))
    assert told(result) == ["died", "skipped"]
    assert notes(result)[0] == f"the process ended here: killed by {name}"
    assert (f'File "{page}", line 4' in result.stack) == (name == "SIGSEGV")


def test_replacing_the_process_by_another_program_is_a_death(run_beside, job):
    result = run_beside(job("import os\nos.execvp('true', ['true'])", ">>> 2"))
    assert told(result) == ["died", "skipped"]


def test_a_child_process_left_running_fails_its_own_snippet(run_beside, job):
    result = run_beside(
        job(
            "import subprocess",
            "a = subprocess.Popen(['sleep', '61'])",
            "b = subprocess.Popen(['sleep', '62'])",
            "subprocess.run(['true'])",
        )
    )
    assert told(result) == ["passed", "failed", "failed", "passed"]
    assert notes(result) == [
        f"it started a process, `sleep {n}`, which didn't end; wait for it, or end it"
        for n in (61, 62)
    ]


def test_a_child_that_ends_by_itself_soon_is_no_failure(run_beside, job):
    assert told(run_beside(job("import subprocess\nsubprocess.Popen(['sleep', '0.1'])"))) == [
        "passed"
    ]


DAEMON = """
import os, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.setsid()
        time.sleep(60)
    os._exit(0)
os.wait()
"""


def test_a_daemon_that_left_group_and_session_is_found(run_beside, job):
    result = run_beside(job(DAEMON, ">>> 1"))
    assert told(result) == ["failed", "passed"]
    assert "didn't end" in notes(result)[0]


def test_a_daemon_is_found_at_the_time_limit_too(run_beside, job):
    result = run_beside(job(DAEMON + "time.sleep(60)", seconds=0.5))
    assert told(result) == ["timeout"]


def test_a_forked_child_that_comes_back_reports_nothing(run_beside, job):
    result = run_beside(job("import os\npid = os.fork()\nif pid: os.wait()", ">>> pid > 0"))
    assert told(result) == ["passed", "passed"]
    assert result.outcomes[1].output == "True\n"


def test_a_thread_that_never_ends_fails_its_own_snippet(run_beside, job):
    result = run_beside(
        job(
            "import threading, time",
            "threading.Thread(target=time.sleep, args=(60,), name='sleepy').start()",
            "threading.Thread(target=time.sleep, args=(60,), daemon=True).start()",
        )
    )
    assert told(result) == ["passed", "failed", "passed"]
    assert notes(result) == [
        "it started the thread 'sleepy', which didn't end; join it, or make it end"
    ]


def test_an_idle_thread_pool_is_no_failure(run_beside, job):
    source = (
        "from concurrent.futures import ThreadPoolExecutor\n"
        "pool = ThreadPoolExecutor()\nprint(pool.submit(pow, 2, 3).result())"
    )
    assert told(run_beside(job(source))) == ["passed"]


@pytest.mark.parametrize("printing", ["print('x' * 100)", "os.write(2, b'x' * 10_000)"])
def test_endless_printing_is_bounded(run_beside, job, printing):
    result = run_beside(job("import os", f"while True: {printing}", ">>> 1", output=100_000))
    assert told(result) == ["passed", "failed", "skipped"]
    assert notes(result)[0] == "it wrote more than 100,000 bytes and was ended"
    outcome = result.outcomes[1]
    assert outcome.truncated
    assert len(outcome.output) + len(outcome.stderr) == 100_000


def test_too_much_output_at_once_is_told_at_its_snippet(run_beside, job):
    result = run_beside(job("print('x' * 200_000)", ">>> 1", output=100_000))
    assert told(result) == ["failed", "skipped"]
    assert len(result.outcomes[0].output) == 100_000


@pytest.mark.parametrize(
    "deed",
    [
        "sys.stdout.close()",
        "sys.stdout = None",
        "sys.stdout = io.StringIO()",
        "os.close(1)",
        "os.close(1); os.close(2)",
        "os.closerange(0, 100)",
        "os.ftruncate(1, 0)",
        "del sys.stdout, sys.displayhook",
        "sys.displayhook = sys.stdout.write = print = len",
        "sys.__stdout__.detach()",
        "os.dup2(os.open(os.devnull, os.O_WRONLY), 1)",
    ],
)
def test_no_snippet_takes_the_next_ones_output(run, job, deed):
    result = run(
        job("import io, os, sys", ">>> 0", deed, ">>> 1", "import builtins; builtins.print(2)")
    )
    assert told(result) == ["passed"] * 5
    assert [each.output for each in result.outcomes[-2:]] == ["1\n", "2\n"]


def test_what_a_group_changes_in_its_process_reaches_no_other(run, job):
    look = (
        ">>> os.getcwd(), os.environ.get('X'), sys.path[0], locale.setlocale(locale.LC_ALL), "
        "os.umask(7)"
    )
    change = (
        "os.chdir('/')\nos.environ['X'] = '1'\nsys.path[:] = ['/']\n"
        "locale.setlocale(locale.LC_ALL, 'C')\nos.umask(0)\nsys.setrecursionlimit(30)\n"
        "import json; json.dumps = None"
    )
    before = run(job("import locale, os, sys", look))
    assert told(run(job("import locale, os, sys", change, ">>> 1"))) == ["passed"] * 3
    after = run(job("import locale, os, sys", look, ">>> import json; json.dumps([])"))
    assert after.outcomes[1].output == before.outcomes[1].output
    assert after.outcomes[2].output == "'[]'\n"


def test_eating_memory_is_bounded(run_beside, job):
    eat = "eaten = []\nwhile True: eaten.append(b'x' * 5_000_000)"
    result = run_beside(job(">>> 1", eat, ">>> 2", memory=300 * MB))
    assert told(result) == ["passed", "failed", "skipped"]
    assert notes(result)[0] == "it used more than 300 MB of memory and was ended"


def test_what_children_eat_counts(run_beside, job):
    eat = "import os, time\nfor _ in range(4): os.fork()\neaten = b'x' * 50_000_000\ntime.sleep(60)"
    result = run_beside(job(eat, memory=300 * MB))
    assert told(result) == ["failed"]


@pytest.mark.parametrize(
    "bomb",
    [
        "import os\nwhile True: os.fork()",
        "import os\nwhile True:\n    if os.fork() == 0: os.setsid()",
        "import subprocess\nwhile True: subprocess.Popen(['sleep', '60'])",
    ],
)
def test_a_fork_bomb_is_caught_at_the_limit(run_beside, job, bomb):
    result = run_beside(job(">>> 1", bomb, ">>> 2", processes=20))
    assert told(result) == ["passed", "failed", "skipped"]
    assert notes(result)[0] == "it used more than 20 processes and was ended"


LIES = """
import json, os, socket, stat
for fd in range(3, 300):
    try:
        if stat.S_ISSOCK(os.fstat(fd).st_mode):
            os.write(fd, {lie})
    except OSError:
        pass
"""


@pytest.mark.parametrize(
    "lie",
    [
        "b'hello\\n'",
        "b'[]\\n'",
        "b'\\xff\\x00\\n'",
        'b\'{"token": "0", "ended": 0, "outcome": {}}\\n\'',
        "b'[' * 100_000 + b'\\n'",
    ],
)
def test_what_is_no_report_is_a_death_at_the_snippet(run_beside, job, lie):
    result = run_beside(job(">>> 1", LIES.format(lie=lie), ">>> 2"))
    assert told(result) == ["passed", "died", "skipped"]
    assert notes(result)[0] == "something else than reports came over the worker's pipe"


def test_closing_every_descriptor_is_a_death_at_the_snippet(run_beside, job):
    result = run_beside(job(">>> 1", "import os\nos.closerange(0, 5000)", ">>> 2"))
    assert told(result) == ["passed", "died", "skipped"]


def test_closing_every_descriptor_and_staying_is_ended(run_beside, job):
    result = run_beside(job("import os, time\nos.closerange(0, 5000)\ntime.sleep(60)"))
    assert told(result) == ["died"]


def test_killing_the_slot_costs_only_its_own_group(run_beside, job):
    source = "import os, signal, time\nos.kill(os.getppid(), signal.SIGKILL)\ntime.sleep(60)"
    result = run_beside(job(">>> 1", source, ">>> 2"))
    assert told(result) == ["skipped", "died", "skipped"]
    assert notes(result)[1] == "it ended the process that watched it"


def test_killing_the_slot_frees_no_daemon(run_beside, job):
    source = DAEMON + "import signal\nos.kill(os.getppid(), signal.SIGKILL)\ntime.sleep(60)"
    assert told(run_beside(job(source))) == ["died"]


KILL_ALL = """
import os, signal, psutil
for each in psutil.Process().parents():
    if {who} in " ".join(each.cmdline()):
        each.kill()
"""


def test_killing_the_supervisor_is_found_out(run_beside, job):
    result = run_beside(job(KILL_ALL.format(who="'wherefrom.run'"), ">>> 1"))
    assert told(result) == ["died", "skipped"]


def test_an_exception_in_a_signal_handler_between_snippets_is_bounded(run_beside, job):
    source = (
        "import signal\ndef handler(*_): raise RuntimeError\n"
        "signal.signal(signal.SIGALRM, handler)\nsignal.setitimer(signal.ITIMER_REAL, 0.001, 0.001)"
    )
    result = run_beside(job(source, "while True: pass", seconds=1))
    assert {*told(result)} <= {"passed", "raised", "died", "skipped"}


CLIENT = """
import sys, time
from wherefrom.model import Job, Kind, Snippet
from wherefrom.run import Pool
with Pool(2) as pool:
    for _ in range(2):
        line = {source!r}
        pool.submit(Job("/x/page.md", "default", (Snippet(Kind.PROGRAM, "/x/page.md", 1, line),)))
    deadline = time.monotonic() + 1.0
    while time.monotonic() < deadline:
        pool._pump(0.1)
    print("ready", flush=True)
    for _ in pool.results():
        pass
"""


@pytest.mark.parametrize("source", ["while True: pass\n", DAEMON + "time.sleep(60)\n"])
def test_nothing_outlives_a_killed_client(marked, source):
    command = [sys.executable, "-c", CLIENT.format(source=source)]
    client = subprocess.Popen(command, stdout=subprocess.PIPE, start_new_session=True)
    assert client.stdout.readline() == b"ready\n"
    assert len(marked()) >= 6
    client.kill()
    client.wait()
    client.stdout.close()
    deadline = time.monotonic() + 8
    while marked() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert marked() == []


def test_closing_the_pool_ends_what_runs(pool, job, marked):
    pool.submit(job(DAEMON + "time.sleep(60)"))
    time.sleep(0.5)
    started = time.monotonic()
    pool.close()
    assert time.monotonic() - started < 3
    assert marked() == []


def test_memory_and_descriptors_of_the_client_stay_flat(pool, job):
    me = psutil.Process()

    def hundred():
        for _ in range(100):
            pool.submit(job("x = 1"))
        assert all(told(result) == ["passed"] for _, result in pool.results())
        return me.memory_info().rss

    hundred()
    first, fds = hundred(), me.num_fds()
    for _ in range(8):
        last = hundred()
    assert last - first < 2_000_000
    assert me.num_fds() == fds
    assert all(each.num_fds() < 20 for each in me.children(recursive=True))


def test_the_page_of_a_group_may_be_anywhere(run, job, page):
    page.unlink()
    page.parent.rmdir()
    assert told(run(job(">>> 1"))) == ["passed"]
