"""Saving a state to one file, and loading it: without pickle, so that a file cannot run code.

The file is in the format of `safetensors`, which other programs read as well: every array under its name.
Whatever else a state holds (settings, numbers of steps, the state of a random generator) stands in the
file's metadata as JSON, beside a checksum of each array.
"""

from __future__ import annotations

import os
import zlib
from pathlib import Path
from typing import Any, Mapping

import numpy as np

from autograd.files import write_whole
from autograd.node import Node

_KINDS = (
    "float16",
    "float32",
    "float64",
    "int8",
    "int16",
    "int32",
    "int64",
    "uint8",
    "uint16",
    "uint32",
    "uint64",
    "bool",
)


def _safetensors() -> Any:
    try:
        import safetensors.numpy
    except ImportError as error:
        raise ImportError("save and load need safetensors; install it by: pip install safetensors") from error
    return safetensors


def save(state: Any, path: Any) -> None:
    """Write a state to a file; the file is there either whole or as it was before.

    Parameters
    ----------
    state : dict
        Arrays, numbers, strings, ``None``, and dicts, lists and tuples of them: what ``state_dict()``
        and :func:`capture` give.
    path : path
        Where the file is to be; `.safetensors` or `.npz` says in which form.

    Raises
    ------
    TypeError
        If the state holds something else; the message says where.
    OSError
        If the file cannot be written.

    Examples
    --------
    >>> import tempfile, os
    >>> path = os.path.join(tempfile.mkdtemp(), "state.safetensors")
    >>> save({"weight": np.array([1.0, 2.0]), "step": 3}, path)
    >>> load(path)
    {'weight': array([1., 2.]), 'step': 3}
    """
    if isinstance(state, (str, os.PathLike)):
        raise TypeError("save takes the state first, then the path: save(model.state_dict(), path)")
    import json  # here, as below: it takes longer to import than all of this module

    numpy_format = _safetensors().numpy
    arrays: dict[str, Any] = {}
    tree = _encoded(state, "", arrays)
    checks = {name: zlib.crc32(array.tobytes()) for name, array in arrays.items()}
    content = numpy_format.save(arrays, {"tree": json.dumps(tree), "crc32": json.dumps(checks)})
    write_whole(Path(path), content)


def load(path: Any) -> Any:
    """Read what :func:`save` wrote. Of a `safetensors` file from elsewhere: its arrays by name.

    Parameters
    ----------
    path : path-like
        The file.

    Returns
    -------
    As it was saved
        A dict of arrays, or what :func:`save` was given.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If the file is damaged, or no file of this kind. The message names the first array concerned.

    Examples
    --------
    >>> import tempfile, os
    >>> from autograd import load, save
    >>> import numpy as np
    >>> file = os.path.join(tempfile.mkdtemp(), "weights.npz")
    >>> save({"w": np.array([1.0, 2.0])}, file)
    >>> load(file)
    {'w': array([1., 2.])}
    """
    import json

    package = _safetensors()
    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(f"there is no file {path}")
    try:
        with package.safe_open(str(path), framework="numpy") as file:
            metadata = file.metadata() or {}
            arrays = {name: file.get_tensor(name) for name in file.keys()}
    except package.SafetensorError as error:
        raise ValueError(f"{path} is damaged, or no file of a state: {_damage(path) or error}") from error
    try:
        checks, tree = json.loads(metadata.get("crc32", "{}")), json.loads(metadata.get("tree", "null"))
    except ValueError as error:
        raise ValueError(f"{path} is damaged: its metadata cannot be read") from error
    for name, check in checks.items():
        if name not in arrays or zlib.crc32(arrays[name].tobytes()) != check:
            raise ValueError(f"{path} is damaged: the numbers of {name} are not those that were saved")
    return _decoded(tree, arrays) if "tree" in metadata else arrays


def _damage(path: Path) -> str:
    """Which array a broken file ends in, as far as its head can still be read."""
    import json

    content = path.read_bytes()
    length = int.from_bytes(content[:8], "little")
    try:
        head = json.loads(content[8 : 8 + length])
        places = [(entry["data_offsets"][1], name) for name, entry in head.items() if name != "__metadata__"]
    except (ValueError, KeyError, TypeError, AttributeError, IndexError):
        return ""
    for end, name in sorted(places):
        if 8 + length + end > len(content):
            return f"it ends within the numbers of {name}"
    return ""


