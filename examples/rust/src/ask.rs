//! Asking the service.

use anyhow::{Result, bail};
use graphql_client::{GraphQLQuery, Response};
use reqwest::{
    Client,
    header::{ACCEPT, CONTENT_TYPE},
};

/// Asks the service at `url` for an operation.
///
/// # Errors
/// When it cannot be reached, answers with something else than GraphQL, or could not give a part of the data.
pub(crate) async fn ask<Q: GraphQLQuery>(
    client: &Client,
    url: &str,
    variables: Q::Variables,
) -> Result<Q::ResponseData> {
    let request = client.post(url).header(CONTENT_TYPE, "application/json");
    // This media type, and not application/json, has the status say whether there is data.
    let request = request.header(ACCEPT, "application/graphql-response+json");
    let body = serde_json::to_vec(&Q::build_query(variables))?;
    let answer = request.body(body).send().await?.bytes().await?;
    let answer: Response<Q::ResponseData> = serde_json::from_slice(&answer)?;
    if let Some(error) = answer.errors.unwrap_or_default().first() {
        // extensions.code is for programs, the message for people.
        let code = error.extensions.as_ref().and_then(|extensions| extensions.get("code"));
        bail!("{}: {}", code.and_then(|code| code.as_str()).unwrap_or("UNKNOWN"), error.message);
    }
    match answer.data {
        Some(data) => Ok(data),
        None => bail!("the answer has no data"),
    }
}
