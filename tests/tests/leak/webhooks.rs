//! Webhooks of which everything is told that there is to tell.

use std::collections::HashSet;

use courant_domain::{
    access::Viewer,
    change::ChangeCursor,
    entry::EntryKind,
    id::{AttemptId, WebhookId},
    locale::Locale,
    webhook::{Attempt, AttemptError, AttemptResult, EventType, WebhookFilter},
};
use courant_persistence::{Command, NodeId, Replay, Store, WebhookCreate, WebhookRotate, WebhookUpdate, Webhooks};
use courant_tests::Portal;
use jiff::SignedDuration;

use crate::{
    base,
    selection::{Selection, own_leaves},
    twins::Twins,
};

/// One that is told, to which one message got through and another did not; and one that is turned off.
pub(crate) async fn of(portal: &Portal) -> Vec<WebhookId> {
    let (store, program) = (&portal.store, Viewer::program());
    let by = || Command::of(&program);
    let filter = WebhookFilter {
        events: vec![EventType::RedirectChanged],
        locales: vec![Locale::ENGLISH],
        kinds: vec![EntryKind::Article],
        categories: vec![base::category(1)],
        include_descendants: true,
        tags: vec![base::tag(1)],
    };
    let create = WebhookCreate { url: "https://example.org/hook".to_owned(), name: "A mirror".to_owned(), filter };
    let webhooks = store.webhooks();
    let told = webhooks.create(by(), &create).await.unwrap().id;
    webhooks.rotate(by(), &WebhookRotate { id: told, overlap_hours: 168 }).await.unwrap();
    let all = Replay::Changes { after: ChangeCursor::BEGINNING, up_to: None };
    assert!(webhooks.replay(by(), told, &all).await.unwrap().count >= 2);
    settle(store, told).await;
    let off = webhooks.create(by(), &create).await.unwrap().id;
    let update = WebhookUpdate { id: off, url: None, name: None, filter: None, active: Some(false) };
    webhooks.update(by(), &update).await.unwrap();
    vec![told, off]
}

/// All that there is to tell of the messages to webhooks.
pub(crate) async fn told(twins: &mut Twins<'_>, webhooks: &[WebhookId]) {
    for webhook in webhooks {
        let asked = format!("(webhook: \"{webhook}\", first: 50)");
        let lists =
            [("webhookDeliveries", "WebhookDelivery"), ("webhookAttempts", "WebhookAttempt")].map(|(list, node)| {
                let schema = &twins.schema;
                let leaves = |ty: &str| own_leaves(schema, ty);
                let item = || {
                    let mut item = leaves(node);
                    match node {
                        "WebhookDelivery" => item.push(Selection::new(node, "attempts", "", leaves("WebhookAttempt"))),
                        _ => item.push(Selection::new(node, "delivery", "", leaves("WebhookDelivery"))),
                    }
                    item
                };
                let (connection, edge) = (format!("{node}Connection"), format!("{node}Edge"));
                let mut edges = leaves(&edge);
                edges.push(Selection::new(&edge, "node", "", item()));
                let mut below = leaves(&connection);
                below.push(Selection::new(&connection, "nodes", "", item()));
                below.push(Selection::new(&connection, "edges", "", edges));
                below.push(Selection::new(&connection, "pageInfo", "", leaves("PageInfo")));
                Selection::new("Editorial", list, &asked, below)
            });
        twins.ask(&[Selection::new("Query", "editorial", "", lists.to_vec())]).await;
    }
}

/// The first message got through, the second did not.
async fn settle(store: &Store, webhook: WebhookId) {
    let node = NodeId::new();
    store.node_seen(node, 0).await.unwrap();
    let claim = store.follower_claim(Webhooks::SENDER, node).await.unwrap().unwrap();
    let (now, webhooks) = (store.now(), store.webhooks());
    let failed = AttemptResult {
        error: Some(AttemptError::TooManyRequests),
        detail: Some("slower".to_owned()),
        retry_after: Some(SignedDuration::from_hours(1)),
        ..AttemptResult::of_answer(429, b"not now", None)
    };
    let results = [AttemptResult::of_answer(200, b"thanks", None), failed];
    for (delivery, result) in webhooks.due(webhook, now, &HashSet::new(), 2).await.unwrap().iter().zip(results) {
        let took = SignedDuration::from_millis(7);
        let attempt = Attempt { id: AttemptId::generate(), delivery: delivery.id, webhook, at: now, took, result };
        webhooks.settle((Webhooks::SENDER, &claim), delivery, &attempt, 0.0).await.unwrap();
    }
}
