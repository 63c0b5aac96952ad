"""Thin programs: parse arguments, wire, run."""
