"""The errors that this package raises on purpose. Each message names the culprit and the cure."""


class AutogradError(Exception):
    """Base class of the errors below."""


class NoRuleError(AutogradError, TypeError):
    """A function was applied to a Value or Tensor for which the table has no rule."""


class LeavesGraphError(AutogradError, TypeError):
    """A Value or Tensor was about to turn silently into plain numbers, losing its gradient."""


class InPlaceError(AutogradError, TypeError):
    """An operation would have changed data that is, or may be, part of a recorded graph."""


class ChangedDataError(AutogradError, RuntimeError):
    """Data that a recorded operation used was changed before the backward pass."""


class AnomalyError(AutogradError, ArithmeticError):
    """An operation made a nan or an inf while `detect_anomaly` was watching."""
