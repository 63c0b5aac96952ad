"""The operator's YAML: read, checked, turned into a rulebook."""
