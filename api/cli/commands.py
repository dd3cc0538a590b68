"""Every command, registered by being imported."""

from api.cli import (  # noqa: F401 registered by being imported
    check,
    clock,
    db,
    explain,
    plan,
    region,
    reorder,
    runs,
    serve,
    stock,
    stored,
    verify,
    warm,
)
