//! A portal that sends webhooks, and somebody who looks after them.

use std::time::Duration;

use courant_domain::{
    access::{Role, Viewer},
    id::WebhookId,
    page::PageRequest,
    webhook::{Attempt, Delivery, DeliveryState, Webhook, WebhookFilter},
};
use courant_outbound::{Bounds, Public};
use courant_persistence::{AttemptsRequest, Command, DeliveriesRequest, Dialect, Store, WebhookCreate};
use courant_server::Config;
use courant_tests::{Person, Portal, TestDatabase};
use courant_workers::{Statuses, Workers, followers::TellWebhooks, webhooks::Sender};
use jiff::Timestamp;
use serde_json::{Value, json};
use uuid::Uuid;

/// What a try may take here.
pub(crate) const BOUNDS: Bounds =
    Bounds { connect: Duration::from_secs(5), all: Duration::from_secs(3), body: 16 * 1024 };

/// A portal that sends webhooks to this machine.
pub(crate) struct Site {
    pub(crate) portal: Portal,
    workers: Option<Workers>,
}

/// Where messages may be sent.
pub(crate) fn allowed() -> Public {
    Public::and(vec!["127.0.0.1".parse().unwrap()])
}

/// Starts what sends webhooks in one process.
pub(crate) fn sends(store: &Store) -> Workers {
    let mut workers = Workers::start(store.clone(), Statuses::default());
    workers.follow(TellWebhooks::new(store.clone()));
    workers.send(Sender::within(store.clone(), allowed(), BOUNDS).unwrap());
    workers
}

impl Site {
    pub(crate) async fn new(dialect: Dialect) -> Self {
        let database = TestDatabase::migrated(dialect).await;
        let store = database.open().await;
        courant_fixtures::samples::seed(&store).await.unwrap();
        Self::over(database, store).await
    }

    async fn over(database: TestDatabase, store: Store) -> Self {
        let config = Config { webhooks: allowed(), ..Portal::config() };
        let portal = Portal::configured(database, store, config).await;
        let workers = Some(sends(&portal.store));
        Self { portal, workers }
    }

    pub(crate) const fn store(&self) -> &Store {
        &self.portal.store
    }

