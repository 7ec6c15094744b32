//! What comes in older than what was brought before.

use courant_domain::workflow::State;
use courant_import::{Incoming, IncomingText, Outcome};
use courant_persistence::Dialect;
use courant_tests::{apply, both_databases};

use crate::{Desk, retitled, shown};

fn of(item: Incoming, updated_at: &str, title: &str) -> Incoming {
    let mut item = retitled(item, title);
    item.versions[0].updated_at = (!updated_at.is_empty()).then(|| updated_at.parse().unwrap());
    item
}

#[apply(both_databases)]
#[tokio::test]
async fn an_older_file_brings_nothing_back(dialect: Dialect) {
    let desk = Desk::new(dialect).await;
    let published = || desk.source(State::Published);
    let title = async || shown(&desk.entry().await).map(str::to_owned);
    desk.import(of(published(), "2026-05-06T10:00:00Z", "First")).await;
    assert!(matches!(desk.import(of(published(), "2026-06-01T10:00:00Z", "Corrected")).await, Outcome::Updated));
    for (updated_at, given) in [("2026-05-06T10:00:00Z", "First"), ("2026-06-01T09:59:59.999999Z", "Nearly")] {
        assert!(matches!(desk.import(of(published(), updated_at, given)).await, Outcome::Older), "{updated_at}");
        assert_eq!(title().await.as_deref(), Some("Corrected"));
    }
    // A tombstone of an earlier day says nothing of what came after it.
    let gone = |when: &str| {
        let mut item = of(desk.source(State::Draft), when, "Corrected");
        item.versions[0].text = IncomingText::Gone;
        item
    };
    assert!(matches!(desk.import(gone("2026-05-31T00:00:00Z")).await, Outcome::Older));
    assert_eq!(title().await.as_deref(), Some("Corrected"));
    assert!(matches!(desk.import(gone("2026-06-02T00:00:00Z")).await, Outcome::Updated));
    assert_eq!(title().await, None);
    // An older text does not come back with it gone, and what its source has again does.
    assert!(matches!(desk.import(of(published(), "2026-05-06T10:00:00Z", "First")).await, Outcome::Older));
    assert_eq!(title().await, None);
    assert!(matches!(desk.import(of(published(), "2026-06-01T10:00:00Z", "Corrected")).await, Outcome::Updated));
    assert_eq!(title().await.as_deref(), Some("Corrected"));
    // What says nothing of when it was changed is as its source has it now.
    assert!(matches!(desk.import(of(published(), "", "Again")).await, Outcome::Updated));
    assert_eq!(title().await.as_deref(), Some("Again"));
}
