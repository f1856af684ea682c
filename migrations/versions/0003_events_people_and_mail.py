"""Events, people and mail: rules, templates, stakeholder groups, further addresses, bounces, workers"""

from uuid import uuid4

import sqlalchemy as sa
from alembic import op

from mande.migrate import replace_constraint

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# SQLite adds a column with its constraint in place. Alembic would make the table anew, and lose other constraints.
AGE_BANDS = "'under_30', '30_to_44', '45_to_59', '60_and_over'"
COLUMNS = {
    "attendance": {"group_id": "{uuid}"},
    "event": {
        "oda_share": "INTEGER CONSTRAINT ck_event_oda_share_is_a_percentage CHECK (oda_share BETWEEN 0 AND 100)",
        "programme": "VARCHAR(200) DEFAULT '' NOT NULL",
        "objectives": "JSON DEFAULT '[]' NOT NULL",
        "discreet": "BOOLEAN DEFAULT {false} NOT NULL",
        "days_open": "INTEGER DEFAULT '21' NOT NULL CONSTRAINT ck_event_open_for_a_day_to_a_year "
        "CHECK (days_open BETWEEN 1 AND 365)",
        "questionnaires": "JSON DEFAULT '{{}}' NOT NULL",
    },
    "followup_link": {"expires_at": "{moment}"},
    "invitation": {"expires_at": "{moment}", "card_digest": "{bytes}"},
    "meeting": {"place": "VARCHAR(300) DEFAULT '' NOT NULL"},
    "message": {
        "to_domain": "VARCHAR(254) DEFAULT '' NOT NULL",
        "sender_name": "VARCHAR(200)",
        "stop_path": "VARCHAR(200)",
        "carrier_reference": "VARCHAR(100)",
    },
    "person": {
        "age_band": f"VARCHAR(32) CONSTRAINT ck_person_age_band CHECK (age_band IN ({AGE_BANDS}))",
        "accessibility": "TEXT DEFAULT '' NOT NULL",
        "discreet": "BOOLEAN DEFAULT {false} NOT NULL",
    },
    "suppression": {
        "kind": "VARCHAR(32) DEFAULT 'by_hand' NOT NULL CONSTRAINT ck_suppression_kind "
        "CHECK (kind IN ('bounced', 'complained', 'by_hand'))",
    },
}
INDEXES = {"attendance": "group_id", "message": "carrier_reference"}
KINDS_BEFORE = "CHECK (kind IN ('invitation', 'reminder', 'check_in'))"
KINDS = "CHECK (kind IN ('invitation', 'reminder', 'last_call', 'thank_you', 'check_in'))"
CARD = "CHECK (card_digest IS NULL OR nonce IS NOT NULL)"
GROUP = "FOREIGN KEY (group_id) REFERENCES stakeholder_group (id) ON DELETE SET NULL"
SECTORS_BEFORE = "sector IN ('state', 'multilateral', 'civil_society', 'academia', 'business', 'media')"
# What events that are there already do by themselves stays as it was: reminders of both waves.
WAVES = ("event", "followup")


