"""The systems of an introduction to neural networks, in teaching order: ``python -m examples`` lists them."""

import os

# The matrices here are small: more threads would only wait for each other. To be set before NumPy is loaded.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
