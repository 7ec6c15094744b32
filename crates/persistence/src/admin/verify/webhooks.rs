//! Webhooks, and the outbox of messages to them.

use courant_domain::change::{ChangeCursor, ChangeSeq};
use uuid::Uuid;

use super::{Check, Rule};
use crate::{
    db::convert::{micros, timestamp},
    error::Result,
    webhooks::{COLUMNS, WEBHOOKS_FOLLOWER, read},
};

/// What is selected of what breaks the rule: which one it is, and in which words it is told.
struct Broken {
    sql: &'static str,
    what: &'static str,
    expected: &'static str,
    found: &'static str,
}

/// A message is sent by its lane, and counted by what became of it.
const OUTBOX: &[Broken] = &[
    Broken {
        sql: "SELECT d.id FROM webhook_delivery d LEFT JOIN webhook w ON w.id = d.webhook_id WHERE w.id IS NULL",
        what: "the message",
        expected: "a webhook that is there",
        found: "none",
    },
    Broken {
        sql: "SELECT l.webhook_id FROM webhook_lane l LEFT JOIN webhook w ON w.id = l.webhook_id WHERE w.id IS NULL",
        what: "what waits for the webhook",
        expected: "a webhook that is there",
        found: "none",
    },
    Broken {
        sql: "SELECT a.id FROM webhook_attempt a LEFT JOIN webhook_delivery d ON d.id = a.delivery_id \
              WHERE d.id IS NULL OR d.webhook_id <> a.webhook_id",
        what: "the try",
        expected: "a message to its webhook",
        found: "none",
    },
    Broken {
        sql: "SELECT d.id FROM webhook_delivery d LEFT JOIN webhook_lane l ON l.webhook_id = d.webhook_id AND l.lane = d.lane \
              WHERE d.state = 'WAITING' AND l.webhook_id IS NULL",
        what: "the message",
        expected: "its thing among those of which something is to be sent",
        found: "nobody who would send it",
    },
    Broken {
        sql: "SELECT l.webhook_id FROM webhook_lane l WHERE NOT EXISTS (SELECT 1 FROM webhook_delivery d \
              WHERE d.webhook_id = l.webhook_id AND d.lane = l.lane AND d.state = 'WAITING')",
        what: "what waits for the webhook",
        expected: "a message that waits, of each thing of which something is to be sent",
        found: "one of which nothing is",
    },
    Broken {
        sql: "SELECT d.id FROM webhook_delivery d WHERE d.state NOT IN ('WAITING', 'DELIVERED', 'FAILED') \
              OR (d.state = 'WAITING') <> (d.settled_at IS NULL) OR (d.tries > 0) <> (d.first_tried_at IS NOT NULL) \
              OR d.state <> 'WAITING' AND d.tries = 0",
        what: "the message",
        expected: "a time when it got through or was given up, after a try, unless it waits",
        found: "something else",
    },
    Broken {
        sql: "SELECT d.id FROM webhook_delivery d LEFT JOIN change_log c ON c.seq = d.seq \
              WHERE d.seq IS NOT NULL AND c.seq IS NULL",
        what: "the message",
        expected: "a change that is in the log",
        found: "none",
    },
];

impl Check<'_> {
    /// Sees that messages are to webhooks that are there, of changes that are in the log, and that each that waits has its turn.
    pub(super) async fn webhooks(&mut self) -> Result<()> {
        for Broken { sql, what, expected, found } in OUTBOX {
            for row in self.rows(*sql, []).await? {
                let id: Uuid = row.try_get_by_index(0)?;
                self.broken(Rule::WebhookOutbox, format!("{what} {id}"), expected, found);
            }
        }
        let head = self.rows("SELECT max(seq) FROM change_log", []).await?;
        let head = head.first().map(|row| row.try_get_by_index::<Option<ChangeSeq>>(0)).transpose()?.flatten();
        let head = head.unwrap_or(0);
        let sql = "SELECT seq FROM follower WHERE name = $1 AND seq IS NOT NULL";
        for row in self.rows(sql, [WEBHOOKS_FOLLOWER.into()]).await? {
            let seq: ChangeSeq = row.try_get_by_index(0)?;
            if !(0..=head).contains(&seq) {
                self.broken(Rule::WebhookOutbox, "what webhooks were told of", format!("change {head} at most"), seq);
            }
        }
        self.webhook_rows().await
    }

    /// Sees that what is known of webhooks can be read, and that the places are in the log that they were told up to.
    async fn webhook_rows(&mut self) -> Result<()> {
        for row in self.rows(format!("SELECT {COLUMNS} FROM webhook w ORDER BY w.id"), []).await? {
            let id: Uuid = row.try_get_by_index(0)?;
            let what = format!("webhook {id}");
            let Some(hook) = self.readable(&what, read(&row))? else { continue };
            let Some(at) = hook.stopped_after.filter(|at| !at.is_beginning()) else { continue };
            let found = self.rows("SELECT at FROM change_log WHERE seq = $1", [at.seq.into()]).await?;
            let found = found.first().map(|row| row.try_get_by_index::<i64>(0)).transpose()?;
            let found = found.map(timestamp).transpose()?;
            if found.is_none_or(|found| ChangeCursor::at(at.seq, found) != at) {
                let found = found.map_or_else(|| "none".to_owned(), |found| format!("one of {}", micros(found)));
                let expected = format!("change {} of {}, up to which it was told", at.seq, at.micros);
                self.broken(Rule::WebhookOutbox, what, expected, found);
            }
        }
        Ok(())
    }
}
