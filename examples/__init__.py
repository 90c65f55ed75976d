"""The systems of an introduction to neural networks, in teaching order: ``python -m examples`` lists them."""
