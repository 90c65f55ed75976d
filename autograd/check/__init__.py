"""Is this gradient right? Property-based gradient checking."""

from .point import check_vjp
from .report import Entry, Finding, GradientError, Report

__all__ = ["Entry", "Finding", "GradientError", "Report", "check_vjp"]
