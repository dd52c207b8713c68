"""Static knowledge of an installed library: its docstrings, its index, its source."""
