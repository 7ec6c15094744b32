//! The fields of input objects are given once (GraphQL, September 2025, §5.6.3). The parser makes a map of them, in
//! which the last of several is left, so this is seen on the tokens.

use std::collections::HashSet;

use crate::{
    error::RequestError,
    lexer::{Kind, Token, Tokens, position},
};

/// Refuses a text, which the parser has read, that gives a field of an input object twice.
pub(crate) fn check_unique_input_fields(text: &str) -> Result<(), RequestError> {
    let mut tokens = Tokens::of(text).map_while(Result::ok).peekable();
    let mut open: Vec<Bracket<'_>> = Vec::new();
    let mut before = None;
    while let Some(token) = tokens.next() {
        match token.kind {
            Kind::Mark(b'{') => {
                let is_value =
                    matches!(before, Some(Kind::Mark(b':' | b'='))) || matches!(open.last(), Some(Bracket::List));
                open.push(if is_value { Bracket::Object(HashSet::new()) } else { Bracket::Other });
            }
            Kind::Mark(b'[') => open.push(Bracket::List),
            Kind::Mark(b'(') => open.push(Bracket::Other),
            Kind::Mark(b'}' | b']' | b')') => drop(open.pop()),
            Kind::Name if is_colon(tokens.peek()) => {
                let name = token.text(text);
                if let Some(Bracket::Object(fields)) = open.last_mut()
                    && !fields.insert(name)
                {
                    let message = format!("There can be only one input field named \"{name}\".");
                    return Err(RequestError::validation(message, position(text, token.start)));
                }
            }
            _ => {}
        }
        before = Some(token.kind);
    }
    Ok(())
}

enum Bracket<'a> {
    List,
    /// An input object, and the fields it has so far.
    Object(HashSet<&'a str>),
    Other,
}

fn is_colon(token: Option<&Token>) -> bool {
    token.is_some_and(|token| token.kind == Kind::Mark(b':'))
}

#[cfg(test)]
mod tests {
    use async_graphql::Pos;

    use super::*;

    fn twice(text: &str) -> Option<(String, Pos)> {
        async_graphql::parser::parse_query(text).unwrap();
        check_unique_input_fields(text).err().map(|error| (error.message, error.positions[0]))
    }

    #[test]
    fn a_field_of_an_input_object_is_given_once() {
        for text in [
            "{a:b(x:{k:1} y:{k:1}){a:b c:b}}",
            "{a(x:{k:{k:{k:1}}} y:[{k:1} {k:1}])}",
            "query($a:A={k:1} $b:A={k:1}){a{k:b} b{k:b}}",
            "{a(x:\"{k:1 k:1}\" #{k:1 k:1}\n){k:b k:b}}",
        ] {
            assert_eq!(twice(text), None, "{text}");
        }
        for (text, column) in [
            ("{a(x:{k:1 k:1})}", 11),
            ("{a(x:{k:{l:1} l:1 k:$x})}", 19),
            ("{a(x:[[{k:1 k:1}]])}", 13),
            ("{a @d(x:{k:1 k:1})}", 14),
            ("query($a:A={k:[{l:1}] k:1}){a}", 23),
        ] {
            let message = "There can be only one input field named \"k\".".to_owned();
            assert_eq!(twice(text), Some((message, Pos { line: 1, column })), "{text}");
        }
    }
}
