"""A fence as a directive: name, argument, options and body, as MyST splits them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from wherefrom.errors import PageError
from wherefrom.model import Region
from wherefrom.read.lines import Line, Lines, without_blank_end
from wherefrom.read.markdown import Block, Shape

# `pycon` is one because the extension sets MyST's `myst_fence_as_directive`.
FENCES_THAT_ARE_DIRECTIVES = ("pycon",)

_FAST = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NAME = re.compile(r"\{([^{}\s]+)\}$")
_OPTION = re.compile(r"\s*:([^:\s][^:]*):(?:\s+(.*?))?\s*$")


@dataclass(frozen=True)
class Option:
    """One option, at its own line."""

    name: str
    value: str
    line: int


@dataclass(frozen=True)
class Directive:
    """A directive; ``body`` leaves out the options and one blank line after them."""

    name: str
    argument: str
    options: tuple[Option, ...]
    body: Lines
    block: Block
    after_options: int

    @property
    def path(self) -> str:
        """The file that it stands in."""
        return self.block.opener.path

    @property
    def line(self) -> int:
        """The line that opens it."""
        return self.block.opener.number

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """The options as names and values."""
        return tuple((each.name, each.value) for each in self.options)

    @property
    def region(self) -> Region:
        """The lines of the body, without blank ones at its end."""
        body = without_blank_end(self.body)
        start = body[0].number if body else self.after_options
        end = body[-1].number + 1 if body else start
        return Region(self.path, start, end, self.block.prefix)

    def option(self, name: str) -> str | None:
        """The value of one option, or ``None``."""
        return dict(self.pairs).get(name)

    def error(self, what: str, line: int | None = None) -> PageError:
        """An error at this directive, or at one of its lines."""
        return PageError(what, path=self.path, line=line or self.line)


def directive(block: Block) -> Directive | None:
    """The directive that a fence is, or ``None`` where it is none."""
    if block.shape not in (Shape.FENCE, Shape.COLON_FENCE):
        return None
    first, _, rest = block.info.partition(" ")
    match = _NAME.match(first)
    if match is None and first not in FENCES_THAT_ARE_DIRECTIVES:
        return None
    name = match[1] if match else first
    options, body = _split_options(block)
    after = body[0].number if body else _after(block)
    if body and not body[0].text.strip():
        body = body[1:]
    return Directive(name, rest.strip(), options, body, block, after)


def _after(block: Block) -> int:
    return (block.lines[-1] if block.lines else block.opener).number + 1


def _split_options(block: Block) -> tuple[tuple[Option, ...], Lines]:
    lines = block.lines
    if lines and lines[0].text.startswith("---"):
        for end, line in enumerate(lines[1:], start=1):
            if line.text.startswith("---"):
                return tuple(_yaml_options(lines[1:end])), lines[end + 1 :]
        return tuple(_yaml_options(lines[1:])), ()
    options: list[Option] = []
    for line in lines:
        match = _OPTION.match(line.text)
        if match is None:
            break
        options.append(Option(match[1], _unquoted(match[2] or ""), line.number))
    return tuple(options), lines[len(options) :]


def _unquoted(value: str) -> str:
    if len(value) > 1 and value[0] == value[-1] and value[0] in "'\"":
        inner = value[1:-1]
        return value if value[0] in inner else inner
    return value


def _yaml_options(lines: Lines) -> Iterator[Option]:
    if not lines:
        return
    first = lines[0]
    node = compose_mapping(lines, "the options")
    for key, value in node.value if node else ():
        items = value.value if isinstance(value, yaml.SequenceNode) else [value]
        text = ", ".join(str(each.value) for each in items)
        yield Option(str(key.value), text, first.number + key.start_mark.line)


def compose_mapping(lines: Lines, what: str) -> yaml.MappingNode | None:
    """The YAML mapping in some lines, not yet made values. Raises `PageError` at its line."""
    try:
        node: Any = _yaml(yaml.compose, "\n".join(line.text for line in lines))
    except yaml.YAMLError as error:
        raise _yaml_error(error, lines, what) from error
    if node is not None and not isinstance(node, yaml.MappingNode):
        text = f"{what} must be `name: value` lines"
        raise PageError(text, path=lines[0].path, line=lines[0].number)
    return node


def load_mapping(lines: Lines, what: str) -> dict[str, Any]:
    """The values of the YAML mapping in some lines. Raises `PageError` at its line."""
    if not lines or compose_mapping(lines, what) is None:
        return {}
    try:
        values = _yaml(yaml.load, "\n".join(line.text for line in lines))
    except (yaml.YAMLError, ValueError) as error:
        raise _yaml_error(error, lines, what) from error
    return {str(key): value for key, value in values.items()}


def _yaml(read: Callable[[str, Any], Any], text: str) -> Any:
    """Read YAML ten times as fast where libyaml is there; errors are the slow one's everywhere."""
    try:
        return read(text, _FAST)
    except (yaml.YAMLError, ValueError):
        return read(text, yaml.SafeLoader)


def _yaml_error(error: Exception, lines: Lines, what: str) -> PageError:
    mark = getattr(error, "problem_mark", None)
    line: Line = lines[min(mark.line, len(lines) - 1)] if mark else lines[0]
    problem = getattr(error, "problem", None) or str(error)
    return PageError(f"{what} can't be read as YAML: {problem}", path=line.path, line=line.number)
