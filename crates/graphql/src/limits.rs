//! What one request may ask for, and the measuring of documents against it.
//!
//! *Invariant*: nothing here takes longer than the document is long. Fragments are measured once, however often
//! they are spread: a document of 918 bytes whose fragments each spread the next one twice unfolds to billions of
//! fields, and everything behind this stage walks all of them.

use std::{
    collections::{HashMap, HashSet},
    fmt::Display,
    time::Duration,
};

use async_graphql::{
    Name, Pos, Positioned,
    parser::types::{
        Directive, ExecutableDocument, FragmentDefinition, OperationDefinition, OperationType, Selection, SelectionSet,
    },
};

use super::{
    error::{Rejection, RequestError, RequestErrorCode},
    lexer::Counts,
};

/// What one request may ask for at the most. Whatever is over a limit is refused before it is executed, with a code
/// of its own and a message that names the limit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a request's body, unpacked (`PAYLOAD_TOO_LARGE`). 1 MiB.
    pub body_bytes: usize,
    /// Bytes of a document's text (`DOCUMENT_TOO_LARGE`). 64 KiB; long texts belong in variables.
    pub document_bytes: usize,
    /// Tokens of a document (`TOO_MANY_TOKENS`). 4,000; the introspection query of GraphiQL has about 300.
    pub tokens: usize,
    /// Brackets within brackets, and selections within selections with the fragments unfolded (`TOO_DEEP`). 32.
    pub nesting: usize,
    /// Fields within fields (`TOO_DEEP`). 15, which does not count what lies below `__schema` and `__type`.
    pub depth: usize,
    /// Fields within fields below `__schema` and `__type` (`TOO_DEEP`). 20; code generators ask for 15.
    pub introspection_depth: usize,
    /// Aliases of a document (`TOO_MANY_ALIASES`). 50.
    pub aliases: usize,
    /// Directives of a document (`TOO_MANY_DIRECTIVES`). 100.
    pub directives: usize,
    /// Directives in one place (`TOO_MANY_DIRECTIVES`). 5.
    pub directives_per_place: usize,
    /// Fields at the root of an operation, those of its fragments included, and each key of the answer once
    /// (`TOO_MANY_ROOT_FIELDS`). 30. Of a mutation, a field counts as often as it is there.
    pub root_fields: usize,
    /// Selections of a document with its fragments unfolded (`EXPANSION_TOO_LARGE`). 5,000.
    pub expansion: u64,
    /// What an operation may cost (`TOO_COSTLY`). 20,000: each field that can come back is one, so the fields below
    /// a page count once for each of its items, those below any other list five times. What finding a list takes the database
    /// comes on top: the values and conditions of its filter, its order, its count.
    pub cost: u64,
    /// About how many bytes an operation may bring back (`TOO_COSTLY`). 8 MiB: a text counts as much as such texts take.
    pub expected_bytes: u64,
    /// Items of lists that the introspection of an operation may hold, five for each list (`TOO_COSTLY`). 1,000; the
    /// query of GraphiQL and of code generators comes to 300.
    pub introspection_cost: u64,
    /// The items a page may have. 100. Larger pages are counted as this one, for the resolvers refuse them
    /// (`PAGE_TOO_LARGE`).
    pub page: u64,
    /// Bytes of an answer, before it is packed (`ANSWER_TOO_LARGE`). 8 MiB.
    pub answer_bytes: usize,
    /// How long the database may work for a request without a token (`TOO_COSTLY`). A second. Its statements are on one clock,
    /// which stands while they wait for their turn.
    pub database: Duration,
    /// The same for a request with one. 5 seconds.
    pub database_signed_in: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body_bytes: 1024 * 1024,
            document_bytes: 64 * 1024,
            tokens: 4_000,
            nesting: 32,
            depth: 15,
            introspection_depth: 20,
            aliases: 50,
            directives: 100,
            directives_per_place: 5,
            root_fields: 30,
            expansion: 5_000,
            cost: 20_000,
            expected_bytes: 8 * 1024 * 1024,
            introspection_cost: 1_000,
            page: 100,
            answer_bytes: 8 * 1024 * 1024,
            database: Duration::from_secs(1),
            database_signed_in: Duration::from_secs(5),
        }
    }
}

impl Limits {
    /// Refuses a text before it is looked at.
    pub(super) fn check_length(&self, text: &str) -> Result<(), Rejection> {
        let (bytes, limit) = (text.len(), self.document_bytes);
        if bytes > limit {
            let message =
                format!("the document has {bytes} bytes; the limit is {limit}, and long texts belong in variables");
            return Err(Rejection::limit(RequestErrorCode::DocumentTooLarge, message));
        }
        Ok(())
    }

    /// Refuses a text before it is parsed.
    pub(super) fn check_text(&self, counts: Counts) -> Result<(), Rejection> {
        over(RequestErrorCode::TooManyTokens, "the document", "tokens", counts.tokens, self.tokens)?;
        over(RequestErrorCode::TooDeep, "the document", "brackets within one another", counts.nesting, self.nesting)
    }

