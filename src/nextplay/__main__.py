"""`python -m nextplay` is the command line."""

from nextplay.cli.main import main

main()
