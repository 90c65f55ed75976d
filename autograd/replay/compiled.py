"""`jit`: a function that is recorded once for each signature, and replayed from then on."""

from __future__ import annotations

from functools import update_wrapper
from threading import Lock
from typing import Any, Callable, Sequence

import numpy as np

from autograd import modes, pytrees
from autograd.following import follower, followers, following
from autograd.node import KINDS, Node, tick
from autograd.replay.batch import Batches
from autograd.replay.call import Replay
from autograd.replay.environment import Environment, Unwatchable
from autograd.replay.given import Looked
from autograd.replay.making import uncollected
from autograd.replay.names import noting_locals
from autograd.replay.recorder import Recorder
from autograd.replay.recording import Recording, Stale
from autograd.replay.signature import FLAT, KNOWN, mixed, names_of, signature_of
from autograd.replay.verify import Verification
from autograd.replay.writer import arguments_of, source_of
from autograd.tensor import Tensor
from autograd.tensor.operands import leaf_of
from autograd.tensor.recording import record
from autograd.transforms.recorded_call import check_function

RECORDINGS = 64
"""So many recordings are kept at most, for as many signatures; and so often one is made anew."""

AGAIN = 8
"""So often a signature is recorded anew because what the function can see has changed."""

KEPT = 2
"""So many recordings of a signature are kept, for what goes to and fro: training and evaluation."""

Function = Callable[..., Any]


def jit(f: Function) -> Jit:
    """`f`, recorded at its first call and replayed from the third on: the same numbers, in less time.

    For each signature (shapes and dtypes of arrays and Tensors, values of other arguments) the program is recorded
    once, forward and backward, in a trial run that changes nothing, and then run as a list of calls of NumPy on memory
    that is there already. The second call runs both ways and compares. So the results of the first two calls are those
    of `f` itself.

    Parameters
    ----------
    f : callable
        Of arrays, Tensors, numbers, and nested lists, tuples and dicts of them. It may call ``backward()``, write to
        parameters (``p.data -= …``), and take the steps of optimisers: a whole training step.

    Returns
    -------
    Jit
        Called like `f`. ``source`` is the recorded program as Python, ``reasons`` says why calls were not replayed.

    Raises
    ------
    TypeError
        If `f` is no function.

    Notes
    -----
    A call that cannot be replayed is made as without `jit`, never replayed wrongly: where the function looks at a
    number that it has computed (``if loss > 1``, ``float(h)``, ``h.item()``), draws random numbers other than those of
    dropout, changes variables of its own, or where what it can see has changed. Arrays of floats among the arguments
    are variables of the recorded program. So ``a += b`` on one makes a new array inside `f`, and the caller's stays as
    it is.

    Examples
    --------
    >>> import numpy as np
    >>> from autograd import value_and_grad
    >>> loss = jit(value_and_grad(lambda w, x: np.sum(np.tanh(x @ w) ** 2)))
    >>> w, x = np.array([1.0, -1.0]), np.array([[1.0, 2.0], [3.0, 4.0]])
    >>> for _ in range(3):
    ...     value, gradient = loss(w, x)
    >>> float(round(value, 4)), gradient.round(4), loss.reasons
    (1.1601, array([-2.5588, -3.8382]), [])
    """
    check_function("jit", f)
    return Jit(f)


