"""Results and reports: what is composed, made in a queue and published in any language; looks, scores and targets"""

import sqlalchemy as sa
from alembic import op

from mande.migrate import NewColumn
from mande.migrate import change_table

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

KEPT = ("edition", "edition_action")
REFUSAL = "what was published never changes"
NEW_TABLES = ("turnout", "score", "rendering", "look", "composition", "target", "kept_file")
MESSAGES_BEFORE = (
    "'invitation', 'reminder', 'last_call', 'thank_you', 'check_in', 'request', 'erasure', 'followup_thanks', "
    "'team_notice', 'partner_link', 'partner_code'"
)
NEW_MESSAGES = "'edition', 'feedback'"
EDITIONS_BEFORE = "'internal', 'partner', 'public'"
NEW_EDITIONS = "'summary', 'respondents'"


def upgrade() -> None:
    connection = op.get_bind()
    change_table(
        connection, "message", constraints={"ck_message_kind": f"CHECK (kind IN ({MESSAGES_BEFORE}, {NEW_MESSAGES}))"}
    )
    _let_go(connection)
    change_table(
        connection,
        "edition",
        add={
            "paper": NewColumn("VARCHAR(32) DEFAULT 'a4'", "'a4'", needed=True),
            "made_with": NewColumn("TEXT DEFAULT ''", "''", needed=True),
            "basis": NewColumn("JSON DEFAULT '{}'", "'{}'", needed=True),
        },
        constraints={
            "ck_edition_kind": f"CHECK (kind IN ({EDITIONS_BEFORE}, {NEW_EDITIONS}))",
            "ck_edition_paper": "CHECK (paper IN ('a4', 'letter'))",
            "uq_edition_event_id_kind_number": None,
            "uq_edition_event_id_kind_language_number": "UNIQUE (event_id, kind, language, number)",
        },
    )
    _keep(connection)
    _create_tables()


def downgrade() -> None:
    """What only the newer program knows goes: kinds and languages of editions, what was composed, looks, scores."""
    connection = op.get_bind()
    for table in NEW_TABLES:
        op.drop_table(table)
    connection.execute(sa.text(f"DELETE FROM message WHERE kind IN ({NEW_MESSAGES})"))  # noqa: S608
    change_table(connection, "message", constraints={"ck_message_kind": f"CHECK (kind IN ({MESSAGES_BEFORE}))"})
    _let_go(connection)
    _forget_editions(connection)
    change_table(
        connection,
        "edition",
        drop=["paper", "made_with", "basis"],
        constraints={
            "ck_edition_paper": None,
            "ck_edition_kind": f"CHECK (kind IN ({EDITIONS_BEFORE}))",
            "uq_edition_event_id_kind_language_number": None,
            "uq_edition_event_id_kind_number": "UNIQUE (event_id, kind, number)",
        },
    )
    _keep(connection)


def _forget_editions(connection: sa.Connection) -> None:
    """Those of new kinds, and of one number in several languages all but one."""
    unknown = (
        f"SELECT id FROM edition WHERE kind IN ({NEW_EDITIONS}) OR EXISTS (SELECT 1 FROM edition AS other"  # noqa: S608
        " WHERE other.event_id = edition.event_id AND other.kind = edition.kind AND other.number = edition.number"
        " AND other.language < edition.language)"
    )
    found = [str(row.id) for row in connection.execute(sa.text(unknown).columns(id=sa.Uuid()))]
    editions = sa.table("edition", sa.column("id", sa.Uuid()))
    held = sa.table("edition_action", sa.column("edition_id", sa.Uuid()))
    visits = sa.table("reader_visit", sa.column("edition_id", sa.Uuid()))
    for one in map(sa.UUID().python_type, found):
        connection.execute(sa.update(visits).where(visits.c.edition_id == one).values(edition_id=None))
        connection.execute(sa.delete(held).where(held.c.edition_id == one))
        connection.execute(sa.delete(editions).where(editions.c.id == one))


def _let_go(connection: sa.Connection) -> None:
    """Lets this migration change what was published."""
    for table in KEPT:
        if _is_sqlite():
            for change in ("update", "delete"):
                connection.exec_driver_sql(f"DROP TRIGGER {table}_refuses_{change}")
        else:
            connection.exec_driver_sql(f"DROP TRIGGER {table}_refuses_change ON {table}")


def _keep(connection: sa.Connection) -> None:
    """What was published is published for good again."""
    for table in KEPT:
        if _is_sqlite():
            for change in ("UPDATE", "DELETE"):
                connection.exec_driver_sql(
                    f"CREATE TRIGGER {table}_refuses_{change.lower()} BEFORE {change} ON {table}"
                    f" BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
                )
        else:
            connection.exec_driver_sql(
                f"CREATE TRIGGER {table}_refuses_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
                " FOR EACH STATEMENT EXECUTE FUNCTION mande_refuse_change()"
            )


def _is_sqlite() -> bool:
    return bool(op.get_bind().dialect.name == "sqlite")


