"""Without the extra `notebooks`, what makes them is not collected."""

from importlib.util import find_spec

MADE_WITH = ("babel", "ipykernel", "libcst", "nbclient", "nbformat")
collect_ignore = [] if all(map(find_spec, MADE_WITH)) else ["korean.py", "make_gallery.py", "make_notebooks.py"]
