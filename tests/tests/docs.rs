//! The docs say what is true.

use std::collections::BTreeSet;

use courant_domain::{
    access,
    problem::ProblemCode,
    workflow::{State, Step},
};
use courant_gateway::error::ErrorCode;

const NEWSROOM: &str = include_str!("../../docs/newsroom.md");

#[test]
fn every_error_code_is_in_the_docs() {
    let docs = include_str!("../../docs/graphql.md");
    for code in ErrorCode::ALL {
        let code = format!("`{}`", code.as_str());
        assert!(docs.contains(&code), "docs/graphql.md does not name {code}");
    }
}

#[test]
fn every_code_of_what_can_be_mended_is_in_the_docs() {
    for code in ProblemCode::ALL {
        let code = serde_json::to_value(code).unwrap();
        let row = format!("\n| `{}` | ", code.as_str().unwrap());
        assert!(NEWSROOM.contains(&row), "docs/newsroom.md does not explain {code}");
    }
}

#[test]
fn the_table_of_permissions_is_the_one_that_is_asked() {
    assert!(
        NEWSROOM.contains(&access::table_markdown()),
        "put this into docs/newsroom.md:\n{}",
        access::table_markdown()
    );
}

#[test]
fn the_table_of_what_is_planned_is_the_one_that_is_asked() {
    let table = access::planned_markdown();
    assert!(NEWSROOM.contains(&table), "put this into docs/newsroom.md:\n{table}");
}

#[test]
fn the_diagram_shows_the_steps_there_are_and_no_other() {
    let mut allowed = BTreeSet::new();
    for from in State::ALL {
        for step in Step::ALL {
            if let Ok(to) = from.after(step) {
                allowed.insert(format!("{} --> {}: {}", from.as_str(), to.as_str(), name(step)));
            }
        }
    }
    let diagram = NEWSROOM.split("```mermaid\nstateDiagram-v2\n").nth(1).and_then(|rest| rest.split("```").next());
    let mut shown = BTreeSet::new();
    for line in diagram.unwrap().lines().map(str::trim) {
        let (arrow, steps) = line.split_once(": ").unwrap_or_else(|| panic!("an arrow without a step: {line}"));
        for step in steps.split(", ") {
            assert!(shown.insert(format!("{arrow}: {step}")), "twice: {arrow}: {step}");
        }
    }
    assert!(shown.remove("[*] --> DRAFT: create"), "where it begins");
    assert_eq!(shown, allowed);
}

/// A step's name in the docs.
const fn name(step: Step) -> &'static str {
    match step {
        Step::Save => "save",
        Step::Submit => "submit",
        Step::SendBack => "sendBack",
        Step::Approve => "approve",
        Step::Schedule => "schedule",
        Step::Unschedule => "unschedule",
        Step::Publish => "publish",
        Step::Unpublish => "unpublish",
        Step::Archive => "archive",
    }
}
