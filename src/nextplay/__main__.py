"""`python -m nextplay` is the command line."""

from nextplay.cli.main import main

if __name__ == "__main__":
    main()
