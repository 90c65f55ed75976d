"""Which function goes with which derivative, library by library: ``python -m autograd.check --library scipy``.

A file of this folder belongs to one library (``scipy_special.py`` to ``scipy`` too). It holds `FAMILIES`, functions that
yield pairs made by the words of `autograd.check.survey.pair`, and imports its library only inside them. A pair is
named after its function: points, dtypes and parameters make no new one. A further library is a further file.
"""
