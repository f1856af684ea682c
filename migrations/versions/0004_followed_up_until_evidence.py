"""Follow-up until there is evidence: several owners, requests, verification, outcomes, editions and their readers"""

import sqlalchemy as sa
from alembic import op

from mande.migrate import NewColumn
from mande.migrate import change_table

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

NEW_KINDS = "'request', 'erasure', 'followup_thanks', 'team_notice', 'partner_link', 'partner_code'"
KINDS_BEFORE = "CHECK (kind IN ('invitation', 'reminder', 'last_call', 'thank_you', 'check_in'))"
KINDS = f"CHECK (kind IN ('invitation', 'reminder', 'last_call', 'thank_you', 'check_in', {NEW_KINDS}))"
STATES_BEFORE = "CHECK (state IN ('scheduled', 'asked', 'answered', 'cancelled'))"
STATES = "CHECK (state IN ('scheduled', 'asked', 'answered', 'skipped', 'cancelled'))"
VISIBILITIES = "CHECK (visibility IN ('team', 'partners_by_name', 'partners_without_name'))"
LEVELS = "CHECK (verified IN ('no_evidence', 'not_started', 'limited', 'substantial', 'complete'))"
CHANNELS = "CHECK (channel IN ('link', 'telephone', 'meeting', 'email', 'other'))"
KEPT = ("edition", "edition_action")
REFUSAL = "what was published never changes"
NEW_TABLES = (
    "reader_visit",
    "reader_session",
    "reader_code",
    "edition_action",
    "edition",
    "reader",
    "outcome_action",
    "outcome",
    "verification",
    "team_reminder",
    "action_note",
    "action_change",
    "action_request",
    "evidence_file",
    "erasure_request",
    "saved_view",
    "bulk_change",
    "quiet_period",
    "schedule_renewal",
)


def upgrade() -> None:
    connection = op.get_bind()
    _ask_links(connection)
    _own_together(connection)
    _report_more(connection)
    _link_people(connection)
    change_table(connection, "message", constraints={"ck_message_kind": KINDS})
    change_table(
        connection,
        "event",
        add={
            "checkin_days_before": NewColumn("INTEGER DEFAULT '7'", "7"),
            "checkin_from": NewColumn("VARCHAR(5) DEFAULT '09:00'", "'09:00'", needed=True),
            "checkin_until": NewColumn("VARCHAR(5) DEFAULT '17:00'", "'17:00'", needed=True),
        },
        constraints={
            "ck_event_asked_days_before_an_own_date": "CHECK (checkin_days_before BETWEEN 1 AND 60)",
            "ck_event_hours_in_order": "CHECK (checkin_from < checkin_until)",
        },
    )
    _create_tables()
    _keep_editions(connection)


def downgrade() -> None:
    """What only the newer program knows goes: the team's own actions, second owners, and those who did not attend."""
    connection = op.get_bind()
    for table in NEW_TABLES:
        op.drop_table(table)
    if not _is_sqlite():
        connection.execute(sa.text("DROP FUNCTION mande_refuse_change()"))
    change_table(
        connection,
        "event",
        drop=["checkin_days_before", "checkin_from", "checkin_until"],
        constraints={"ck_event_asked_days_before_an_own_date": None, "ck_event_hours_in_order": None},
    )
    connection.execute(sa.text(f"DELETE FROM message WHERE kind IN ({NEW_KINDS})"))  # noqa: S608
    change_table(connection, "message", constraints={"ck_message_kind": KINDS_BEFORE})
    _forget_who_did_not_attend(connection)
    _link_attendances(connection)
    _report_less(connection)
    _own_alone(connection)
    _ask_attendances(connection)
    change_table(
        connection,
        "followup_link",
        drop=["event_id", "person_id", "snoozed_until"],
        constraints={
            "uq_followup_link_event_id_person_id": None,
            "fk_followup_link_event_id": None,
            "fk_followup_link_person_id": None,
        },
    )


