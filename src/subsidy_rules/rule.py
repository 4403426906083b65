"""Moved to ``rulebook`` (a module named like the public decorator would hide it). Import from there."""

from subsidy_rules.rulebook import *  # noqa: F403
