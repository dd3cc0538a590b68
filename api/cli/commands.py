"""Every command, registered by being imported."""

from api.cli import (  # noqa: F401 registered by being imported
    candidates,
    check,
    clock,
    day,
    db,
    explain,
    plan,
    region,
    reorder,
    rescue,
    runs,
    serve,
    stock,
    stored,
    verify,
    warm,
)
