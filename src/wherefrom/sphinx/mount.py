"""Folders outside the source folder whose pages are read where they are: the mounted ones."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.errors import ConfigError
from sphinx.project import Project
from sphinx.util import logging
from sphinx.util.matching import get_matching_files

from wherefrom.config import find_root

_logger = logging.getLogger(__name__)


class MountedProject(Project):
    """A project with further folders: a page ``x`` of a folder ``name`` is document ``name/x``."""

    def __init__(
        self, srcdir: Path, source_suffix: Iterable[str], mounts: tuple[Path, ...]
    ) -> None:
        super().__init__(srcdir, source_suffix)
        self.mounts = mounts

    def discover(
        self, exclude_paths: Iterable[str] = (), include_paths: Iterable[str] = ("**",)
    ) -> set[str]:
        """Find the source folder's documents, and then the mounted ones."""
        exclude = tuple(exclude_paths)
        super().discover(exclude, include_paths)
        for mount in self.mounts:
            for name in get_matching_files(mount, ("**",), (*exclude, "**/.#*", ".#*")):
                self._add(mount, mount / name)
        return self.docnames

    def path2doc(self, filename: Any) -> str | None:
        """The document of a file, which may lie in a mounted folder."""
        path = (self.srcdir / filename).resolve()
        return self._path_to_docname.get(path) or super().path2doc(filename)

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
    mounts = tuple(_folders(app))
    if not mounts:
        return
    project = MountedProject(app.srcdir, app.project.source_suffix, mounts)
    project.restore(app.project)
    app.project = app.env.project = project


def edit_in_place(
    app: Sphinx, pagename: str, _template: str, context: dict[str, Any], _doctree: Any
) -> None:
    """Let a theme's edit link name the true path of a mounted page."""
    project = app.env.project
    if isinstance(project, MountedProject) and "theme_source_directory" in context:
        for mount_point in project.mounts:
            if pagename.startswith(f"{mount_point.name}/"):
                parent = mount_point.parent.relative_to(find_root(Path(app.confdir)))
                context["theme_source_directory"] = (
                    "" if parent == Path() else f"{parent.as_posix()}/"
                )


def _folders(app: Sphinx) -> Iterable[Path]:
    given = app.config.wherefrom_explainers
    for name in (given,) if isinstance(given, str) else given:
        folder = (app.confdir / name).resolve()
        if not folder.is_dir():
            what = f"wherefrom_explainers: there is no folder {folder}"
            raise ConfigError(what)
        if not folder.is_relative_to(app.srcdir.resolve()):
            yield folder
