"""`python -m infringewatch`: the same as the command."""

from infringewatch.cli import main

main()
