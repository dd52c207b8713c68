"""What came of the pages, told: in a terminal, to GitHub, and as JSON or JUnit XML.

``lines`` is what all of them have in common: one verdict as lines of text, safe to print.
"""