def _create_tables() -> None:
    op.create_table(
        "kept_file",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_kept_file")),
    )
    op.create_table(
        "target",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "measure",
            sa.Enum(
                "mean",
                "favourable",
                "response",
                "actions_done",
                "women",
                "women_speaking",
                "beyond_the_state",
                "online_without_barriers",
                name="measure",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("question", sa.String(length=80), nullable=False),
        sa.Column("programme", sa.String(length=200), nullable=False),
        sa.Column("value", sa.Double(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("set_by", sa.String(length=254), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_target")),
        sa.UniqueConstraint("measure", "question", "programme", name=op.f("uq_target_measure_question_programme")),
    )
    op.create_table(
        "composition",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "internal",
                "partner",
                "public",
                "summary",
                "respondents",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column(
            "paper",
            sa.Enum("a4", "letter", name="paper", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("sections", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("left_out", sa.JSON(), nullable=False),
        sa.Column("actions", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("breakdown", sa.String(length=40), nullable=True),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("findings", sa.Text(), nullable=False),
        sa.Column("recommendations", sa.Text(), nullable=False),
        sa.Column("next_steps", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_by", sa.String(length=254), nullable=False),
        sa.CheckConstraint("revision > 0", name=op.f("ck_composition_revision_counts_up")),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_composition_event_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("event_id", "kind", "language", name=op.f("pk_composition")),
    )
    op.create_table(
        "look",
        sa.Column("convenor", sa.String(length=200), nullable=False),
        sa.Column("accent", sa.String(length=7), nullable=False),
        sa.Column("font", sa.String(length=80), nullable=False),
        sa.Column("font_file", sa.String(length=64), nullable=True),
        sa.Column("logo", sa.String(length=64), nullable=True),
        sa.Column("logo_text", sa.String(length=200), nullable=False),
        sa.Column(
            "paper",
            sa.Enum("a4", "letter", name="paper", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_by", sa.String(length=254), nullable=False),
        sa.CheckConstraint("length(accent) = 7", name=op.f("ck_look_accent_like_0f5c6e")),
        sa.ForeignKeyConstraint(
            ["font_file"], ["kept_file.sha256"], name=op.f("fk_look_font_file"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(["logo"], ["kept_file.sha256"], name=op.f("fk_look_logo"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("convenor", name=op.f("pk_look")),
    )
    op.create_table(
        "rendering",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=True),
        sa.Column("work", sa.String(length=40), nullable=False),
        sa.Column("wanted", sa.JSON(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "queued",
                "working",
                "done",
                "failed",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("steps", sa.Integer(), nullable=False),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by", sa.String(length=254), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("file", sa.LargeBinary(), nullable=True),
        sa.Column("edition_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "state <> 'working' OR lease_until IS NOT NULL", name=op.f("ck_rendering_working_has_a_lease")
        ),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_rendering_attempts_not_negative")),
        sa.CheckConstraint("step BETWEEN 0 AND steps", name=op.f("ck_rendering_step_of_steps")),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_rendering_edition_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_rendering_event_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rendering")),
    )
    op.create_index(op.f("ix_rendering_event_id"), "rendering", ["event_id"])
    op.create_index("ix_rendering_state_asked_at", "rendering", ["state", "asked_at"])

    op.create_table(
        "score",
        sa.Column("survey_id", sa.Uuid(), nullable=False),
        sa.Column("question", sa.String(length=80), nullable=False),
        sa.Column("comparable", sa.String(length=64), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("squares", sa.Integer(), nullable=False),
        sa.Column("favourable", sa.Integer(), nullable=False),
        sa.Column("unfavourable", sa.Integer(), nullable=False),
        sa.Column("public_n", sa.Integer(), nullable=True),
        sa.Column("public_low_total", sa.Integer(), nullable=True),
        sa.Column("public_high_total", sa.Integer(), nullable=True),
        sa.Column("public_low_favourable", sa.Integer(), nullable=True),
        sa.Column("public_high_favourable", sa.Integer(), nullable=True),
        sa.Column("public_low_unfavourable", sa.Integer(), nullable=True),
        sa.Column("public_high_unfavourable", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "public_low_total <= public_high_total AND public_low_favourable <= public_high_favourable"
            " AND public_low_unfavourable <= public_high_unfavourable",
            name=op.f("ck_score_spans_in_order"),
        ),
        sa.CheckConstraint(
            "(public_n IS NULL) = (public_low_total IS NULL) AND (public_n IS NULL) = (public_high_total IS NULL)"
            " AND (public_n IS NULL) = (public_low_favourable IS NULL)"
            " AND (public_n IS NULL) = (public_high_favourable IS NULL)"
            " AND (public_n IS NULL) = (public_low_unfavourable IS NULL)"
            " AND (public_n IS NULL) = (public_high_unfavourable IS NULL)",
            name=op.f("ck_score_public_part_whole_or_none"),
        ),
        sa.CheckConstraint("n > 0", name=op.f("ck_score_somebody_answered")),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"], name=op.f("fk_score_survey_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("survey_id", "question", name=op.f("pk_score")),
    )
    op.create_index("ix_score_comparable", "score", ["comparable"])

    op.create_table(
        "turnout",
        sa.Column("survey_id", sa.Uuid(), nullable=False),
        sa.Column("stratum", sa.String(length=40), nullable=False),
        sa.Column("members", sa.String(length=400), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("reached", sa.Integer(), nullable=False),
        sa.Column("started", sa.Integer(), nullable=False),
        sa.Column("answered", sa.Integer(), nullable=False),
        sa.CheckConstraint("(stratum = '') = (members = '')", name=op.f("ck_turnout_whole_survey_has_no_members")),
        sa.CheckConstraint(
            "answered >= 0 AND started >= answered", name=op.f("ck_turnout_whoever_answered_had_started")
        ),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"], name=op.f("fk_turnout_survey_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("survey_id", "stratum", "members", name=op.f("pk_turnout")),
    )
