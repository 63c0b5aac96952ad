"""The steps of a story's path, over ports."""
