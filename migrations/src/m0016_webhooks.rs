//! Webhooks: endpoints that are told of changes, the messages to them, and the tries to deliver these.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::run(
            manager,
            &[
                // `keys` says which keys there are; what is secret of them is derived.
                "CREATE TABLE webhook (
                    id {uuid} NOT NULL PRIMARY KEY,
                    url text NOT NULL,
                    name text NOT NULL,
                    filter text NOT NULL,
                    state text NOT NULL,
                    keys text NOT NULL,
                    stopped_at bigint,
                    stopped_after text,
                    failing_since bigint,
                    failures integer NOT NULL,
                    paused_until bigint,
                    delivered_at bigint,
                    created_at bigint NOT NULL,
                    created_by text NOT NULL
                )",
                // The outbox. `lane` is what order holds for: an entry, a category, a path. `place` is the order: the number of the
                // change. `due_at` counts for the first message of a lane that waits; others wait for that one.
                "CREATE TABLE webhook_delivery (
                    id {uuid} NOT NULL PRIMARY KEY,
                    webhook_id {uuid} NOT NULL REFERENCES webhook (id) ON DELETE CASCADE,
                    lane text NOT NULL,
                    place bigint NOT NULL,
                    seq bigint,
                    event text NOT NULL,
                    body text NOT NULL,
                    state text NOT NULL,
                    created_at bigint NOT NULL,
                    settled_at bigint,
                    tries integer NOT NULL,
                    first_tried_at bigint
                )",
                "CREATE INDEX webhook_delivery_created ON webhook_delivery (webhook_id, created_at, id)",
                "CREATE INDEX webhook_delivery_seq ON webhook_delivery (webhook_id, seq) WHERE seq IS NOT NULL",
                "CREATE INDEX webhook_delivery_waiting ON webhook_delivery (webhook_id, lane, place, id)
                    WHERE state = 'WAITING'",
                "CREATE INDEX webhook_delivery_failed ON webhook_delivery (webhook_id) WHERE state = 'FAILED'",
                "CREATE INDEX webhook_delivery_settled ON webhook_delivery (settled_at) WHERE settled_at IS NOT NULL",
                // Lanes in which something waits, and when the first of it is tried.
                "CREATE TABLE webhook_lane (
                    webhook_id {uuid} NOT NULL REFERENCES webhook (id) ON DELETE CASCADE,
                    lane text NOT NULL,
                    due_at bigint NOT NULL,
                    PRIMARY KEY (webhook_id, lane)
                ){clustered}",
                "CREATE INDEX webhook_lane_due ON webhook_lane (webhook_id, due_at)",
                "CREATE TABLE webhook_attempt (
                    id {uuid} NOT NULL PRIMARY KEY,
                    webhook_id {uuid} NOT NULL REFERENCES webhook (id) ON DELETE CASCADE,
                    delivery_id {uuid} NOT NULL REFERENCES webhook_delivery (id) ON DELETE CASCADE,
                    at bigint NOT NULL,
                    took bigint NOT NULL,
                    status integer,
                    error text,
                    detail text,
                    answer text,
                    retry_after bigint
                )",
                "CREATE INDEX webhook_attempt_at ON webhook_attempt (webhook_id, at, id)",
                "CREATE INDEX webhook_attempt_delivery ON webhook_attempt (delivery_id, at, id)",
            ],
        )
        .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::run(
            manager,
            &[
                "DROP TABLE webhook_attempt",
                "DROP TABLE webhook_lane",
                "DROP TABLE webhook_delivery",
                "DROP TABLE webhook",
            ],
        )
        .await
    }
}
