"""The site *Twisted explained by running it*, which is also wherefrom's own documentation."""

import importlib.metadata
import os
from pathlib import Path
from urllib.parse import urlsplit

project = "Twisted explained by running it"
author = "the wherefrom contributors"
copyright = f"%Y, {author}"  # noqa: A001 - Sphinx's own name
release = importlib.metadata.version("wherefrom")

extensions = [
    "wherefrom",
    "sphinx.ext.autodoc",
    "sphinx.ext.intersphinx",
    "sphinx_autodoc_typehints",
    "sphinx_copybutton",
    "notfound.extension",
]
wherefrom_explainers = "../explainers"

wherefrom_reference = ["twisted"]

# The network first, then the file: so a build offline is the same, and silent.
intersphinx_mapping = {
    "python": ("https://docs.python.org/3", (None, "inventories/python.inv")),
    "twisted": (
        "https://docs.twisted.org/en/stable/api",
        (None, "inventories/twisted.inv"),
    ),
}
intersphinx_timeout = 5

myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
exclude_patterns = ["_build"]
templates_path = ["_templates"]
nitpicky = True
# Python's documentation has no entries for these.
nitpick_ignore = [("py:class", "socket.AddressFamily"), ("py:class", "socket.SocketKind")]
smartquotes_action = "D"  # dashes alone: a quotation mark may be code
default_role = "code"

autodoc_member_order = "bysource"
autodoc_preserve_defaults = True
autodoc_default_options = {"show-inheritance": True}
always_use_bars_union = True
always_document_param_types = True
python_use_unqualified_type_names = True
typehints_use_rtype = False
suppress_warnings = ["epub.unknown_project_files"]

copybutton_prompt_text = r">>> |\.\.\. "
copybutton_prompt_is_regexp = True
# The 404 page is shown at any address, so its links begin with where the whole site stands.
_address = os.environ.get("READTHEDOCS_CANONICAL_URL") or os.environ.get("SITE_URL", "/")
notfound_urls_prefix = urlsplit(_address).path

html_theme = "furo"
html_title = "Twisted explained by running it"
html_favicon = "_static/favicon.svg"
html_static_path = ["_static"]
html_css_files = ["site.css"]
# Sphinx opens this one from where the build was started, so its whole path is needed.
html_search_scorer = str(Path(__file__).parent / "_static" / "scorer.js")
html_theme_options = {
    "source_repository": "https://github.com/wherefrom-docs/wherefrom/",
    "source_branch": "main",
    "source_directory": "docs/",
    "announcement": (
        "Unofficial: this site is independent of the Twisted project, and shows what its code did."
    ),
}
