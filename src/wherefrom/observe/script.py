"""A script, run under observation as if Python itself had been given it."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType, TracebackType

from wherefrom.errors import WherefromError
from wherefrom.observe.limits import Bounds
from wherefrom.observe.session import observe
from wherefrom.traces import Trace


class ScriptError(WherefromError):
    """A script can't be read, or isn't Python."""

    slug = "script"


@dataclass(frozen=True)
class Outcome:
    """How a script ended: its trace, and the exit status that Python would have given."""

    trace: Trace
    status: int


def run_script(
    script: Path,
    arguments: Sequence[str] = (),
    *,
    watch: Iterable[str] = (),
    focus: Iterable[str] = (),
    bounds: Bounds | None = None,
) -> Outcome:
    """Run ``script`` as ``__main__`` with its arguments, and watch it.

    What it prints is printed; an exception that leaves it is shown on standard error, as Python
    shows it; threads of its that go on are waited for. A process that it forked ends here, by
    `SystemExit`. Raises `ScriptError` where it can't even begin.
    """
    path = os.path.abspath(script)  # noqa: PTH100 - Path.resolve() would follow links
    try:
        code = compile(script.read_bytes(), path, "exec", dont_inherit=True)
    except OSError as error:
        raise ScriptError(f"can't be read: {error.strerror}", path=script) from error
    except (SyntaxError, ValueError) as error:
        line = error.lineno if isinstance(error, SyntaxError) else None
        raise ScriptError(f"is not Python: {error}", path=script, line=line) from error
    process, threads = os.getpid(), threading.enumerate()
    with _as_main(script, path, arguments) as main:
        watching = observe(watch, focus, own=(path,), bounds=bounds)
        with watching as live:
            raised: BaseException | None = None
            try:
                exec(code, vars(main))  # noqa: S102 - the user asked for it
            except BaseException as leaving:  # noqa: BLE001 - told as Python tells it
                raised = leaving
            status = _end(raised, threads)
    if os.getpid() != process:
        raise SystemExit(status)
    return Outcome(live.trace, status)


@contextmanager
def _as_main(script: Path, path: str, arguments: Sequence[str]) -> Iterator[ModuleType]:
    """Make a script the main program, and afterwards what was the main program again."""
    main = ModuleType("__main__")
    vars(main).update(__file__=path, __builtins__=__builtins__, __cached__=None)
    before = sys.modules.get("__main__"), sys.argv, sys.path
    sys.modules["__main__"] = main
    sys.argv = [str(script), *arguments]
    sys.path = [str(script.resolve().parent), *sys.path]
    try:
        yield main
    finally:
        module, sys.argv, sys.path = before
        if module is not None:
            sys.modules["__main__"] = module


def _end(error: BaseException | None, before: Collection[threading.Thread]) -> int:
    """Do what Python does when a script has ended; its status."""
    status = 0
    if isinstance(error, SystemExit):
        status = _status(error)
    elif error is not None:
        # It shows the traceback that the exception has, not the one that it is given.
        shown = error.with_traceback(_below_ours(error.__traceback__))
        sys.excepthook(type(error), shown, shown.__traceback__)
        status = 130 if isinstance(error, KeyboardInterrupt) else 1
    for thread in threading.enumerate():
        if not (thread in before or thread.daemon):
            thread.join()
    return status


def _status(leaving: SystemExit) -> int:
    """The status that Python gives for ``sys.exit(...)``; text goes to standard error."""
    if leaving.code is None:
        return 0
    if isinstance(leaving.code, int):
        return leaving.code & 0xFF
    print(leaving.code, file=sys.stderr)  # noqa: T201 - as Python does
    return 1


def _below_ours(frames: TracebackType | None) -> TracebackType | None:
    while frames is not None and frames.tb_frame.f_globals.get("__name__") == __name__:
        frames = frames.tb_next
    return frames