# --- a state as JSON beside its arrays ---------------------------------------------------------------


def _encoded(x: Any, where: str, arrays: dict[str, Any]) -> Any:
    if isinstance(x, Mapping):
        for key in x:
            if not isinstance(key, (str, int)):
                raise TypeError(f"{where or 'the state'}: names are strings or whole numbers, not {key!r}")
        inner = [[key, _encoded(value, f"{where}.{key}" if where else str(key), arrays)] for key, value in x.items()]
        return {"dict": inner}
    if isinstance(x, (list, tuple)):
        kind = "tuple" if isinstance(x, tuple) else "list"
        return {kind: [_encoded(value, f"{where}.{i}" if where else str(i), arrays) for i, value in enumerate(x)]}
    if isinstance(x, (np.ndarray, np.generic)):
        if x.dtype.name not in _KINDS:
            raise TypeError(f"{where}: arrays of dtype {x.dtype} cannot be saved; use one of {', '.join(_KINDS)}")
        name = where or "state"
        while name in arrays:
            name += "_"
        arrays[name] = np.array(x, x.dtype.newbyteorder("="), order="C")
        return {"array" if isinstance(x, np.ndarray) else "number": name}
    if x is None or isinstance(x, (bool, int, float, str)):
        return x
    cure = "; save its state_dict()" if hasattr(x, "state_dict") else "; save its .data" if isinstance(x, Node) else ""
    raise TypeError(f"{where or 'the state'}: a {type(x).__name__} cannot be saved{cure}")


def _decoded(x: Any, arrays: Mapping[str, Any]) -> Any:
    if not isinstance(x, dict):
        return x
    ((kind, content),) = x.items()
    if kind == "dict":
        return {key: _decoded(value, arrays) for key, value in content}
    if kind in ("list", "tuple"):
        values = [_decoded(value, arrays) for value in content]
        return tuple(values) if kind == "tuple" else values
    if content not in arrays:
        raise ValueError(f"the file is damaged: {content} is missing")
    return arrays[content] if kind == "array" else arrays[content][()]


# --- a whole training run ----------------------------------------------------------------------------


def capture(**parts: Any) -> dict[str, Any]:
    """The state of everything that a training run goes on from.

    Parameters
    ----------
    **parts
        Modules (with the generators that their dropout uses), optimisers, schedules, numpy Generators, and
        plain numbers, lists and arrays, by name.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> state = capture(rng=rng, epoch=3)
    >>> first = rng.random()
    >>> restore(state, rng=rng)["epoch"], rng.random() == first
    (3, True)
    """
    return {name: _state_of(part) for name, part in parts.items()}


def restore(state: Mapping[str, Any], **parts: Any) -> dict[str, Any]:
    """Put the parts back into the state that :func:`capture` found them in.

    Returns
    -------
    dict
        What the state holds for names that are not among `parts`: the plain numbers, say.

    Raises
    ------
    KeyError
        If the state lacks a part; errors of ``load_state_dict`` if one does not fit.
    """
    missing = set(parts) - set(state)
    if missing:
        raise KeyError(f"the state has no {', '.join(sorted(missing))}; it has {', '.join(state)}")
    for name, part in parts.items():
        mine = state[name]
        if isinstance(part, np.random.Generator):
            part.bit_generator.state = mine
        elif "generators" in mine:
            part.load_state_dict(mine["state"])
            for generator, saved in zip(generators_of(part), mine["generators"]):
                generator.bit_generator.state = saved
        else:
            part.load_state_dict(mine)
    return {name: x for name, x in state.items() if name not in parts}


def _state_of(part: Any) -> Any:
    if isinstance(part, np.random.Generator):
        return part.bit_generator.state
    if hasattr(part, "modules"):
        return {"state": part.state_dict(), "generators": [g.bit_generator.state for g in generators_of(part)]}
    return part.state_dict() if hasattr(part, "state_dict") else part


def generators_of(module: Any) -> list[np.random.Generator]:
    """The random generators of a module and its parts, each once."""
    found = [x for m in module.modules() for x in vars(m).values() if isinstance(x, np.random.Generator)]
    return list(dict.fromkeys(found))
