//! The server's secret, which all nodes on one database share, and the one before it.

use courant_domain::audit::{Act, AuditSubject};
use courant_identity::server_secret::ServerSecret;
use jiff::Timestamp;
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use serde_json::json;
use uuid::Uuid;

use super::Accounts;
use crate::{
    command::{Allowed, Command, Done, Written},
    db::{
        convert::{micros, timestamp},
        entity::secret,
        transaction::Transaction,
    },
    error::{Result, corrupt, invalid},
};

/// The secret that signs access and preview tokens.
const SIGNING: &str = "signing";
/// The one before it, whose tokens hold until they end.
const PREVIOUS: &str = "signing-previous";

/// What tokens are signed and checked with.
#[derive(Debug, Clone)]
pub struct ServerSecrets {
    /// Signs tokens, and checks them.
    pub signing: ServerSecret,
    /// Only checks them, if the secret was changed and the one before it not ended.
    pub previous: Option<ServerSecret>,
    /// When the present one was made.
    pub since: Timestamp,
}

impl Accounts {
    /// The secret that this database's tokens are signed with, and the one before it; made when it is asked for the first time.
    ///
    /// # Errors
    /// When the database fails, or the system gives no random bytes.
    pub async fn server_secrets(&self) -> Result<ServerSecrets> {
        if let Some(known) = find(self.store.reader()).await? {
            return Ok(known);
        }
        let tx = Transaction::begin(&self.store).await?;
        // Another node may have made it meanwhile; from here on nobody else can.
        if let Some(known) = find(tx.connection()).await? {
            tx.rollback().await?;
            return Ok(known);
        }
        let made = make(&tx).await?;
        tx.commit(&self.store).await?;
        Ok(made)
    }

    /// Signs tokens with a new secret from now on. Those that the one before signed hold until they end, unless `at_once`;
    /// those of earlier ones hold no longer. Says when the secret was made that signs no more, if there was one.
    ///
    /// Nodes notice by themselves, within a second or when a token comes that they cannot check.
    ///
    /// # Errors
    /// When the database fails, or the system gives no random bytes.
    pub async fn server_secret_rotate(&self, command: Command<'_>, at_once: bool) -> Written<Option<Timestamp>> {
        let command = Command { key: None, ..command };
        self.store
            .change(command, Act::RotateSecret, &(), async |work| {
                let connection = work.tx.connection();
                let old = secret::Entity::find_by_id(SIGNING.to_owned()).one(connection).await?;
                let both = secret::Column::Name.is_in([SIGNING, PREVIOUS]);
                secret::Entity::delete_many().filter(both).exec(connection).await?;
                if let Some(old) = old.clone().filter(|_| !at_once) {
                    let kept = secret::ActiveModel {
                        name: Set(PREVIOUS.to_owned()),
                        value: Set(old.value),
                        created_at: Set(old.created_at),
                    };
                    secret::Entity::insert(kept).exec_without_returning(connection).await?;
                }
                make(&work.tx).await?;
                let old = old.map(|old| timestamp(old.created_at)).transpose()?;
                let allowed = Allowed::to_anybody(());
                Ok(Done::new(&allowed, (AuditSubject::Database, Uuid::nil()), json!({ "atOnce": at_once }), old))
            })
            .await
    }
}

async fn make(tx: &Transaction) -> Result<ServerSecrets> {
    let signing = ServerSecret::generate().map_err(invalid)?;
    let row = secret::ActiveModel {
        name: Set(SIGNING.to_owned()),
        value: Set(signing.to_text().expose().to_owned()),
        created_at: Set(micros(tx.now)),
    };
    secret::Entity::insert(row).exec_without_returning(tx.connection()).await?;
    Ok(ServerSecrets { signing, previous: None, since: tx.now })
}

/// Both secrets as of one moment: they come in one statement.
async fn find(connection: &impl ConnectionTrait) -> Result<Option<ServerSecrets>> {
    let both = secret::Column::Name.is_in([SIGNING, PREVIOUS]);
    let rows = secret::Entity::find().filter(both).all(connection).await?;
    let Some(signing) = rows.iter().find(|row| row.name == SIGNING) else { return Ok(None) };
    // What is wrong with it is said without the value.
    let read = |row: &secret::Model| ServerSecret::parse(&row.value).map_err(corrupt);
    let previous = rows.iter().find(|row| row.name == PREVIOUS).map(read).transpose()?;
    Ok(Some(ServerSecrets { signing: read(signing)?, previous, since: timestamp(signing.created_at)? }))
}
