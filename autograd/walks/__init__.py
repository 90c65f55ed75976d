"""The walks: backward over Values, backward over everything else, and forward.

Each node is visited once, consumers before producers (forward the other way round).
"""

from autograd.walks.arrays import pull_back, store_gradients
from autograd.walks.forward import push_forward
from autograd.walks.values import walk_values

__all__ = ["pull_back", "push_forward", "store_gradients", "walk_values"]
