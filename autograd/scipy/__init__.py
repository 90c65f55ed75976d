"""The same for SciPy: its special functions and matrix functions."""
