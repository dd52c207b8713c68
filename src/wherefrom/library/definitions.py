"""Where the things of a package are defined, and where their attributes are set."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Definition:
    """Where a name is defined: ``start`` is its first line (a decorator's), ``end`` its last."""

    name: str
    kind: str
    module: str
    file: str
    start: int
    end: int

    @property
    def path(self) -> str:
        """Its file, from the folder that holds the package."""
        return in_package(self.file, self.module)


@dataclass(frozen=True)
class Assignment:
    """One place that could set an attribute; ``where`` is the dotted name that it stands in."""

    attribute: str
    kind: str
    module: str
    file: str
    line: int
    where: str

    @property
    def path(self) -> str:
        """Its file, from the folder that holds the package."""
        return in_package(self.file, self.module)


def in_package(file: str, module: str) -> str:
    """The file of a module, from the folder that holds the package."""
    parts = Path(file).parts
    return "/".join(parts[-len(module.split(".")) - (parts[-1] == "__init__.py") :])
