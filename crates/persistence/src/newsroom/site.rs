//! The site.

use courant_domain::{
    change::{Action, ChangeKey},
    feed::Feed,
    locale::Locale,
    site::Site,
};
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait, sea_query::OnConflict};

use crate::{
    db::{
        convert::{from_document, to_document},
        entity::{feed, site},
        transaction::Transaction,
    },
    error::{Result, invalid},
    newsroom::Newsroom,
};

/// Gives a new database an English site with a stand-in name, and the two feeds every site has.
pub(crate) async fn create_default<C: ConnectionTrait>(connection: &C) -> Result<()> {
    if site::Entity::find_by_id(1i16).one(connection).await?.is_some() {
        return Ok(());
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
    Ok(())
}

impl Newsroom {
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
