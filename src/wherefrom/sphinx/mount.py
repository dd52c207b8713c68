"""Folders outside the source folder whose pages are read where they are: the mounted ones."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.errors import ConfigError
from sphinx.project import Project
from sphinx.util import logging
from sphinx.util.matching import get_matching_files

_logger = logging.getLogger(__name__)
_Path = type(Project("", ()).doc2path("", absolute=True))


class LenientPath(_Path):  # type: ignore[misc, valid-type]  # Sphinx's own kind of path
    """The path of a page, which can be read even if it is not UTF-8: that fails in our reading."""

    def read_text(self, encoding: str | None = None, errors: str | None = None, **_: Any) -> str:
        """The text, with a replacement character for what can't be decoded."""
        return str(super().read_text(encoding, errors or "replace"))


class MountedProject(Project):
    """A project with further folders: a page ``x`` of a folder ``name`` is document ``name/x``."""

    def __init__(
        self, srcdir: Path, source_suffix: Mapping[str, str], mounts: tuple[Path, ...]
    ) -> None:
        super().__init__(srcdir, source_suffix)
        self.mounts = mounts
        self._markdown = tuple(
            suffix for suffix, kind in source_suffix.items() if kind == "markdown"
        )

    def is_page(self, docname: str) -> bool:
        """Whether a document is Markdown, whatever its suffix: its snippets run."""
        return super().doc2path(docname, absolute=False).name.endswith(self._markdown)

    def discover(
        self, exclude_paths: Iterable[str] = (), include_paths: Iterable[str] = ("**",)
    ) -> set[str]:
        """Find the source folder's documents, and then the mounted ones."""
        exclude = tuple(exclude_paths)
        super().discover(exclude, include_paths)
        for mount in self.mounts:
            for name in get_matching_files(mount, ("**",), (*exclude, "**/.*", ".*")):
                self._add(mount, mount / name)
        return self.docnames

    def path2doc(self, filename: Any) -> str | None:
        """The document of a file, which may lie in a mounted folder."""
        path = Path(filename)
        if self.mounts and (path.is_absolute() or os.pardir in path.parts):
            found = self._path_to_docname.get((self.srcdir / path).resolve())
            if found is not None:
                return found
        return super().path2doc(filename)

    def doc2path(self, docname: str, absolute: bool) -> Any:
        """The file of a document; Sphinx would end at one that is not UTF-8."""
        path = super().doc2path(docname, absolute)
        if path.is_absolute() and not absolute:
            path = _Path(os.path.relpath(path, self.srcdir))
        return LenientPath(path) if path.name.endswith(self._markdown) else path

    def _add(self, mount: Path, path: Path) -> None:
        suffix = next((each for each in self.source_suffix if path.name.endswith(each)), None)
        if suffix is None:
            return
        docname = path.relative_to(mount.parent).as_posix().removesuffix(suffix)
        if docname in self.docnames:
            there = self.doc2path(docname, absolute=True)
            what = f"{path} has the document name of {there}: rename one of them"
            _logger.warning(what, location=docname, type="wherefrom", subtype="mount")
            return
        self.docnames.add(docname)
        self._path_to_docname[path] = docname
        self._docname_to_path[docname] = path


def mount(app: Sphinx) -> None:
    """Swap in a project that holds the folders of ``wherefrom_explainers``."""
    project = MountedProject(app.srcdir, app.config.source_suffix, tuple(_folders(app)))
    project.restore(app.project)
    app.project = app.env.project = project


def edit_in_place(
    app: Sphinx, pagename: str, _template: str, context: dict[str, Any], _doctree: Any
) -> None:
    """Let a mounted page be copied under its own name, and be edited at its true path."""
    project = app.env.project
    mounts = project.mounts if isinstance(project, MountedProject) else ()
    folder = next((each for each in mounts if pagename.startswith(f"{each.name}/")), None)
    if folder is None or pagename not in app.env.found_docs:
        return
    # Sphinx cuts the suffix off by the length of the document's name, which here isn't its path.
    suffix = app.env.doc2path(pagename).suffix
    context["page_source_suffix"] = suffix
    if context.get("sourcename"):
        end = app.config.html_sourcelink_suffix
        context["sourcename"] = f"{pagename}{suffix}{'' if suffix == end else end}"
    if context.get("theme_source_directory") is not None:
        way = Path(os.path.relpath(folder.parent, app.srcdir)).as_posix()
        there = posixpath.normpath(posixpath.join(context["theme_source_directory"], way))
        context["theme_source_directory"] = "" if there == "." else f"{there}/"


def _folders(app: Sphinx) -> Iterable[Path]:
    given = app.config.wherefrom_explainers
    for name in (given,) if isinstance(given, str) else given:
        folder = (app.confdir / name).resolve()
        if not folder.is_dir():
            what = f"there is no folder {folder}: give its path from the folder of conf.py"
            raise ConfigError(f"{app.confdir / 'conf.py'}: wherefrom_explainers: {what}")
        if not folder.is_relative_to(app.srcdir.resolve()):
            yield folder
