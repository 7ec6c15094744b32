//! Which texts are at their own address, when that is what they name as the original.

use std::collections::BTreeSet;

use courant_server::{Config, Origin};
use courant_tests::{Dialect, Portal, apply, both_databases, write_by_hand};
use serde_json::{Value, json};

use crate::{
    sitemaps::{changed, locations},
    support::{Desk, ORIGIN, beside, config, get, portal},
};

#[apply(both_databases)]
#[tokio::test]
async fn a_text_that_names_its_own_address_is_at_home(dialect: Dialect) {
    let portal = portal(dialect).await;
    let desk = Desk::of(&portal).await;
    let month = portal.store.now().to_string()[..7].to_owned();
    let of_now = format!("/sitemap/en/{month}.xml");
    let url = portal.database.options.url.clone();
    let own = [
        "https://news.example.org/en/articles/rain",
        "http://news.example.org/en/articles/rain",
        "https://NEWS.example.org:443/en/articles/rain/?utm_source=feed#top",
        "https://news.example.org/EN/articles/r%61in",
    ];
    let entry =
        desk.publish("rain", "Rain", json!({ "canonicalUrl": "https://agency.example/en/articles/rain" })).await;
    get(&portal, "/sitemap.xml").await.lacks(&of_now);
    for (based_on, canonical) in (1..).step_by(2).zip(own) {
        write_by_hand(&url, "UPDATE sitemap_day SET moved_at = 0, changed_at = 0").await;
        say(&desk, &entry, based_on, json!({ "canonicalUrl": canonical })).await;
        let both = BTreeSet::from([of_now.clone(), "/sitemap/en/news.xml".to_owned()]);
        assert_eq!(changed(&portal).await, both, "{canonical} comes in");
        assert_eq!(locations(get(&portal, &of_now).await.text()), ["/en/articles/rain"], "{canonical}");
        // Pages, terms of schema.org and GraphQL go by the same.
        let page = get(&portal, "/en/articles/rain").await;
        page.has(&format!("rel=\"canonical\" href=\"{ORIGIN}/en/articles/rain\""));
        let query = "{ article(by: { slug: \"rain\" }) { canonicalUrl jsonLd } }";
        let answer = portal.post(&json!({ "query": query })).await;
        let article = &answer.data()["article"];
        assert_eq!(article["canonicalUrl"], json!(null), "{canonical}");
        let terms: Value = serde_json::from_str(article["jsonLd"].as_str().unwrap()).unwrap();
        assert_eq!(terms[0]["mainEntityOfPage"], format!("{ORIGIN}/en/articles/rain"), "{canonical}");
        assert_eq!(portal.database.broken().await, [""; 0], "{dialect:?} {canonical}");
        say(&desk, &entry, based_on + 1, json!({ "canonicalUrl": "https://agency.example/en/articles/rain" })).await;
        assert_eq!(get(&portal, &of_now).await.status, 404, "it is the agency's again");
    }
}

#[apply(both_databases)]
#[tokio::test]
async fn a_text_that_names_another_page_of_the_site_leaves_its_place_to_that(dialect: Dialect) {
    let portal = portal(dialect).await;
    let desk = Desk::of(&portal).await;
    let month = portal.store.now().to_string()[..7].to_owned();
    let [en, ru] = ["en", "ru"].map(|locale| format!("/sitemap/{locale}/{month}.xml"));
    let rain = desk.publish("rain", "Rain", json!({})).await;
    desk.publish("rain-again", "Rain", json!({ "canonicalUrl": format!("{ORIGIN}/en/articles/rain") })).await;
    assert_eq!(locations(get(&portal, &en).await.text()), ["/en/articles/rain"]);
    get(&portal, "/en/articles/rain-again").await.has(&format!("rel=\"canonical\" href=\"{ORIGIN}/en/articles/rain\""));
    // The same slug in another language is another page.
    let snow = desk.publish("snow", "Snow", json!({ "canonicalUrl": format!("{ORIGIN}/ru/articles/snow") })).await;
    let content = json!({ "slug": "snow", "title": "Sneg", "body": { "source": "Text." } });
    desk.done("saveArticle", &snow, json!({ "locale": "ru", "content": content })).await;
    desk.done("publishEntry", &snow, json!({ "locale": "ru" })).await;
    assert_eq!(locations(get(&portal, &en).await.text()), ["/en/articles/rain"]);
    let russian = get(&portal, &ru).await;
    assert_eq!(locations(russian.text()), ["/ru/articles/snow"]);
    russian.lacks("hreflang");
    assert_eq!(portal.database.broken().await, [""; 0], "{dialect:?}");

    // The page that it names is taken back, and leads to it: now it is the one that is listed.
    let instead = json!({ "redirect": "/en/articles/rain-again" });
    desk.take_back(&rain, instead).await;
    assert_eq!(locations(get(&portal, &en).await.text()), ["/en/articles/rain-again"], "{dialect:?}");
    get(&portal, "/en/articles/rain-again")
        .await
        .has(&format!("rel=\"canonical\" href=\"{ORIGIN}/en/articles/rain-again\""));
    assert_eq!(portal.database.broken().await, [""; 0], "{dialect:?}");
}

