"""A package to read: written into a folder of its own, and never to be imported."""

import textwrap

import pytest

BOOM = 'raise RuntimeError("this package was imported")\n'


@pytest.fixture
def package(tmp_path, monkeypatch):
    """Write files of the package ``shop``; the result is its folder."""
    monkeypatch.syspath_prepend(str(tmp_path))
    folder = tmp_path / "shop"

    def write(**files):
        for name, text in {"__init__": "", **files}.items():
            path = folder.joinpath(*name.split("__in__")).with_suffix(".py")
            path.parent.mkdir(parents=True, exist_ok=True)
            for above in [*path.relative_to(folder).parents][:-1]:
                (folder / above / "__init__.py").touch()
            path.write_text(BOOM + textwrap.dedent(text).lstrip("\n"))
        return folder

    return write
