//! What all of these do: make users with passwords, sign in, and ask who is asking.

use courant_domain::{
    access::{Grant, Role, Viewer},
    account::Email,
    id::UserId,
};
use courant_identity::password::{Cost, Hasher, Password};
use courant_persistence::{Command, UserCreate};
use courant_tests::{Answer, Portal};
use serde_json::{Value, json};

pub(crate) const PASSWORD: &str = "nine herons at low tide";

/// The tokens of a session.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Session {
    pub(crate) access: String,
    pub(crate) refresh: String,
}

/// Makes a user with [`PASSWORD`].
pub(crate) async fn user(portal: &Portal, email: &str, role: Role) -> UserId {
    let hasher = Hasher::new(Cost { memory: 8, passes: 1, lanes: 1 }).unwrap();
    let hash = hasher.hash(&Password::parse(PASSWORD, email).unwrap()).unwrap();
    let email = Email::parse(email).unwrap();
    let grants = vec![Grant::everywhere(role)];
    let create = UserCreate { email, name: "Ana".to_owned(), grants, password: Some(hash.into()) };
    portal.store.accounts().user_create(Command::of(&Viewer::program()), &create).await.unwrap()
}

pub(crate) async fn try_to_sign_in(portal: &Portal, email: &str, password: &str) -> Answer {
    let input = json!({ "email": email, "password": password });
    let selection =
        "accessToken accessTokenExpiresAt refreshToken refreshTokenExpiresAt user { id email grants { role } }
        userErrors { code field message }";
    portal.mutate("signIn", input, selection).await
}

pub(crate) async fn sign_in(portal: &Portal, email: &str) -> Session {
    Session::of(try_to_sign_in(portal, email, PASSWORD).await.done())
}

pub(crate) async fn refresh(portal: &Portal, token: &str) -> Answer {
    let selection = "accessToken refreshToken userErrors { code field message }";
    portal.mutate("refreshSession", json!({ "refreshToken": token }), selection).await
}

/// Asks who is asking.
pub(crate) async fn viewer(portal: &Portal, token: &str) -> Answer {
    let query = "{ editorial { viewer { name grants { role } permissions user { email } } } }";
    portal.post_as(token, &json!({ "query": query })).await
}

/// Whether a bearer token is taken; one that is not, is refused as a whole.
pub(crate) async fn holds(portal: &Portal, token: &str) -> bool {
    let answer = viewer(portal, token).await;
    if answer.status == 200 {
        return answer.data()["editorial"]["viewer"]["name"].is_string();
    }
    assert_eq!((answer.status, answer.code()), (401, "UNAUTHENTICATED"));
    assert_eq!(answer.header("www-authenticate"), "Bearer error=\"invalid_token\"");
    assert_eq!(answer.body.get("data"), None);
    false
}

impl Session {
    pub(crate) fn of(payload: &Value) -> Self {
        let text = |name: &str| payload[name].as_str().unwrap().to_owned();
        Self { access: text("accessToken"), refresh: text("refreshToken") }
    }
}
