//! The secret that the keys of all webhooks are derived from.

use courant_domain::webhook::Webhook;
use courant_identity::{Secret, server_secret::ServerSecret, webhook::EndpointKeys};
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait};

use super::Webhooks;
use crate::{
    db::{convert::micros, entity::secret, transaction::Transaction},
    error::{Result, corrupt, invalid},
};

/// Its name among the secrets. It is none that signs tokens: those may be changed without any receiver noticing.
const NAME: &str = "webhooks";

impl Webhooks {
    /// The present secret of a webhook, for whoever runs its endpoint.
    ///
    /// # Errors
    /// When the database fails, or the system gives no random bytes.
    pub async fn shared_secret(&self, webhook: &Webhook) -> Result<Option<Secret>> {
        let Some(key) = webhook.keys.first() else { return Ok(None) };
        Ok(Some(EndpointKeys::derive(&self.secret().await?, webhook.id.uuid(), key.generation).shared_secret()))
    }

    /// The secret; made when it is asked for the first time. It is not in dumps: what is restored from one has other keys.
    ///
    /// # Errors
    /// When the database fails, or the system gives no random bytes.
    pub async fn secret(&self) -> Result<ServerSecret> {
        if let Some(known) = find(self.store.reader()).await? {
            return Ok(known);
        }
        let tx = Transaction::begin(&self.store).await?;
        // Another node may have made it meanwhile; from here on nobody else can.
        if let Some(known) = find(tx.connection()).await? {
            tx.rollback().await?;
            return Ok(known);
        }
        let made = ServerSecret::generate().map_err(invalid)?;
        let row = secret::ActiveModel {
            name: Set(NAME.to_owned()),
            value: Set(made.to_text().expose().to_owned()),
            created_at: Set(micros(tx.now)),
        };
        secret::Entity::insert(row).exec_without_returning(tx.connection()).await?;
        tx.commit(&self.store).await?;
        Ok(made)
    }
}

async fn find(connection: &impl ConnectionTrait) -> Result<Option<ServerSecret>> {
    let row = secret::Entity::find_by_id(NAME.to_owned()).one(connection).await?;
    // What is wrong with it is said without the value.
    row.map(|row| ServerSecret::parse(&row.value).map_err(corrupt)).transpose()
}
