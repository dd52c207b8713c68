"""How long a site takes to build: plain Sphinx, wherefrom, MyST-NB, sphinx-exec-code.

Writes N pages (a class tree, six examples and a reactor echo each) in the syntax of every tool,
builds each site in this one run, and prints ratios to plain Sphinx, which runs nothing.

    nox -s benchmarks -- build --pages 24
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

WORK = Path(__file__).parent / "_work"

ECHO = """\
from twisted.internet import reactor
from twisted.internet.protocol import ClientFactory, Factory, Protocol

class Echo(Protocol):
    def dataReceived(self, data):
        self.transport.write(data)

class Asker(Protocol):
    def connectionMade(self):
        self.transport.write(b"page {number}")
    def dataReceived(self, data):
        print(data)
        self.transport.loseConnection()
    def connectionLost(self, reason):
        reactor.stop()

port = reactor.listenTCP(0, Factory.forProtocol(Echo), interface="127.0.0.1")
reactor.connectTCP("127.0.0.1", port.getHost().port, ClientFactory.forProtocol(Asker))
reactor.run()
"""
TREE = """\
import inspect
from pprint import pprint
from twisted.internet.protocol import Protocol
pprint(inspect.getclasstree(inspect.getmro(Protocol)))
"""
TREE_OUT = """\
[(<class 'object'>, ()),
 [(<class 'twisted.internet.protocol.BaseProtocol'>, (<class 'object'>,)),
  [(<class 'twisted.internet.protocol.Protocol'>,
    (<class 'twisted.internet.protocol.BaseProtocol'>,))]]]
"""


@dataclass(frozen=True)
class Tool:
    """One way to build: what ``conf.py`` says, and how a block of code is written."""

    name: str
    conf: str
    program: str
    front: str = ""
    expects_output: bool = False


PLAIN = Tool("plain Sphinx", 'extensions = ["myst_parser"]', "```{code-block} python\nCODE```")
OURS = Tool(
    "wherefrom",
    # A cache beside the pages, so that a fresh site has none.
    'extensions = ["myst_parser", "wherefrom"]\nimport pathlib\n'
    'wherefrom_cache_dir = str(pathlib.Path(__file__).parent / "cache")',
    "```{testcode} GROUP\nCODE```",
    front="---\nlibrary: twisted\n---\n",
    expects_output=True,
)
MYST_NB = Tool(
    "MyST-NB",
    'extensions = ["myst_nb"]\nnb_execution_mode = "force"',
    "```{code-cell} ipython3\nCODE```",
    front="---\nfile_format: mystnb\nkernelspec:\n  name: python3\n---\n",
)
EXEC_CODE = Tool(
    "sphinx-exec-code",
    'extensions = ["myst_parser", "sphinx_exec_code"]',
    "```{exec_code}\nCODE```",
)
TOOLS = {
    "plain": PLAIN,
    "wherefrom": OURS,
    "myst-nb": MYST_NB,
    "exec-code": EXEC_CODE,
}


def page(tool: Tool, number: int) -> str:
    """One page in the tool's syntax."""

    def program(code: str, group: str, output: str) -> str:
        block = tool.program.replace("CODE", code).replace("GROUP", group)
        after = f"\n```{{testoutput}} {group}\n{output}```" if tool.expects_output else ""
        return block + after

    examples = [(f"{number} + {k}", number + k) for k in range(6)]
    if tool in (MYST_NB, EXEC_CODE):
        code = "".join(f"print({source})\n" for source, _ in examples)
        shown = tool.program.replace("CODE", code)
    else:
        prompts = "".join(f">>> {source}\n{value}\n" for source, value in examples)
        fence = "```pycon\n" if tool is OURS else "```{code-block} pycon\n"
        shown = f"{fence}{prompts}```"
    output = f"b'page {number}'\n"
    return (
        f"{tool.front}# Page {number}\n\nWhat is above it?\n\n{program(TREE, 'tree', TREE_OUT)}\n\n"
        f"Six examples.\n\n{shown}\n\nAnd an echo.\n\n"
        f"{program(ECHO.format(number=number), 'echo', output)}\n"
    )


def write_site(tool: Tool, pages: int) -> Path:
    """A fresh source folder for the tool."""
    folder = WORK / tool.name.replace(" ", "-")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / "conf.py").write_text(f'project = "bench"\nhtml_theme = "basic"\n{tool.conf}\n')
    names = [f"page{number:04}" for number in range(pages)]
    toctree = "\n".join(names)
    (folder / "index.md").write_text(f"# Index\n\n```{{toctree}}\n{toctree}\n```\n")
    for number, name in enumerate(names):
        (folder / f"{name}.md").write_text(page(tool, number))
    return folder


def build(folder: Path, jobs: int) -> tuple[float, float]:
    """Seconds and the parent's peak megabytes of one ``sphinx-build``."""
    command = [sys.executable, "-m", "sphinx", "-q", "-j", str(jobs), str(folder), f"{folder}/out"]
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    complaints = process.stderr.read().decode() if process.stderr else ""
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode or "rror" in complaints:
        sys.exit(f"{folder.name} failed:\n{complaints[-2000:]}")
    return seconds, usage.ru_maxrss / (1024 if sys.platform == "linux" else 1024**2)


def measure(tool: Tool, pages: int, jobs: int, repeats: int) -> dict[str, float]:
    """The best cold and unchanged times, and the parent's peak memory when cold."""
    cold, again, memory = [], [], []
    for _ in range(repeats):
        folder = write_site(tool, pages)
        seconds, peak = build(folder, jobs)
        cold.append(seconds)
        memory.append(peak)
        again.append(build(folder, jobs)[0])
    return {"cold": min(cold), "again": min(again), "memory": max(memory)}


def main() -> None:
    """Measure the tools that were asked for and print one table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, nargs="+", default=[24])
    parser.add_argument("--tools", nargs="+", choices=TOOLS, default=list(TOOLS))
    parser.add_argument("--jobs", type=int, default=1, help="sphinx-build -j")
    parser.add_argument("--repeats", type=int, default=3)
    given = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    print(
        f"{'tool':18}{'pages':>6}{'cold s':>9}{'x plain':>9}{'again s':>9}{'x plain':>9}{'MB':>7}"
    )
    for pages in given.pages:
        plain: dict[str, float] = {}
        for tool in (TOOLS[name] for name in TOOLS if name == "plain" or name in given.tools):
            repeats = 1 if tool is MYST_NB else given.repeats
            took = measure(tool, pages, given.jobs, repeats)
            plain = plain or took
            print(
                f"{tool.name:18}{pages:6}{took['cold']:9.2f}{took['cold'] / plain['cold']:9.2f}"
                f"{took['again']:9.2f}{took['again'] / plain['again']:9.2f}{took['memory']:7.0f}",
                flush=True,
            )


if __name__ == "__main__":
    main()
