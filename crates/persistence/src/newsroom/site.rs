//! The site.

use std::sync::Arc;

use courant_domain::{
    access::{Permission, Target},
    audit::{Act, AuditSubject},
    change::{Action, Change, ChangeKey, Subject, Told},
    feed::Feed,
    locale::Locale,
    site::Site,
    text::Localized,
    zone::ZoneName,
};
use jiff::Timestamp;
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
    sea_query::{OnConflict, Query},
};

use serde::Serialize;
use serde_json::json;
use uuid::Uuid;

use super::input::require_words;
use crate::{
    command::{Command, Done, Written},
    db::{
        convert::{from_document, to_document},
        entity::{change_log, feed, site},
        patience::LONG,
        transaction::Transaction,
    },
    error::{Result, invalid},
    live::publish::canonical_settle_all,
    newsroom::Newsroom,
};

/// Gives a new database an English site with a stand-in name, and the two feeds every site has.
pub(crate) async fn create_default<C: ConnectionTrait>(connection: &C) -> Result<()> {
    if site::Entity::find_by_id(1i16).one(connection).await?.is_some() {
        return logged(connection).await;
    }
    for feed in Feed::defaults() {
        let row = feed::ActiveModel {
            id: Set(feed.id.uuid()),
            slug: Set(feed.slug.to_string()),
            document: Set(to_document(&feed)?),
        };
        feed::Entity::insert(row)
            .on_conflict(OnConflict::column(feed::Column::Slug).do_nothing().to_owned())
            .exec_without_returning(connection)
            .await?;
    }
    let document = to_document(&Site::new(Locale::ENGLISH, "Courant"))?;
    site::Entity::insert(site::ActiveModel { id: Set(1), document: Set(document) })
        .on_conflict(OnConflict::column(site::Column::Id).do_nothing().to_owned())
        .exec_without_returning(connection)
        .await?;
    logged(connection).await
}

/// Sees that the change log tells of the feeds that were there from the start: whoever follows it from its beginning has nothing else.
async fn logged<C: ConnectionTrait>(connection: &C) -> Result<()> {
    let told = Query::select()
        .column(change_log::Column::SubjectId)
        .from(change_log::Entity)
        .and_where(change_log::Column::Subject.eq(Subject::Feed.as_str()))
        .and_where(change_log::Column::SubjectId.is_not_null())
        .take();
    let feeds = feed::Entity::find().filter(feed::Column::Id.not_in_subquery(told)).order_by_asc(feed::Column::Slug);
    let feeds = feeds.all(connection).await?;
    if feeds.is_empty() {
        return Ok(());
    }
    // Whoever writes meanwhile waits, as for any writer.
    let lock = "UPDATE change_head SET seq = seq WHERE id = 1";
    connection.execute_unprepared(lock).await?;
    let (head, now) = crate::change_log::head(connection).await?;
    let at = now.unwrap_or_else(Timestamp::now);
    let changes = feeds.into_iter().zip(head + 1..).map(|(feed, seq)| Change {
        seq,
        at,
        key: ChangeKey::Feed(feed.id.into()),
        action: Action::Put,
        touched: None,
        told: Some(Arc::new(Told::named(None, Some(&feed.slug)))),
    });
    crate::change_log::append(connection, changes.collect()).await
}

/// What shall be different about the site; what is none stays as it is.
#[derive(Debug, Clone, Default, Serialize)]
pub struct SiteUpdate {
    /// What it is called.
    pub name: Option<Localized>,
    /// What it is, in a sentence.
    pub description: Option<Localized>,
    /// Where it is.
    pub time_zone: Option<ZoneName>,
    /// Its own pages elsewhere.
    pub profiles: Option<Vec<String>>,
}

impl Newsroom {
    /// Changes what the site is called, where it is, and which pages it has elsewhere.
    ///
    /// # Errors
    /// When it would have no name, the viewer may not, or the database fails.
    pub async fn site_update(&self, command: Command<'_>, input: &SiteUpdate) -> Written<()> {
        self.store
            .change(command, Act::UpdateSite, input, async |work| {
                let allowed = work.require(Permission::ManageSite, &Target::default())?;
                let before = work.tx.reference.site.clone();
                let mut site = before.clone();
                if let Some(name) = &input.name {
                    require_words(name, "name", "a site has a name in at least one language")?;
                    site.name.clone_from(name);
                }
                if let Some(description) = &input.description {
                    site.description.clone_from(description);
                }
                if let Some(zone) = &input.time_zone {
                    site.time_zone.clone_from(zone);
                }
                if let Some(profiles) = &input.profiles {
                    site.profiles.clone_from(profiles);
                }
                if site == before {
                    return Ok(Done::unchanged(&allowed, ()));
                }
                put_in_tx(&mut work.tx, &site).await?;
                let said = |site: &Site| {
                    json!({
                        "name": site.name,
                        "description": site.description,
                        "timeZone": site.time_zone,
                        "profiles": site.profiles,
                    })
                };
                let mut detail = said(&site);
                detail["before"] = said(&before);
                Ok(Done::new(&allowed, (AuditSubject::Site, Uuid::nil()), detail, ()))
            })
            .await
    }

    /// Has the site know its address, which canonical addresses are its own, and says whether it was another one.
    ///
    /// # Errors
    /// When the database fails; nothing is changed then.
    pub async fn site_is_at(&self, address: &str) -> Result<bool> {
        let is_known = |site: &Site| site.address.as_deref() == Some(address);
        if is_known(&self.store.reference().site) {
            return Ok(false);
        }
        let mut tx = Transaction::begin(&self.store).await?;
        tx.takes(LONG, LONG).await?;
        // Another server may have said so meanwhile.
        if is_known(&tx.reference.site) {
            tx.rollback().await?;
            return Ok(false);
        }
        let site = Site { address: Some(address.to_owned()), ..tx.reference.site.clone() };
        put_in_tx(&mut tx, &site).await?;
        canonical_settle_all(&mut tx).await?;
        tx.commit(&self.store).await?;
        Ok(true)
    }

    /// Sets the site's name and languages. When languages or fallbacks change, all timelines are made anew.
    ///
    /// # Errors
    /// When the languages do not hang together, or the database fails; nothing is changed then.
    pub async fn site_put(&self, site: &Site) -> Result<()> {
        let mut tx = Transaction::begin(&self.store).await?;
        put_in_tx(&mut tx, site).await?;
        tx.commit(&self.store).await
    }
}

pub(crate) async fn put_in_tx(tx: &mut Transaction, site: &Site) -> Result<()> {
    site.validate().map_err(invalid)?;
    let old: Site = match site::Entity::find_by_id(1i16).one(tx.connection()).await? {
        Some(row) => from_document(&row.document)?,
        None => site.clone(),
    };
    if old == *site {
        return Ok(());
    }
    let row = site::ActiveModel { id: Set(1), document: Set(to_document(site)?) };
    site::Entity::update(row).exec(tx.connection()).await?;
    tx.log(ChangeKey::Site, Action::Put);
    tx.reload_reference().await?;
    let languages = |site: &Site| site.locales.iter().map(|l| (l.tag, l.fallbacks.clone())).collect::<Vec<_>>();
    if languages(&old) != languages(site) {
        crate::live::publish::rebuild_timelines(tx).await?;
    }
    Ok(())
}
