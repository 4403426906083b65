"""Checks what a subsidy deliberation says about its own figures."""

__version__ = "0.1.0"
