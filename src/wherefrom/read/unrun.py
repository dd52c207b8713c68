"""What looks runnable and isn't run: it is counted, never passed over in silence."""

from __future__ import annotations

import re

from wherefrom.model import NotRun
from wherefrom.read.directive import Directive
from wherefrom.read.lines import Line, Lines
from wherefrom.read.markdown import Block, Shape

LITERAL = frozenset(
    (
        "code",
        "code-block",
        "sourcecode",
        "code-cell",
        "literalinclude",
        "math",
        "raw",
        "eval-rst",
        "parsed-literal",
        "prompt",
        "mermaid",
        "graphviz",
        "digraph",
        "graph",
        "uml",
        "productionlist",
        "toctree",
        "csv-table",
        "bibliography",
        "highlight",
        "ipython",
        "jupyter-execute",
        "exec-code",
        "exec_code",
        "plot",
        "exec",
        "pyodide",
        "python-cell",
    )
)
"""Directives whose content is not Markdown."""

_PYTHON = frozenset(
    (
        "python",
        "py",
        "python3",
        "py3",
        "python2",
        "py2",
        "sage",
        "ipython",
        "ipython3",
        "ipythonconsole",
        "pycon",
        "pycon3",
        "python-console",
        "py3con",
        "doctest",
    )
)
_OTHER_TOOLS = frozenset(
    (
        "code-cell",
        "ipython",
        "jupyter-execute",
        "exec-code",
        "exec_code",
        "plot",
        "exec",
        "pyodide",
        "python-cell",
    )
)
_SHOWING = frozenset(("code", "code-block", "sourcecode", "prompt", "literalinclude"))
_PROMPT = re.compile(r"\s*>>> ?\S")
_RST = re.compile(
    r"\s*(?:>>> ?\S|\.\. (?:doctest|testcode|testsetup|testcleanup|testoutput|pycon)::"
    r"|\.\. (?:code|code-block|sourcecode):: *(?:python|py|pycon)\b)"
)


def not_run_block(block: Block) -> NotRun | None:
    """A plain fence, an indented block or a bare prompt that looks runnable."""
    if block.shape is Shape.BARE_PROMPT:
        reason = "outside a fence, Markdown takes `>>>` for a quotation; use a pycon fence"
        return _at(block.opener, "pycon", reason)
    if block.shape is Shape.INDENTED:
        if _has(_PROMPT, block.lines):
            return _at(block.opener, "pycon", "an indented block; use a pycon fence")
        return None
    return _fence(block) if block.shape is Shape.FENCE else None


def _fence(block: Block) -> NotRun | None:
    language = (block.info.split() or [""])[0].strip("{}.").lower()
    if language in _PYTHON:
        return _at(block.opener, language, "only shown; use pycon or {testcode} to run it")
    if _has(_PROMPT, block.lines):
        return _at(block.opener, language or "text", "only shown; use a pycon fence to run it")
    return None


def not_run_directive(directive: Directive) -> NotRun | None:
    """A directive with literal content that looks runnable."""
    name, opener = directive.name, directive.block.opener
    first = (directive.argument.split() or [""])[0].lower()
    if name in _OTHER_TOOLS:
        return _at(opener, first or "python", f"{{{name}}} is for another tool")
    if name == "eval-rst":
        if _has(_RST, directive.body):
            return _at(opener, "rst", "reStructuredText is not read")
        return None
    language = (directive.option("language") or "").lower()
    if name == "literalinclude" and first.endswith(".py"):
        language = language or "python"
    elif name in _SHOWING and name != "literalinclude":
        language = first
    if language in _PYTHON or _has(_PROMPT, directive.body):
        return _at(opener, language or "text", f"{{{name}}} only shows it")
    return None


def looks_runnable(lines: Lines) -> bool:
    """Whether some text holds prompts."""
    return _has(_PROMPT, lines)


def _has(pattern: re.Pattern[str], lines: Lines) -> bool:
    return any(pattern.match(line.text) for line in lines)


def _at(line: Line, language: str, reason: str) -> NotRun:
    return NotRun(line.path, line.number, language, reason)
