"""Which NumPy function is differentiated by what."""
