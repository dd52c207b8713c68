"""A new explainer: its file's name and its first text, which passes as it is."""

from __future__ import annotations

import json
import re
import unicodedata
from pathlib import Path

from wherefrom.config import Config
from wherefrom.errors import ConfigError

MOST_SLUG = 80

_PAGE = """\
---
question: {quoted}
---

# {question}

The answer, in at most three sentences, naming the one line that matters.

## You probably saw

The exact error or surprise, as a run shows it:

```pycon
>>> int("forty-two")
Traceback (most recent call last):
  ...
ValueError: invalid literal for int() with base 10: 'forty-two'
```

## The smallest program that shows it

```{{testcode}} program
print("replace this by a complete program")
```

```{{testoutput}} program
replace this by a complete program
```

## What happens, step by step

A claim, and the run that bears it out:

```pycon
>>> [*range(3)]
[0, 1, 2]
```

## Try it

One edit, and what should come out.
"""


def new_page(question: str, config: Config) -> Path:
    """Write a page that asks ``question`` into the first configured folder; its path.

    Raises `ConfigError` where there is no name to be made, or such a page is there already.
    """
    question = " ".join(question.split())
    name = slug(question)
    if not name:
        raise ConfigError(f"no file name can be made of {question!r}: use letters or digits")
    folders = [config.root / each for each in config.paths if not each.endswith(".md")]
    if not folders:
        raise ConfigError("`paths` names no folder in which a new page could stand")
    path = folders[0] / f"{name}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    text = _PAGE.format(question=question, quoted=json.dumps(question, ensure_ascii=False))
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError as error:
        what = "is there already: ask another question, or edit that page"
        raise ConfigError(what, path=path) from error
    return path


def slug(question: str) -> str:
    """The file name, without its ending, for a question: lower-case words joined by hyphens."""
    plain = unicodedata.normalize("NFKD", question).encode("ascii", "ignore").decode()
    words = re.findall(r"[a-z0-9]+", plain.lower().replace("'", ""))
    name = "-".join(words)
    return name if len(name) <= MOST_SLUG else name[:MOST_SLUG].rpartition("-")[0]
