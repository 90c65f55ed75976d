"""PyTorch: the backward pass of every differentiable function, module and transform.

PyTorch keeps a list of its functions for its own tests (``op_db``), with arguments for each; that list is used here, with
up to three sets of arguments for a function. Functions of one number are checked beyond that over a wide interval. Needs
the package ``expecttest``, as PyTorch's list does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from ..adapters import torch_pair
from ..survey.pair import Case, Pair, at_cases, pullback

CASES = 3
LARGEST = 48
"""Arguments with more numbers than this are left out: they say nothing that smaller ones do not."""
LEFT_OUT = {
    "normal": "its gradient by the mean is zero on purpose: samples carry none",
    "half": "a change of dtype", "bfloat16": "a change of dtype", "chalf": "a change of dtype",
    "nn.functional.max_unpool1d": "the arguments repeat indices, for which the result is left open",
    "nn.functional.max_unpool2d": "the same; the variant `grad` has good ones",
    "nn.functional.max_unpool3d": "the same",
    "linalg.lstsq": "its singular values carry no gradient; the variant `grad_oriented` leaves them out",
    "torch.ops.aten._safe_softmax.default": "its arguments hold -inf",
}  # fmt: skip
FIRST_RESULT = ("native_batch_norm", "native_layer_norm", "native_group_norm", "_native_batch_norm_legit",
                "_batch_norm_with_update")  # fmt: skip
"""Their further results are notes for the backward pass, and carry no gradient by convention."""


def functions() -> Iterator[Pair]:
    import torch
    from torch.testing._internal.common_methods_invocations import op_db

    torch.set_num_threads(1)
    for op in op_db:
        if op.name in LEFT_OUT and not op.variant_test_name.startswith("grad"):
            continue
        if not op.supports_autograd or torch.float64 not in op.supported_dtypes("cpu"):
            continue
        name = op.name if "." in op.name or hasattr(torch, op.name) else f"Tensor.{op.name}"
        name = f"{name} {op.variant_test_name}".strip()
        cases = _cases(op)
        if cases:
            yield at_cases(name, cases)


def _cases(op: Any) -> list[Case]:
    """Sets of arguments of different kinds: the first and others spread over the list."""
    import torch

    torch.manual_seed(0)
    try:
        samples = list(op.sample_inputs("cpu", torch.float64, requires_grad=True))
    except Exception:  # the list has arguments that this build of PyTorch refuses
        return []
    found = [case for sample in samples if (case := _case(op, sample)) is not None and _is_defined(case)]
    chosen = {0, len(found) // 3, 2 * len(found) // 3, len(found) - 1}
    return [found[i] for i in sorted(chosen) if 0 <= i < len(found)][:CASES]


def _case(op: Any, sample: Any) -> Case | None:
    import torch

    from ..trees import leaves, rebuilt

    arguments = (sample.input, *sample.args)
    parts = [v for _, v in leaves(arguments, tuples=True)]
    moving = [i for i, v in enumerate(parts) if isinstance(v, torch.Tensor) and v.requires_grad]
    size = sum(parts[i].numel() for i in moving)
    if not moving or not 0 < size <= LARGEST or any(parts[i].dtype != torch.float64 for i in moving):
        return None
    if any(parts[i].layout != torch.strided for i in moving):
        return None

    def f(*tensors: Any) -> Any:
        supply = dict(zip(moving, tensors, strict=True))
        fixed = [v.detach() if isinstance(v, torch.Tensor) else v for v in parts]
        first, *rest = rebuilt(arguments, iter([supply.get(i, v) for i, v in enumerate(fixed)]), tuples=True)
        torch.manual_seed(0)
        y = sample.output_process_fn_grad(op.gradcheck_wrapper(op.get_op(), first, *rest, **sample.kwargs))
        return y[0] if op.name in FIRST_RESULT else y

    f.__name__ = op.name
    return *torch_pair(f), [parts[i].detach().numpy().copy() for i in moving]


def _is_defined(case: Case) -> bool:
    """Whether f has a finite value: powers of negative numbers have none."""
    f, _, xs = case
    try:
        y = f(*xs)
    except Exception:  # it is the survey that says so
        return True
    return all(np.isfinite(v).all() for v in (y if isinstance(y, tuple) else (y,)))


ONE_NUMBER: dict[str, Any] = {
    "special.digamma": (-5.9, 30), "special.entr": (0.01, 10), "special.erf": (-6, 6), "special.erfc": (-6, 20),
    "special.erfcx": (-4, 30), "special.erfinv": (-0.999, 0.999), "special.exp2": (-20, 20),
    "special.expit": (-40, 40), "special.expm1": (-20, 20), "special.gammaln": (0.01, 50), "special.i0": (-20, 20),
    "special.i0e": (-20, 20), "special.i1": (-20, 20), "special.i1e": (-20, 20), "special.log1p": (-0.99, 20),
    "special.log_ndtr": (-30, 8), "special.logit": (0.001, 0.999), "special.ndtr": (-30, 8),
    "special.ndtri": (0.001, 0.999), "special.psi": (-5.9, 30), "special.sinc": (-6, 6), "lgamma": (-5.9, 50),
    "nn.functional.celu": (-20, 20), "nn.functional.elu": (-20, 20), "nn.functional.gelu": (-12, 12),
    "nn.functional.hardsigmoid": (-6, 6), "nn.functional.hardswish": (-6, 6), "nn.functional.hardtanh": (-6, 6),
    "nn.functional.leaky_relu": (-6, 6), "nn.functional.logsigmoid": (-40, 40), "nn.functional.mish": (-40, 40),
    "nn.functional.relu": (-6, 6), "nn.functional.relu6": (-8, 8), "nn.functional.selu": (-20, 20),
    "nn.functional.silu": (-40, 40), "nn.functional.softplus": (-40, 40), "nn.functional.softshrink": (-6, 6),
    "nn.functional.softsign": (-40, 40), "nn.functional.tanhshrink": (-20, 20), "acosh": (1.01, 30), "asinh": (-30, 30),
    "atanh": (-0.999, 0.999), "cosh": (-20, 20), "sigmoid": (-40, 40), "tanh": (-20, 20), "tan": (-20, 20),
    "rsqrt": (0.001, 30), "sinc": (-6, 6), "exp2": (-20, 20), "log2": (0.001, 30), "log10": (0.001, 30),
}  # fmt: skip


def over_an_interval() -> Iterator[Pair]:
    """Functions of one number where PyTorch's own arguments stay near 0."""
    from operator import attrgetter

    import torch

    for name, where in ONE_NUMBER.items():
        f, vjp = torch_pair(attrgetter(name)(torch))
        yield pullback(f"{name} over {where}", f, _single(vjp), where, at_once=8)
    f, vjp = torch_pair(torch.nn.functional.gelu, {"approximate": "tanh"})
    yield pullback("nn.functional.gelu tanh over (-12, 12)", f, _single(vjp), (-12, 12), at_once=8)


