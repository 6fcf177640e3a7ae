"""How Sphinx makes the site out of this folder: `python -m sphinx -W docs build/docs`."""

from __future__ import annotations

from batchsend import __version__

project = "batchsend"
release = __version__
html_title = "batchsend"
html_theme = "furo"
html_copy_source = False
html_show_copyright = False
html_use_index = False
html_static_path = ["static"]
html_css_files = ["site.css"]
html_js_files = [("site.js", {"defer": "defer"})]
html_favicon = "static/icon.svg"

extensions = ["myst_parser", "sphinx.ext.autodoc"]
source_suffix = {".md": "markdown"}
myst_heading_anchors = 3
smartquotes = False  # it would make a dash of the two hyphens of an option

default_role = "code"  # single backticks in our docstrings
autodoc_member_order = "bysource"
autodoc_typehints_format = "short"
autodoc_preserve_defaults = True
python_display_short_literal_types = True
