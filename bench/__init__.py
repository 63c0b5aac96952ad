"""The figures of the design, measured on this machine: `python -m bench`, or `make bench`."""
