//! Redirects that are made and removed by hand.

use courant_domain::{
    access::{Permission, Target},
    address::{self, Address},
    audit::{Act, AuditSubject},
    problem::ProblemCode,
    redirect::Redirect,
    reserved,
};
use sea_orm::EntityTrait;
use serde::Serialize;
use serde_json::json;
use uuid::Uuid;

use super::Newsroom;
use crate::{
    command::{Command, Done, Work, WriteError, Written},
    db::{
        connect::Dialect, convert::timestamp, entity::redirect, parameters::Parameters, row::Cursor,
        transaction::Transaction,
    },
    error::{Result, StoreError},
    live::redirect::{end_waiting, put_in_tx, remove_rule},
};

/// A redirect to make, or to lead elsewhere.
#[derive(Debug, Clone, Serialize)]
pub struct RedirectPut {
    /// The path it leads from.
    pub path: String,
    /// A path of the site or a URL; none for what is gone for good.
    pub target: Option<String>,
}

/// A page of the redirects that is wanted, by path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RedirectsRequest {
    /// Only those whose path contains this.
    pub text: Option<String>,
    /// Only what comes after this path.
    pub after: Option<String>,
    /// How many at most.
    pub size: u32,
}

impl Newsroom {
    /// Makes a path lead elsewhere, or say that it is gone.
    ///
    /// # Errors
    /// When the path is none of the site's, leads to itself, or the database fails; nothing is changed then.
    pub async fn redirect_put(&self, path: &str, target: Option<&str>) -> Result<()> {
        let mut tx = Transaction::begin(&self.store).await?;
        end_waiting(&tx, &source(path).unwrap_or_else(|| path.to_owned())).await?;
        put_in_tx(&mut tx, path, target.into(), None).await?;
        tx.commit(&self.store).await
    }

    /// The same, when somebody asks for it.
    ///
    /// # Errors
    /// When the path is none of the site's, or the server's own, something is live there, the target leads nowhere, to the path itself, or
    /// is a redirect, either has a query or fragment that would be dropped,
    /// the viewer may not, or the database fails.
    pub async fn redirect_make(&self, command: Command<'_>, input: &RedirectPut) -> Written<String> {
        self.store
            .change(command, Act::PutRedirect, input, async |work| {
                let allowed = work.require(Permission::ManageRedirects, &Target::default())?;
                let invalid = |field, message: &str| WriteError::refused(ProblemCode::Invalid, field, message);
                // Readers would never get there: it is refused rather than taken for another one.
                for (field, written) in [("path", Some(&input.path)), ("target", input.target.as_ref())] {
                    if let Some(written) = written.filter(|it| it.starts_with('/') && address::is_never_asked_for(it)) {
                        let message = format!(
                            "no browser asks for {written:?}: it has an empty part, a backslash, . or .. in it"
                        );
                        return Err(invalid(field, &message));
                    }
                }
                // What is empty, or has a query alone, is not the front page.
                if input.target.as_deref().is_some_and(|it| !it.starts_with('/') && !address::is_target(it)) {
                    return Err(invalid("target", "neither a path of the site nor an http or https URL"));
                }
                let path = source(&input.path).filter(|_| input.path.starts_with('/'));
                let path = path.ok_or_else(|| invalid("path", "this is no path of the site"))?;
                if reserved::is_served(&path, &work.tx.reference.site) {
                    return Err(invalid(
                        "path",
                        "the server has something of its own there, which no redirect takes the place of",
                    ));
                }
                if input.path.contains(['?', '#']) && input.path != path {
                    let message = format!("readers are not led on by all of this: say {path}");
                    return Err(invalid("path", &message));
                }
                if let Some(over) = input.target.as_deref().and_then(address::passed_over) {
                    let message = format!("a target on the site has neither query nor fragment: leave out {over}");
                    return Err(invalid("target", &message));
                }
                if work.is_there(page_of(&path)).await? {
                    let message = "something is live there, which would not be found any more";
                    return Err(WriteError::refused(ProblemCode::StillLive, "path", message));
                }
                let target = input.target.as_deref().map(|target| address::normalise(target).unwrap_or(target));
                if let Some(target) = target {
                    work.require_redirect(&path, target).await?;
                }
                let known = redirect::Entity::find_by_id(path.clone()).one(work.tx.connection()).await?;
                let is_same =
                    |rule: &redirect::Model| rule.meant.as_deref() == target && rule.entry_id.is_none() && !rule.hidden;
                if known.as_ref().is_some_and(is_same) {
                    return Ok(Done::unchanged(&allowed, path));
                }
                // What an editor says of an address holds, whoever waits for it.
                end_waiting(&work.tx, &path).await?;
                put_in_tx(&mut work.tx, &path, target.into(), None).await.map_err(|error| match error {
                    StoreError::Invalid(message) => invalid("target", &message),
                    other => other.into(),
                })?;
                let before = known.map(|rule| json!({ "target": rule.target }));
                let detail = json!({ "path": path, "target": target, "before": before });
                Ok(Done::new(&allowed, (AuditSubject::Redirect, id_of(&path)), detail, path))
            })
            .await
    }

