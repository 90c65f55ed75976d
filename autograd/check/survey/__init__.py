"""Whole libraries checked by one command: the words of the registry, the workers, the report."""
