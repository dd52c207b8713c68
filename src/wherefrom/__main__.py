"""``python -m wherefrom`` is the ``wherefrom`` command."""

from wherefrom.cli import main

main(prog_name="wherefrom")
