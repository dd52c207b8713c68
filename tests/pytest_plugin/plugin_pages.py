"""Pages that the tests of the plugin share, and what they look for in what pytest told."""

GOOD = "# T\n\n```pycon\n>>> 1 + 1\n2\n```\n"
BAD = "# T\n\n```pycon\n>>> 1 + 1\n3\n```\n"
TWO_GROUPS = """\
# Two groups

```{testcode} client
print("hello")
```
```{testoutput} client
hello
```

```pycon server
>>> 1 + 1
2
```
"""


def failures(result):
    """What is told of failures, up to the summary."""
    lines = result.outlines
    start = next(at for at, line in enumerate(lines) if "= FAILURES =" in line)
    return lines[start + 1 : next(at for at, line in enumerate(lines) if "= short test" in line)]


def ids(result):
    return [line for line in result.outlines if "::" in line]
