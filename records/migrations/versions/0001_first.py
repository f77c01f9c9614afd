"""The first schema: documents, texts, extractions, identities, decisions, the register."""
import secrets

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# What was once written there stays as it was; the rest of the tables have rows that change.
WRITTEN_ONCE = ("decisions", "versions", "texts", "extractions", "runs")


def upgrade() -> None:
    op.create_table('counters',
    sa.Column('name', sa.String(length=32), nullable=False),
    sa.Column('value', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('name')
    )
    op.create_table('decisions',
    sa.Column('decision_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('target', sa.Text(), nullable=False),
    sa.Column('value', sa.Text(), nullable=False),
    sa.Column('who', sa.Text(), nullable=False),
    sa.Column('why', sa.Text(), nullable=False),
    sa.Column('at', sa.String(length=32), nullable=False),
    sa.Column('version', sa.String(length=64), nullable=False),
    sa.Column('undoes', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('document_id', sa.String(length=32), nullable=False),
    sa.Column('sequence', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['undoes'], ['decisions.decision_id'], ),
    sa.PrimaryKeyConstraint('decision_id')
    )
    op.create_index(op.f('ix_decisions_target'), 'decisions', ['target'], unique=False)
    op.create_table('documents',
    sa.Column('document_id', sa.String(length=32), nullable=False),
    sa.Column('registered_at', sa.String(length=32), nullable=False),
    sa.Column('sequence', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('document_id')
    )
    op.create_table('register',
    sa.Column('entry_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('lease_until', sa.Float(), nullable=False),
    sa.Column('owner', sa.Text(), nullable=False),
    sa.Column('error', sa.Text(), nullable=False),
    sa.Column('document_id', sa.String(length=32), nullable=False),
    sa.Column('result', sa.Text(), nullable=False),
    sa.Column('queued_at', sa.String(length=32), nullable=False),
    sa.Column('finished_at', sa.String(length=32), nullable=False),
    sa.PrimaryKeyConstraint('entry_id')
    )
    op.create_index('register_by_state', 'register', ['state', 'entry_id'], unique=False)
    op.create_table('runs',
    sa.Column('run_id', sa.String(length=32), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('version', sa.Text(), nullable=False),
    sa.Column('model', sa.Text(), nullable=False),
    sa.Column('model_hash', sa.Text(), nullable=False),
    sa.Column('ontology_hash', sa.Text(), nullable=False),
    sa.Column('registered_at', sa.String(length=32), nullable=False),
    sa.PrimaryKeyConstraint('run_id')
    )
    op.create_table('addresses',
    sa.Column('address', sa.Text(), nullable=False),
    sa.Column('document_id', sa.String(length=32), nullable=False),
    sa.Column('declared', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['document_id'], ['documents.document_id'], ),
    sa.PrimaryKeyConstraint('address')
    )
    op.create_index(op.f('ix_addresses_document_id'), 'addresses', ['document_id'], unique=False)
    op.create_table('bands',
    sa.Column('band', sa.BigInteger(), nullable=False),
    sa.Column('document_id', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['document_id'], ['documents.document_id'], ),
    sa.PrimaryKeyConstraint('band', 'document_id')
    )
    op.create_index(op.f('ix_bands_document_id'), 'bands', ['document_id'], unique=False)
    op.create_table('identities',
    sa.Column('identity_id', sa.String(length=128), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('sector', sa.String(length=64), nullable=False),
    sa.Column('first_document', sa.String(length=32), nullable=False),
    sa.Column('sequence', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['first_document'], ['documents.document_id'], ),
    sa.PrimaryKeyConstraint('identity_id')
    )
    op.create_table('same_texts',
    sa.Column('left_id', sa.String(length=32), nullable=False),
    sa.Column('right_id', sa.String(length=32), nullable=False),
    sa.Column('score', sa.Float(), nullable=False),
    sa.ForeignKeyConstraint(['left_id'], ['documents.document_id'], ),
    sa.ForeignKeyConstraint(['right_id'], ['documents.document_id'], ),
    sa.PrimaryKeyConstraint('left_id', 'right_id')
    )
    op.create_index(op.f('ix_same_texts_right_id'), 'same_texts', ['right_id'], unique=False)
    op.create_table('versions',
    sa.Column('version', sa.String(length=64), nullable=False),
    sa.Column('document_id', sa.String(length=32), nullable=False),
    sa.Column('filename', sa.Text(), nullable=False),
    sa.Column('media_type', sa.Text(), nullable=False),
    sa.Column('source_address', sa.Text(), nullable=False),
    sa.Column('size', sa.BigInteger(), nullable=False),
    sa.Column('read_at', sa.String(length=32), nullable=False),
    sa.Column('sequence', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['document_id'], ['documents.document_id'], ),
    sa.PrimaryKeyConstraint('version')
    )
    op.create_index(op.f('ix_versions_document_id'), 'versions', ['document_id'], unique=False)
    op.create_table('appearances',
    sa.Column('document_id', sa.String(length=32), nullable=False),
    sa.Column('identity_id', sa.String(length=128), nullable=False),
    sa.ForeignKeyConstraint(['document_id'], ['documents.document_id'], ),
    sa.ForeignKeyConstraint(['identity_id'], ['identities.identity_id'], ),
    sa.PrimaryKeyConstraint('document_id', 'identity_id')
    )
    op.create_index(op.f('ix_appearances_identity_id'), 'appearances', ['identity_id'], unique=False)
    op.create_table('candidates',
    sa.Column('left_id', sa.String(length=128), nullable=False),
    sa.Column('right_id', sa.String(length=128), nullable=False),
    sa.Column('score', sa.Float(), nullable=False),
    sa.Column('reasons', sa.Text(), nullable=False),
    sa.Column('document_id', sa.String(length=32), nullable=False),
    sa.Column('sequence', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['document_id'], ['documents.document_id'], ),
    sa.ForeignKeyConstraint(['left_id'], ['identities.identity_id'], ),
    sa.ForeignKeyConstraint(['right_id'], ['identities.identity_id'], ),
    sa.PrimaryKeyConstraint('left_id', 'right_id')
    )
    op.create_table('identity_keys',
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('identity_id', sa.String(length=128), nullable=False),
    sa.Column('sequence', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['identity_id'], ['identities.identity_id'], ),
    sa.PrimaryKeyConstraint('key')
    )
    op.create_index(op.f('ix_identity_keys_identity_id'), 'identity_keys', ['identity_id'], unique=False)
    op.create_table('identity_names',
    sa.Column('identity_id', sa.String(length=128), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('folded', sa.Text(), nullable=False),
    sa.Column('sequence', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['identity_id'], ['identities.identity_id'], ),
    sa.PrimaryKeyConstraint('identity_id', 'name')
    )
    op.create_index(op.f('ix_identity_names_folded'), 'identity_names', ['folded'], unique=False)
    op.create_table('texts',
    sa.Column('text_id', sa.String(length=32), nullable=False),
    sa.Column('version', sa.String(length=64), nullable=False),
    sa.Column('parser', sa.Text(), nullable=False),
    sa.Column('parser_version', sa.Text(), nullable=False),
    sa.Column('text', sa.LargeBinary(), nullable=False),
    sa.Column('blocks', sa.LargeBinary(), nullable=False),
    sa.Column('bibliography', sa.Text(), nullable=False),
    sa.Column('notes', sa.Text(), nullable=False),
    sa.Column('words', sa.Integer(), nullable=False),
    sa.Column('signature', sa.LargeBinary(), nullable=False),
    sa.Column('sequence', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['version'], ['versions.version'], ),
    sa.PrimaryKeyConstraint('text_id'),
    sa.UniqueConstraint('version', 'parser', 'parser_version')
    )
    op.create_table('extractions',
    sa.Column('extraction_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('text_id', sa.String(length=32), nullable=False),
    sa.Column('run_id', sa.String(length=32), nullable=False),
    sa.Column('payload', sa.LargeBinary(), nullable=False),
    sa.Column('payload_hash', sa.String(length=64), nullable=False),
    sa.Column('identity_ids', sa.LargeBinary(), nullable=False),
    sa.Column('extracted_at', sa.String(length=32), nullable=False),
    sa.Column('sequence', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['run_id'], ['runs.run_id'], ),
    sa.ForeignKeyConstraint(['text_id'], ['texts.text_id'], ),
    sa.PrimaryKeyConstraint('extraction_id')
    )
    op.create_index('extractions_of_text', 'extractions', ['text_id', 'sequence'], unique=False)
    op.create_table('document_states',
    sa.Column('document_id', sa.String(length=32), nullable=False),
    sa.Column('version', sa.String(length=64), nullable=False),
    sa.Column('text_id', sa.String(length=32), nullable=False),
    sa.Column('extraction_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('sequence', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['document_id'], ['documents.document_id'], ),
    sa.ForeignKeyConstraint(['extraction_id'], ['extractions.extraction_id'], ),
    sa.ForeignKeyConstraint(['text_id'], ['texts.text_id'], ),
    sa.ForeignKeyConstraint(['version'], ['versions.version'], ),
    sa.PrimaryKeyConstraint('document_id'),
    sa.UniqueConstraint('sequence')
    )
    op.execute("INSERT INTO counters (name, value) VALUES ('sequence', 0)")
    op.execute(f"INSERT INTO counters (name, value) VALUES ('epoch', {secrets.randbits(48)})")
    if op.get_bind().dialect.name == "sqlite":
        for table in WRITTEN_ONCE:
            for action in ("UPDATE", "DELETE"):
                op.execute(
                    f"CREATE TRIGGER {table}_no_{action.lower()} BEFORE {action} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, 'rows of {table} are written once'); END"
                )
    else:
        op.execute(
            "CREATE FUNCTION refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS "
            "$$BEGIN RAISE EXCEPTION 'rows of % are written once', TG_TABLE_NAME; END$$"
        )
        for table in WRITTEN_ONCE:
            op.execute(
                f"CREATE TRIGGER {table}_written_once BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
                f"FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting()"
            )
