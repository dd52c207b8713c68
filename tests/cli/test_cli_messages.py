"""Each message that docs/messages.md shows is one that really comes."""

import re
from pathlib import Path

import pytest

PAGE = (Path(__file__).parents[2] / "docs" / "messages.md").read_text("utf-8")
BLOCKS = re.findall(r"^```text\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
BAD = """\
# Bad

```pycon
>>> 1 + 1
3
```

```pycon hangs
>>> while True: pass
```


```pycon exits
>>> import os; os._exit(0)
```


```pycon raises
>>> 1 / 0
```
"""
CLICKS = """\
# Clicks

```{testcode} registry
class Button:
    handler = None

class Handler:
    def __call__(self):
        print("clicked")

def connect(button):
    button.handler = Handler()

button = Button()
connect(button)
```

```{flow} registry
:watch: Button.handler
conect
  Button.handler: None -> Handler
```

```{source} json.JSONEncoder.encode
:mark: default(self)
```
"""


@pytest.fixture(scope="module")
def printed(tmp_path_factory, make_project):
    """All that the commands print about pages, options and scripts that are wrong."""
    project = make_project(tmp_path_factory.mktemp("messages"))
    project.write(
        bad=BAD,
        x=CLICKS,
        page="# T\n\n```{testoutput} a\n```\n",
        enc=b"\xff\n",
    )
    told = [project.run("check", "--timeout", "1"), project.run("trace", "nope.py")]
    project.configure("[tool.wherefrom]\ntimout = 3\n")
    told.append(project.run("check"))
    return [line for done in told for line in (done.out + done.err).splitlines()]


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.partition("\n")[0])
def test_a_message_of_the_docs_is_a_real_one(printed, block):
    at = 0
    for line in block.splitlines():
        pattern = re.compile(".*".join(map(re.escape, line.split("..."))))
        found = next(
            (n for n, real in enumerate(printed) if n >= at and pattern.fullmatch(real)), None
        )
        assert found is not None, f"{line!r} is not among\n" + "\n".join(printed)
        at = found + 1


def test_the_docs_show_messages():
    assert len(BLOCKS) >= 8
