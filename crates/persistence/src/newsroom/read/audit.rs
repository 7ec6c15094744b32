//! The audit log: all of it, or what it says of entries.

use std::sync::Arc;

use courant_domain::{
    access::ActorId,
    audit::AuditRecord,
    id::{ApiTokenId, EntryId, UserId},
    locale::Locale,
    newsroom::AuditFilter,
    page::{Direction, Page, PageRequest, Position},
};

use super::{
    Parameters,
    children::{Children, Parent},
    literals,
};
use crate::{
    db::{
        convert::{from_document, from_word, locale, micros, timestamp},
        row::Cursor,
    },
    error::Result,
    newsroom::Newsroom,
};

/// A page of the audit log that is wanted: the newest first. A place's key is a record's number.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct AuditRequest {
    /// Which records.
    pub filter: AuditFilter,
    /// Which page.
    pub page: PageRequest,
}

/// What was done to an entry.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HistoryOfEntry {
    /// The entry.
    pub entry: EntryId,
    /// Only what was done to these languages, or to none in particular; none means all, and no language nothing at all.
    pub locales: Option<Vec<Locale>>,
}

/// A page of what was done to an entry that is wanted: the newest first.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct HistoryRequest {
    /// Which records.
    pub of: HistoryOfEntry,
    /// Which page.
    pub page: PageRequest,
}

const COLUMNS: &str = "t.seq, t.at, t.actor, t.actor_name, t.act, t.subject, t.subject_id, t.locale, t.detail, \
                       t.address, t.request_id";

const HISTORY: Children = Children {
    table: "audit_log",
    key: "seq",
    on: "t.subject_id = p.a AND t.subject = 'ENTRY' \
         AND (p.b = '' OR t.locale IS NULL AND p.b <> ',' OR p.b LIKE '%,' || t.locale || ',%')",
};

impl HistoryOfEntry {
    /// The languages between commas, for the condition above; language tags hold neither commas nor wildcards.
    fn parent(&self) -> Parent {
        let locales = self.locales.as_ref().map_or_else(String::new, |locales| {
            locales.iter().fold(",".to_owned(), |text, locale| text + locale.as_str() + ",")
        });
        [self.entry.uuid().into(), locales.into()]
    }
}

fn read(row: &Cursor<'_>) -> Result<(Position, Arc<AuditRecord>)> {
    let record = AuditRecord {
        seq: row.get("seq")?,
        at: timestamp(row.get("at")?)?,
        actor: row.get::<String>("actor")?.into(),
        actor_name: row.get("actor_name")?,
        act: from_word(&row.get::<String>("act")?)?,
        subject: from_word(&row.get::<String>("subject")?)?,
        subject_id: row.get("subject_id")?,
        locale: row.get::<Option<String>>("locale")?.as_deref().map(locale).transpose()?,
        detail: from_document(&row.get::<String>("detail")?)?,
        address: row.get("address")?,
        request_id: row.get("request_id")?,
    };
    Ok((Position { key: record.seq, entry: uuid::Uuid::nil().into() }, Arc::new(record)))
}

fn condition(filter: &AuditFilter, parameters: &mut Parameters) -> Result<String> {
    let mut conditions = vec!["TRUE".to_owned()];
    if let Some(actor) = &filter.actor {
        conditions.push(format!("t.actor = {}", parameters.bind(actor.as_str())));
    }
    if !filter.acts.is_empty() {
        conditions.push(format!("t.act IN ({})", literals(&filter.acts)?));
    }
    if !filter.subjects.is_empty() {
        conditions.push(format!("t.subject IN ({})", literals(&filter.subjects)?));
    }
    if let Some(id) = filter.subject_id {
        conditions.push(format!("t.subject_id = {}", parameters.bind(id)));
    }
    if let Some(from) = filter.from {
        conditions.push(format!("t.at >= {}", parameters.bind(micros(from))));
    }
    if let Some(before) = filter.before {
        conditions.push(format!("t.at < {}", parameters.bind(micros(before))));
    }
    Ok(conditions.join(" AND "))
}

