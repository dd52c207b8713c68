"""Projects of a few files, built by a real `python -m sphinx`."""

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

CONF = 'extensions = ["wherefrom"]\nproject = "T"\nhtml_theme = "basic"\n'
ENVIRONMENT = {"PYTHONWARNINGS": "", "NO_COLOR": "1"}
ADDRESS = re.compile(r"0x[0-9a-f]{8,}")
WARNING = re.compile(r"^(?=\S+: (?:WARNING|ERROR): )", re.MULTILINE)


@dataclass(frozen=True)
class Built:
    """What a build left: its exit status, all that it said, and a folder."""

    status: int
    said: str
    out: Path

    @property
    def warnings(self):
        """What was said, a text for each warning."""
        return [each for each in WARNING.split(self.said) if each]

    def read(self, name):
        return (self.out / name).read_text("utf-8")

    def words(self, name):
        """The text of a page without its tags, a space between words."""
        return " ".join(re.sub(r"<[^>]+>", " ", self.read(name)).split())


class Project:
    """A Sphinx project; its source folder is the one that holds ``conf.py``."""

    def __init__(self, folder):
        self.folder = folder
        self.source = folder

    def write(self, files):
        """Write files; an `index.md` that lists the pages comes with those that have none."""
        for name, text in files.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text if isinstance(text, bytes) else text.encode())
        conf = next((each for each in files if Path(each).name == "conf.py"), None)
        if conf is not None:
            self.source = (self.folder / conf).parent
        elif not (self.source / "conf.py").exists():
            (self.source / "conf.py").write_text(CONF)
        if not [*self.source.glob("index.*")]:
            pages = sorted(each.stem for each in self.source.glob("*.md"))
            self.list_pages(*pages)
        return self

    def list_pages(self, *names):
        toctree = "\n".join(names)
        (self.source / "index.md").write_text(f"# Home\n\n```{{toctree}}\n{toctree}\n```\n")

    def command(self, *options, builder="html"):
        out = self.folder / "out" / builder
        command = [sys.executable, "-m", "sphinx", "-b", builder, *options]
        return [*command, "-d", f"{out}.doctrees", str(self.source), str(out)]

    def build(self, *options, builder="html", env=None):
        done = subprocess.run(
            self.command("-q", *options, builder=builder),
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
            env={**os.environ, **ENVIRONMENT, "TMPDIR": str(self.folder), **(env or {})},
        )
        said = ADDRESS.sub("0x...", done.stderr.replace(f"{self.folder}/", ""))
        return Built(done.returncode, said, self.folder / "out" / builder)


@pytest.fixture
def project(tmp_path):
    """Make a project of the given files."""
    return lambda files: Project(tmp_path).write(files)


@pytest.fixture(scope="module")
def shared_project(tmp_path_factory):
    """Make a project that the tests of a module share."""
    return lambda files: Project(tmp_path_factory.mktemp("project")).write(files)
