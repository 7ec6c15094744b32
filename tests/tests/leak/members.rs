//! People who are signed in, each with other rights.

use courant_domain::{
    access::{Grant, Role, Viewer},
    id::CategoryId,
};
use courant_tests::Portal;

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
            let viewer = portal.store.user(person.id).await.unwrap().unwrap().viewer();
            members.push(Member { name, viewer, token: person.token.clone() });
        }
        Self(members)
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
