//! From a document's text to a parsed document that has passed the limits and our own checks, and the cache of
//! these.

use std::{
    collections::HashSet,
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicU64, Ordering},
    },
};

use async_graphql::{
    Name, Positioned,
    parser::{
        Error,
        types::{DocumentOperations, ExecutableDocument, OperationDefinition, OperationType, VariableDefinition},
    },
};
use async_graphql_value::ConstValue;
use quick_cache::{Weighter, sync::Cache};

use super::{
    error::{Rejection, RequestError, RequestErrorCode},
    executor::{enclose_typenames, unfold_subscriptions, without_nulls, write_large_ids},
    lexer::{Counts, scan},
    limits::Limits,
    roots::Roots,
    schema_metadata::SchemaMetadata,
    source_normalisation::normalise,
    validation::{Verdict, check_merging, check_unique_input_fields, validate},
    variable_coercion::Coerced,
};

/// The documents read lately, by their text.
///
/// What is kept is the parsed document and, by its being kept, the verdict of everything that depends on the text
/// alone: token count, nesting, depth, aliases, directives, root fields, expansion, and our own checks. The cost sees the
/// variables of each request. So does validation, but not their values, which have been made to fit: only which are given, null
/// or left out; what it has passed once, it passes again. What is refused is not kept.
pub struct Documents {
    schema: Arc<SchemaMetadata>,
    limits: Limits,
    cache: Cache<Box<str>, Arc<Document>, ByBytes>,
}

/// A document that has passed the limits and our own checks.
#[derive(Debug)]
pub struct Document {
    /// Its own, of all that this process has read.
    pub number: u64,
    /// It, parsed.
    pub parsed: ExecutableDocument,
    /// What its operations ask for at their roots.
    pub roots: Roots,
    counts: Counts,
    /// See [`Verdict::null_fails_the_field`].
    null_fails_the_field: HashSet<Name>,
    /// What the executor's validation has passed.
    passed: RwLock<HashSet<ValidationKey>>,
}

/// How the executor validates an operation.
#[derive(Debug)]
pub enum Validation {
    /// It has passed before.
    Passed,
    /// As it is run. Once it was run, it has passed.
    WhenRun(ValidationKey),
    /// First, with these variables in place of its own, and without running any of it: see
    /// [`validation_request`](crate::executor::validation_request). Then it has passed.
    First(Coerced, ValidationKey),
}

/// What validation depends on: the operation, and which of its variables have a value, are null, or are left out. Of the values,
/// which have been made to fit, it sees no more.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ValidationKey(Box<str>);

impl ValidationKey {
    fn of(name: Option<&str>, operation: &OperationDefinition, coerced: &Coerced) -> Self {
        let sort = |definition: &Positioned<VariableDefinition>| match coerced.variables.get(&definition.node.name.node)
        {
            None => '-',
            Some(ConstValue::Null) => '0',
            Some(_) => '1',
        };
        let sorts: String = operation.variable_definitions.iter().map(sort).collect();
        Self(format!("{sorts} {}", name.unwrap_or_default()).into())
    }
}

/// The number of the next document.
static NEXT: AtomicU64 = AtomicU64::new(0);

/// So many operations, with so many sorts of variables, are known of a document.
const MOST_PASSED: usize = 64;

/// An entry weighs at least this much, which bounds how many there are.
const LEAST_BYTES: u64 = 1_024;
/// About what a token takes when it is parsed.
const TOKEN_BYTES: u64 = 160;

#[derive(Clone)]
struct ByBytes;

impl Weighter<Box<str>, Arc<Document>> for ByBytes {
    fn weight(&self, text: &Box<str>, document: &Arc<Document>) -> u64 {
        (text.len() as u64 + document.counts.tokens as u64 * TOKEN_BYTES).max(LEAST_BYTES)
    }
}

impl Documents {
    /// A cache of about so many bytes, and of at most one document for each 1,024 of these.
    #[must_use]
    pub fn new(schema: Arc<SchemaMetadata>, limits: Limits, bytes: u64) -> Self {
        let entries = usize::try_from(bytes / LEAST_BYTES / 4).unwrap_or(usize::MAX);
        Self { schema, limits, cache: Cache::with_weighter(entries.max(1), bytes, ByBytes) }
    }

