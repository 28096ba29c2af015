"""The use cases, each a short story in the order in which it happens.

Here the rooms meet: `metadata` and `bags` do not know each other. Clock, parallelism and progress
are handed in. Each story is loaded when it is first asked for: verifying needs no XML.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from muniment.workflow.packaging import PackageRequest, SecondOpinion, package
    from muniment.workflow.validating import validate
    from muniment.workflow.verifying import verify

_HOMES = {
    "PackageRequest": "packaging",
    "SecondOpinion": "packaging",
    "package": "packaging",
    "validate": "validating",
    "verify": "verifying",
}

__all__ = ["PackageRequest", "SecondOpinion", "package", "validate", "verify"]


def __getattr__(name: str) -> object:
    """Load the module that holds a story (PEP 562)."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
