"""`python -m tocsin` is `tocsin`."""

from tocsin.processes.cli import main

if __name__ == "__main__":
    main()
