//! Who works here and what they did: users, sessions, machines' tokens, the audit log; and what editors' lists
//! and the workflow need of entries.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::run(
            manager,
            &[
                "ALTER TABLE entry ADD COLUMN created_by text",
                // Whether any language of it has ever been live: what was is never deleted.
                "ALTER TABLE entry ADD COLUMN was_published boolean NOT NULL DEFAULT FALSE",
                "UPDATE entry SET was_published = TRUE WHERE EXISTS (SELECT 1 FROM edition e WHERE e.entry_id = entry.id)",
                // When an editor last did something to it: what their lists are ordered by.
                "ALTER TABLE entry ADD COLUMN touched_at bigint NOT NULL DEFAULT 0",
                "UPDATE entry SET touched_at = coalesce(
                    (SELECT max(r.created_at) FROM revision r WHERE r.entry_id = entry.id), created_at)",
                "CREATE INDEX entry_touched ON entry (touched_at, id)",
                "CREATE INDEX entry_created_by ON entry (created_by, touched_at) WHERE created_by IS NOT NULL",
                // What the newest revision is called, folded to lower case, for editors' lists to search in.
                "ALTER TABLE standing ADD COLUMN folded text NOT NULL DEFAULT ''",
                "UPDATE standing SET folded = coalesce((
                    SELECT lower(coalesce(r.content{json} -> 'ARTICLE' ->> 'title', r.content{json} -> 'DECREE' ->> 'title', ''))
                    FROM revision r
                    WHERE r.entry_id = standing.entry_id AND r.locale = standing.locale AND r.number = standing.newest
                 ), '')",
                // What belongs to the state, as a document: approval, who scheduled it and with which note, the end.
                "ALTER TABLE standing ADD COLUMN document text",
                "ALTER TABLE standing ADD COLUMN waiting_for text",
                "ALTER TABLE standing ADD COLUMN expires_at bigint",
                "UPDATE standing SET waiting_for = CASE state
                    WHEN 'DRAFT' THEN 'AUTHOR' WHEN 'IN_REVIEW' THEN 'REVIEW' WHEN 'SCHEDULED' THEN 'TIME' END",
                "CREATE INDEX standing_expires ON standing (expires_at) WHERE expires_at IS NOT NULL",
                "CREATE INDEX standing_waiting ON standing (waiting_for, entry_id) WHERE waiting_for IS NOT NULL",
                "CREATE INDEX standing_state ON standing (state, entry_id)",
                // What a merge of categories moves.
                "CREATE INDEX edition_category ON edition (category_id)",
                "CREATE TABLE account (
                    id {uuid} NOT NULL PRIMARY KEY,
                    email text NOT NULL,
                    name text NOT NULL,
                    password text,
                    grants text NOT NULL,
                    created_at bigint NOT NULL,
                    disabled_at bigint
                )",
                "CREATE UNIQUE INDEX account_email ON account (email)",
                "CREATE TABLE session (
                    id {uuid} NOT NULL PRIMARY KEY,
                    account_id {uuid} NOT NULL REFERENCES account (id),
                    created_at bigint NOT NULL,
                    expires_at bigint NOT NULL,
                    ended_at bigint,
                    address text
                )",
                "CREATE INDEX session_account ON session (account_id)",
                "CREATE INDEX session_expires ON session (expires_at)",
                // A session's refresh tokens, by the SHA-256 of each. One that was used before ends the session.
                "CREATE TABLE refresh_token (
                    hash text NOT NULL PRIMARY KEY,
                    session_id {uuid} NOT NULL REFERENCES session (id),
                    created_at bigint NOT NULL,
                    used_at bigint
                )",
                "CREATE INDEX refresh_token_session ON refresh_token (session_id)",
                "CREATE TABLE api_token (
                    id {uuid} NOT NULL PRIMARY KEY,
                    name text NOT NULL,
                    hash text NOT NULL,
                    grants text NOT NULL,
                    created_by text NOT NULL,
                    created_at bigint NOT NULL,
                    expires_at bigint,
                    revoked_at bigint,
                    last_used_at bigint
                )",
                "CREATE UNIQUE INDEX api_token_hash ON api_token (hash)",
                // What signs access and preview tokens: 32 random bytes in base64, shared by all nodes.
                "CREATE TABLE secret (
                    name text NOT NULL PRIMARY KEY,
                    value text NOT NULL,
                    created_at bigint NOT NULL
                )",
                "CREATE TABLE audit_log (
                    seq {rowid} NOT NULL PRIMARY KEY,
                    at bigint NOT NULL,
                    actor text NOT NULL,
                    actor_name text NOT NULL,
                    act text NOT NULL,
                    subject text NOT NULL,
                    subject_id {uuid} NOT NULL,
                    locale text,
                    detail text NOT NULL,
                    address text,
                    request_id text
                )",
                "CREATE INDEX audit_log_subject ON audit_log (subject_id, seq)",
                "CREATE INDEX audit_log_actor ON audit_log (actor, seq)",
                // What was answered under a client's key: a request that comes again is answered again, not run again.
                "CREATE TABLE idempotency (
                    actor text NOT NULL,
                    key text NOT NULL,
                    act text NOT NULL,
                    fingerprint text NOT NULL,
                    outcome text NOT NULL,
                    at bigint NOT NULL,
                    PRIMARY KEY (actor, key)
                )",
                "CREATE INDEX idempotency_at ON idempotency (at)",
            ],
        )
        .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::run(
            manager,
            &[
                "DROP TABLE idempotency",
                "DROP TABLE audit_log",
                "DROP TABLE secret",
                "DROP TABLE api_token",
                "DROP TABLE refresh_token",
                "DROP TABLE session",
                "DROP TABLE account",
                "DROP INDEX edition_category",
                "DROP INDEX standing_state",
                "DROP INDEX standing_waiting",
                "DROP INDEX standing_expires",
                "ALTER TABLE standing DROP COLUMN expires_at",
                "ALTER TABLE standing DROP COLUMN waiting_for",
                "ALTER TABLE standing DROP COLUMN document",
                "ALTER TABLE standing DROP COLUMN folded",
                "DROP INDEX entry_created_by",
                "DROP INDEX entry_touched",
                "ALTER TABLE entry DROP COLUMN touched_at",
                "ALTER TABLE entry DROP COLUMN was_published",
                "ALTER TABLE entry DROP COLUMN created_by",
            ],
        )
        .await
    }
}
