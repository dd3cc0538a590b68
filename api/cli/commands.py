"""Every command, registered by being imported."""

from api.cli import (  # noqa: F401 registered by being imported
    check,
    clock,
    explain,
    plan,
    region,
    reorder,
    verify,
    warm,
)
