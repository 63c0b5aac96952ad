"""Scoring: a labelled corpus against what was detected in it, as numbers. Pure: values in, values out."""
