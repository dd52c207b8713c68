"""Pages in a folder, and pytest run over them as a stranger would."""

import pytest

# pytester forgets what a run in this process imported; libyaml's half of it can't be had twice.
import wherefrom.read  # noqa: F401


@pytest.fixture
def pages(pytester):
    """Write pages into a folder, and run pytest there."""

    def write(folder="explainers", **texts):
        place = pytester.path / folder
        place.mkdir(exist_ok=True)
        for name, text in texts.items():
            data = text if isinstance(text, bytes) else text.encode()
            (place / f"{name}.md").write_bytes(data)

    return write


@pytest.fixture
def run(pytester):
    """Run pytest in this process, or where it is to end itself, ``apart`` in one of its own."""

    def go(*arguments, apart=False):
        start = pytester.runpytest_subprocess if apart else pytester.runpytest_inprocess
        return start("-p", "no:hypothesispytest", *arguments)

    return go
