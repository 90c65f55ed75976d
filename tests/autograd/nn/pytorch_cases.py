"""What is compared with PyTorch: layers, losses, optimisers, schedules, with their settings. Needs neither of us."""

from __future__ import annotations

from typing import Any

import numpy as np

# name: (class, arguments, settings, shapes of the inputs)
LAYERS: dict[str, tuple[str, tuple[Any, ...], dict[str, Any], list[tuple[int, ...]]]] = {
    "linear": ("Linear", (3, 4), {}, [(2, 3)]),
    "linear-deep": ("Linear", (3, 4), {"bias": False}, [(2, 2, 3)]),
    "conv1d": ("Conv1d", (4, 6, 3), {"stride": 2, "padding": 1, "groups": 2}, [(2, 4, 8)]),
    "conv1d-same": ("Conv1d", (2, 3, 4), {"padding": "same", "dilation": 2}, [(2, 2, 9)]),
    "conv2d": ("Conv2d", (2, 3, 3), {}, [(2, 2, 6, 5)]),
    "conv2d-settings": ("Conv2d", (4, 6, (3, 2)),
                        {"stride": (2, 1), "padding": (1, 2), "dilation": (1, 2), "groups": 2},
                        [(2, 4, 6, 5)]),  # fmt: skip
    "conv2d-depthwise": ("Conv2d", (3, 6, 3), {"groups": 3, "bias": False, "padding": 1}, [(1, 3, 4, 4)]),
    "conv-transpose2d": ("ConvTranspose2d", (2, 3, 3), {}, [(2, 2, 4, 3)]),
    "conv-transpose2d-settings": (
        "ConvTranspose2d", (4, 6, (3, 2)),
        {"stride": (2, 3), "padding": 1, "output_padding": (1, 2), "groups": 2, "dilation": (2, 1)}, [(2, 4, 3, 4)]),
    "max-pool2d": ("MaxPool2d", (2,), {}, [(2, 2, 5, 4)]),
    "max-pool2d-settings": ("MaxPool2d", (3, 2, 1), {"dilation": 2, "ceil_mode": True}, [(2, 2, 8, 7)]),
    "avg-pool2d": ("AvgPool2d", (2,), {}, [(2, 2, 5, 4)]),
    "avg-pool2d-settings": ("AvgPool2d", (3, 2, 1), {"ceil_mode": True}, [(2, 2, 6, 7)]),
    "avg-pool2d-uncounted": ("AvgPool2d", (3, 2, 1), {"ceil_mode": True, "count_include_pad": False}, [(2, 2, 6, 7)]),
    "batch-norm1d": ("BatchNorm1d", (3,), {}, [(5, 3)]),
    "batch-norm1d-cumulative": ("BatchNorm1d", (3,), {"momentum": None, "affine": False}, [(4, 3, 2)]),
    "batch-norm2d": ("BatchNorm2d", (3,), {"eps": 1e-3, "momentum": 0.3}, [(2, 3, 2, 2)]),
    "layer-norm": ("LayerNorm", ((3, 2),), {}, [(4, 3, 2)]),
    "rnn": ("RNN", (3, 4), {}, [(5, 2, 3)]),
    "rnn-relu": ("RNN", (3, 4, 2), {"nonlinearity": "relu", "batch_first": True}, [(2, 5, 3), (2, 2, 4)]),
    "lstm": ("LSTM", (3, 4), {}, [(5, 2, 3)]),
    "lstm-deep": ("LSTM", (3, 4, 2), {"bidirectional": True}, [(3, 2, 3)]),
    "gru": ("GRU", (3, 4), {}, [(5, 2, 3), (1, 2, 4)]),
    "gru-both-ways": ("GRU", (3, 2), {"bidirectional": True, "batch_first": True, "bias": False}, [(2, 4, 3)]),
    "gru-single": ("GRU", (3, 2), {}, [(4, 3)]),
    "attention": ("MultiHeadAttention", (4, 2), {}, [(3, 2, 4), (5, 2, 4), (5, 2, 4)]),
    "attention-batch-first": ("MultiHeadAttention", (4, 2), {"batch_first": True, "bias": False}, [(2, 3, 4)] * 3),
    "leaky-relu": ("LeakyReLU", (0.2,), {}, [(3, 4)]),
    "elu": ("ELU", (), {"alpha": 0.5}, [(3, 4)]),
    "selu": ("SELU", (), {}, [(3, 4)]),
    "gelu": ("GELU", (), {}, [(3, 4)]),
    "gelu-tanh": ("GELU", (), {"approximate": "tanh"}, [(3, 4)]),
    "silu": ("SiLU", (), {}, [(3, 4)]),
    "softplus": ("Softplus", (), {"beta": 2.0}, [(3, 4)]),
    "softsign": ("Softsign", (), {}, [(3, 4)]),
    "log-sigmoid": ("LogSigmoid", (), {}, [(3, 4)]),
    "hardtanh": ("Hardtanh", (), {}, [(3, 4)]),
    "softmax": ("Softmax", (1,), {}, [(3, 4)]),
    "log-softmax": ("LogSoftmax", (0,), {}, [(3, 4)]),
    "flatten": ("Flatten", (), {}, [(2, 3, 4)]),
}  # fmt: skip

CLASSES = np.array([2, 0, 1, 1])
WEIGHT = np.array([0.5, 2.0, 1.5])

