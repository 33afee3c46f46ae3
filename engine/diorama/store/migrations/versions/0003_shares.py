"""Links by which others see a scene."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision: str | None = "0002"


def upgrade() -> None:
    """Make the table of links."""
    op.create_table(
        "shares",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("secret", sa.LargeBinary(32), nullable=False),
        sa.Column("title", sa.String, nullable=False),
        sa.Column("client", sa.String, nullable=False),
        sa.Column("scene", sa.LargeBinary(32), nullable=False),
        sa.Column("sounds", sa.LargeBinary, nullable=False),
        sa.Column("created", sa.Float, nullable=False),
        sa.Column("expires", sa.Float, nullable=False),
        sa.Column("revoked", sa.Float),
    )
    op.create_index("shares_by_age", "shares", ["created", "id"])


def downgrade() -> None:
    """Take the table away: the links in it lead nowhere then."""
    op.drop_table("shares")