class Jit:
    """A function that is recorded and replayed; see :func:`jit`.

    Attributes
    ----------
    reasons : list of str
        Why calls were not replayed, each reason once.
    """

    def __init__(self, f: Function) -> None:
        update_wrapper(self, f)
        self.function = f
        self.reasons: list[str] = []
        self._recordings: dict[Any, list[Recording]] = {}
        self._made: dict[Any, int] = {}
        self._eager = False
        self._by_value: bool | None = None
        self._last: Recording | None = None
        self._batches: Batches | None = None
        self._lock = Lock()

    def __repr__(self) -> str:
        return f"<jit of {getattr(self.function, '__name__', repr(self.function))}>"

    def __get__(self, instance: Any, owner: Any = None) -> Any:
        raise TypeError("jit decorates a function, not a method; use it on the bound one: self.step = jit(self.step)")

    @property
    def eager(self) -> bool:
        """Whether every call is made as without `jit`; `reasons` says why."""
        return self._eager

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        # The dictionaries are empty most of the time, which is quicker to see than to ask.
        watched = (modes.active and modes.on()) or (followers and follower() is not None)
        if self._eager or watched or not self._lock.acquire(False):
            if modes.on():
                self._because("a mode was on (no_grad, detect_anomaly)")
            return self.function(*args, **kwargs)
        try:
            return self._call(args, kwargs)
        finally:
            self._lock.release()

    def _because(self, reason: str) -> None:
        if reason and reason not in self.reasons:
            self.reasons.append(reason)

    def _give_up(self, reason: str) -> None:
        self._because(reason)
        self._eager = True
        self._recordings.clear()

    @property
    def source(self) -> str:
        """The program of the latest recording: one line per operation, forward and backward, to be read or pasted.

        It takes the arguments of the function, and by name the parameters and large constants that it sees (``inputs``
        has them), and returns what the function returns, then gradients, then new numbers of parameters.

        Raises
        ------
        ValueError
            If there is no recording: the function was not called yet, or `reasons` says why it cannot be recorded.
        """
        return source_of(self._recorded(), getattr(self.function, "__name__", "program"))

    @property
    def inputs(self) -> dict[str, Any]:
        """What the source takes by name, as arrays: arguments and parameters at the latest replay, constants."""
        recording = self._recorded()
        return {name: recording.plan.arrays[var] for name, var in arguments_of(recording).items()}

    def graph(self, *args: Any, **kwargs: Any) -> tuple[Node, dict[str, Any]]:
        """The graph of a call with these arguments, for pictures, and its author's names; nothing is changed by it.

        Raises
        ------
        ValueError
            If nothing is recorded: the call decides by numbers, or returns no result of arrays.
        """
        leaves = pytrees.leaves([args, kwargs])
        recorder = Recorder(Environment(self.function), [x for x in leaves if isinstance(x, Node)], tick())
        arguments = [self._variable(x, recorder) for x in leaves]
        names = {name: x for name, x in zip(names_of(self.function, args, kwargs), arguments) if isinstance(x, Node)}
        new_args, new_kwargs = pytrees.rebuild([args, kwargs], arguments)
        try:
            recorder.start()
            with following(recorder), noting_locals(self.function, recorder.locals):
                result = self.function(*new_args, **new_kwargs)
        except Looked as reason:
            raise ValueError(f"{self!r} has no recorded program: {reason}") from None
        finally:
            recorder.undo()
        roots = [recorder.aliases.get(x, x) for x in pytrees.leaves(result) if isinstance(x, Node)]
        if not roots:
            raise ValueError(f"{self!r} returns no result of arrays")
        return roots[0], {**recorder.locals, **names}

    def _recorded(self) -> Recording:
        if self._last is None or self._eager:
            why = "; ".join(self.reasons) or "call it first"
            raise ValueError(f"{self!r} has no recorded program: {why}")
        return self._last

    def batch(self, *columns: Any) -> Any:
        """A function of single Values at many data points at once: one recording, NumPy over the points.

        Parameters
        ----------
        *columns : array_like, each with the data points along its first axis
            One for each parameter of the function, which gets a Value where a column is one number per point, and
            nested lists of them where it is more.

        Returns
        -------
        Tensor, shape (points,)
            What the function gives at each point; gradients reach the Values that the function sees.

        Raises
        ------
        ValueError
            If the columns differ in length.
        TypeError
            If the function does not return one Value.

        Examples
        --------
        >>> from autograd import Value
        >>> w = Value(3.0)
        >>> squared = jit(lambda x, y: (w * x[0] + x[1] - y) ** 2)
        >>> errors = squared.batch([[1.0, 0.0], [2.0, 1.0]], [1.0, 2.0])
        >>> errors.data
        array([ 4., 25.])
        >>> errors.mean().backward()
        >>> w.grad
        12.0
        """
        with self._lock:
            if self._batches is None:
                self._batches = Batches(self.function, self._because)
            return self._batches(columns)

    # --- a call ----------------------------------------------------------------------------------------

    def _call(self, args: Any, kwargs: Any) -> Any:
        leaves = list(args) if not kwargs and FLAT.issuperset(map(type, args)) else pytrees.leaves([args, kwargs])
        key = signature_of(args, kwargs, leaves, self._by_value)
        reason = ""
        recordings = self._recordings.get(key, [])
        for recording in recordings:
            if recording.environment.same():
                try:
                    recording.prepare(leaves)
                    break
                except Stale as error:
                    reason = str(error)
                except Exception as error:
                    self._give_up(f"preparing a replay raised {type(error).__name__}: {error}")
                    return self.function(*args, **kwargs)
        else:
            self._because(reason)
            return self._record(key, leaves, args, kwargs)
        if recording is not recordings[0]:
            self._recordings[key] = [recording, *[x for x in recordings if x is not recording]]
        gradients = recording.which_gradients()
        known = gradients in recording.verified and not (recording.unvaried and recording.varied(leaves))
        if known and (blocked := recording.blocked()):
            self._because(blocked)
            recording.rewind(recording.stood)
            return self.function(*args, **kwargs)
        try:
            recording.compute()
        except Exception as error:  # what the function itself raises, or gives, is right
            self._because(f"a replay raised {type(error).__name__}: {error}")
        else:
            if known:
                result = self._result(recording, leaves, args, kwargs)
                recording.change()
                return result
            try:
                verification = Verification(recording, leaves)
            except Exception as error:
                self._give_up(f"its backward pass raised {type(error).__name__}: {error}")
            else:
                return self._verified(recording, verification, args, kwargs)
        recording.rewind(recording.stood)
        return self.function(*args, **kwargs)

    def _result(self, recording: Recording, leaves: Sequence[Any], args: Any, kwargs: Any) -> Any:
        arrays = recording.plan.arrays
        found = []
        for output in recording.outputs:
            kind = output.kind
            if kind == "argument":
                found.append(leaves[output.value])
            elif kind == "copy":
                data = leaves[output.value]
                found.append(data.copy(order="K") if data.ndim else data[()])
            elif kind == "constant":
                found.append(output.value)
            else:
                array = arrays[output.var]  # type: ignore[index]  # what was computed has a variable
                data = array[()] if not array.ndim else array
                if kind == "node":
                    data = self._node(recording, output, data, leaves, args, kwargs)
                elif kind == "leaf":
                    data = leaf_of(data)
                elif kind == "float":
                    data = float(data)
                elif kind == "array" and not array.ndim:
                    data = array.copy()
                found.append(data)
        return found[0] if recording.single else pytrees.rebuild(recording.form, found)

    def _node(self, recording: Recording, output: Any, data: Any, leaves: Any, args: Any, kwargs: Any) -> Any:
        inputs = recording.inputs_of(leaves)
        which = recording.outputs.index(output)
        replay = Replay(self, recording, which, inputs, leaves, args, kwargs)
        return record(replay, tuple(inputs), data)

    # --- the first call and the second -------------------------------------------------------------------

    def _record(self, key: Any, leaves: Sequence[Any], args: Any, kwargs: Any) -> Any:
        self._made[key] = self._made.get(key, 0) + 1
        if self._made[key] > AGAIN:
            self._give_up("what the function can see, or the whole numbers it is given, change from call to call")
            return self.function(*args, **kwargs)
        if len(self._made) > RECORDINGS:
            self._give_up(f"more than {RECORDINGS} signatures")
            return self.function(*args, **kwargs)
        objects = [x for x in leaves if type(x) not in KNOWN]
        try:
            if any(type(x) in KINDS and type(x) is not Tensor for x in leaves):
                raise Unwatchable("an argument is a Value; for many data points at once there is jit(f).batch")
            environment = Environment(self.function, *objects)
        except Unwatchable as reason:
            self._give_up(str(reason))
            return self.function(*args, **kwargs)
        if self._by_value is None:
            self._by_value = mixed(environment, leaves)
            key = signature_of(args, kwargs, leaves, self._by_value)
        trouble = ""
        arguments_from = tick()
        recorder = Recorder(environment, [x for x in leaves if isinstance(x, Node)], arguments_from)
        with uncollected():
            try:
                arguments = [self._variable(x, recorder) for x in leaves]
                recorder.start()
                new_args, new_kwargs = pytrees.rebuild([args, kwargs], arguments)
                with following(recorder):
                    environment.protect()
                    with noting_locals(self.function, recorder.locals):
                        result = self.function(*new_args, **new_kwargs)
                    recorder.finish()
                    changed = environment.changed()
                    drew = environment.drew()
                    names = names_of(self.function, args, kwargs)
                    recording = Recording(recorder, arguments, result, environment, names)
            except Looked as reason:
                self._give_up(str(reason))
            except Exception as error:
                trouble = f"recording it raised {type(error).__name__}: {error}"
            else:
                if changed or drew:
                    self._give_up(f"it changes {changed}" if changed else f"it draws random numbers ({drew})")
                else:
                    self._recordings[key] = [recording, *self._recordings.get(key, ())][:KEPT]
                    self._last = recording
            finally:
                recorder.undo()
        result = self.function(*args, **kwargs)  # if it raises by itself, the next call may be recorded
        if trouble:
            self._give_up(trouble)
        return result

    def _variable(self, x: Any, recorder: Recorder) -> Any:
        """What the function gets in place of an argument while it is recorded."""
        kind = type(x)
        if kind is np.ndarray:
            if x.dtype.kind == "f":
                return leaf_of(x.copy())  # whose owner may write into it before a backward pass
            if x.dtype.kind in "biu":
                return recorder.notes.stand_in(x)
            raise Looked(f"an argument is an array of dtype {x.dtype}")
        if kind is float and not self._by_value:
            return leaf_of(np.array(x))
        return x

    def _verified(self, recording: Recording, verification: Verification, args: Any, kwargs: Any) -> Any:
        """The second call: as without `jit`, and compared with the replay."""
        gradients, varied = recording.which_gradients(), recording.varied(verification.leaves)
        recording.environment.note_randoms()  # after the replay: the call draws as much
        recording.rewind(recording.stood)
        result = verification.run(lambda: self.function(*args, **kwargs))
        if verification.wrong:
            self._give_up(f"the replay differed from the call itself: {verification.wrong}")
        elif changed := recording.environment.changed():
            self._give_up(f"it changes {changed}")
        elif drew := recording.environment.drew():
            self._give_up(f"it draws random numbers ({drew})")
        else:
            recording.verified.add(gradients)
            for i in varied:
                del recording.unvaried[i]
        return result
