"""The commands that build and serve a site: Sphinx's own, as programs."""

from __future__ import annotations

import importlib.util
import socket
import sys
from pathlib import Path

from wherefrom.config import Config
from wherefrom.errors import ConfigError


def build_command(source: Path, out: Path, config: Config, builder: str = "html") -> list[str]:
    """The command that builds ``source`` into ``out``; every warning fails it, at its end."""
    _require_project(source)
    options = ["-W", "--keep-going", "-j", str(config.workers), "-b", builder]
    return [sys.executable, "-m", "sphinx", *options, str(source), str(out)]


def serve_command(source: Path, out: Path, config: Config, *, host: str, port: int) -> list[str]:
    """The command that serves ``source``, rebuilt as it or an explainer changes."""
    _require_project(source)
    if importlib.util.find_spec("sphinx_autobuild") is None:
        what = (
            "`wherefrom serve` needs sphinx-autobuild, which isn't installed: "
            f"{sys.executable} -m pip install sphinx-autobuild"
        )
        raise ConfigError(what)
    _require_free(host, port)
    paths = [config.root / each for each in config.paths]
    watched = [part for path in paths if path.exists() for part in ("--watch", str(path))]
    options = ["--host", host, "--port", str(port), "-j", str(config.workers), "-b", "html"]
    return [sys.executable, "-m", "sphinx_autobuild", *watched, *options, str(source), str(out)]


def _require_free(host: str, port: int) -> None:
    """Say at once what the server would say only once the site is built."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            tried.bind(address)
    except OSError as error:
        where = f"port {port} of {host}"
        what = f"can't listen on {where}: {error.strerror}; give another --port or --host"
        raise ConfigError(what) from error


def _require_project(source: Path) -> None:
    if not (source / "conf.py").is_file():
        what = "no Sphinx project: there is no `conf.py`; give the folder that holds it"
        raise ConfigError(what, path=source)