def _keep_editions(connection: sa.Connection) -> None:
    """What was published is published for good: the database refuses to change or delete it."""
    if _is_sqlite():
        for table in KEPT:
            for change in ("UPDATE", "DELETE"):
                connection.exec_driver_sql(
                    f"CREATE TRIGGER {table}_refuses_{change.lower()} BEFORE {change} ON {table}"
                    f" BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
                )
        return
    connection.exec_driver_sql(
        "CREATE FUNCTION mande_refuse_change() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'restrict_violation'; END $$"
    )
    for table in KEPT:
        connection.exec_driver_sql(
            f"CREATE TRIGGER {table}_refuses_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION mande_refuse_change()"
        )


def _forget_who_did_not_attend(connection: sa.Connection) -> None:
    attended = (
        "SELECT followup_link.id FROM followup_link JOIN attendance"
        " ON attendance.event_id = followup_link.event_id AND attendance.person_id = followup_link.person_id"
    )
    for statement in (
        f"DELETE FROM action_owner WHERE link_id NOT IN ({attended})",  # noqa: S608
        "DELETE FROM action_update WHERE action_id NOT IN (SELECT action_id FROM action_owner)",
        "DELETE FROM planned_action WHERE id NOT IN (SELECT action_id FROM action_owner)",
        f"DELETE FROM check_in WHERE link_id NOT IN ({attended})",  # noqa: S608
        f"DELETE FROM former_followup_link WHERE link_id NOT IN ({attended})",  # noqa: S608
        f"DELETE FROM followup_link WHERE id NOT IN ({attended})",  # noqa: S608
        "UPDATE check_in SET state = 'cancelled' WHERE state = 'skipped'",
    ):
        connection.execute(sa.text(statement))


def _ask_links(connection: sa.Connection) -> None:
    """Check-ins belong to a person's part in the follow-up, not to their attendance."""
    part = "(SELECT followup_link.id FROM followup_link WHERE followup_link.attendance_id = check_in.attendance_id)"
    change_table(
        connection,
        "check_in",
        add={
            "link_id": NewColumn(_spelt("{uuid}"), part, needed=True),
            "moved_to": NewColumn(_spelt("{moment}")),
        },
        drop=["attendance_id"],
        constraints={
            "fk_check_in_attendance_id": None,
            "uq_check_in_attendance_id_step": None,
            "uq_check_in_link_id_step": "UNIQUE (link_id, step)",
            "fk_check_in_link_id": "FOREIGN KEY (link_id) REFERENCES followup_link (id) ON DELETE CASCADE",
            "ck_check_in_state": STATES,
        },
    )


def _ask_attendances(connection: sa.Connection) -> None:
    attended = "(SELECT followup_link.attendance_id FROM followup_link WHERE followup_link.id = check_in.link_id)"
    change_table(
        connection,
        "check_in",
        add={"attendance_id": NewColumn(_spelt("{uuid}"), attended, needed=True)},
        drop=["link_id", "moved_to"],
        constraints={
            "fk_check_in_link_id": None,
            "uq_check_in_link_id_step": None,
            "uq_check_in_attendance_id_step": "UNIQUE (attendance_id, step)",
            "fk_check_in_attendance_id": "FOREIGN KEY (attendance_id) REFERENCES attendance (id) ON DELETE CASCADE",
            "ck_check_in_state": STATES_BEFORE,
        },
    )


