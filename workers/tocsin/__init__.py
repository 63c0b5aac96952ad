"""Tocsin: an alarm bell for the news."""
