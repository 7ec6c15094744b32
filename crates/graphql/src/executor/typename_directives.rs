//! A variable may be used in a directive on `__typename` alone (GraphQL, September 2025, §5.8.4). The executor does not look
//! there and says that it is not used; so such directives go to a fragment around it.

use async_graphql::{
    Positioned,
    parser::types::{ExecutableDocument, InlineFragment, Selection, SelectionSet},
};

use super::operations_mut;

/// Moves the directives on `__typename` to fragments around it, for all runs of a checked document.
pub(crate) fn enclose_typenames(document: &mut ExecutableDocument) {
    for operation in operations_mut(&mut document.operations) {
        enclose(&mut operation.node.selection_set.node);
    }
    for fragment in document.fragments.values_mut() {
        enclose(&mut fragment.node.selection_set.node);
    }
}

fn enclose(set: &mut SelectionSet) {
    for selection in &mut set.items {
        let pos = selection.pos;
        match &mut selection.node {
            Selection::Field(field) if field.node.name.node == "__typename" && !field.node.directives.is_empty() => {
                let directives = std::mem::take(&mut field.node.directives);
                let items = vec![Positioned::new(Selection::Field(field.clone()), pos)];
                let selection_set = Positioned::new(SelectionSet { items }, pos);
                let around = InlineFragment { type_condition: None, directives, selection_set };
                selection.node = Selection::InlineFragment(Positioned::new(around, pos));
            }
            Selection::Field(field) => enclose(&mut field.node.selection_set.node),
            Selection::InlineFragment(inline) => enclose(&mut inline.node.selection_set.node),
            Selection::FragmentSpread(_) => {}
        }
    }
}
