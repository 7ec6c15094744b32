//! How far a change has come, as the newsroom sees it.

use courant_tests::{
    Dialect, apply, both_databases,
    receiver::{Receiver, Reply},
};
use serde_json::Value;

use crate::support::{Site, category, publish};

#[apply(both_databases)]
#[tokio::test(flavor = "multi_thread")]
async fn each_webhook_that_is_told_confirms_a_change_or_holds_it_up(dialect: Dialect) {
    let site = Site::new(dialect).await;
    let admin = site.admin().await;
    let well = Receiver::good().await;
    let ill = Receiver::answering(|_, _| Reply::status(500)).await;
    let (well_hook, ill_hook) = (site.hook(&well.url()).await, site.hook(&ill.url()).await);
    let none = courant_domain::webhook::WebhookFilter {
        events: vec![courant_domain::webhook::EventType::TagRemoved],
        ..Default::default()
    };
    site.hook_of("http://127.0.0.1:9/not-told", none).await;
    let entry = publish(&admin, &category(&site, "politics").to_string(), "far", "en").await;
    site.settled(well_hook).await;
    site.attempts_until(ill_hook, 1).await;
    let query = format!(
        "{{ editorial {{ entry(id: \"{entry}\") {{ versions {{ reach {{ isComplete confirmations {{ kind name state waitingSince }} }} }} }} }} }}"
    );
    let answer = admin.query(&query).await;
    let reach = &answer.data()["editorial"]["entry"]["versions"][0]["reach"];
    assert_eq!(reach["isComplete"], false, "{dialect:?}: {}", answer.text);
    let mut states: Vec<(String, String)> = reach["confirmations"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|it| it["kind"] == "WEBHOOK")
        .map(|it| {
            let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
            (text(&it["name"]), text(&it["state"]))
        })
        .collect();
    states.sort();
    let mut wanted = vec![(well.url(), "CONFIRMED".to_owned()), (ill.url(), "FAILING".to_owned())];
    wanted.sort();
    assert_eq!(states, wanted, "{dialect:?}: whoever is not told of it is not asked");
}