    /// Somebody who looks after webhooks.
    pub(crate) async fn admin(&self) -> Person<'_> {
        self.portal.as_role(Role::Admin).await
    }

    /// A webhook that is told of everything.
    pub(crate) async fn hook(&self, url: &str) -> WebhookId {
        self.hook_of(url, WebhookFilter::default()).await
    }

    /// A webhook with a filter.
    pub(crate) async fn hook_of(&self, url: &str, filter: WebhookFilter) -> WebhookId {
        let create = WebhookCreate { url: url.to_owned(), name: url.to_owned(), filter };
        self.store().webhooks().create(Command::of(&Viewer::program()), &create).await.unwrap().id
    }

    /// A webhook as it is now.
    pub(crate) async fn webhook(&self, id: WebhookId) -> Webhook {
        self.store().webhooks().one(id).await.unwrap().unwrap()
    }

    /// Waits until a webhook is as wanted.
    pub(crate) async fn webhook_until(&self, id: WebhookId, wanted: impl Fn(&Webhook) -> bool) -> Webhook {
        for _ in 0..3000 {
            let hook = self.webhook(id).await;
            if wanted(&hook) {
                return hook;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("the webhook never became so: {:?}", self.webhook(id).await)
    }

    /// Changes something that readers see: where a path leads.
    pub(crate) async fn change(&self, path: &str, number: usize) {
        change(self.store(), path, number).await;
    }

    /// The messages to a webhook, the oldest first.
    pub(crate) async fn deliveries(&self, webhook: WebhookId) -> Vec<Delivery> {
        let request = DeliveriesRequest { webhook, state: None, events: Vec::new(), page: PageRequest::first(1000) };
        let page = self.store().webhooks().deliveries(&request).await.unwrap();
        page.items.into_iter().rev().map(|(_, delivery)| delivery).collect()
    }

    /// Waits until nothing waits for a webhook.
    pub(crate) async fn settled(&self, webhook: WebhookId) -> Vec<Delivery> {
        for _ in 0..3000 {
            let deliveries = self.deliveries(webhook).await;
            if !deliveries.is_empty() && deliveries.iter().all(|delivery| delivery.state != DeliveryState::Waiting) {
                return deliveries;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("something still waits: {:?}", self.deliveries(webhook).await)
    }

    /// The tries to deliver messages to a webhook, the oldest first.
    pub(crate) async fn attempts(&self, webhook: WebhookId) -> Vec<Attempt> {
        let request = AttemptsRequest { webhook, failed: false, page: PageRequest::first(1000) };
        let page = self.store().webhooks().attempts(&request).await.unwrap();
        page.items.into_iter().rev().map(|(_, attempt)| attempt).collect()
    }

    /// Waits for the first so many tries.
    pub(crate) async fn attempts_until(&self, webhook: WebhookId, number: usize) -> Vec<Attempt> {
        for _ in 0..3000 {
            let attempts = self.attempts(webhook).await;
            if attempts.len() >= number {
                return attempts;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("there are only {:?}", self.attempts(webhook).await)
    }

    /// Has whatever waits be tried now, as if its time had come.
    pub(crate) async fn now(&self) {
        let url = &self.portal.database.options.url;
        courant_tests::write_by_hand(url, "UPDATE webhook SET paused_until = NULL").await;
        courant_tests::write_by_hand(url, "UPDATE webhook_lane SET due_at = 0").await;
    }

    /// Ends what sends, as a crash would.
    pub(crate) async fn crash(&mut self) {
        drop(self.workers.take());
        courant_tests::write_by_hand(&self.portal.database.options.url, "UPDATE node SET seen_at = 0").await;
    }

    /// Starts it again.
    pub(crate) fn start(&mut self) {
        self.workers = Some(sends(&self.portal.store));
    }
}

/// Changes where a path leads.
pub(crate) async fn change(store: &Store, path: &str, number: usize) {
    let target = format!("https://example.org/{number}");
    store.newsroom().redirect_put(path, Some(&target)).await.unwrap();
}

/// The id in an answer.
pub(crate) fn id<T: From<Uuid>>(value: &Value) -> T {
    Uuid::parse_str(value.as_str().unwrap()).unwrap().into()
}

/// Asks for a change, and sees it made.
pub(crate) async fn done(person: &Person<'_>, mutation: &str, input: Value, selection: &str) -> Value {
    person.mutate(mutation, input, selection).await.done().clone()
}

/// The time that a message says it was sent at.
pub(crate) fn sent_at(got: &courant_tests::receiver::Got) -> i64 {
    got.header("webhook-timestamp").parse().unwrap()
}

/// Whether a time is about now.
pub(crate) fn is_about_now(seconds: i64) -> bool {
    (Timestamp::now().as_second() - seconds).abs() < 120
}

/// The places in the change log that messages tell of.
pub(crate) fn cursors<'a>(got: impl IntoIterator<Item = &'a courant_tests::receiver::Got>) -> Vec<String> {
    got.into_iter().map(|got| got.json()["data"]["cursor"].as_str().unwrap().to_owned()).collect()
}

/// Makes and publishes an article by the API, and gives its entry.
pub(crate) async fn publish(person: &Person<'_>, category: &str, slug: &str, locale: &str) -> String {
    let input = json!({
        "categoryId": category, "locale": locale,
        "content": { "slug": slug, "title": format!("On {slug}"), "body": { "source": "It is so." } },
    });
    let made = done(person, "createArticle", input, "entry { id } userErrors { code field message }").await;
    let entry = made["entry"]["id"].as_str().unwrap().to_owned();
    publish_again(person, &entry, locale).await;
    entry
}

/// Publishes what is newest of it.
pub(crate) async fn publish_again(person: &Person<'_>, entry: &str, locale: &str) {
    done(
        person,
        "publishEntry",
        json!({ "entryId": entry, "locale": locale }),
        "entry { id } userErrors { code field message }",
    )
    .await;
}

/// The newsroom's id of the category at a path.
pub(crate) fn category(site: &Site, path: &str) -> courant_domain::id::CategoryId {
    site.store().reference().categories.by_path(path).unwrap().id
}

/// A change's place, as messages say it.
pub(crate) fn cursor_of(change: &courant_domain::change::Change) -> String {
    courant_domain::change::ChangeCursor::of(change).to_string()
}
