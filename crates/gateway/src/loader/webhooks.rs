//! What the types of webhooks ask for.

use std::{collections::HashMap, sync::Arc};

use courant_domain::{
    change::ChangeSeq,
    id::{DeliveryId, WebhookId},
    page::Page,
    webhook::{Attempt, Delivery},
};
use courant_persistence::{AttemptsRequest, DeliveriesRequest, WebhookNumbers, WebhookReached};

use super::{COUNT_BOUND, batch::Loader, distinct, newsroom::NewsroomLoader, page_order, sorted};
use crate::error::Error;

/// A page of the messages to a webhook.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct DeliveriesPageOf(pub(crate) DeliveriesRequest);

/// A page of the tries to deliver them.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct AttemptsPageOf(pub(crate) AttemptsRequest);

/// A message.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct DeliveryOf(pub(crate) DeliveryId);

/// The last tries to deliver a message.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct AttemptsOf {
    pub(crate) delivery: DeliveryId,
    pub(crate) first: u32,
}

/// How far a change has come among webhooks.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct WebhooksReachedBy(pub(crate) ChangeSeq);

/// How many messages to a webhook wait, and were given up.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct WebhookNumbersOf(pub(crate) WebhookId);

fn shared<T>(page: Page<T>) -> Arc<Page<Arc<T>>> {
    let Page { items, has_next, has_previous } = page;
    let items = items.into_iter().map(|(place, item)| (place, Arc::new(item))).collect();
    Arc::new(Page { items, has_next, has_previous })
}

impl Loader<DeliveriesPageOf> for NewsroomLoader {
    type Value = Arc<Page<Arc<Delivery>>>;
    type Error = Error;

    async fn load(&self, keys: &[DeliveriesPageOf]) -> Result<HashMap<DeliveriesPageOf, Self::Value>, Error> {
        let mut found = HashMap::with_capacity(keys.len());
        // Only the root has these, so there are as many as the request spells out.
        for key in sorted(keys, |key| (key.0.webhook, page_order(&key.0.page))) {
            let page = self.0.webhooks().deliveries(&key.0).await.map_err(|error| Error::of_store(&error))?;
            found.insert(key.clone(), shared(page));
        }
        Ok(found)
    }
}

impl Loader<AttemptsPageOf> for NewsroomLoader {
    type Value = Arc<Page<Arc<Attempt>>>;
    type Error = Error;

    async fn load(&self, keys: &[AttemptsPageOf]) -> Result<HashMap<AttemptsPageOf, Self::Value>, Error> {
        let mut found = HashMap::with_capacity(keys.len());
        for key in sorted(keys, |key| (key.0.webhook, key.0.failed, page_order(&key.0.page))) {
            let page = self.0.webhooks().attempts(&key.0).await.map_err(|error| Error::of_store(&error))?;
            found.insert(key.clone(), shared(page));
        }
        Ok(found)
    }
}

impl Loader<DeliveryOf> for NewsroomLoader {
    type Value = Arc<Delivery>;
    type Error = Error;

    async fn load(&self, keys: &[DeliveryOf]) -> Result<HashMap<DeliveryOf, Self::Value>, Error> {
        let found = self.0.webhooks().deliveries_by_id(&distinct(keys, |key| key.0)).await;
        let found = found.map_err(|error| Error::of_store(&error))?;
        Ok(found.into_iter().map(|(id, delivery)| (DeliveryOf(id), Arc::new(delivery))).collect())
    }
}

impl Loader<AttemptsOf> for NewsroomLoader {
    type Value = Vec<Arc<Attempt>>;
    type Error = Error;

    async fn load(&self, keys: &[AttemptsOf]) -> Result<HashMap<AttemptsOf, Self::Value>, Error> {
        let most = keys.iter().map(|key| key.first).max().unwrap_or(0);
        let found = self.0.webhooks().attempts_of(&distinct(keys, |key| key.delivery), most).await;
        let found = found.map_err(|error| Error::of_store(&error))?;
        let found: HashMap<DeliveryId, Vec<Arc<Attempt>>> =
            found.into_iter().map(|(id, attempts)| (id, attempts.into_iter().map(Arc::new).collect())).collect();
        let first = |key: &AttemptsOf| found.get(&key.delivery).into_iter().flatten().take(key.first as usize);
        Ok(keys.iter().map(|key| (key.clone(), first(key).cloned().collect())).collect())
    }
}

impl Loader<WebhookNumbersOf> for NewsroomLoader {
    type Value = WebhookNumbers;
    type Error = Error;

    async fn load(&self, keys: &[WebhookNumbersOf]) -> Result<HashMap<WebhookNumbersOf, Self::Value>, Error> {
        let found = self.0.webhooks().numbers(&distinct(keys, |key| key.0), COUNT_BOUND).await;
        let found = found.map_err(|error| Error::of_store(&error))?;
        Ok(found.into_iter().map(|(id, numbers)| (WebhookNumbersOf(id), numbers)).collect())
    }
}

impl Loader<WebhooksReachedBy> for NewsroomLoader {
    type Value = Arc<Vec<WebhookReached>>;
    type Error = Error;

    async fn load(&self, keys: &[WebhooksReachedBy]) -> Result<HashMap<WebhooksReachedBy, Self::Value>, Error> {
        let found = self.0.webhooks().reached(&distinct(keys, |key| key.0)).await;
        let found = found.map_err(|error| Error::of_store(&error))?;
        Ok(found.into_iter().map(|(seq, reached)| (WebhooksReachedBy(seq), Arc::new(reached))).collect())
    }
}
