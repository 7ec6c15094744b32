//! What acts do to each other, in one order for everybody, however the database comes by the rows.

use courant_persistence::Dialect;
use courant_tests::{Portal, apply, both_databases, write_by_hand};
use serde_json::Value;

#[apply(both_databases)]
#[tokio::test]
async fn several_things_that_one_act_does_to_another_come_as_it_names_them(dialect: Dialect) {
    let portal = Portal::with_samples_unkept(dialect).await;
    // Written in another order than they are named in.
    for position in ["200 - position", "100 - position", "300 + position", "50 + position"] {
        let sql = format!(
            "INSERT INTO decree_relation (source_id, locale, position, kind, target_id, on_day, partial, note) \
             SELECT source_id, locale, {position}, 'CITES', target_id, on_day, partial, note \
             FROM decree_relation WHERE position < 30"
        );
        write_by_hand(&portal.database.options.url, &sql).await;
    }
    write_by_hand(&portal.database.options.url, "UPDATE decree_relation SET note = CAST(position AS text)").await;
    let query = "{ decrees(locale: \"tk\", first: 100) { nodes { relations { kind note decree { number } } } } }";
    let answer = portal.query(query).await;
    let (mut own, mut of_others) = (0, 0);
    for act in answer.data()["decrees"]["nodes"].as_array().unwrap() {
        let relations = act["relations"].as_array().unwrap();
        let is_inverse = |relation: &Value| {
            let kind = relation["kind"].as_str().unwrap();
            kind.ends_with("_BY") || kind == "BASIS_FOR"
        };
        let position = |relation: &Value| relation["note"].as_str().unwrap().parse::<i32>().unwrap();
        for pair in relations.windows(2) {
            match (is_inverse(&pair[0]), is_inverse(&pair[1])) {
                (false, false) => {
                    assert!(position(&pair[0]) < position(&pair[1]), "{act}");
                    own += 1;
                }
                (true, true) if pair[0]["decree"] == pair[1]["decree"] => {
                    assert!(position(&pair[0]) < position(&pair[1]), "{act}");
                    of_others += 1;
                }
                (true, false) => unreachable!("its own come first: {act}"),
                _ => {}
            }
        }
    }
    assert!(own > 10 && of_others > 10, "{own} {of_others}");
}