    /// The document with this text.
    ///
    /// # Errors
    /// When it is not GraphQL, over a limit, or does not fit the schema as far as that is seen here.
    pub fn read(&self, text: &str) -> Result<Arc<Document>, Rejection> {
        self.limits.check_length(text)?;
        if let Some(document) = self.cache.get(text) {
            return Ok(document);
        }
        let counts = scan(text)?;
        self.limits.check_text(counts)?;
        let mut parsed = async_graphql::parser::parse_query(normalise(text)).map_err(|error| problem(&error))?;
        check_unique_input_fields(text)?;
        self.limits.check_document(&parsed)?;
        let roots = check_merging(&self.schema, &parsed)?;
        let Verdict { errors, null_fails_the_field } = validate(&self.schema, &parsed);
        if !errors.is_empty() {
            return Err(Rejection::document(errors));
        }
        enclose_typenames(&mut parsed);
        write_large_ids(&mut parsed);
        unfold_subscriptions(&mut parsed, self.schema.root(OperationType::Subscription));
        let document = Arc::new(Document {
            number: NEXT.fetch_add(1, Ordering::Relaxed),
            parsed,
            roots,
            counts,
            null_fails_the_field,
            passed: RwLock::default(),
        });
        self.cache.insert(text.into(), Arc::clone(&document));
        Ok(document)
    }

    #[cfg(test)]
    fn kept(&self) -> (usize, u64) {
        (self.cache.len(), self.cache.weight())
    }
}

impl Document {
    /// How many tokens its text has.
    #[must_use]
    pub const fn tokens(&self) -> usize {
        self.counts.tokens
    }

    /// How an operation is to be validated by the executor before it is run with these variables.
    #[must_use]
    pub fn validation(&self, name: Option<&str>, operation: &OperationDefinition, coerced: &Coerced) -> Validation {
        let without_nulls = match operation.ty {
            OperationType::Query => without_nulls(coerced, operation, &self.null_fails_the_field),
            // What has been done before a field fails would have been done for an answer that is null.
            OperationType::Mutation | OperationType::Subscription => None,
        };
        let key = ValidationKey::of(name, operation, without_nulls.as_ref().unwrap_or(coerced));
        if self.passed.read().unwrap_or_else(PoisonError::into_inner).contains(&key) {
            return Validation::Passed;
        }
        without_nulls.map_or(Validation::WhenRun(key.clone()), |coerced| Validation::First(coerced, key))
    }

    /// Remembers that validation has passed it.
    pub fn has_passed(&self, key: ValidationKey) {
        let mut passed = self.passed.write().unwrap_or_else(PoisonError::into_inner);
        if passed.len() < MOST_PASSED {
            passed.insert(key);
        }
    }

    /// The name of the only operation there is, if it has one.
    #[must_use]
    pub fn only_name(&self) -> Option<&str> {
        match &self.parsed.operations {
            DocumentOperations::Multiple(operations) if operations.len() == 1 => {
                operations.keys().next().map(async_graphql::Name::as_str)
            }
            _ => None,
        }
    }

    /// The operation to run: the one of this name, or the only one there is.
    ///
    /// # Errors
    /// When there is none of the name, or several and no name.
    pub fn operation(&self, name: Option<&str>) -> Result<&Positioned<OperationDefinition>, Rejection> {
        let not_found = |message: String| Err(RequestError::new(RequestErrorCode::OperationNotFound, message).into());
        match (&self.parsed.operations, name) {
            (DocumentOperations::Single(operation), None) => Ok(operation),
            (DocumentOperations::Multiple(operations), None) => match operations.values().next() {
                Some(operation) if operations.len() == 1 => Ok(operation),
                _ => not_found("The document has several operations; operationName says which one to run.".to_owned()),
            },
            (DocumentOperations::Multiple(operations), Some(name)) if operations.contains_key(name) => {
                Ok(&operations[name])
            }
            (_, Some(name)) => {
                let name: String = name.chars().take(100).collect();
                not_found(format!("Unknown operation named \"{name}\"."))
            }
        }
    }
}

/// The parser's error in one line.
fn problem(error: &Error) -> RequestError {
    let (code, message) = match error {
        Error::Syntax { message, .. } => {
            // It draws the place in several lines and says what it expected in the last.
            let last = message.rsplit("= ").next().unwrap_or_default().trim();
            (RequestErrorCode::ParseFailed, format!("Syntax error: {}.", plain(last)))
        }
        Error::RecursionLimitExceeded => {
            (RequestErrorCode::TooDeep, "the document is nested deeper than 64 selections".to_owned())
        }
        Error::MissingOperation => (RequestErrorCode::ValidationFailed, "The document has no operation.".to_owned()),
        Error::MultipleOperations { .. } => {
            (RequestErrorCode::ValidationFailed, "An anonymous operation must be the only operation.".to_owned())
        }
        Error::OperationDuplicated { operation, .. } => {
            (RequestErrorCode::ValidationFailed, format!("There can be only one operation named \"{operation}\"."))
        }
        Error::FragmentDuplicated { fragment, .. } => {
            (RequestErrorCode::ValidationFailed, format!("There can be only one fragment named \"{fragment}\"."))
        }
        _ => (RequestErrorCode::ParseFailed, "The document cannot be read.".to_owned()),
    };
    RequestError { positions: error.positions().collect(), ..RequestError::new(code, message) }
}

