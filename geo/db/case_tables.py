"""SQLAlchemy Core tables of people, cases and the audit log; the schema itself is ``migrations/versions/0002_cases.sql``."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from geo.db.tables import INSTANT, NO, NOW, YES, in_area, metadata, serial

__all__ = [
    "api_key",
    "audit_log",
    "case_event",
    "case_file",
    "evidence",
    "fact_check",
    "log_entry",
    "notification",
    "notification_choice",
    "person",
    "person_district",
    "quiet_month",
    "referral",
    "report_contact",
    "report_question",
    "setting",
    "sign_in",
    "sign_in_attempt",
]

person = Table(
    "person",
    metadata,
    serial(Integer),
    Column("login", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("agency", Text, ForeignKey("agency.code")),
    in_area("area_code", comment="A coordinator's sub-district or village."),
    Column("village", Text, comment="A coordinator's village, where only sub-districts have codes."),
    Column("language", Text, nullable=False, server_default=text("'th'::text")),
    Column("email", Text),
    Column("webhook_url", Text),
    Column("password_hash", Text),
    Column("must_change_password", Boolean, nullable=False, server_default=NO),
    Column("totp_sealed", LargeBinary),
    Column("totp_last_step", BigInteger, comment="Time step of the last code taken: none is taken twice."),
    Column("subject", Text, unique=True, comment="Issuer and subject of an OpenID Connect account."),
    Column("active", Boolean, nullable=False, server_default=YES),
    Column("is_demo", Boolean, nullable=False, server_default=NO),
    Column("created_at", INSTANT, nullable=False, server_default=NOW),
    Column("last_sign_in_at", INSTANT),
)

person_district = Table(
    "person_district",
    metadata,
    Column("person_id", Integer, ForeignKey("person.id", ondelete="CASCADE"), primary_key=True),
    in_area("district_code", needed=True, primary_key=True),
)

sign_in = Table(
    "sign_in",
    metadata,
    Column("token_hash", LargeBinary, primary_key=True),
    Column("person_id", Integer, ForeignKey("person.id", ondelete="CASCADE"), nullable=False),
    Column("began_at", INSTANT, nullable=False, server_default=NOW),
    Column("seen_at", INSTANT, nullable=False, server_default=NOW),
    Column("ends_at", INSTANT, nullable=False),
    Index("sign_in_person", "person_id"),
)

sign_in_attempt = Table(
    "sign_in_attempt",
    metadata,
    Column("login_key", LargeBinary, nullable=False),
    Column("at", INSTANT, nullable=False, server_default=NOW),
    Index("sign_in_attempt_login", "login_key", "at"),
    comment="Charged before a password is checked; taken back when it was right. Keys are keyed hashes of logins.",
)

api_key = Table(
    "api_key",
    metadata,
    serial(Integer),
    Column("partner", Text, nullable=False),
    Column("key_hash", LargeBinary, nullable=False, unique=True),
    Column("created_at", INSTANT, nullable=False, server_default=NOW),
    Column("revoked_at", INSTANT),
    Column("last_used_at", INSTANT),
)

setting = Table(
    "setting",
    metadata,
    Column("key", Text, primary_key=True),
    Column("value", JSONB, nullable=False),
    Column("changed_by", Integer, ForeignKey("person.id")),
    Column("changed_at", INSTANT, nullable=False, server_default=NOW),
)

report_contact = Table(
    "report_contact",
    metadata,
    Column("report_id", BigInteger, ForeignKey("report.id", ondelete="CASCADE"), primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    comment="Encrypted by the application; every opening is logged.",
)

report_question = Table(
    "report_question",
    metadata,
    serial(),
    Column("report_id", BigInteger, ForeignKey("report.id", ondelete="CASCADE"), nullable=False),
    Column("asked_by", Integer, ForeignKey("person.id")),
    Column("asked_at", INSTANT, nullable=False, server_default=NOW),
    Column("question", Text, nullable=False),
    Column("answer", Text),
    Column("answered_at", INSTANT),
    Column("read_at", INSTANT, comment="When somebody at the centre read the answer."),
    Index("report_question_report", "report_id"),
    Index(
        "report_question_unread",
        "report_id",
        postgresql_where=text("((answered_at IS NOT NULL) AND (read_at IS NULL))"),
    ),
)

quiet_month = Table(
    "quiet_month",
    metadata,
    in_area("area_code", needed=True, primary_key=True),
    Column("village", Text, primary_key=True, server_default=text("''::text")),
    Column("month", Date, primary_key=True),
    Column("person_id", Integer, ForeignKey("person.id"), nullable=False),
    Column("said_at", INSTANT, nullable=False, server_default=NOW),
    comment="Nothing to report this month, said by a coordinator.",
)

case_file = Table(
    "case_file",
    metadata,
    Column("incident_id", BigInteger, ForeignKey("incident.id", ondelete="CASCADE"), primary_key=True),
    Column("source_grade", Text),
    Column("info_grade", SmallInteger),
    Column("graded_by", Integer, ForeignKey("person.id")),
    Column("officer_id", Integer, ForeignKey("person.id")),
    Column("merged_into", BigInteger, ForeignKey("incident.id")),
    Column("first_look_at", INSTANT),
    Column("verified_at", INSTANT),
    Column("closed_at", INSTANT),
    Column("outcome", Text),
    Column("outcome_note", Text),
    Column("closing_by", Integer, ForeignKey("person.id"), comment="Who asked to close; another person does it."),
    Column("closing_at", INSTANT),
    Column("closed_by", Integer, ForeignKey("person.id")),
    Column("recheck", Boolean, nullable=False, server_default=NO, comment="Drawn for a re-check after it was closed."),
    Column("rechecked_by", Integer, ForeignKey("person.id")),
    Column("rechecked_at", INSTANT),
    Column("reopened_at", INSTANT),
    Column("open_text", Text, comment="Text approved for a counterpart across the border."),
    Column("open_draft", Text, comment="Text for a counterpart that waits for the chief's approval."),
    Column(
        "open_text_by", Integer, ForeignKey("person.id"), comment="The chief who approved the text for a counterpart."
    ),
    Index("case_file_open", "incident_id", postgresql_where=text("(closed_at IS NULL)")),
    Index("case_file_ended", text("closed_at DESC"), "incident_id", postgresql_where=text("(closed_at IS NOT NULL)")),
    Index("case_file_recheck", "incident_id", postgresql_where=text("recheck and rechecked_at is null")),
    Index("case_file_merged", "merged_into", postgresql_where=text("(merged_into IS NOT NULL)")),
    Index(
        "case_file_waiting", "closing_at", postgresql_where=text("((closing_by IS NOT NULL) AND (closed_at IS NULL))")
    ),
)

case_event = Table(
    "case_event",
    metadata,
    serial(),
    Column("incident_id", BigInteger, ForeignKey("incident.id", ondelete="CASCADE"), nullable=False),
    Column("at", INSTANT, nullable=False, server_default=text("clock_timestamp()")),
    Column("person_id", Integer, ForeignKey("person.id")),
    Column("kind", Text, nullable=False),
    Column("from_status", Text),
    Column("to_status", Text),
    Column("note", Text),
    Column("detail", JSONB, nullable=False, server_default=text("'{}'::jsonb")),
    Index("case_event_incident", "incident_id", "id"),
)

fact_check = Table(
    "fact_check",
    metadata,
    serial(),
    Column("incident_id", BigInteger, ForeignKey("incident.id", ondelete="CASCADE"), nullable=False),
    Column("unit_kind", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("due_at", INSTANT, nullable=False),
    Column("asked_by", Integer, ForeignKey("person.id"), nullable=False),
    Column("asked_at", INSTANT, nullable=False, server_default=NOW),
    Column("instruction", Text),
    Column("finding", Text),
    Column("found", Text),
    Column("done_by", Integer, ForeignKey("person.id")),
    Column("done_at", INSTANT),
    Index("fact_check_incident", "incident_id"),
    Index("fact_check_open", "due_at", postgresql_where=text("(done_at IS NULL)")),
)

evidence = Table(
    "evidence",
    metadata,
    serial(),
    Column("incident_id", BigInteger, ForeignKey("incident.id", ondelete="CASCADE"), nullable=False),
    Column("report_id", BigInteger, ForeignKey("report.id", ondelete="CASCADE")),
    Column("media_type", Text, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("sha256", LargeBinary, nullable=False),
    Column("note", Text),
    Column("added_by", Integer, ForeignKey("person.id")),
    Column("added_at", INSTANT, nullable=False, server_default=NOW),
    Index("evidence_incident", "incident_id"),
    Index("evidence_report", "report_id"),
)

referral = Table(
    "referral",
    metadata,
    serial(),
    Column("incident_id", BigInteger, ForeignKey("incident.id", ondelete="CASCADE"), nullable=False),
    Column("agency", Text, ForeignKey("agency.code"), nullable=False),
    Column("state", Text, nullable=False, server_default=text("'sent'::text")),
    Column("note", Text),
    Column("sent_by", Integer, ForeignKey("person.id"), nullable=False),
    Column("sent_at", INSTANT, nullable=False, server_default=NOW),
    Column("answer_due", INSTANT, nullable=False),
    Column("accepted_by", Integer, ForeignKey("person.id")),
    Column("accepted_at", INSTANT),
    Column("accepted_name", Text, comment="Who signed the acknowledgement on paper, of an agency without accounts."),
    Column("return_reason", Text),
    Column("outcome_due", INSTANT),
    Column("outcome", Text),
    Column("outcome_note", Text),
    Column("ended_by", Integer, ForeignKey("person.id")),
    Column("ended_at", INSTANT),
    Column("ended_name", Text, comment="Who signed what ended it on paper, of an agency without accounts."),
    Index("referral_agency", "agency", "state"),
    Index("referral_incident", "incident_id"),
    Index("referral_unanswered", "answer_due", postgresql_where=text("(state = 'sent')")),
)

log_entry = Table(
    "log_entry",
    metadata,
    serial(),
    Column("incident_id", BigInteger, ForeignKey("incident.id", ondelete="CASCADE")),
    in_area("district_code", needed=True),
    Column("at", INSTANT, nullable=False, server_default=NOW),
    Column("kind", Text, nullable=False),
    Column("agency", Text, ForeignKey("agency.code")),
    Column("counterpart", Text, comment="Office across the border."),
    Column("said", Text, nullable=False),
    Column("person_id", Integer, ForeignKey("person.id"), nullable=False),
    Column("entered_at", INSTANT, nullable=False, server_default=NOW),
    Column(
        "pair_id", Integer, ForeignKey("district_pair.id", ondelete="SET NULL"),
        comment="The pair whose counterpart it was with.",
    ),
    Index("log_entry_district", "district_code", "at"),
    Index("log_entry_incident", "incident_id"),
    Index("log_entry_pair", "pair_id", "at", postgresql_where=text("pair_id is not null")),
)  # fmt: skip

notification = Table(
    "notification",
    metadata,
    serial(),
    Column("person_id", Integer, ForeignKey("person.id", ondelete="CASCADE"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("incident_id", BigInteger, ForeignKey("incident.id", ondelete="CASCADE")),
    Column("at", INSTANT, nullable=False, server_default=NOW),
    Column("read_at", INSTANT),
    Column("sent_at", INSTANT),
    Column("tries", SmallInteger, nullable=False, server_default=text("0"), comment="How often sending it was begun."),
    Column(
        "try_at",
        INSTANT,
        comment="Not to be sent before; whoever begins to send it moves this on, so that nobody else does.",
    ),
    Column(
        "decision_id",
        Integer,
        ForeignKey("decision.id", ondelete="CASCADE"),
        comment="The decision that somebody was given, where it is not about a case.",
    ),
    Column("month", Date, comment="The month whose report is asked for, where it is not about a case."),
    Index("notification_decision", "decision_id", postgresql_where=text("(decision_id IS NOT NULL)")),
    Index("notification_unread", "person_id", "at", postgresql_where=text("(read_at IS NULL)")),
    Index(
        "notification_once", "person_id", "incident_id", "kind", unique=True, postgresql_where=text("(read_at IS NULL)")
    ),
    Index(
        "notification_unsent",
        "person_id",
        "kind",
        "at",
        postgresql_where=text("((sent_at IS NULL) AND (read_at IS NULL))"),
    ),
    Index("notification_sent", "person_id", "sent_at", postgresql_where=text("(sent_at IS NOT NULL)")),
)

notification_choice = Table(
    "notification_choice",
    metadata,
    Column("person_id", Integer, ForeignKey("person.id", ondelete="CASCADE"), primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("way", Text, nullable=False),
    Column("chosen_at", INSTANT, nullable=False, server_default=NOW),
)

audit_log = Table(
    "audit_log",
    metadata,
    Column("id", BigInteger, primary_key=True),
    Column("at", INSTANT, nullable=False),
    Column("person_id", Integer),
    Column("action", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("detail", JSONB, nullable=False),
    Column("previous", LargeBinary, nullable=False),
    Column("hash", LargeBinary, nullable=False),
)
