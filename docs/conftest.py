"""What makes pages, notebooks and pictures is collected where what it makes them with is installed."""

from importlib.util import find_spec

NOTEBOOKS = ("babel", "ipykernel", "libcst", "nbclient", "nbformat")  # the extra `notebooks`
NEEDS = {
    "korean.py": NOTEBOOKS, "make_gallery.py": NOTEBOOKS, "make_notebooks.py": NOTEBOOKS,
    "make_page.py": ("playwright",),
}  # fmt: skip
collect_ignore = [file for file, needs in NEEDS.items() if not all(map(find_spec, needs))]
collect_ignore.append("conf.py")  # it sets up Sphinx's own process