def _own_together(connection: sa.Connection) -> None:
    """An action belongs to an event, and may have several owners."""
    _create_owners()
    begin = "created_on || ' 00:00:00.000000'" if _is_sqlite() else "created_on::timestamp AT TIME ZONE 'UTC'"
    last = (
        "(SELECT action_update.status FROM action_update WHERE action_update.action_id = planned_action.id"
        " ORDER BY reported_at DESC LIMIT 1)"
    )
    connection.execute(
        sa.text(
            "INSERT INTO action_owner (id, action_id, link_id, visibility, consent, status, since)"  # noqa: S608
            f" SELECT planned_action.id, planned_action.id, followup_link.id, visibility, consent, {last}, {begin}"
            " FROM planned_action JOIN followup_link ON followup_link.attendance_id = planned_action.attendance_id"
        )
    )
    event = "(SELECT attendance.event_id FROM attendance WHERE attendance.id = planned_action.attendance_id)"
    heard = "(SELECT max(reported_at) FROM action_update WHERE action_update.action_id = planned_action.id)"
    change_table(
        connection,
        "planned_action",
        add={
            "event_id": NewColumn(_spelt("{uuid}"), event, needed=True),
            "source": NewColumn("VARCHAR(32) DEFAULT 'owner'", "'owner'", needed=True),
            "why": NewColumn("TEXT DEFAULT ''", "''", needed=True),
            "heard_at": NewColumn(_spelt("{moment}"), heard),
            "verified": NewColumn("VARCHAR(32)"),
            "theme_id": NewColumn(_spelt("{uuid}")),
            "staff_id": NewColumn(_spelt("{uuid}")),
            "for_partners": NewColumn(_spelt("BOOLEAN DEFAULT {false}"), _spelt("{false}"), needed=True),
        },
        drop=["attendance_id", "visibility", "consent"],
        constraints={
            "fk_planned_action_attendance_id": None,
            "ck_planned_action_visibility": None,
            "ck_planned_action_owned_by_one_side": "CHECK (source <> 'owner'"
            " OR (staff_id IS NULL AND for_partners = false))",
            "ck_planned_action_source": "CHECK (source IN ('owner', 'team', 'recommendation'))",
            "ck_planned_action_verified": LEVELS,
            "fk_planned_action_event_id": "FOREIGN KEY (event_id) REFERENCES event (id) ON DELETE CASCADE",
            "fk_planned_action_theme_id": "FOREIGN KEY (theme_id) REFERENCES intended_outcome (id) ON DELETE SET NULL",
            "fk_planned_action_staff_id": "FOREIGN KEY (staff_id) REFERENCES staff_member (id) ON DELETE SET NULL",
        },
    )
    op.create_index("ix_planned_action_event", "planned_action", ["event_id", "status"])
    for column in ("by_when", "theme_id", "staff_id"):
        op.create_index(f"ix_planned_action_{column}", "planned_action", [column])


def _own_alone(connection: sa.Connection) -> None:
    for name in ("event", "by_when", "theme_id", "staff_id"):
        op.drop_index(f"ix_planned_action_{name}", "planned_action")
    first = (
        "(SELECT {} FROM action_owner JOIN followup_link ON followup_link.id = action_owner.link_id"
        " WHERE action_owner.action_id = planned_action.id ORDER BY since, action_owner.id LIMIT 1)"
    )
    change_table(
        connection,
        "planned_action",
        add={
            "attendance_id": NewColumn(_spelt("{uuid}"), first.format("followup_link.attendance_id"), needed=True),
            "visibility": NewColumn("VARCHAR(32)", first.format("action_owner.visibility"), needed=True),
            "consent": NewColumn("BOOLEAN", first.format("action_owner.consent"), needed=True),
        },
        drop=["event_id", "source", "why", "heard_at", "verified", "theme_id", "staff_id", "for_partners"],
        constraints={
            "ck_planned_action_owned_by_one_side": None,
            "ck_planned_action_source": None,
            "ck_planned_action_verified": None,
            "fk_planned_action_event_id": None,
            "fk_planned_action_theme_id": None,
            "fk_planned_action_staff_id": None,
            "ck_planned_action_visibility": VISIBILITIES,
            "fk_planned_action_attendance_id": "FOREIGN KEY (attendance_id) REFERENCES attendance (id)"
            " ON DELETE CASCADE",
        },
    )
    op.create_index("ix_planned_action_attendance_id", "planned_action", ["attendance_id"])
    op.drop_table("action_owner")