    /// Removes a redirect, and all that wait for its path. Readers of it find nothing.
    ///
    /// # Errors
    /// When there is neither, the viewer may not, or the database fails.
    pub async fn redirect_remove(&self, command: Command<'_>, path: &str) -> Written<String> {
        self.store
            .change(command, Act::RemoveRedirect, &path, async |work| {
                let allowed = work.require(Permission::ManageRedirects, &Target::default())?;
                let path = source(path).unwrap_or_else(|| path.to_owned());
                let known = redirect::Entity::find_by_id(path.clone()).one(work.tx.connection()).await?;
                if !end_waiting(&work.tx, &path).await? && known.is_none() {
                    return Err(WriteError::not_found("path", "redirect"));
                }
                if known.is_some() {
                    remove_rule(&mut work.tx, &path).await?;
                }
                let detail = json!({ "path": path, "target": known.and_then(|rule| rule.target) });
                Ok(Done::new(&allowed, (AuditSubject::Redirect, id_of(&path)), detail, path))
            })
            .await
    }

    /// A page of the redirects, by path. A path that entries wait for is one of the first of them, hidden from readers.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn redirects_list(&self, request: &RedirectsRequest) -> Result<Vec<Redirect>> {
        let mut parameters = Parameters::default();
        let path = match self.store.dialect() {
            Dialect::Sqlite => "r.path",
            // The same order whatever language the database is in.
            Dialect::Postgres => "r.path COLLATE \"C\"",
        };
        let mut condition = "TRUE".to_owned();
        if let Some(text) = &request.text {
            let pattern = format!("%{}%", text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"));
            condition.push_str(&format!(" AND r.path LIKE {} ESCAPE '\\'", parameters.bind(pattern)));
        }
        if let Some(after) = &request.after {
            condition.push_str(&format!(" AND {path} > {}", parameters.bind(after.as_str())));
        }
        let sql = format!(
            "SELECT r.path, r.target, r.meant, r.created_at, r.entry_id, r.hidden FROM (\
             SELECT path, target, meant, created_at, entry_id, hidden FROM redirect UNION ALL \
             SELECT w.path, NULL, NULL, w.created_at, w.entry_id, TRUE FROM waiting_path w \
             WHERE NOT EXISTS (SELECT 1 FROM redirect o WHERE o.path = w.path) AND NOT EXISTS (\
             SELECT 1 FROM waiting_path o WHERE o.path = w.path AND (o.created_at < w.created_at \
             OR (o.created_at = w.created_at AND o.entry_id < w.entry_id)))) r WHERE {condition} \
             ORDER BY {path} LIMIT {}",
            request.size
        );
        let read = |row: Cursor<'_>| {
            let target: Option<String> = row.get("target")?;
            Ok(Redirect {
                path: row.get("path")?,
                meant: row.get::<Option<String>>("meant")?.filter(|meant| Some(meant) != target.as_ref()),
                target,
                created_at: timestamp(row.get("created_at")?)?,
                entry: row.get::<Option<Uuid>>("entry_id")?.map(Into::into),
                hidden: row.get("hidden")?,
            })
        };
        self.store.rows_of(crate::db::weight::Weight::Heavy, sql, parameters.0, read).await
    }
}

/// The id under which the audit log knows a redirect.
fn id_of(path: &str) -> Uuid {
    const REDIRECTS: Uuid = Uuid::from_u128(0x7d1c_66b0_3e0a_4a55_9b3e_5a0d_44e1_c0de);
    Uuid::new_v5(&REDIRECTS, path.as_bytes())
}

impl Work<'_> {
    /// Sees that readers of a path can be led to a target, at once and not back.
    async fn require_redirect(&self, path: &str, target: &str) -> Written<()> {
        let refuse = |message: &str| Err(WriteError::refused(ProblemCode::Invalid, "target", message));
        let rule = redirect::Entity::find_by_id(target.to_owned()).one(self.tx.connection()).await?;
        if let Some(rule) = rule {
            let on = rule.target.unwrap_or_else(|| "nothing any more".to_owned());
            return refuse(&format!("{target} is a redirect itself, to {on}"));
        }
        match self.leads_nowhere(target, path).await? {
            Some(why) => refuse(why),
            None => Ok(()),
        }
    }
}

/// What a redirect from this address is kept under. Of a path without a query, percent-encoding stays as it was written.
fn source(address: &str) -> Option<String> {
    if address.contains(['?', '#']) { address::kept(address) } else { address::normalise(address).map(str::to_owned) }
}

/// The path at which a page may be that comes before a redirect; that of a front page with a query is none.
fn page_of(path: &str) -> &str {
    let page = path.split('?').next().unwrap_or_default();
    if Address::parse(page).is_some() { page } else { path }
}
