"""Words of names, so that alike identities are found without comparing all with all."""
import sqlalchemy as sa
from alembic import op

from records.words import WORDY, words_of

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    table = op.create_table('identity_words',
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('word', sa.String(length=64), nullable=False),
    sa.Column('identity_id', sa.String(length=128), nullable=False),
    sa.ForeignKeyConstraint(['identity_id'], ['identities.identity_id'], ),
    sa.PrimaryKeyConstraint('kind', 'word', 'identity_id')
    )
    names = op.get_bind().execute(sa.text(
        "SELECT i.kind, n.name, i.identity_id FROM identity_names n JOIN identities i USING (identity_id)"
    ))
    rows = {(kind, word, identity_id) for kind, name, identity_id in names if kind in WORDY for word in words_of(name)}
    op.bulk_insert(table, [dict(zip(("kind", "word", "identity_id"), row)) for row in sorted(rows)])