def upgrade() -> None:
    op.create_table(
        "import_layout",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_import_layout")),
    )
    op.create_table(
        "incoming",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "failed",
                "delayed",
                "automatic",
                "stop",
                "reply",
                "unknown",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("about_message", sa.Uuid(), nullable=True),
        sa.Column("words", sa.String(length=500), nullable=True),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_incoming")),
    )
    op.create_table(
        "mail_pace",
        sa.Column("domain", sa.String(length=254), nullable=False),
        sa.Column("minute", sa.DateTime(timezone=True), nullable=False),
        sa.Column("offered", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("domain", name=op.f("pk_mail_pace")),
    )
    op.create_table(
        "message_template",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_by", sa.String(length=254), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_template")),
    )
    op.create_index(
        "uq_message_template_all",
        "message_template",
        ["kind", "language"],
        unique=True,
        sqlite_where=sa.text("event_id IS NULL"),
        postgresql_where=sa.text("event_id IS NULL"),
    )
    op.create_index(
        "uq_message_template_event",
        "message_template",
        ["event_id", "kind", "language"],
        unique=True,
        sqlite_where=sa.text("event_id IS NOT NULL"),
        postgresql_where=sa.text("event_id IS NOT NULL"),
    )

    op.create_table(
        "own_sector",
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.CheckConstraint("length(name) > 0", name=op.f("ck_own_sector_name_not_empty")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_own_sector")),
        sa.UniqueConstraint("name", name=op.f("uq_own_sector_name")),
    )
    op.create_table(
        "worker",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("beat_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("jobs", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_worker")),
    )
    op.create_table(
        "message_rule",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column(
            "wave",
            sa.Enum("event", "followup", name="wave", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column(
            "kind",
            sa.Enum(
                "invitation",
                "reminder",
                "last_call",
                "thank_you",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("months", sa.Integer(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("at", sa.String(length=5), nullable=True),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("on", "paused", "skipped", name="state", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("moved_to", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("at IS NULL OR minutes = 0", name=op.f("ck_message_rule_at_an_hour_or_minutes_later")),
        sa.CheckConstraint(
            "months >= 0 AND days >= 0 AND minutes >= 0", name=op.f("ck_message_rule_offsets_not_negative")
        ),
        sa.CheckConstraint("number BETWEEN 1 AND 99", name=op.f("ck_message_rule_number_from_1_to_99")),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_message_rule_event_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_rule")),
        sa.UniqueConstraint(
            "event_id", "wave", "kind", "number", name=op.f("uq_message_rule_event_id_wave_kind_number")
        ),
    )
    op.create_table(
        "person_address",
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("address = lower(address)", name=op.f("ck_person_address_address_lower_case")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_person_address_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("address", name=op.f("pk_person_address")),
    )
    op.create_index(op.f("ix_person_address_person_id"), "person_address", ["person_id"], unique=False)

    op.create_table(
        "distinct_people",
        sa.Column("one_id", sa.Uuid(), nullable=False),
        sa.Column("other_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["one_id"], ["person.id"], name=op.f("fk_distinct_people_one_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["other_id"], ["person.id"], name=op.f("fk_distinct_people_other_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("one_id", "other_id", name=op.f("pk_distinct_people")),
    )
    op.create_index(op.f("ix_distinct_people_other_id"), "distinct_people", ["other_id"], unique=False)
    op.create_table(
        "former_followup_link",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("link_id", sa.Uuid(), nullable=False),
        sa.Column("nonce", sa.LargeBinary(length=16), nullable=False),
        sa.Column("token_digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("link_key", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["link_id"], ["followup_link.id"], name=op.f("fk_former_followup_link_link_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_former_followup_link")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_former_followup_link_token_digest")),
    )
    op.create_index(op.f("ix_former_followup_link_link_id"), "former_followup_link", ["link_id"], unique=False)
    op.create_table(
        "person_merge",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kept_id", sa.Uuid(), nullable=False),
        sa.Column("merged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("merged_by", sa.String(length=254), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["kept_id"], ["person.id"], name=op.f("fk_person_merge_kept_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_merge")),
    )
    op.create_index(op.f("ix_person_merge_kept_id"), "person_merge", ["kept_id"], unique=False)

    op.create_table(
        "stakeholder_group",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("sought", sa.Integer(), nullable=True),
        sa.CheckConstraint("length(name) > 0", name=op.f("ck_stakeholder_group_name_not_empty")),
        sa.CheckConstraint("sought >= 0", name=op.f("ck_stakeholder_group_sought_not_negative")),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_stakeholder_group_event_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stakeholder_group")),
        sa.UniqueConstraint("event_id", "name", name=op.f("uq_stakeholder_group_event_id_name")),
    )
    connection = op.get_bind()
    for table, columns in COLUMNS.items():
        for name, what in columns.items():
            op.execute(f"ALTER TABLE {table} ADD COLUMN {name} {_spelt(what)}")
    for table, column in INDEXES.items():
        op.create_index(f"ix_{table}_{column}", table, [column], unique=False)
    op.create_index("uq_invitation_card_digest", "invitation", ["card_digest"], unique=True)
    replace_constraint(connection, "invitation", "ck_invitation_card_only_with_a_link", CARD)
    replace_constraint(connection, "attendance", "fk_attendance_group_id", GROUP)
    replace_constraint(connection, "message", "ck_message_kind", KINDS)
    replace_constraint(connection, "person", "ck_person_sector", None)
    _keep_reminders(connection)
    op.execute("ALTER TABLE event DROP COLUMN reminder_days")


def downgrade() -> None:
    connection = op.get_bind()
    op.execute("ALTER TABLE event ADD COLUMN reminder_days JSON DEFAULT '[]' NOT NULL")
    _restore_reminders(connection)
    if connection.dialect.name == "postgresql":
        op.execute("ALTER TABLE event ALTER COLUMN reminder_days DROP DEFAULT")
    op.execute("DELETE FROM message WHERE kind IN ('last_call', 'thank_you')")
    op.execute(f"UPDATE person SET sector = NULL WHERE NOT {SECTORS_BEFORE}")  # noqa: S608
    replace_constraint(connection, "person", "ck_person_sector", f"CHECK ({SECTORS_BEFORE})")
    replace_constraint(connection, "message", "ck_message_kind", KINDS_BEFORE)
    replace_constraint(connection, "attendance", "fk_attendance_group_id", None)
    replace_constraint(connection, "invitation", "ck_invitation_card_only_with_a_link", None)
    op.drop_index("uq_invitation_card_digest", "invitation")
    for table, column in INDEXES.items():
        op.drop_index(f"ix_{table}_{column}", table)
    for table, columns in COLUMNS.items():
        for name in columns:
            op.execute(f"ALTER TABLE {table} DROP COLUMN {name}")
    for table in (
        *("stakeholder_group", "person_merge", "person_address", "message_rule", "worker", "own_sector"),
        *("message_template", "mail_pace", "incoming", "import_layout", "distinct_people", "former_followup_link"),
    ):
        op.drop_table(table)


def _spelt(what: str) -> str:
    postgresql = op.get_bind().dialect.name == "postgresql"
    return what.format(
        uuid="UUID" if postgresql else "CHAR(32)",
        bytes="BYTEA" if postgresql else "BLOB",
        moment="TIMESTAMP WITH TIME ZONE" if postgresql else "DATETIME",
        false="false" if postgresql else "0",
    )


def _keep_reminders(connection: sa.Connection) -> None:
    events = sa.table("event", sa.column("id", sa.Uuid()), sa.column("reminder_days", sa.JSON()))
    rules = [
        {"id": uuid4(), "event_id": event, "wave": wave, "kind": "reminder", "number": number, "months": 0,
         "days": days, "minutes": 0, "state": "on"}
        for event, listed in connection.execute(sa.select(events.c.id, events.c.reminder_days))
        for wave in WAVES
        for number, days in enumerate(sorted(listed), start=1)
    ]  # fmt: skip
    if rules:
        connection.execute(sa.insert(_rules()), rules)


def _restore_reminders(connection: sa.Connection) -> None:
    rules = _rules()
    wanted = sa.select(rules.c.event_id, rules.c.days).where(rules.c.wave == "event", rules.c.kind == "reminder")
    days: dict[object, list[int]] = {}
    for event, after in connection.execute(wanted.order_by(rules.c.days)):
        days.setdefault(event, []).append(after)
    events = sa.table("event", sa.column("id", sa.Uuid()), sa.column("reminder_days", sa.JSON()))
    for event, listed in days.items():
        connection.execute(sa.update(events).where(events.c.id == event).values(reminder_days=listed))


def _rules() -> sa.TableClause:
    columns = [sa.column(name) for name in ("wave", "kind", "number", "months", "days", "minutes", "state")]
    return sa.table("message_rule", sa.column("id", sa.Uuid()), sa.column("event_id", sa.Uuid()), *columns)
