//! People of the newsroom, who are signed in without the cost of a password.

use std::sync::atomic::{AtomicU32, Ordering};

use courant_domain::{
    access::{Grant, Role, Viewer},
    account::Email,
    id::{SessionId, UserId},
};
use courant_identity::{
    opaque::{self, Kind},
    signed::{Access, Keys},
};
use courant_persistence::{Command, SessionStart, UserCreate};
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::{Answer, Portal};

/// Somebody who is signed in.
pub struct Person<'a> {
    portal: &'a Portal,
    /// Who.
    pub id: UserId,
    /// The email address.
    pub email: String,
    /// The session.
    pub session: SessionId,
    /// The access token.
    pub token: String,
    /// The refresh token.
    pub refresh: String,
}

impl Portal {
    /// Somebody new with a role without limits, who is signed in.
    pub async fn as_role(&self, role: Role) -> Person<'_> {
        self.as_user(vec![Grant::everywhere(role)]).await
    }

    /// Somebody new with these grants, who is signed in.
    pub async fn as_user(&self, grants: Vec<Grant>) -> Person<'_> {
        static NUMBER: AtomicU32 = AtomicU32::new(1);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let role = grants.first().map_or("nobody", |grant| grant.role.as_str()).to_lowercase();
        let email = Email::parse(&format!("{role}-{number}@example.org")).unwrap();
        let create = UserCreate { email: email.clone(), name: format!("The {role}"), grants, password: None };
        let program = Viewer::program();
        let id = self.store.accounts().user_create(Command::of(&program), &create).await.unwrap();

        let viewer = self.store.accounts().user(id).await.unwrap().unwrap().viewer();
        let (refresh, hash) = opaque::generate(Kind::Refresh).unwrap();
        let lasts = SignedDuration::from_hours(1);
        let start = SessionStart { user: id, verified: None, rehashed: None, refresh: hash, lasts };
        let session = self.store.accounts().session_start(Command::of(&viewer), &start).await.unwrap();
        let (issued_at, expires_at) = (self.store.now(), session.expires_at);
        let token = self.keys().await.access_issue(&Access { user: id, session: session.id, issued_at, expires_at });
        Person {
            portal: self,
            id,
            email: email.to_string(),
            session: session.id,
            token: token.expose().to_owned(),
            refresh: refresh.expose().to_owned(),
        }
    }

    /// The keys that the portal's own tokens are signed with.
    pub async fn keys(&self) -> Keys {
        Keys::new(&self.store.accounts().server_secrets().await.unwrap().signing)
    }
}

impl Person<'_> {
    /// Asks a query without variables.
    pub async fn query(&self, query: &str) -> Answer {
        self.post(&json!({ "query": query })).await
    }

    /// Sends a request's JSON body.
    pub async fn post(&self, body: &Value) -> Answer {
        self.portal.post_as(&self.token, body).await
    }

    /// Runs one mutation, whose input type is named after it.
    pub async fn mutate(&self, mutation: &str, input: Value, selection: &str) -> Answer {
        self.portal.mutate_as(&self.token, mutation, input, selection).await
    }
}