    /// Refuses a document before it is validated.
    pub(super) fn check_document(&self, document: &ExecutableDocument) -> Result<(), Rejection> {
        let mut walk = Walk { limits: self, document, aliases: 0, directives: 0, crowd: 0, measured: HashMap::new() };
        let mut expansion = 0_u64;
        for operation in operations(document) {
            let operation = &operation.node;
            walk.directives(&operation.directives);
            operation.variable_definitions.iter().for_each(|definition| walk.directives(&definition.node.directives));
            let found = walk.set(&operation.selection_set.node, 1)?;
            expansion = expansion.saturating_add(found.selections);
            let fields = match operation.ty {
                OperationType::Query => root_keys(document, &operation.selection_set.node),
                OperationType::Mutation | OperationType::Subscription => found.fields,
            };
            over(
                RequestErrorCode::TooManyRootFields,
                "the operation",
                "fields at its root",
                fields,
                self.root_fields as u64,
            )?;
            over(RequestErrorCode::TooDeep, "the operation", "fields within one another", found.depth, self.depth)?;
            over(
                RequestErrorCode::TooDeep,
                "the operation",
                "introspection fields within one another",
                found.introspection,
                self.introspection_depth,
            )?;
            over(
                RequestErrorCode::TooDeep,
                "the operation",
                "selections within one another",
                found.nesting,
                self.nesting,
            )?;
            over(
                RequestErrorCode::TooDeep,
                "the operation",
                "introspection lists within one another",
                found.type_lists,
                TYPE_LISTS,
            )?;
        }
        // A fragment that nothing spreads is an error that validation would find, but only after all the work that
        // the fragment makes, which no operation's measures account for.
        if let Some((name, fragment)) = walk.first_unused()? {
            return Err(RequestError::validation(format!("Fragment \"{name}\" is never used."), fragment.pos).into());
        }
        over(RequestErrorCode::TooManyAliases, "the document", "aliases", walk.aliases, self.aliases)?;
        over(RequestErrorCode::TooManyDirectives, "the document", "directives", walk.directives, self.directives)?;
        over(RequestErrorCode::TooManyDirectives, "one place", "directives", walk.crowd, self.directives_per_place)?;
        over(
            RequestErrorCode::ExpansionTooLarge,
            "the document",
            "selections with its fragments unfolded",
            expansion,
            self.expansion,
        )
    }

    /// Refuses an operation before it is run.
    ///
    /// # Errors
    /// When it may cost too much.
    pub fn check_cost(&self, cost: super::cost::Cost) -> Result<(), Rejection> {
        let of = "points of cost, for the fields that can come back and for finding them";
        over(RequestErrorCode::TooCostly, "the operation", of, cost.content, self.cost)?;
        over(
            RequestErrorCode::TooCostly,
            "the operation",
            "bytes that can be expected to come back",
            cost.bytes,
            self.expected_bytes,
        )?;
        over(
            RequestErrorCode::TooCostly,
            "the operation",
            "introspected items that can come back",
            cost.introspection,
            self.introspection_cost,
        )
    }
}

/// How often `fields`, `interfaces`, `possibleTypes` and `inputFields` may lie within one another: each time
/// multiplies the answer by the width of the whole schema. Introspection as tools do it has one.
const TYPE_LISTS: usize = 2;

fn over<N: Copy + PartialOrd + Display>(
    code: RequestErrorCode,
    what: &str,
    of: &str,
    found: N,
    limit: N,
) -> Result<(), Rejection> {
    if found > limit {
        return Err(Rejection::limit(code, format!("{what} has {found} {of}; the limit is {limit}")));
    }
    Ok(())
}

/// How many keys the answer to an operation has at its root. Each fragment is looked into once.
fn root_keys(document: &ExecutableDocument, root: &SelectionSet) -> u64 {
    let (mut keys, mut spread, mut next) = (HashSet::new(), HashSet::new(), vec![root]);
    while let Some(set) = next.pop() {
        for selection in &set.items {
            match &selection.node {
                Selection::Field(field) => {
                    keys.insert(&field.node.response_key().node);
                }
                Selection::InlineFragment(inline) => next.push(&inline.node.selection_set.node),
                Selection::FragmentSpread(to) => {
                    let name = &to.node.fragment_name.node;
                    let fragment = document.fragments.get(name).filter(|_| spread.insert(name));
                    next.extend(fragment.map(|fragment| &fragment.node.selection_set.node));
                }
            }
        }
    }
    keys.len() as u64
}

/// The operations of a document in the order they are written in.
pub(super) fn operations(document: &ExecutableDocument) -> Vec<&Positioned<OperationDefinition>> {
    let mut operations: Vec<_> = document.operations.iter().map(|(_, operation)| operation).collect();
    operations.sort_unstable_by_key(|operation| place(operation.pos));
    operations
}

/// The fragments of a document in the order they are written in.
pub(super) fn fragments(document: &ExecutableDocument) -> Vec<(&Name, &Positioned<FragmentDefinition>)> {
    let mut fragments: Vec<_> = document.fragments.iter().collect();
    fragments.sort_unstable_by_key(|(_, fragment)| place(fragment.pos));
    fragments
}

