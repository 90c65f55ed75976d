"""Neurons and networks."""

from autograd.nn.scalar import MLP, Layer, Module, Neuron

__all__ = ["MLP", "Layer", "Module", "Neuron"]