#[apply(both_databases)]
#[tokio::test]
async fn an_old_address_that_leads_to_a_text_is_its_own(dialect: Dialect) {
    let portal = portal(dialect).await;
    let desk = Desk::of(&portal).await;
    let month = portal.store.now().to_string()[..7].to_owned();
    let of_now = format!("/sitemap/en/{month}.xml");
    let names = |path: &str| json!({ "canonicalUrl": format!("{ORIGIN}{path}") });
    let listed = async || locations(get(&portal, &of_now).await.text());
    let put = async |path: &str, target: &str| {
        let input = json!({ "path": path, "target": target });
        desk.admin.mutate("putRedirect", input, "userErrors { code field message }").await.done();
    };
    // It keeps naming the address that it leaves, at once and later.
    let entry = desk.publish("rain", "Rain", names("/en/articles/rain")).await;
    say(&desk, &entry, 1, json!({ "slug": "much-rain" })).await;
    assert_eq!(listed().await, ["/en/articles/much-rain"]);
    say(&desk, &entry, 2, json!({ "slug": "too-much-rain" })).await;
    assert_eq!(listed().await, ["/en/articles/too-much-rain"]);
    assert_eq!(portal.database.broken().await, [""; 0], "{dialect:?}");

    // One of another kind leads to it before it says so, and after.
    put("/2021/03/rain", "/en/articles/too-much-rain").await;
    say(&desk, &entry, 3, names("/2021/03/rain/")).await;
    assert_eq!(listed().await, ["/en/articles/too-much-rain"]);
    say(&desk, &entry, 4, names("/news.php")).await;
    assert_eq!(get(&portal, &of_now).await.status, 404, "that leads nowhere");
    put("/news.php", "/en/articles/too-much-rain").await;
    assert_eq!(listed().await, ["/en/articles/too-much-rain"]);
    assert_eq!(portal.database.broken().await, [""; 0], "{dialect:?}");
}

#[apply(both_databases)]
#[tokio::test]
async fn a_site_that_learns_where_it_is_finds_its_own_addresses(dialect: Dialect) {
    let Portal { database, store, .. } = Portal::with_samples(dialect).await;
    let unknowing = Portal::configured(database, store, Config { origin: Origin::default(), ..config() }).await;
    let month = unknowing.store.now().to_string()[..7].to_owned();
    let of_now = format!("/sitemap/en/{month}.xml");
    {
        let desk = Desk::of(&unknowing).await;
        for (slug, host) in [("rain", "news.example.org"), ("snow", "agency.example")] {
            let canonical = format!("http://{host}/en/articles/{slug}");
            desk.publish(slug, slug, json!({ "canonicalUrl": canonical })).await;
        }
    }
    assert_eq!(get(&unknowing, &of_now).await.status, 404);
    let knowing = beside(&unknowing).await;
    assert_eq!(locations(get(&knowing, &of_now).await.text()), ["/en/articles/rain"], "{dialect:?}");
    let seq = knowing.store.reference().seq;
    let again = beside(&knowing).await;
    assert_eq!(again.store.reference().seq, seq, "it is said once");
    assert_eq!(knowing.database.broken().await, [""; 0], "{dialect:?}");
}

/// Saves something else of a text, and publishes that.
async fn say(desk: &Desk<'_>, entry: &Value, based_on: u32, content: Value) {
    desk.done("saveArticle", entry, json!({ "basedOn": based_on, "content": content })).await;
    desk.done("publishEntry", entry, json!({})).await;
}
