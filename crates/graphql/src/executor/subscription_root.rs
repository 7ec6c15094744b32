//! The executor looks for the field of a subscription among the selections of its root alone, and not in the fragments there
//! (async-graphql 8.0.0-rc.5, `collect_subscription_streams`): the field is written in their place.

use std::collections::{HashMap, HashSet};

use async_graphql::{
    Name, Positioned,
    parser::types::{DocumentOperations, ExecutableDocument, Field, FragmentDefinition, OperationType, Selection},
};

/// Puts the one field of each subscription in the place of the fragments that it stands in. Validation has seen that it is one, perhaps
/// several times. `root` is the type of subscriptions; fragments of another type stay where they are, for the executor to refuse.
pub(crate) fn unfold_subscriptions(document: &mut ExecutableDocument, root: &str) {
    let ExecutableDocument { operations, fragments } = document;
    let mut unfolded = HashSet::new();
    let operations: Vec<_> = match operations {
        DocumentOperations::Single(operation) => vec![operation],
        DocumentOperations::Multiple(operations) => operations.values_mut().collect(),
    };
    for operation in operations {
        if operation.node.ty == OperationType::Subscription {
            let selections = std::mem::take(&mut operation.node.selection_set.node.items);
            operation.node.selection_set.node.items = unfold(selections, fragments, root, &mut unfolded);
        }
    }
    // They are used nowhere else: there is nothing of that type below the root.
    fragments.retain(|name, _| !unfolded.contains(name));
}

fn unfold(
    selections: Vec<Positioned<Selection>>,
    fragments: &HashMap<Name, Positioned<FragmentDefinition>>,
    root: &str,
    unfolded: &mut HashSet<Name>,
) -> Vec<Positioned<Selection>> {
    let mut field: Option<Positioned<Field>> = None;
    let (mut others, mut seen) = (Vec::new(), HashSet::new());
    let mut waiting: Vec<_> = selections.into_iter().rev().collect();
    while let Some(selection) = waiting.pop() {
        match selection.node {
            Selection::Field(found) => match &mut field {
                None => field = Some(found),
                // The same field again, with more to select from it (§5.3.2 has seen that they fit).
                Some(first) => first.node.selection_set.node.items.extend(found.node.selection_set.node.items),
            },
            Selection::InlineFragment(fragment)
                if fragment.node.type_condition.as_ref().is_none_or(|of| of.node.on.node == root) =>
            {
                waiting.extend(fragment.node.selection_set.node.items.into_iter().rev());
            }
            Selection::FragmentSpread(spread) => {
                let name = &spread.node.fragment_name.node;
                match fragments.get(name).filter(|found| found.node.type_condition.node.on.node == root) {
                    Some(found) if seen.insert(name.clone()) => {
                        unfolded.insert(name.clone());
                        waiting.extend(found.node.selection_set.node.items.iter().rev().cloned());
                    }
                    // All of it is here already.
                    Some(_) => {}
                    None => others.push(Positioned::new(Selection::FragmentSpread(spread), selection.pos)),
                }
            }
            Selection::InlineFragment(_) => others.push(selection),
        }
    }
    let field = field.map(|field| Positioned::new(Selection::Field(field.clone()), field.pos));
    field.into_iter().chain(others).collect()
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::parse_query;

    use super::*;

    fn roots(text: &str) -> (Vec<String>, Vec<String>) {
        let mut document = parse_query(text).unwrap();
        unfold_subscriptions(&mut document, "Subscription");
        let (_, operation) = document.operations.iter().next().unwrap();
        let name = |selection: &Positioned<Selection>| match &selection.node {
            Selection::Field(field) => {
                format!("{}/{}", field.node.name.node, field.node.selection_set.node.items.len())
            }
            Selection::FragmentSpread(spread) => format!("...{}", spread.node.fragment_name.node),
            Selection::InlineFragment(_) => "...".to_owned(),
        };
        let mut fragments: Vec<String> = document.fragments.keys().map(ToString::to_string).collect();
        fragments.sort();
        (operation.node.selection_set.node.items.iter().map(name).collect(), fragments)
    }

    #[test]
    fn the_field_is_found_in_fragments() {
        let text = "subscription { ...A ... { ... on Subscription { f { b } } } ...A } fragment A on Subscription { ...B } \
                    fragment B on Subscription { f { a ...C } } fragment C on F { c }";
        assert_eq!(roots(text), (vec!["f/3".to_owned()], vec!["C".to_owned()]));
    }

    #[test]
    fn what_is_of_another_type_stays() {
        let text = "subscription { ...A ... on Query { g } } fragment A on Query { f { a } }";
        assert_eq!(roots(text), (vec!["...A".to_owned(), "...".to_owned()], vec!["A".to_owned()]));
        assert_eq!(roots("query { ...A } fragment A on Subscription { f }").0, ["...A"]);
    }
}