def _report_more(connection: sa.Connection) -> None:
    """A report says who made it and how it came."""
    reporter = "(SELECT action_owner.link_id FROM action_owner WHERE action_owner.action_id = action_update.action_id)"
    change_table(
        connection,
        "action_update",
        add={
            "link_id": NewColumn(_spelt("{uuid}"), reporter),
            "channel": NewColumn("VARCHAR(32) DEFAULT 'link'", "'link'", needed=True),
            "recorded_by": NewColumn("VARCHAR(254)"),
            "happened_on": NewColumn("DATE"),
            "significance": NewColumn("TEXT DEFAULT ''", "''", needed=True),
            "factors": NewColumn("TEXT DEFAULT ''", "''", needed=True),
        },
        constraints={
            "ck_action_update_told_to_somebody_or_by_link": "CHECK ((channel = 'link') = (recorded_by IS NULL))",
            "ck_action_update_channel": CHANNELS,
            "fk_action_update_link_id": "FOREIGN KEY (link_id) REFERENCES followup_link (id) ON DELETE SET NULL",
        },
    )
    op.create_index("ix_action_update_link_id", "action_update", ["link_id"])


def _report_less(connection: sa.Connection) -> None:
    op.drop_index("ix_action_update_link_id", "action_update")
    change_table(
        connection,
        "action_update",
        drop=["link_id", "channel", "recorded_by", "happened_on", "significance", "factors"],
        constraints={
            "ck_action_update_told_to_somebody_or_by_link": None,
            "ck_action_update_channel": None,
            "fk_action_update_link_id": None,
        },
    )


def _link_people(connection: sa.Connection) -> None:
    """Whoever takes an action over has a part in the follow-up without having attended."""
    attended = "(SELECT attendance.{} FROM attendance WHERE attendance.id = followup_link.attendance_id)"
    change_table(
        connection,
        "followup_link",
        add={
            "event_id": NewColumn(_spelt("{uuid}"), attended.format("event_id"), needed=True),
            "person_id": NewColumn(_spelt("{uuid}"), attended.format("person_id"), needed=True),
            "snoozed_until": NewColumn("DATE"),
        },
        drop=["attendance_id"],
        constraints={
            "fk_followup_link_attendance_id": None,
            "uq_followup_link_attendance_id": None,
            "uq_followup_link_event_id_person_id": "UNIQUE (event_id, person_id)",
            "fk_followup_link_event_id": "FOREIGN KEY (event_id) REFERENCES event (id) ON DELETE CASCADE",
            "fk_followup_link_person_id": "FOREIGN KEY (person_id) REFERENCES person (id) ON DELETE RESTRICT",
        },
    )
    op.create_index("ix_followup_link_person_id", "followup_link", ["person_id"])


def _link_attendances(connection: sa.Connection) -> None:
    op.drop_index("ix_followup_link_person_id", "followup_link")
    attended = (
        "(SELECT attendance.id FROM attendance WHERE attendance.event_id = followup_link.event_id"
        " AND attendance.person_id = followup_link.person_id)"
    )
    change_table(
        connection,
        "followup_link",
        add={"attendance_id": NewColumn(_spelt("{uuid}"), attended, needed=True)},
        constraints={
            "fk_followup_link_attendance_id": "FOREIGN KEY (attendance_id) REFERENCES attendance (id)"
            " ON DELETE CASCADE",
            "uq_followup_link_attendance_id": "UNIQUE (attendance_id)",
        },
    )


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def _spelt(what: str) -> str:
    return what.format(
        uuid="CHAR(32)" if _is_sqlite() else "UUID",
        moment="DATETIME" if _is_sqlite() else "TIMESTAMP WITH TIME ZONE",
        false="0" if _is_sqlite() else "false",
    )


