"""Who works at what, for a while, by the clock of the database: the only one that all share."""

from __future__ import annotations

import sqlalchemy as sa

from muniment.audit.tables import leases

RUN = "run"


def claim(connection: sa.Connection, name: str, owner: str, seconds: int) -> bool:
    """Take or renew a lease, unless somebody else holds it still."""
    now = _now(connection)
    holder = connection.execute(
        sa.select(leases.c.owner, leases.c.until).where(leases.c.name == name)
    ).one_or_none()
    if holder is None:
        connection.execute(sa.insert(leases).values(name=name, owner=owner, until=now + seconds))
        return True
    if holder.owner != owner and holder.until > now:
        return False
    connection.execute(
        sa.update(leases).where(leases.c.name == name).values(owner=owner, until=now + seconds)
    )
    return True


def release(connection: sa.Connection, owner: str) -> None:
    """Give up all leases of an owner."""
    connection.execute(sa.delete(leases).where(leases.c.owner == owner))


def holder_of(connection: sa.Connection, name: str) -> str | None:
    """Who holds a lease now."""
    now = _now(connection)
    held = sa.select(leases.c.owner).where(leases.c.name == name, leases.c.until > now)
    owner: str | None = connection.execute(held).scalar_one_or_none()
    return owner


def _now(connection: sa.Connection) -> int:
    """Seconds of the database's clock."""
    clock = (
        "extract(epoch from clock_timestamp())::bigint"
        if connection.dialect.name == "postgresql"
        else "CAST(strftime('%s', 'now') AS INTEGER)"
    )
    return int(connection.exec_driver_sql(f"SELECT {clock}").scalar_one())
