"""Three kinds of networks in PyTorch, small enough for a laptop: what graphs are compared on."""

from __future__ import annotations

from typing import Any, Callable

import torch
from torch import nn
from torch.nn import functional as F

Program = tuple[nn.Module, tuple[Any, ...], Callable[[], torch.Tensor]]
"""A model, what it is called with, and the function that computes its loss."""


class Block(nn.Module):
    """Two convolutions and a way around them (He et al., 2015)."""

    def __init__(self, inside: int, outside: int, stride: int = 1) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(inside, outside, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outside)
        self.conv2 = nn.Conv2d(outside, outside, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outside)
        same = inside == outside and stride == 1
        self.around = (
            nn.Identity()
            if same
            else nn.Sequential(nn.Conv2d(inside, outside, 1, stride, bias=False), nn.BatchNorm2d(outside))
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        h = F.relu(self.bn1(self.conv1(x)))
        return F.relu(self.bn2(self.conv2(h)) + self.around(x))


class ResNet(nn.Module):
    """Six blocks, 13 convolutions without those around."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, 16, 3, 1, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(16)
        self.layer1 = nn.Sequential(Block(16, 16), Block(16, 16))
        self.layer2 = nn.Sequential(Block(16, 32, 2), Block(32, 32))
        self.layer3 = nn.Sequential(Block(32, 64, 2), Block(64, 64))
        self.fc = nn.Linear(64, 10)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = F.relu(self.bn1(self.conv1(x)))
        x = self.layer3(self.layer2(self.layer1(x)))
        return self.fc(x.mean((2, 3)))


class LSTM(nn.Module):
    """A cell, called for each letter of a text."""

    def __init__(self) -> None:
        super().__init__()
        self.embed = nn.Embedding(50, 16)
        self.cell = nn.LSTMCell(16, 32)
        self.out = nn.Linear(32, 50)

    def forward(self, letters: torch.Tensor) -> torch.Tensor:
        h = c = torch.zeros(letters.shape[0], 32)
        answers = []
        for t in range(letters.shape[1]):
            h, c = self.cell(self.embed(letters[:, t]), (h, c))
            answers.append(self.out(h))
        return torch.stack(answers, 1)


class Transformer(nn.Module):
    """PyTorch's encoder with two layers."""

    def __init__(self) -> None:
        super().__init__()
        self.embed = nn.Embedding(50, 32)
        self.places = nn.Parameter(torch.randn(12, 32) * 0.02)
        layer = nn.TransformerEncoderLayer(32, 4, 64, dropout=0.0, batch_first=True)
        self.encoder = nn.TransformerEncoder(layer, 2)
        self.out = nn.Linear(32, 50)

    def forward(self, letters: torch.Tensor) -> torch.Tensor:
        return self.out(self.encoder(self.embed(letters) + self.places))


def resnet() -> Program:
    torch.manual_seed(0)
    model, x = ResNet(), torch.randn(8, 3, 32, 32)
    return model, (x,), lambda: F.cross_entropy(model(x), torch.arange(8))


def lstm() -> Program:
    torch.manual_seed(0)
    model, letters = LSTM(), torch.randint(0, 50, (4, 12))
    x, y = letters[:, :-1], letters[:, 1:]
    return model, (x,), lambda: F.cross_entropy(model(x).flatten(0, 1), y.flatten())


def transformer() -> Program:
    torch.manual_seed(0)
    model, letters = Transformer(), torch.randint(0, 50, (4, 12))
    return model, (letters,), lambda: F.cross_entropy(model(letters).flatten(0, 1), letters.flatten())


PROGRAMS: dict[str, Callable[[], Program]] = {"resnet": resnet, "lstm": lstm, "transformer": transformer}