const fn place(pos: Pos) -> (usize, usize) {
    (pos.line, pos.column)
}

/// What is below one selection set, its fragments unfolded.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Measures {
    /// Fields at this level.
    fields: u64,
    /// Fields, spreads and inline fragments at every level.
    selections: u64,
    /// Fields within fields, but for those of the introspection.
    depth: usize,
    /// Fields within fields of the introspection.
    introspection: usize,
    /// Selection sets within selection sets.
    nesting: usize,
    /// Lists of the introspection within one another: down to here, and below `__schema` or `__type` all in all.
    lists: usize,
    type_lists: usize,
}

impl Measures {
    fn of_field(name: &str, below: Self) -> Self {
        let selections = below.selections.saturating_add(1);
        if matches!(name, "__schema" | "__type") {
            return Self {
                fields: 1,
                selections,
                depth: 1,
                introspection: below.depth.max(below.introspection) + 1,
                nesting: below.nesting,
                lists: 0,
                type_lists: below.lists.max(below.type_lists),
            };
        }
        let list = matches!(name, "fields" | "interfaces" | "possibleTypes" | "inputFields");
        Self { fields: 1, selections, depth: below.depth + 1, lists: below.lists + usize::from(list), ..below }
    }

    fn of_fragment(below: Self) -> Self {
        Self { selections: below.selections.saturating_add(1), ..below }
    }

    fn beside(self, other: Self) -> Self {
        Self {
            fields: self.fields.saturating_add(other.fields),
            selections: self.selections.saturating_add(other.selections),
            depth: self.depth.max(other.depth),
            introspection: self.introspection.max(other.introspection),
            nesting: self.nesting.max(other.nesting),
            lists: self.lists.max(other.lists),
            type_lists: self.type_lists.max(other.type_lists),
        }
    }
}

struct Walk<'a> {
    limits: &'a Limits,
    document: &'a ExecutableDocument,
    aliases: usize,
    directives: usize,
    crowd: usize,
    /// The measures of the fragments walked; none while a fragment is being walked.
    measured: HashMap<&'a str, Option<Measures>>,
}

impl<'a> Walk<'a> {
    /// `level` is how deep this set lies on the way that led here first, which bounds this recursion.
    fn set(&mut self, set: &'a SelectionSet, level: usize) -> Result<Measures, Rejection> {
        over(RequestErrorCode::TooDeep, "the document", "selections within one another", level, self.limits.nesting)?;
        let mut all = Measures::default();
        for selection in &set.items {
            let found = match &selection.node {
                Selection::Field(field) => {
                    self.aliases += usize::from(field.node.alias.is_some());
                    self.directives(&field.node.directives);
                    let below = if field.node.selection_set.node.items.is_empty() {
                        Measures::default()
                    } else {
                        self.set(&field.node.selection_set.node, level + 1)?
                    };
                    Measures::of_field(&field.node.name.node, below)
                }
                Selection::InlineFragment(inline) => {
                    self.directives(&inline.node.directives);
                    Measures::of_fragment(self.set(&inline.node.selection_set.node, level + 1)?)
                }
                Selection::FragmentSpread(spread) => {
                    self.directives(&spread.node.directives);
                    Measures::of_fragment(self.fragment(&spread.node.fragment_name.node, spread.pos, level + 1)?)
                }
            };
            all = all.beside(found);
        }
        all.nesting += 1;
        Ok(all)
    }

    fn fragment(&mut self, name: &'a str, spread: Pos, level: usize) -> Result<Measures, Rejection> {
        match self.measured.get(name) {
            Some(Some(measures)) => return Ok(*measures),
            Some(None) => {
                let message = format!("Cannot spread fragment \"{name}\" within itself.");
                return Err(RequestError::validation(message, spread).into());
            }
            None => {}
        }
        // Validation reports a fragment that does not exist.
        let Some(fragment) = self.document.fragments.get(name) else { return Ok(Measures::default()) };
        self.measured.insert(name, None);
        self.directives(&fragment.node.directives);
        let measures = self.set(&fragment.node.selection_set.node, level)?;
        self.measured.insert(name, Some(measures));
        Ok(measures)
    }

    fn directives(&mut self, directives: &[Positioned<Directive>]) {
        self.directives += directives.len();
        self.crowd = self.crowd.max(directives.len());
    }

    /// A fragment that no operation reaches, once it is known that the unreached ones spread no circle either.
    fn first_unused(&mut self) -> Result<Option<(&'a Name, &'a Positioned<FragmentDefinition>)>, Rejection> {
        let unused: Vec<_> = fragments(self.document)
            .into_iter()
            .filter(|(name, _)| !self.measured.contains_key(name.as_str()))
            .collect();
        for (name, fragment) in &unused {
            self.fragment(name, fragment.pos, 1)?;
        }
        Ok(unused.first().copied())
    }
}

#[cfg(test)]
#[path = "limits_tests.rs"]
mod tests;