impl Newsroom {
    /// A page of the audit log, the newest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn audit_list(&self, request: &AuditRequest) -> Result<Page<Arc<AuditRecord>>> {
        let mut parameters = Parameters::default();
        let mut condition = condition(&request.filter, &mut parameters)?;
        let page = &request.page;
        for (place, sign) in [(page.after, '<'), (page.before, '>')] {
            if let Some(place) = place {
                condition.push_str(&format!(" AND t.seq {sign} {}", parameters.bind(place.key)));
            }
        }
        let way = match page.direction {
            Direction::Forward => "DESC",
            Direction::Backward => "ASC",
        };
        let limit = u64::from(page.size) + 1;
        let sql = format!("SELECT {COLUMNS} FROM audit_log t WHERE {condition} ORDER BY t.seq {way} LIMIT {limit}");
        let found = self.store.rows(sql, parameters.0, |row| read(&row)).await?;
        Ok(Page::cut(page, found))
    }

    /// One record of the audit log, by its number.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn audit_record(&self, seq: i64) -> Result<Option<Arc<AuditRecord>>> {
        let sql = format!("SELECT {COLUMNS} FROM audit_log t WHERE t.seq = $1");
        let found = self.store.rows(sql, vec![seq.into()], |row| read(&row)).await?;
        Ok(found.into_iter().next().map(|(_, record)| record))
    }

    /// Up to `limit` records after one, in the order of their numbers.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn audit_after(&self, seq: i64, limit: u64) -> Result<Vec<Arc<AuditRecord>>> {
        let sql = format!("SELECT {COLUMNS} FROM audit_log t WHERE t.seq > $1 ORDER BY t.seq LIMIT {limit}");
        let found = self.store.rows(sql, vec![seq.into()], |row| read(&row)).await?;
        Ok(found.into_iter().map(|(_, record)| record).collect())
    }

    /// Whether somebody has had the same rights since a record was made, as far as the log tells: neither were they given others, nor
    /// have categories, which rights are limited to, been moved or merged. Of whom an external issuer vouches for it does not tell.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn rights_were_the_same(&self, since: i64, actor: &ActorId) -> Result<bool> {
        let user = actor.as_user().map(UserId::uuid);
        let Some(id) = user.or_else(|| actor.as_token().map(ApiTokenId::uuid)) else { return Ok(false) };
        // A token may do what the user may do who answers for it.
        let sql = "SELECT 1 WHERE EXISTS (SELECT 1 FROM audit_log t WHERE t.seq > $1 AND t.subject_id IN \
                   ($2, COALESCE((SELECT a.owner_id FROM api_token a WHERE a.id = $2), $2)) \
                   AND t.act IN ('CREATE_USER', 'UPDATE_USER', 'CREATE_API_TOKEN')) \
                   OR EXISTS (SELECT 1 FROM audit_log t WHERE t.seq > $1 AND t.act IN ('MOVE_CATEGORY', 'MERGE_CATEGORIES'))";
        let others = self.store.rows(sql.to_owned(), vec![since.into(), id.into()], |_| Ok(())).await?;
        Ok(others.is_empty())
    }

    /// The last record there is.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn audit_last(&self) -> Result<Option<Arc<AuditRecord>>> {
        let sql = format!("SELECT {COLUMNS} FROM audit_log t ORDER BY t.seq DESC LIMIT 1");
        let found = self.store.rows(sql, Vec::new(), |row| read(&row)).await?;
        Ok(found.into_iter().next().map(|(_, record)| record))
    }

    /// How many records a list has on all pages: exact up to `bound`, and `bound` for more.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn audit_count(&self, filter: &AuditFilter, bound: u64) -> Result<u64> {
        let mut parameters = Parameters::default();
        let condition = condition(filter, &mut parameters)?;
        let sql = format!("SELECT count(*) FROM (SELECT 1 FROM audit_log t WHERE {condition} LIMIT {bound}) n");
        let counts = self.store.rows(sql, parameters.0, |mut row| row.take::<i64>()).await?;
        Ok(counts.first().map_or(0, |count| u64::try_from(*count).unwrap_or(0)))
    }

    /// Pages of what was done to entries, the newest first, in the order of the requests.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn histories(&self, requests: &[&HistoryRequest]) -> Result<Vec<Page<Arc<AuditRecord>>>> {
        let wanted: Vec<_> = requests.iter().map(|request| (request.of.parent(), &request.page)).collect();
        HISTORY.pages(&self.store, COLUMNS, &wanted, read).await
    }

    /// How many records there are of what was done to entries: exact up to `bound`, and `bound` for more.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn histories_counts(&self, of: &[&HistoryOfEntry], bound: u64) -> Result<Vec<u64>> {
        let parents: Vec<Parent> = of.iter().map(|of| of.parent()).collect();
        HISTORY.counts(&self.store, &parents, bound).await
    }
}
