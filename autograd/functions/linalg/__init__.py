"""Linear algebra: ``numpy.linalg``."""
