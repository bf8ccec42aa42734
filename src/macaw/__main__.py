"""`python -m macaw`: the command line where its script is not on the path."""

from macaw.cli import main

if __name__ == "__main__":
    main()
