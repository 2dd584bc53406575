"""Take a scope for one transaction: what the database shows and accepts is then decided by its row-level security."""

from __future__ import annotations

from sqlalchemy import Connection, text

from geo.model import Scope

__all__ = ["enter", "wait_longer"]

_ENTER = text(
    "select set_config('role', :role, true), set_config('watch.person', :person, true),"
    " set_config('watch.districts', :districts, true), set_config('watch.agency', :agency, true)"
)
_PATIENT = text("select set_config('statement_timeout', '120s', true)")


def enter(connection: Connection, scope: Scope, person: int | None = None) -> None:
    """Act for ``scope``, and for ``person`` where something is written or is theirs alone, until the transaction ends.

    Everything is local to the transaction: a pooled connection that is handed on knows nothing of it, and where the
    transaction ended too early the web process's own role has no right to any case.

    Raises
    ------
    ValueError
        The scope has no role: it was made for commands, which act as the owner.
    """
    if scope.role is None:
        raise ValueError("a scope without a role reads only as the owner")
    connection.execute(
        _ENTER,
        {
            "role": f"watch_{scope.role}",
            "person": "" if person is None else str(person),
            "districts": ",".join(scope.districts or ()),
            "agency": scope.agency or "",
        },
    )


def wait_longer(connection: Connection) -> None:
    """Let statements of this transaction take two minutes: a million incidents are read in some seconds."""
    connection.execute(_PATIENT)
