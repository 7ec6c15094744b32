//! The server's secret, which all nodes on one database share.

use courant_identity::server_secret::ServerSecret;
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait};

use crate::{
    convert::micros,
    entity::secret,
    error::{Result, corrupt, invalid},
    store::Store,
    transaction::Transaction,
};

/// The secret that signs access and preview tokens.
const SIGNING: &str = "signing";

impl Store {
    /// The secret that this database's tokens are signed with; made when it is asked for the first time.
    ///
    /// # Errors
    /// When the database fails, or the system gives no random bytes.
    pub async fn server_secret(&self) -> Result<ServerSecret> {
        if let Some(known) = find(self.reader()).await? {
            return Ok(known);
        }
        let tx = Transaction::begin(self).await?;
        // Another node may have made it meanwhile; from here on nobody else can.
        if let Some(known) = find(tx.connection()).await? {
            tx.rollback().await?;
            return Ok(known);
        }
        let made = ServerSecret::generate().map_err(invalid)?;
        let row = secret::ActiveModel {
            name: Set(SIGNING.to_owned()),
            value: Set(made.to_text().expose().to_owned()),
            created_at: Set(micros(tx.now)),
        };
        secret::Entity::insert(row).exec_without_returning(tx.connection()).await?;
        tx.commit(self).await?;
        Ok(made)
    }
}

async fn find(connection: &impl ConnectionTrait) -> Result<Option<ServerSecret>> {
    let row = secret::Entity::find_by_id(SIGNING.to_owned()).one(connection).await?;
    // What is wrong with it is said without the value.
    row.map(|row| ServerSecret::parse(&row.value)).transpose().map_err(corrupt)
}
