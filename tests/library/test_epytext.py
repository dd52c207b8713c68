"""Epytext as it was meant, over everything that a real library wrote in it."""

import ast
import io
import re
from pathlib import Path

import docutils.core
import pytest
import twisted
from docutils import nodes
from docutils.parsers.rst import Directive, directives, roles

from wherefrom.library.epytext import EpytextError, literal, to_rest

PARTS = 4
MARKER = re.compile(r"\b[CLIBU]\{")


class Links:
    def link(self, text, target):
        shown = text.replace("`", "").replace("<", "").replace(">", "") or "nothing"
        return f":wherefrom-link:`{shown} <{target}>`"

    def exception(self, name):
        return name if all(each.isidentifier() for each in name.split(".")) else None


class CodeBlock(Directive):
    has_content = True
    optional_arguments = 1
    option_spec = {"force": directives.flag}  # noqa: RUF012

    def run(self):
        text = "\n".join(self.content)
        return [nodes.literal_block(text, text)]


def link_role(_name, raw, text, *_rest):
    return [nodes.reference(raw, text.rpartition(" <")[0])], []


@pytest.fixture(scope="module", autouse=True)
def _sphinx_markup():
    roles.register_local_role("wherefrom-link", link_role)
    directives.register_directive("code-block", CodeBlock)


def rest(text):
    return to_rest(text, Links())


def parsed(lines):
    problems = io.StringIO()
    settings = {"warning_stream": problems, "report_level": 1}
    tree = docutils.core.publish_doctree("\n".join(lines), settings_overrides=settings)
    return tree, problems.getvalue()


def docstrings():
    for path in sorted(Path(twisted.__file__).parent.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_bytes())):
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                text = ast.get_docstring(node)
                if text:
                    yield path, text


@pytest.mark.parametrize("part", range(PARTS))
def test_every_docstring_of_the_library_becomes_clean_text(part):
    unparsed, seen = [], 0
    for number, (path, text) in enumerate(docstrings()):
        if number % PARTS != part:
            continue
        seen += 1
        try:
            lines = rest(text)
        except EpytextError:
            unparsed.append(path)
            lines = literal(text)
        tree, problems = parsed(lines)
        assert not problems, f"{path}: {problems}"
        if path not in unparsed:
            shown = [each for each in tree.findall(nodes.Text) if MARKER.search(each)]
            code = (nodes.literal_block, nodes.literal)
            assert [each for each in shown if not isinstance(each.parent, code)] == [], path
    assert seen > 4000
    outside = [each for each in unparsed if "test" not in each.as_posix()]
    assert outside == []
    assert len(unparsed) < seen / 100


def test_fields_are_the_ones_that_sphinx_knows():
    lines = rest("@param a: A\n@type a: C{int}\n@return: it\n@rtype: L{str}\n@raise ValueError: no")
    assert [each for each in lines if each] == [
        ":param a: \\ A",
        ":type a: \\ ``int``\\",
        ":return: it",
        ":rtype: \\ :wherefrom-link:`str <str>`\\",
        ":raises ValueError: no",
    ]


def test_inline_markup_keeps_its_meaning():
    tree, problems = parsed(
        rest("A C{x} B{y}z I{w} L{shown<a.b>} U{site<https://a.b>} S{->} E{lb}")
    )
    assert problems == ""
    assert tree.astext() == "A x yz w shown site → {"
    kinds = [type(each).__name__ for each in tree[0] if not isinstance(each, nodes.Text)]
    assert kinds == ["literal", "strong", "emphasis", "reference", "reference", "target"][:5]


def test_lists_and_literal_blocks_nest():
    tree, problems = parsed(rest("  - one\n      - two\n  - three\n\nText::\n\n    code *as is*\n"))
    assert problems == ""
    assert tree.next_node(nodes.literal_block).astext() == "code *as is*"
    assert [len(each) for each in tree.findall(nodes.bullet_list)] == [2, 1]


@pytest.mark.parametrize("text", ["*not emphasis*", "`a`_ |b| c_", "1. x", "- ", ".. note:: x"])
def test_text_that_restructuredtext_would_read_otherwise_stays_text(text):
    try:
        tree, problems = parsed(rest(f"Begin.\n\nx {text}"))
    except EpytextError:
        return
    assert problems == ""
    assert text.strip() in tree.astext()


def test_what_is_not_epytext_is_refused_with_its_line():
    with pytest.raises(EpytextError) as refused:
        rest("Fine.\n\nAn open C{brace\n")
    assert refused.value.line == 3