# name: (class, settings, shape of the input, target: "classes", or how random ones are made)
LOSSES: dict[str, tuple[str, dict[str, Any], tuple[int, ...], str]] = {
    "mse": ("MSELoss", {}, (4, 3), "normal"),
    "mse-none": ("MSELoss", {"reduction": "none"}, (4, 3), "normal"),
    "l1": ("L1Loss", {"reduction": "sum"}, (4, 3), "normal"),
    "huber": ("HuberLoss", {"delta": 0.5}, (4, 3), "normal"),
    "smooth-l1": ("SmoothL1Loss", {"beta": 0.5}, (4, 3), "normal"),
    "bce-logits": ("BCEWithLogitsLoss", {"pos_weight": WEIGHT}, (4, 3), "uniform"),
    "bce-logits-weight": ("BCEWithLogitsLoss", {"weight": WEIGHT}, (4, 3), "uniform"),
    "cross-entropy": ("CrossEntropyLoss", {}, (4, 3), "classes"),
    "cross-entropy-sum": ("CrossEntropyLoss", {"reduction": "sum", "weight": WEIGHT}, (4, 3), "classes"),
    "cross-entropy-smooth": ("CrossEntropyLoss", {"label_smoothing": 0.1, "weight": WEIGHT}, (4, 3), "classes"),
    "cross-entropy-ignore": ("CrossEntropyLoss", {"ignore_index": 1, "label_smoothing": 0.1}, (4, 3), "classes"),
    "cross-entropy-ignore-weight": ("CrossEntropyLoss", {"ignore_index": 1, "weight": WEIGHT}, (4, 3), "classes"),
    "cross-entropy-none": ("CrossEntropyLoss", {"reduction": "none", "label_smoothing": 0.2}, (4, 3), "classes"),
    "cross-entropy-probabilities": ("CrossEntropyLoss", {"label_smoothing": 0.1, "weight": WEIGHT}, (4, 3), "simplex"),
    "nll": ("NLLLoss", {"weight": WEIGHT}, (4, 3), "classes"),
    "kl": ("KLDivLoss", {}, (4, 3), "simplex"),
    "kl-batch": ("KLDivLoss", {"reduction": "batchmean"}, (4, 3), "simplex"),
}

# name: (class, settings)
OPTIMISERS: dict[str, tuple[str, dict[str, Any]]] = {
    "sgd": ("SGD", {"lr": 0.1}),
    "sgd-decay": ("SGD", {"lr": 0.1, "weight_decay": 0.1}),
    "sgd-momentum": ("SGD", {"lr": 0.1, "momentum": 0.9, "dampening": 0.3, "weight_decay": 0.1}),
    "sgd-nesterov": ("SGD", {"lr": 0.05, "momentum": 0.9, "nesterov": True}),
    "adagrad": ("Adagrad", {"lr": 0.1, "lr_decay": 0.1, "weight_decay": 0.1, "initial_accumulator_value": 0.5}),
    "adadelta": ("Adadelta", {"weight_decay": 0.1}),
    "rmsprop": ("RMSprop", {"lr": 0.05}),
    "rmsprop-centered": ("RMSprop", {"lr": 0.05, "centered": True, "momentum": 0.5, "weight_decay": 0.1}),
    "adam": ("Adam", {"lr": 0.1}),
    "adam-amsgrad": ("Adam", {"lr": 0.1, "betas": (0.8, 0.9), "weight_decay": 0.1, "amsgrad": True}),
    "adamw": ("AdamW", {"lr": 0.1, "weight_decay": 0.1}),
    "nadam": ("NAdam", {"lr": 0.1, "weight_decay": 0.1}),
    "nadam-decoupled": ("NAdam", {"lr": 0.1, "weight_decay": 0.1, "decoupled_weight_decay": True}),
}
STEPS = 12
SHAPES = [(3,), (2, 2), ()]


def starts() -> list[Any]:
    """Where the optimisers start."""
    rng = np.random.default_rng(11)
    return [rng.normal(size=shape) for shape in SHAPES]


def slope(p: Any, step: int) -> Any:
    """The gradient that they are given: of p²·c/2 + sin p, and a push that changes from step to step."""
    scale = 1 + np.arange(p.size, dtype=p.dtype).reshape(p.shape)
    return scale * p + np.cos(p) + 0.3 * np.sin(step + scale)


# name: (class, settings)
SCHEDULES: dict[str, tuple[str, dict[str, Any]]] = {
    "constant": ("ConstantLR", {"factor": 0.5, "total_iters": 3}),
    "step": ("StepLR", {"step_size": 3, "gamma": 0.5}),
    "multi-step": ("MultiStepLR", {"milestones": [2, 5], "gamma": 0.5}),
    "exponential": ("ExponentialLR", {"gamma": 0.9}),
    "linear": ("LinearLR", {"start_factor": 0.2, "total_iters": 4}),
    "cosine": ("CosineAnnealingLR", {"T_max": 9, "eta_min": 0.01}),
    "cosine-restarts": ("CosineAnnealingWarmRestarts", {"T_0": 2, "T_mult": 2, "eta_min": 0.01}),
    "one-cycle": ("OneCycleLR", {"max_lr": 0.3, "total_steps": 12}),
    "one-cycle-linear": (
        "OneCycleLR",
        {"max_lr": 0.3, "total_steps": 10, "anneal_strategy": "linear", "pct_start": 0.5},
    ),
}
EPOCHS = 10
