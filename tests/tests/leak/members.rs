//! People who are signed in, each with other rights.

use courant_domain::{
    access::{Grant, Role, Viewer},
    account::Email,
    id::CategoryId,
};
use courant_identity::opaque::{self, Kind};
use courant_persistence::{ApiTokenCreate, Command, UserCreate, UserUpdate};
use courant_tests::Portal;
use jiff::{SignedDuration, Timestamp};

use crate::{
    base::{category, locale},
    hidden::People,
    twins::Caller,
};

/// Somebody who is signed in.
pub(crate) struct Member {
    pub(crate) name: &'static str,
    pub(crate) viewer: Viewer,
    pub(crate) token: String,
}

/// Everybody who works on a portal, or reads it under their name.
pub(crate) struct Members(pub(crate) Vec<Member>);

fn grant(role: Role, categories: &[u128], locales: &[&str]) -> Grant {
    let categories: Vec<CategoryId> = categories.iter().map(|number| category(*number)).collect();
    Grant { role, categories, locales: locales.iter().map(|tag| locale(tag)).collect() }
}

impl Members {
    pub(crate) async fn of(portal: &Portal) -> Self {
        let all = [
            ("reader", vec![grant(Role::Reader, &[], &[])]),
            ("nobody", Vec::new()),
            ("author", vec![grant(Role::Author, &[], &[])]),
            ("colleague", vec![grant(Role::Author, &[], &["en"])]),
            ("stranger", vec![grant(Role::Author, &[], &[])]),
            ("editor", vec![grant(Role::Editor, &[], &[])]),
            ("publisher", vec![grant(Role::Publisher, &[], &[])]),
            ("admin", vec![grant(Role::Admin, &[], &[])]),
            ("russian", vec![grant(Role::Publisher, &[], &["ru"])]),
            ("parliament", vec![grant(Role::Editor, &[2], &[])]),
            ("both", vec![grant(Role::Editor, &[4], &["en"]), grant(Role::Publisher, &[3], &["tk", "ru"])]),
            ("quiet", vec![grant(Role::Author, &[1], &[]), grant(Role::Editor, &[4], &["ru"])]),
        ];
        let mut members = Vec::new();
        for (name, grants) in all {
            let person = portal.as_user(grants).await;
            let viewer = portal.store.accounts().user(person.id).await.unwrap().unwrap().viewer();
            members.push(Member { name, viewer, token: person.token.clone() });
        }
        Self(members)
    }

    /// Somebody who is kept out, and a machine that was, so that everything there is to say of them is said.
    pub(crate) async fn leave(portal: &Portal) {
        let (store, program) = (&portal.store, Viewer::program());
        let command = Command { address: Some("192.0.2.1"), request_id: Some("r-1"), ..Command::of(&program) };
        let email = Email::parse("left@example.org").unwrap();
        let left = UserCreate { email, name: "Left".to_owned(), grants: Vec::new(), password: None };
        let id = store.accounts().user_create(command, &left).await.unwrap();
        let update = UserUpdate { disabled: Some(true), ..UserUpdate::of(id) };
        store.accounts().user_update(command, &update).await.unwrap();

        let (name, grants) = ("An importer".to_owned(), vec![grant(Role::Editor, &[1], &["ru"])]);
        let expires_at = Some(Timestamp::now() + SignedDuration::from_hours(1));
        let (_, hash) = opaque::generate(Kind::Api).unwrap();
        let made = store
            .accounts()
            .api_token_create(command, &ApiTokenCreate { name, grants, expires_at, hash })
            .await
            .unwrap();
        store.accounts().api_token_used(made.id).await.unwrap();
        store.accounts().api_token_revoke(command, made.id).await.unwrap();

        // A user answers for another one.
        let users = store.accounts().users().await.unwrap();
        let admin = users.iter().find(|user| user.grants == [grant(Role::Admin, &[], &[])]).unwrap().viewer();
        let (_, hash) = opaque::generate(Kind::Api).unwrap();
        let create = ApiTokenCreate { name: "A counter".to_owned(), grants: Vec::new(), expires_at: None, hash };
        store.accounts().api_token_create(Command::of(&admin), &create).await.unwrap();
    }

    pub(crate) fn get(&self, name: &str) -> &Member {
        self.0.iter().find(|member| member.name == name).unwrap_or_else(|| panic!("nobody is called {name}"))
    }

    /// Those who make what is in the portal.
    pub(crate) fn people(&self) -> People {
        let one = |name| self.get(name).viewer.clone();
        People {
            author: one("author"),
            colleague: one("colleague"),
            editor: one("editor"),
            publisher: one("publisher"),
        }
    }
}

impl Member {
    pub(crate) fn at<'a>(&self, portal: &'a Portal) -> Caller<'a> {
        Caller { name: format!("as {}", self.name), portal, token: Some(self.token.clone()) }
    }
}
