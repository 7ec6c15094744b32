//! Connections that are broken off, at the worst moments.

use std::time::Duration;

use courant_persistence::Options;
use courant_tests::{
    Answer, Portal,
    cluster::{Cluster, IMPATIENT},
    proxy::{Proxy, Then},
};
use futures_util::future::join_all;
use serde_json::json;

use crate::support::{admin, code, portal, read, until_done};

async fn behind_a_proxy(cluster: &Cluster) -> (Proxy, Portal) {
    let proxy = Proxy::to(cluster.address()).await;
    let portal = portal(Options { url: proxy.url("postgres"), ..cluster.options() }).await;
    (proxy, portal)
}

/// Makes an article under a key, so that it can be asked for again.
async fn create(portal: &Portal, token: &str, key: &str) -> Answer {
    let category = portal.store.reference().categories.iter().next().unwrap().id;
    let content = json!({ "title": format!("Of {key}"), "body": { "source": "Once." } });
    let input =
        json!({ "categoryId": category.to_string(), "locale": "en", "content": content, "idempotencyKey": key });
    portal.mutate_as(token, "createArticle", input, "entry { id } userErrors { code field message }").await
}

async fn count(portal: &Portal, title: &str) -> usize {
    let snapshot = portal.store.admin().snapshot().await.unwrap();
    let records = snapshot.entries(None, 100_000).await.unwrap();
    let has = |content: &courant_domain::content::Content| content.title() == Some(title);
    records.iter().filter(|record| record.revisions.iter().any(|revision| has(&revision.content))).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_whose_commit_is_not_answered_is_made_once() {
    let cluster = Cluster::start();
    let (proxy, portal) = behind_a_proxy(&cluster).await;
    let admin = admin(&portal).await;
    let told = [
        // The server can be asked what became of it.
        (Then::CutBeforeAnswer, ""),
        (Then::Silence, ""),
        (Then::Cut, "UNAVAILABLE"),
        // Nobody can.
        (Then::SilenceForAll, "OUTCOME_UNKNOWN"),
    ];
    for (number, (then, told)) in told.into_iter().enumerate() {
        let key = format!("key {number}");
        proxy.when("COMMIT", then);
        let answer = create(&portal, &admin.token, &key).await;
        assert_eq!(code(&answer), told, "{then:?}: {}", answer.text);
        proxy.silence(false);
        let codes = until_done(async || create(&portal, &admin.token, &key).await).await;
        assert!(codes.iter().all(|code| code == "UNAVAILABLE" || code == "BUSY"), "{then:?}: {codes:?}");
        let again = create(&portal, &admin.token, &key).await;
        assert!(again.done()["entry"]["id"].is_string());
        assert_eq!(count(&portal, &format!("Of {key}")).await, 1, "{then:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_that_is_broken_off_is_not_made() {
    let cluster = Cluster::start();
    let (proxy, portal) = behind_a_proxy(&cluster).await;
    let admin = admin(&portal).await;
    create(&portal, &admin.token, "first").await.done();
    for said in ["BEGIN", "FOR UPDATE", "INSERT INTO"] {
        // Statements that a connection knows already are not said in words again.
        proxy.cut();
        until_done(async || read(&portal).await).await;
        proxy.when(said, Then::Cut);
        let answer = create(&portal, &admin.token, said).await;
        // What had not begun is begun anew on another connection.
        assert!(["UNAVAILABLE", ""].contains(&code(&answer)), "{said}: {}", answer.text);
        assert_eq!(count(&portal, &format!("Of {said}")).await, usize::from(code(&answer).is_empty()), "{said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_read_whose_connection_is_cut_is_tried_again() {
    let cluster = Cluster::start();
    let (proxy, portal) = behind_a_proxy(&cluster).await;
    for _ in 0..5 {
        read(&portal).await.data();
        proxy.cut();
        // Nobody notices.
        read(&portal).await.data();
    }
    // While it runs, too.
    proxy.delay(Duration::from_millis(20));
    let (answer, ()) = tokio::join!(read(&portal), async {
        tokio::time::sleep(Duration::from_millis(30)).await;
        proxy.cut();
    });
    answer.data();
}

#[tokio::test(flavor = "multi_thread")]
async fn many_reads_on_one_connection_are_each_answered_whatever_becomes_of_it() {
    let cluster = Cluster::start();
    let proxy = Proxy::to(cluster.address()).await;
    let options = Options { url: proxy.url("postgres"), read_connections: Some(1), ..cluster.options() };
    let portal = portal(options).await;
    let questions: Vec<_> = (1..=8)
        .map(|first| format!("{{ articles(first: {first}) {{ nodes {{ title category {{ articles(first: {first}) {{ nodes {{ id title }} }} }} }} }} }}"))
        .collect();
    let mut alone = Vec::new();
    for question in &questions {
        let answer = portal.query(question).await;
        answer.data();
        alone.push(answer.text);
    }
    for is_cut in [false, true, true, true] {
        let asked = (0..40).map(|number| portal.query(&questions[number % questions.len()]));
        let cut = async {
            if is_cut {
                proxy.cut();
            }
        };
        let (answers, ()) = tokio::join!(join_all(asked), cut);
        for (number, answer) in answers.into_iter().enumerate() {
            assert_eq!(answer.text, alone[number % questions.len()], "{number}, cut: {is_cut}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_network_with_losses_doubles_nothing() {
    let cluster = Cluster::start();
    let proxy = Proxy::to(cluster.address()).await;
    let patience = courant_persistence::Patience { idle: Duration::from_secs(5), ..IMPATIENT };
    let portal = portal(Options { url: proxy.url("postgres"), patience, ..cluster.options() }).await;
    let admin = admin(&portal).await;
    proxy.delay(Duration::from_millis(2));
    let writing = async {
        for number in 0..6 {
            let key = format!("lossy {number}");
            until_done(async || create(&portal, &admin.token, &key).await).await;
        }
    };
    let losing = async {
        loop {
            tokio::time::sleep(Duration::from_millis(1500)).await;
            proxy.cut();
        }
    };
    tokio::select! {
        () = writing => {}
        () = losing => {}
    }
    proxy.delay(Duration::ZERO);
    for number in 0..6 {
        assert_eq!(count(&portal, &format!("Of lossy {number}")).await, 1);
    }
    assert_eq!(portal.database.broken().await, Vec::<String>::new());
}