def _single(vjp: Callable[..., Any]) -> Callable[..., Any]:
    return lambda g, x: vjp(g, x)[0]


def modules() -> Iterator[Pair]:
    """Every module with its parameters, in training mode."""
    import torch
    from torch.testing._internal.common_modules import module_db

    for info in module_db:
        cases: list[Case] = []
        torch.manual_seed(0)
        try:
            samples = info.module_inputs_func(info, "cpu", torch.float64, True, True)
        except Exception:
            continue
        for sample in samples[:CASES]:
            case = _module_case(info, sample)
            if case is not None:
                cases.append(case)
        if cases:
            yield at_cases(info.name, cases)


def _module_case(info: Any, sample: Any) -> Case | None:
    import torch
    from torch.func import functional_call

    from ..trees import leaves, rebuilt

    if sample.forward_input is None:
        return None
    start = sample.constructor_input
    try:
        module = info.module_cls(*start.args, **start.kwargs).double()
    except Exception:
        return None
    if "Lazy" in info.name:
        return None
    names = [n for n, _ in module.named_parameters()]
    weights = [p.detach().numpy().copy() for p in module.parameters()]
    arguments, fixed = sample.forward_input.args, sample.forward_input.kwargs
    parts = [v for _, v in leaves(arguments, tuples=True)]
    moving = [i for i, v in enumerate(parts) if isinstance(v, torch.Tensor) and v.requires_grad]
    inputs = [parts[i].detach().numpy().copy() for i in moving]
    if not 0 < sum(a.size for a in inputs + weights) <= LARGEST or any(a.dtype != "f8" for a in inputs):
        return None
    buffers = {n: b.clone() for n, b in module.named_buffers()}

    def f(*tensors: Any) -> Any:
        supply = dict(zip(moving, tensors, strict=False))
        plain = [v.detach() if isinstance(v, torch.Tensor) else v for v in parts]
        whole = rebuilt(arguments, iter([supply.get(i, v) for i, v in enumerate(plain)]), tuples=True)
        torch.manual_seed(0)
        state = {n: b.clone() for n, b in buffers.items()} | dict(zip(names, tensors[len(moving) :], strict=True))
        return functional_call(module, state, whole, fixed)

    f.__name__ = info.name
    return *torch_pair(f), inputs + weights


