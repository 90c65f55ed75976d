"""Names as LaTeX has them."""

COMMANDS = {name: f"\\{name}" for name in ("sin", "cos", "tan", "sinh", "cosh", "tanh", "log", "max", "min")}
COMMANDS |= {"log2": r"\log_{{2}}", "log10": r"\log_{{10}}"}
COMMANDS |= {f"a{name}": rf"\arc{name}" for name in ("sin", "cos", "tan")}
"""Functions that LaTeX has a command for."""


def latex_name(name: str) -> str:
    """`name` for LaTeX: trailing digits become a subscript, special characters are escaped."""
    stem = name.rstrip("0123456789")
    digits = name[len(stem) :]
    escaped = "".join(
        "\\" + c if c in "_#$%&{}" else {"\\": r"\backslash ", "~": r"\sim ", "^": r"\hat{}"}.get(c, c) for c in stem
    )
    if len(stem.strip("_")) > 1:
        escaped = rf"\mathrm{{{escaped}}}"
    return f"{escaped.rstrip('_').rstrip(chr(92))}_{{{digits}}}" if digits and stem else escaped + digits
