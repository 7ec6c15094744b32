//! The docs say what is true.

use courant_gateway::error::ErrorCode;

#[test]
fn every_error_code_is_in_the_docs() {
    let docs = include_str!("../../docs/graphql.md");
    for code in ErrorCode::ALL {
        let code = format!("`{}`", code.as_str());
        assert!(docs.contains(&code), "docs/graphql.md does not name {code}");
    }
}