/// The parser's names for what it expected, in the words of the specification.
fn plain(expected: &str) -> String {
    expected
        .replace("executable_definition", "operation or fragment")
        .replace("EOI", "the end")
        .replace("type_", "type")
        .replace('_', " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn documents(bytes: u64) -> Documents {
        let schema = SchemaMetadata::read("schema { query: Query } type Query { a: Int b: Int }", &(), &()).unwrap();
        Documents::new(Arc::new(schema), Limits::default(), bytes)
    }

    fn code(text: &str) -> (RequestErrorCode, String) {
        let rejection = documents(1 << 20).read(text).unwrap_err();
        (rejection.errors[0].code, rejection.errors[0].message.clone())
    }

    #[test]
    fn a_document_is_parsed_once() {
        let documents = documents(1 << 20);
        let (first, second) = (documents.read("{a}").unwrap(), documents.read("{a}").unwrap());
        assert!(Arc::ptr_eq(&first, &second));
        assert!(!Arc::ptr_eq(&first, &documents.read("{a }").unwrap()));
    }

    #[test]
    fn a_text_that_is_too_long_is_not_looked_at() {
        let limit = Limits::default().document_bytes;
        let padded = |bytes: usize| format!("{{a}}{}", " ".repeat(bytes - 3));
        let documents = documents(1 << 20);
        documents.read(&padded(limit)).unwrap();
        // Not even of a string that does not end anything is said but that.
        let (code, message) = code(&format!("\"{}", "x".repeat(limit)));
        assert_eq!(code, RequestErrorCode::DocumentTooLarge);
        assert!(message.contains("variables"), "{message}");
    }

    #[test]
    fn what_is_refused_is_not_kept() {
        let documents = documents(1 << 20);
        for text in ["{", "{a", "{...F}fragment F on Query{...F}", "{__typename @x}"] {
            documents.read(text).unwrap_err();
        }
        assert_eq!(documents.kept(), (0, 0));
    }

    #[test]
    fn the_cache_is_bounded_by_bytes_and_so_by_count() {
        let bytes = 64 * 1_024;
        let documents = documents(bytes);
        for number in 0..1_000 {
            documents.read(&format!("query Q{number}{{a}}")).unwrap();
        }
        let (count, weight) = documents.kept();
        assert!(count > 0 && count <= 64, "{count}");
        assert!(weight <= bytes, "{weight}");
    }

    #[test]
    fn errors_of_the_parser_are_one_line_in_plain_words() {
        assert_eq!(
            code("{a"),
            (
                RequestErrorCode::ParseFailed,
                "Syntax error: expected selection set, selection, directive, or arguments.".into()
            )
        );
        assert_eq!(code(""), (RequestErrorCode::ParseFailed, "Syntax error: expected operation or fragment.".into()));
        assert_eq!(code("query A{a} query A{b}").0, RequestErrorCode::ValidationFailed);
        assert_eq!(code("fragment F on Query{a}").0, RequestErrorCode::ValidationFailed);
        assert_eq!(code("{a} query B{b}").0, RequestErrorCode::ValidationFailed);
    }

    #[test]
    fn the_operation_is_the_named_one_or_the_only_one() {
        let documents = documents(1 << 20);
        let read = |text: &str, name: Option<&str>| {
            let document = documents.read(text).unwrap();
            document.operation(name).map(|_| ()).map_err(|rejection| rejection.errors[0].message.clone())
        };
        assert_eq!(read("{a}", None), Ok(()));
        assert_eq!(read("query A{a}", None), Ok(()));
        assert_eq!(read("query A{a} query B{b}", Some("B")), Ok(()));
        assert_eq!(read("{a}", Some("A")), Err("Unknown operation named \"A\".".into()));
        assert!(read("query A{a} query B{b}", None).is_err());
        assert!(read("query A{a}", Some("B")).is_err());
    }
}
