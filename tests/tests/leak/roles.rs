//! What everybody finds in the newsroom: all that the table of permissions lets them read, and nothing else.

use std::collections::BTreeSet;

use courant_persistence::Dialect;
use courant_tests::Portal;
use serde_json::{Value, json};

use crate::{
    base::Base,
    copies,
    hidden::{Hidden, in_public},
    members::{Member, Members},
    mutations,
    pools::Pools,
    portal,
    twins::{Caller, Twins},
    walk::{self, Scope},
    webhooks,
    words::{HIDDEN, PUBLIC, Words},
};

async fn walk_as_everybody(dialect: Dialect) {
    // The same people, to the byte, work in both.
    let founded = portal(dialect).await;
    let members = Members::of(&founded).await;
    let [full, twin] = copies(founded, dialect).await;
    let people = members.people();
    let base = Base::new(Words::new(PUBLIC), &people.author);
    base.publish_in(&full.store).await;
    base.publish_in(&twin.store).await;
    in_public(&twin.store, &people, &base).await;
    let mut hidden = Hidden::plant(&full.store, &people, &base, Words::new(HIDDEN)).await;
    hidden.on_the_desk().await;
    Members::leave(&full).await;
    let webhooks = webhooks::of(&full).await;
    let pools = Pools::new(&base, &hidden, &people).and_webhooks(webhooks);

    readers_of_name(&full, &twin, &members, &pools).await;
    let mut unanswered: Option<BTreeSet<String>> = None;
    for member in &members.0 {
        let seen = newsroom(&full, &base, &hidden, &pools, member).await;
        unanswered = Some(match unanswered {
            Some(before) => &before & &seen,
            None => seen,
        });
    }
    assert_eq!(unanswered.unwrap(), BTreeSet::new(), "fields the walks had no answer of");
    mutations::as_everybody(&full, &hidden, &members).await;
}

/// Readers who are known by name see what all others do: in what is published, and of the newsroom where nothing is
/// hidden. So does everybody else, in what is published.
async fn readers_of_name(full: &Portal, twin: &Portal, members: &Members, pools: &Pools) {
    let mut callers = vec![Caller::anonymous("", full)];
    callers.extend(members.0.iter().map(|member| member.at(full)));
    let mut twins = Twins::new(callers).await;
    let scope = Scope::delivery(&twins.schema);
    walk::every_field(&mut twins, &scope).await;
    let callers = vec![Caller::anonymous("", full), members.get("admin").at(full)];
    let mut twins = Twins::new(callers).await;
    walk::every_argument(&mut twins, &pools.of_what_is_published(), &scope).await;
    for name in ["reader", "nobody"] {
        let callers = vec![members.get(name).at(full), members.get(name).at(twin)];
        let mut twins = Twins::new(callers).await;
        let scope = Scope::editorial(&twins.schema);
        walk::every_field(&mut twins, &scope).await;
        walk::every_argument(&mut twins, pools, &scope).await;
    }
}

/// Walks through the newsroom as somebody, and gives the fields that they had no answer to.
async fn newsroom(full: &Portal, base: &Base, hidden: &Hidden<'_>, pools: &Pools, member: &Member) -> BTreeSet<String> {
    let mut twins = Twins::new(vec![member.at(full)]).await;
    twins.overtaken = base.overtaken();
    twins.readable = hidden.readable(base, &member.viewer).await;
    let scope = Scope::editorial(&twins.schema);
    walk::every_field(&mut twins, &scope).await;
    walk::every_argument(&mut twins, pools, &scope).await;
    let missed = &twins.readable - &twins.found;
    assert!(missed.is_empty(), "{}: the walk did not come past {missed:?}", member.name);
    titles(&mut twins, hidden).await;
    walk::looked_up(&mut twins, &format!("{PUBLIC}wholetitleen")).await;
    webhooks::told(&mut twins, pools.webhooks()).await;
    twins.unanswered(&scope).into_iter().collect()
}

/// A list that is searched for a title has entries where the title may be read, and none where it may not: its
/// count says nothing of others either.
async fn titles(twins: &mut Twins<'_>, hidden: &Hidden<'_>) {
    for title in hidden.titles() {
        let query =
            format!("{{ editorial {{ entries(filter: {{ text: \"{title}\" }}) {{ totalCount nodes {{ id }} }} }} }}");
        let answer: Value = twins.post(&json!({ "query": query })).await;
        let found = &answer["data"]["editorial"]["entries"];
        let expected = i64::from(twins.readable.contains(&title));
        assert_eq!(found["totalCount"], expected, "{title}: {answer}");
    }
}

#[tokio::test]
async fn everybody_finds_what_they_may_on_sqlite() {
    walk_as_everybody(Dialect::Sqlite).await;
}

#[tokio::test]
async fn everybody_finds_what_they_may_on_postgres() {
    walk_as_everybody(Dialect::Postgres).await;
}
