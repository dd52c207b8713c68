"""A new explainer: its file's name and its first text, which passes as it is."""

from __future__ import annotations

import json
import re
import unicodedata
from pathlib import Path

from wherefrom.config import Config
from wherefrom.errors import ConfigError
from wherefrom.report.lines import visible

MOST_SLUG = 80
"""Bytes of a page's name."""

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
    question = " ".join(visible(question).split())
    name = slug(question)
    if not name:
        raise ConfigError(f"no file name can be made of {question!r}: use letters or digits")
    path = _folder(config) / f"{name}.md"
    if path.exists():
        raise ConfigError("is there already: ask another question, or edit that page", path=path)
    text = _PAGE.format(question=question, quoted=json.dumps(question, ensure_ascii=False))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except OSError as error:
        raise ConfigError(f"can't be written: {error.strerror}", path=path) from error
    return path


def _folder(config: Config) -> Path:
    """The first of the configured paths that is no file."""
    for each in config.paths:
        if not each.endswith(".md") and not (config.root / each).is_file():
            return config.root / each
    raise ConfigError("`paths` names no folder in which a new page could stand: add one to it")


def slug(question: str) -> str:
    """The file name, without its ending, for a question: lower-case words joined by hyphens."""
    apart = unicodedata.normalize("NFKD", re.sub("['\u2019]", "", question.lower()))
    # Letters lose their accents where ASCII has the rest; other alphabets stay as they are.
    plain = unicodedata.normalize("NFC", re.sub(r"(?<=[a-z])[\u0300-\u036f]+", "", apart))
    name = "-".join(re.findall(r"[^\W_]+", plain))
    while len(name.encode()) > MOST_SLUG:
        shorter = name.rpartition("-")[0]
        name = shorter or name[:-1]
    return name