def _create_owners() -> None:
    op.create_table(
        "action_owner",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("action_id", sa.Uuid(), nullable=False),
        sa.Column("link_id", sa.Uuid(), nullable=False),
        sa.Column(
            "visibility",
            sa.Enum(
                "team",
                "partners_by_name",
                "partners_without_name",
                name="visibility",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("consent", sa.Boolean(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "not_started",
                "some_progress",
                "well_advanced",
                "done",
                "no_longer_planned",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["action_id"], ["planned_action.id"], name=op.f("fk_action_owner_action_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["link_id"], ["followup_link.id"], name=op.f("fk_action_owner_link_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action_owner")),
        sa.UniqueConstraint("action_id", "link_id", name=op.f("uq_action_owner_action_id_link_id")),
    )
    op.create_index("ix_action_owner_link_id", "action_owner", ["link_id"])


def _create_tables() -> None:
    op.create_table(
        "bulk_change",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=254), nullable=False),
        sa.Column("what", sa.String(length=40), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulk_change")),
    )
    op.create_table(
        "edition",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("internal", "partner", "public", name="kind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by", sa.String(length=254), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("document_sha256", sa.String(length=64), nullable=False),
        sa.Column("pdf", sa.LargeBinary(), nullable=False),
        sa.Column("pdf_sha256", sa.String(length=64), nullable=False),
        sa.CheckConstraint("number = 1 OR length(note) > 0", name=op.f("ck_edition_a_correction_says_what")),
        sa.CheckConstraint("number > 0", name=op.f("ck_edition_numbered_from_1")),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_edition_event_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edition")),
        sa.UniqueConstraint("event_id", "kind", "number", name=op.f("uq_edition_event_id_kind_number")),
    )
    op.create_table(
        "quiet_period",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("why", sa.String(length=200), nullable=False),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_quiet_period_ends_after_it_starts")),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_quiet_period_event_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quiet_period")),
    )
    op.create_index("ix_quiet_period_event_id", "quiet_period", ["event_id"])
    op.create_table(
        "schedule_renewal",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_schedule_renewal_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_schedule_renewal")),
    )
    op.create_table(
        "reader",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("nonce", sa.LargeBinary(length=16), nullable=False),
        sa.Column("token_digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("link_key", sa.String(length=16), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by", sa.String(length=254), nullable=False),
        sa.Column("valid_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_reader_email_lower_case")),
        sa.ForeignKeyConstraint(["partner_id"], ["partner.id"], name=op.f("fk_reader_partner_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reader")),
        sa.UniqueConstraint("partner_id", "email", name=op.f("uq_reader_partner_id_email")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_reader_token_digest")),
    )
    op.create_table(
        "saved_view",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("asked", sa.JSON(), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.CheckConstraint("length(name) > 0", name=op.f("ck_saved_view_name_not_empty")),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff_member.id"], name=op.f("fk_saved_view_staff_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_view")),
        sa.UniqueConstraint("staff_id", "name", name=op.f("uq_saved_view_staff_id_name")),
    )
    op.create_table(
        "outcome",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("theme_id", sa.Uuid(), nullable=True),
        sa.Column("what_changed", sa.Text(), nullable=False),
        sa.Column("who_changed", sa.Text(), nullable=False),
        sa.Column("changed_on", sa.Date(), nullable=True),
        sa.Column("significance", sa.Text(), nullable=False),
        sa.Column(
            "contribution",
            sa.Enum(
                "not_at_all",
                "a_little",
                "somewhat",
                "much",
                "decisive",
                name="contribution",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("how_contributed", sa.Text(), nullable=False),
        sa.Column("could_confirm", sa.Text(), nullable=False),
        sa.Column("confirmed_on", sa.Date(), nullable=True),
        sa.Column("for_partners", sa.Boolean(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_by", sa.String(length=254), nullable=False),
        sa.CheckConstraint("length(what_changed) > 0", name=op.f("ck_outcome_what_changed_not_empty")),
        sa.CheckConstraint("length(who_changed) > 0", name=op.f("ck_outcome_who_changed_not_empty")),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_outcome_event_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["theme_id"], ["intended_outcome.id"], name=op.f("fk_outcome_theme_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outcome")),
    )
    op.create_index("ix_outcome_event_id", "outcome", ["event_id"])
    op.create_index("ix_outcome_theme_id", "outcome", ["theme_id"])
    op.create_table(
        "reader_code",
        sa.Column("reader_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("sent", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_reader_code_attempts_not_negative")),
        sa.ForeignKeyConstraint(
            ["reader_id"], ["reader.id"], name=op.f("fk_reader_code_reader_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("reader_id", name=op.f("pk_reader_code")),
    )
    op.create_table(
        "reader_session",
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("reader_id", sa.Uuid(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["reader_id"], ["reader.id"], name=op.f("fk_reader_session_reader_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_reader_session")),
    )
    op.create_index("ix_reader_session_reader_id", "reader_session", ["reader_id"])
    op.create_table(
        "reader_visit",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("reader_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("what", sa.String(length=40), nullable=False),
        sa.Column("edition_id", sa.Uuid(), nullable=True),
        sa.Column("event_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_reader_visit_edition_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_reader_visit_event_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(
            ["reader_id"], ["reader.id"], name=op.f("fk_reader_visit_reader_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reader_visit")),
    )
    op.create_index("ix_reader_visit_edition_id", "reader_visit", ["edition_id"])
    op.create_index("ix_reader_visit_event_id", "reader_visit", ["event_id"])
    op.create_index("ix_reader_visit_reader", "reader_visit", ["reader_id", "at"])
    op.create_table(
        "action_change",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("action_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "actor",
            sa.Enum("owner", "team", "mande", name="actor", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("by", sa.String(length=254), nullable=True),
        sa.Column("link_id", sa.Uuid(), nullable=True),
        sa.Column("what", sa.String(length=40), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["action_id"], ["planned_action.id"], name=op.f("fk_action_change_action_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["link_id"], ["followup_link.id"], name=op.f("fk_action_change_link_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action_change")),
    )
    op.create_index("ix_action_change_action", "action_change", ["action_id", "at"])
    op.create_index("ix_action_change_link_id", "action_change", ["link_id"])
    op.create_table(
        "action_note",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("action_id", sa.Uuid(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_by", sa.String(length=254), nullable=False),
        sa.CheckConstraint("length(words) > 0", name=op.f("ck_action_note_words_not_empty")),
        sa.ForeignKeyConstraint(
            ["action_id"], ["planned_action.id"], name=op.f("fk_action_note_action_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action_note")),
    )
    op.create_index("ix_action_note_action_id", "action_note", ["action_id"])
    op.create_table(
        "action_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("action_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("join", "name", "take_over", name="kind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("from_link_id", sa.Uuid(), nullable=False),
        sa.Column("to_name", sa.String(length=200), nullable=False),
        sa.Column("to_address", sa.String(length=254), nullable=True),
        sa.Column("address_digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("to_link_id", sa.Uuid(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "asked",
                "agreed",
                "declined",
                "withdrawn",
                "expired",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("nonce", sa.LargeBinary(length=16), nullable=False),
        sa.Column("token_digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("link_key", sa.String(length=16), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'asked') = (to_address IS NOT NULL)", name=op.f("ck_action_request_address_only_while_asked")
        ),
        sa.CheckConstraint("to_address = lower(to_address)", name=op.f("ck_action_request_address_lower_case")),
        sa.ForeignKeyConstraint(
            ["action_id"], ["planned_action.id"], name=op.f("fk_action_request_action_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["from_link_id"], ["followup_link.id"], name=op.f("fk_action_request_from_link_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["to_link_id"], ["followup_link.id"], name=op.f("fk_action_request_to_link_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action_request")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_action_request_token_digest")),
    )
    op.create_index("ix_action_request_action_id", "action_request", ["action_id"])
    op.create_index("ix_action_request_from_link_id", "action_request", ["from_link_id"])
    op.create_index("ix_action_request_to_address", "action_request", ["to_address"])
    op.create_index("ix_action_request_to_link_id", "action_request", ["to_link_id"])
    op.create_table(
        "edition_action",
        sa.Column("edition_id", sa.Uuid(), nullable=False),
        sa.Column("action_id", sa.Uuid(), nullable=False),
        sa.Column("named", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_edition_action_edition_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("edition_id", "action_id", name=op.f("pk_edition_action")),
    )
    op.create_index("ix_edition_action_action_id", "edition_action", ["action_id"])
    op.create_table(
        "evidence_file",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("action_id", sa.Uuid(), nullable=False),
        sa.Column("link_id", sa.Uuid(), nullable=True),
        sa.Column("added_by", sa.String(length=254), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("wrapped_key", sa.LargeBinary(), nullable=False),
        sa.Column("operator_key", sa.String(length=16), nullable=False),
        sa.CheckConstraint("size > 0", name=op.f("ck_evidence_file_size_positive")),
        sa.ForeignKeyConstraint(
            ["action_id"], ["planned_action.id"], name=op.f("fk_evidence_file_action_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["link_id"], ["followup_link.id"], name=op.f("fk_evidence_file_link_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_file")),
    )
    op.create_index("ix_evidence_file_action_id", "evidence_file", ["action_id"])
    op.create_index("ix_evidence_file_link_id", "evidence_file", ["link_id"])
    op.create_table(
        "erasure_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("nonce", sa.LargeBinary(length=16), nullable=False),
        sa.Column("token_digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("link_key", sa.String(length=16), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_erasure_request_person_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_erasure_request_event_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasure_request")),
        sa.UniqueConstraint("person_id", name=op.f("uq_erasure_request_person_id")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_erasure_request_token_digest")),
    )
    op.create_index("ix_erasure_request_event_id", "erasure_request", ["event_id"])
    op.create_table(
        "outcome_action",
        sa.Column("outcome_id", sa.Uuid(), nullable=False),
        sa.Column("action_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["action_id"], ["planned_action.id"], name=op.f("fk_outcome_action_action_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["outcome_id"], ["outcome.id"], name=op.f("fk_outcome_action_outcome_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("outcome_id", "action_id", name=op.f("pk_outcome_action")),
    )
    op.create_index("ix_outcome_action_action_id", "outcome_action", ["action_id"])
    op.create_table(
        "team_reminder",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("action_id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("words", sa.String(length=300), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("length(words) > 0", name=op.f("ck_team_reminder_words_not_empty")),
        sa.ForeignKeyConstraint(
            ["action_id"], ["planned_action.id"], name=op.f("fk_team_reminder_action_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff_member.id"], name=op.f("fk_team_reminder_staff_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team_reminder")),
    )
    op.create_index("ix_team_reminder_action_id", "team_reminder", ["action_id"])
    op.create_index("ix_team_reminder_due", "team_reminder", ["on_day", "done_at"])
    op.create_index("ix_team_reminder_staff_id", "team_reminder", ["staff_id"])
    op.create_table(
        "verification",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("action_id", sa.Uuid(), nullable=False),
        sa.Column(
            "level",
            sa.Enum(
                "no_evidence",
                "not_started",
                "limited",
                "substantial",
                "complete",
                name="level",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("verified_by", sa.String(length=254), nullable=False),
        sa.Column("verified_by_name", sa.String(length=200), nullable=False),
        sa.CheckConstraint("length(source) > 0", name=op.f("ck_verification_source_not_empty")),
        sa.ForeignKeyConstraint(
            ["action_id"], ["planned_action.id"], name=op.f("fk_verification_action_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verification")),
    )
    op.create_index("ix_verification_action", "verification", ["action_id", "verified_at"])
