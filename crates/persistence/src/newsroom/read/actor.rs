//! What actors are called.

use std::collections::HashMap;

use courant_domain::access::ActorId;
use uuid::Uuid;

use super::Parameters;
use crate::{db::row::Cursor, error::Result, live::read::KEYS, newsroom::Newsroom};

impl Newsroom {
    /// What actors are called now: users and machines' tokens by what is known of them, those an external issuer
    /// vouches for by the name they last came with. Who is not known has no name.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn actor_names(&self, actors: &[ActorId]) -> Result<HashMap<ActorId, String>> {
        let mut found = HashMap::with_capacity(actors.len());
        for actors in actors.chunks(KEYS) {
            let users: Vec<Uuid> = actors.iter().filter_map(ActorId::as_user).map(Into::into).collect();
            let tokens: Vec<Uuid> = actors.iter().filter_map(ActorId::as_token).map(Into::into).collect();
            let others: Vec<&str> =
                actors.iter().map(ActorId::as_str).filter(|actor| actor.starts_with("oidc:")).collect();
            let mut parameters = Parameters::default();
            let mut selects = Vec::new();
            let mut with = String::new();
            for (table, ids) in [("account", users), ("api_token", tokens)] {
                if !ids.is_empty() {
                    let ids = parameters.bind_all(ids);
                    selects.push(format!("SELECT '{table}', n.id, '', n.name FROM {table} n WHERE n.id IN ({ids})"));
                }
            }
            if !others.is_empty() {
                let rows: Vec<String> =
                    others.into_iter().map(|actor| format!("({})", parameters.bind(actor))).collect();
                with = format!("WITH p(actor) AS (VALUES {}) ", rows.join(", "));
                selects.push(
                    "SELECT '', NULL, p.actor, (SELECT l.actor_name FROM audit_log l WHERE l.actor = p.actor \
                     ORDER BY l.seq DESC LIMIT 1) FROM p"
                        .to_owned(),
                );
            }
            if selects.is_empty() {
                continue;
            }
            let sql = format!("{with}{}", selects.join(" UNION ALL "));
            let read = |mut row: Cursor<'_>| {
                let (table, id): (String, Option<Uuid>) = (row.take()?, row.take()?);
                Ok((table, id, row.take::<String>()?, row.take::<Option<String>>()?))
            };
            for (table, id, actor, name) in self.store.rows(sql, parameters.0, read).await? {
                let Some(name) = name else { continue };
                let actor = match (table.as_str(), id) {
                    ("account", Some(id)) => ActorId::user(id.into()),
                    ("api_token", Some(id)) => ActorId::token(id.into()),
                    _ => ActorId::from(actor),
                };
                found.insert(actor, name);
            }
        }
        Ok(found)
    }
}
