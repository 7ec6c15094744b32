//! The status filter's SQL and the rule in the domain say the same, on every day on which anything changes.

use std::collections::BTreeSet;

use courant_persistence::Dialect;
use courant_tests::{Portal, apply, both_databases};
use serde_json::{Value, json};

#[apply(both_databases)]
#[tokio::test]
async fn filtering_by_status_gives_the_acts_that_have_it(dialect: Dialect) {
    let portal = Portal::with_samples(dialect).await;
    let answer = portal.query("{ decrees(locale: \"tk\", first: 100) { nodes { inForceFrom inForceUntil } } }").await;
    let mut days: BTreeSet<jiff::civil::Date> = BTreeSet::new();
    for node in answer.data()["decrees"]["nodes"].as_array().into_iter().flatten() {
        for day in ["inForceFrom", "inForceUntil"].iter().filter_map(|field| node[field].as_str()) {
            let Ok(day) = day.parse::<jiff::civil::Date>() else { panic!("{day}") };
            days.extend([day.yesterday(), Ok(day)].into_iter().flatten());
        }
    }
    assert!(days.len() > 20, "{days:?}");
    let mut seen: BTreeSet<String> = BTreeSet::new();
    for day in days {
        let query = "query ($on: Date!) {
                all: decrees(locale: \"tk\", first: 100) { nodes { number status(asOf: $on) } }
                NOT_YET_IN_FORCE: decrees(locale: \"tk\", first: 100, filter: { status: [NOT_YET_IN_FORCE], statusAsOf: $on }) { nodes { number } }
                IN_FORCE: decrees(locale: \"tk\", first: 100, filter: { status: [IN_FORCE], statusAsOf: $on }) { nodes { number } }
                PARTIALLY_IN_FORCE: decrees(locale: \"tk\", first: 100, filter: { status: [PARTIALLY_IN_FORCE], statusAsOf: $on }) { nodes { number } }
                REPEALED: decrees(locale: \"tk\", first: 100, filter: { status: [REPEALED], statusAsOf: $on }) { nodes { number } }
            }";
        let answer = portal.post(&json!({ "query": query, "variables": { "on": day.to_string() } })).await;
        let data = answer.data();
        let nodes = |alias: &str| data[alias]["nodes"].as_array().cloned().unwrap_or_default();
        for status in ["NOT_YET_IN_FORCE", "IN_FORCE", "PARTIALLY_IN_FORCE", "REPEALED"] {
            let by_rule: Vec<Value> = nodes("all")
                .iter()
                .filter(|node| node["status"] == status)
                .map(|node| node["number"].clone())
                .collect();
            let by_filter: Vec<Value> = nodes(status).iter().map(|node| node["number"].clone()).collect();
            assert_eq!(by_filter, by_rule, "{dialect:?}, {status} on {day}");
            if !by_rule.is_empty() {
                seen.insert(status.to_owned());
            }
        }
    }
    assert_eq!(seen.len(), 4, "the samples show every status: {seen:?}");
}