def distributions() -> Iterator[Pair]:
    """log_prob, cdf, icdf and entropy with respect to the value and every parameter."""
    import numpy as np
    import torch
    from torch import distributions as d

    some: dict[str, tuple[Any, list[Any], Any]] = {
        "Beta": (d.Beta, [1.5, 2.5], 0.3), "Cauchy": (d.Cauchy, [0.3, 1.2], 0.8), "Chi2": (d.Chi2, [3.5], 1.7),
        "Exponential": (d.Exponential, [1.3], 0.8), "FisherSnedecor": (d.FisherSnedecor, [3.5, 4.5], 1.2),
        "Gamma": (d.Gamma, [1.5, 2.5], 0.7), "InverseGamma": (d.InverseGamma, [2.5, 1.5], 0.7),
        "Gumbel": (d.Gumbel, [0.3, 1.2], 0.8), "HalfCauchy": (d.HalfCauchy, [1.2], 0.8),
        "HalfNormal": (d.HalfNormal, [1.2], 0.8), "Kumaraswamy": (d.Kumaraswamy, [1.5, 2.5], 0.3),
        "Laplace": (d.Laplace, [0.3, 1.2], 0.8), "LogNormal": (d.LogNormal, [0.3, 1.2], 0.8),
        "Normal": (d.Normal, [0.3, 1.2], 0.8), "Pareto": (d.Pareto, [0.5, 1.7], 1.2),
        "StudentT": (d.StudentT, [3.5, 0.3, 1.2], 0.8), "Uniform": (d.Uniform, [-1.0, 2.0], 0.8),
        "VonMises": (d.VonMises, [0.3, 1.2], 0.8), "Weibull": (d.Weibull, [1.3, 1.7], 0.8),
        "Bernoulli": (d.Bernoulli, [0.3], None), "Geometric": (d.Geometric, [0.3], None),
        "Poisson": (d.Poisson, [1.7], None), "ContinuousBernoulli": (d.ContinuousBernoulli, [0.3], 0.6),
        "NegativeBinomial": (d.NegativeBinomial, [3.0, 0.3], None),
        "Dirichlet": (d.Dirichlet, [np.array([1.5, 2.5, 0.7])], np.array([0.2, 0.5, 0.3])),
        "Categorical": (d.Categorical, [np.array([0.2, 0.5, 0.3])], None),
    }  # fmt: skip
    counts = {"Bernoulli": 1.0, "Geometric": 3.0, "Poisson": 2.0, "NegativeBinomial": 2.0, "Categorical": 1.0}
    for name, (law, parameters, value) in some.items():
        for method in ("log_prob", "cdf", "icdf", "entropy"):
            if method in ("cdf", "icdf") and value is None:
                continue
            at = 0.3 if method == "icdf" else value

            def f(*inputs: Any, law: Any = law, method: str = method, name: str = name, at: Any = at) -> Any:
                if method == "entropy":
                    return law(*inputs, validate_args=False).entropy()
                if at is None:
                    return law(*inputs, validate_args=False).log_prob(torch.tensor(counts[name]).double())
                return getattr(law(*inputs[1:], validate_args=False), method)(inputs[0])

            xs = [np.array(p) for p in (parameters if method == "entropy" or at is None else [at, *parameters])]
            try:
                f(*[torch.tensor(x) for x in xs])
            except NotImplementedError:
                continue
            yield at_cases(f"distributions.{name}.{method}", [(*torch_pair(f), xs)])


def transforms() -> Iterator[Pair]:
    """A transform's ``log_abs_det_jacobian`` is the logarithm of its slope, and its inverse's slope the reciprocal."""
    import numpy as np
    import torch
    from torch.distributions import transforms as t

    some: dict[str, tuple[Any, Any]] = {
        "AffineTransform": (t.AffineTransform(0.3, -1.7), (-5, 5)), "ExpTransform": (t.ExpTransform(), (-5, 5)),
        "PowerTransform": (t.PowerTransform(torch.tensor(1.7).double()), (0.05, 5)),
        "SigmoidTransform": (t.SigmoidTransform(), (-8, 8)), "SoftplusTransform": (t.SoftplusTransform(), (-8, 8)),
        "TanhTransform": (t.TanhTransform(), (-4, 4)),
    }  # fmt: skip
    for name, (transform, where) in some.items():

        def f(x: Any, transform: Any = transform) -> Any:
            return transform(torch.tensor(np.array(x))).numpy()

        def vjp(g: Any, x: Any, transform: Any = transform) -> Any:
            at = torch.tensor(np.array(x))
            y = transform(at)
            sign = np.sign(np.asarray(transform.sign))
            return g * sign * np.exp(transform.log_abs_det_jacobian(at, y).numpy())

        yield pullback(f"distributions.transforms.{name}.log_abs_det_jacobian", f, vjp, where, at_once=8)


FAMILIES = [functions, over_an_interval, modules, distributions, transforms]
