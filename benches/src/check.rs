//! Before anything is timed: do all of them give the same answers?

use anyhow::{Context, Result, ensure};
use courant_domain::page::Position;
use serde_json::Value;

/// Sees that an answer of Courant's and one of a handler's say the same. Cursors are spelt differently, and are
/// held against each other by the places they stand for; Courant's are of the list with this fingerprint.
///
/// # Errors
/// When they do not.
pub fn same(courant: &[u8], handler: &[u8], fingerprint: u32) -> Result<()> {
    let mut courant: Value = serde_json::from_slice(courant).context("Courant's answer is no JSON")?;
    let mut handler: Value = serde_json::from_slice(handler).context("a handler's answer is no JSON")?;
    places(&mut courant, &|cursor| {
        let Position { key, entry } = Position::from_cursor(cursor, fingerprint)?;
        Ok(format!("{key}.{}", entry.uuid().simple()))
    })?;
    places(&mut handler, &|cursor| {
        let (key, entry) = cursor.split_once('.').context("a handler's cursor is no place")?;
        Ok(format!("{key}.{}", entry.replace('-', "")))
    })?;
    ensure!(courant == handler, "the answers differ:\n  Courant: {courant}\n  handler: {handler}");
    Ok(())
}

/// Replaces each cursor by the place it stands for.
fn places(value: &mut Value, read: &impl Fn(&str) -> Result<String>) -> Result<()> {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                match value {
                    Value::String(text) if name == "cursor" || name == "endCursor" => *text = read(text)?,
                    value => places(value, read)?,
                }
            }
        }
        Value::Array(items) => items.iter_mut().try_for_each(|item| places(item, read))?,
        _ => {}
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn answers_are_the_same_but_for_the_spelling_of_cursors() {
        let (key, id) = (-7, Uuid::from_u128(42));
        let cursor = Position { key, entry: id.into() }.to_cursor(9);
        let courant = format!(r#"{{"data":{{"edges":[{{"cursor":"{cursor}","node":{{"title":"A"}}}}]}}}}"#);
        let handler = format!(r#"{{"data":{{"edges":[{{"cursor":"{key}.{id}","node":{{"title":"A"}}}}]}}}}"#);
        same(courant.as_bytes(), handler.as_bytes(), 9).unwrap();
        let other = handler.replace("\"A\"", "\"B\"");
        assert!(same(courant.as_bytes(), other.as_bytes(), 9).is_err());
        let other = handler.replace("-7.", "7.");
        assert!(same(courant.as_bytes(), other.as_bytes(), 9).is_err());
    }
}
