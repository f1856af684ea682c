"""Drafts of questionnaires; follow-up surveys; answers by telephone and on paper"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# SQLite adds a column with its constraint in place. Alembic would make the table anew, and lose other constraints.
COLUMNS = {
    "survey": {
        "wave": "VARCHAR(32) DEFAULT 'event' NOT NULL CONSTRAINT ck_survey_wave CHECK (wave IN ('event', 'followup'))",
        "sheets": "INTEGER DEFAULT 0 NOT NULL CONSTRAINT ck_survey_sheets_not_negative CHECK (sheets >= 0)",
    },
    "invitation": {
        "channel": "VARCHAR(32) DEFAULT 'link' NOT NULL CONSTRAINT ck_invitation_channel "
        "CHECK (channel IN ('link', 'telephone', 'paper'))",
    },
}


def upgrade() -> None:
    op.create_table(
        "questionnaire_draft",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=80), nullable=False),
        sa.Column("definition", sa.JSON(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_by", sa.String(length=254), nullable=False),
        sa.CheckConstraint("revision > 0", name=op.f("ck_questionnaire_draft_revision_counts_up")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_questionnaire_draft")),
        sa.UniqueConstraint("code", name=op.f("uq_questionnaire_draft_code")),
    )
    op.create_table(
        "questionnaire_draft_state",
        sa.Column("draft_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("definition", sa.JSON(), nullable=False),
        sa.Column("done", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["draft_id"],
            ["questionnaire_draft.id"],
            name=op.f("fk_questionnaire_draft_state_draft_id_questionnaire_draft"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("draft_id", "revision", name=op.f("pk_questionnaire_draft_state")),
    )
    op.add_column("questionnaire", sa.Column("published_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("staff_member", sa.Column("takes_answers", sa.Boolean(), server_default=sa.false(), nullable=False))
    for table, columns in COLUMNS.items():
        for name, what in columns.items():
            op.execute(f"ALTER TABLE {table} ADD COLUMN {name} {what}")
    op.create_index(
        "uq_survey_event_id_role_wave",
        "survey",
        ["event_id", "role", "wave"],
        unique=True,
        sqlite_where=sa.text("imported = 0"),
        postgresql_where=sa.text("NOT imported"),
    )


def downgrade() -> None:
    op.drop_index("uq_survey_event_id_role_wave", "survey")
    for table, columns in COLUMNS.items():
        for name in columns:
            op.execute(f"ALTER TABLE {table} DROP COLUMN {name}")
    op.drop_column("staff_member", "takes_answers")
    op.drop_column("questionnaire", "published_at")
    op.drop_table("questionnaire_draft_state")
    op.drop_table("questionnaire_draft")
