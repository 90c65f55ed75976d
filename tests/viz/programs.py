"""Small programs that several tests draw."""

from __future__ import annotations

from autograd import Value, dot, tanh


def labelled(**numbers: float) -> list[Value]:
    return [Value(number, label=name) for name, number in numbers.items()]


def name(value: Value, label: str) -> Value:
    value.label = label
    return value


def three() -> tuple[Value, dict[str, Value]]:
    """J = 3(a + bc), differentiated."""
    a, b, c = labelled(a=5, b=3, c=2)
    u = name(b * c, "u")
    v = name(a + u, "v")
    J = name(3 * v, "J")
    J.backward()
    return J, {"a": a, "b": b, "c": c, "u": u, "v": v}


def neuron(inputs: int = 5) -> Value:
    """tanh(w·x + b), differentiated."""
    ws = labelled(**{f"w{i}": 0.1 * i for i in range(1, inputs + 1)})
    xs = labelled(**{f"x{i}": 1.0 / i for i in range(1, inputs + 1)})
    a = name(tanh(name(dot(ws, xs, Value(0.5, label="b")), "z")), "a")
    a.backward()
    return a


def deep(size: int) -> Value:
    """A program of about `size` nodes that uses its results again."""
    values = labelled(a=0.3, b=0.7, c=-0.2)
    while len(values) < size:
        i = len(values)
        x, y = values[-1 - i % 3], values[-1 - (i * 7) % min(i, 25)]
        values.append([x * y, x + y, tanh(x), x - y][i % 4])
    J = values[-1]
    J.backward()
    return J
