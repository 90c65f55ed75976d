"""The live page: a recorded graph as one HTML file that steps, traces and computes. See :func:`viz.page`."""
