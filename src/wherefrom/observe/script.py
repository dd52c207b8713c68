"""A script, run under observation as if Python itself had been given it."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Iterable, Iterator, Sequence
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
    shows it. Raises `ScriptError` where it can't even begin.
    """
    path = str(script)
    try:
        code = compile(script.read_bytes(), path, "exec", dont_inherit=True)
    except OSError as error:
        raise ScriptError(f"can't be read: {error.strerror}", path=script) from error
    except (SyntaxError, ValueError) as error:
        line = error.lineno if isinstance(error, SyntaxError) else None
        raise ScriptError(f"is not Python: {error}", path=script, line=line) from error
    status = 0
    with _as_main(script, arguments) as main:
        watching = observe(watch, focus, own=(path,), bounds=bounds)
        with watching as live:
            try:
                exec(code, vars(main))  # noqa: S102 - the user asked for it
            except SystemExit as leaving:
                status = _status(leaving)
            except BaseException as error:  # noqa: BLE001 - told as Python tells it
                _tell(error)
                status = 130 if isinstance(error, KeyboardInterrupt) else 1
    return Outcome(live.trace, status)


@contextmanager
def _as_main(script: Path, arguments: Sequence[str]) -> Iterator[ModuleType]:
    """Make a script the main program, and afterwards what was the main program again."""
    main = ModuleType("__main__")
    vars(main).update(__file__=str(script), __builtins__=__builtins__)
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


def _status(leaving: SystemExit) -> int:
    """The status that Python gives for ``sys.exit(...)``; text goes to standard error."""
    if leaving.code is None:
        return 0
    if isinstance(leaving.code, int):
        return leaving.code & 0xFF
    print(leaving.code, file=sys.stderr)  # noqa: T201 - as Python does
    return 1


def _tell(error: BaseException) -> None:
    """Print a traceback that begins in the script."""
    traceback.print_exception(type(error), error, _below_ours(error.__traceback__))


def _below_ours(frames: TracebackType | None) -> TracebackType | None:
    while frames is not None and frames.tb_frame.f_globals.get("__name__") == __name__:
        frames = frames.tb_next
    return frames
