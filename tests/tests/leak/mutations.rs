//! What is asked to be changed by those who may not.

use courant_domain::newsroom::AuditFilter;
use courant_persistence::VersionKey;
use courant_tests::{Portal, dump};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    base,
    hidden::Hidden,
    members::{Member, Members},
    schema::{Input, Schema},
    twins::Twins,
};

/// Mutations that somebody may make by themselves: about what is theirs, or new.
const OWN: [&str; 9] = [
    "signIn",
    "signOut",
    "refreshTokens",
    "refresh",
    "changePassword",
    "createArticle",
    "createDecree",
    "refreshSession",
    "recordView",
];

/// Those to whom an entry is as if it were not there, and what is asked of it.
const BLIND: [&str; 3] = ["reader", "nobody", "stranger"];

/// Every mutation, as people who do not see an entry, about every entry they do not see: they are answered as if it
/// were not there, and nothing is changed.
pub(crate) async fn as_everybody(full: &Portal, hidden: &Hidden<'_>, members: &Members) {
    let before = state(full).await;
    for name in BLIND {
        let member = members.get(name);
        let mut twins = Twins::new(vec![member.at(full)]).await;
        let names: Vec<String> = mutations(&twins.schema).filter(|name| !OWN.contains(&name.as_str())).collect();
        for mutation in names {
            for key in hidden.unseen() {
                attempt(&mut twins, member, &mutation, key).await;
            }
        }
    }
    let after = state(full).await;
    assert_eq!(before.1, after.1, "the audit log grew");
    assert!(before.0 == after.0, "something was changed");
}

fn mutations(schema: &Schema) -> impl Iterator<Item = String> + '_ {
    schema.get(&schema.mutation).fields.iter().map(|field| field.name.clone())
}

async fn state(portal: &Portal) -> (Vec<String>, u64) {
    let log = portal.store.newsroom().audit_count(&AuditFilter::default(), u64::from(u32::MAX)).await.unwrap();
    (dump::dump(&portal.store).await, log)
}

async fn attempt(twins: &mut Twins<'_>, member: &Member, mutation: &str, key: VersionKey) {
    let nothing = Uuid::from_u128(0x0197_ffff_ffff_7fff_8fff_ffff_ffff_ffff).to_string();
    let id = key.entry.to_string();
    let field = twins.schema.field(&twins.schema.mutation, mutation);
    let mut values = Values { schema: &twins.schema, mutation, entry: &id, locale: key.locale.as_str() };
    let arguments: Vec<String> = field.args.iter().map(|arg| format!("{}: {}", arg.name, values.of(arg))).collect();
    values.entry = &nothing;
    let others: Vec<String> = field.args.iter().map(|arg| format!("{}: {}", arg.name, values.of(arg))).collect();
    let payload = &field.ty.name;
    let selection = if twins.schema.get(payload).fields.iter().any(|field| field.name == "userErrors") {
        "{ __typename userErrors { code field message } }"
    } else {
        "{ __typename }"
    };
    let text = |arguments: &[String]| format!("mutation {{ {mutation}({}) {selection} }}", arguments.join(", "));
    let (asked, instead) = (text(&arguments), text(&others));
    let answer = twins.post(&json!({ "query": asked })).await;
    let refused = answer["errors"].is_array()
        || answer["data"][mutation]["userErrors"].as_array().is_some_and(|errors| !errors.is_empty());
    assert!(refused, "{} may do this: {asked}\n{answer}", member.name);
    // What is not seen is as if it were not there.
    if asked != instead {
        let other = twins.post(&json!({ "query": instead })).await;
        assert_eq!(answer.to_string().replace(&id, &nothing), other.to_string(), "{}: {asked}", member.name);
    }
    check_code(&answer, mutation, &asked);
}

/// Nobody is told more than that they may not, or that there is no such thing.
fn check_code(answer: &Value, mutation: &str, asked: &str) {
    let error = answer["errors"][0]["extensions"]["code"].as_str();
    let user_error = answer["data"][mutation]["userErrors"][0]["code"].as_str();
    let code = error.or(user_error).unwrap_or_default();
    assert!(["FORBIDDEN", "NOT_FOUND"].contains(&code), "{code}: {asked}\n{answer}");
}

/// Values that fit a mutation.
struct Values<'a> {
    schema: &'a Schema,
    mutation: &'a str,
    entry: &'a str,
    locale: &'a str,
}

impl Values<'_> {
    fn of(&self, input: &Input) -> String {
        let one = self.one(input);
        if input.ty.list { format!("[{one}]") } else { one }
    }

    fn one(&self, input: &Input) -> String {
        let later = Timestamp::now() + SignedDuration::from_hours(48);
        let quoted = |text: &str| format!("\"{text}\"");
        match (input.name.as_str(), input.ty.name.as_str()) {
            (name, "ID") => quoted(&self.id(name)),
            (_, "Locale") => quoted(self.locale),
            ("redirect", "String") => quoted("/en"),
            ("email", "String") => quoted("somebody@example.org"),
            ("password", "String") => quoted("a long enough password for anybody"),
            ("url", "String") => quoted("https://example.org/"),
            (_, "String") => quoted("something"),
            (_, "Int") => "1".to_owned(),
            (_, "Boolean") => "true".to_owned(),
            (_, "DateTime") => quoted(&later.to_string()),
            (_, "Date") => quoted("2026-01-01"),
            (_, ty) => self.object(ty),
        }
    }

    /// An enum's first value, or an object with all that is required and all that names something.
    fn object(&self, ty: &str) -> String {
        let ty = self.schema.get(ty);
        if let Some(value) = ty.values.first() {
            return value.clone();
        }
        let naming = ["basedOn", "entryId", "targetId", "categoryId", "parentId"];
        let wanted = |input: &&Input| input.is_required() || naming.contains(&input.name.as_str());
        let fields = ty.inputs.iter().filter(|input| ty.is_one_of || wanted(input));
        let fields = fields.take(if ty.is_one_of { 1 } else { usize::MAX });
        format!(
            "{{{}}}",
            fields.map(|input| format!("{}: {}", input.name, self.of(input))).collect::<Vec<_>>().join(", ")
        )
    }

    fn id(&self, name: &str) -> String {
        let about = |what: &str| self.mutation.ends_with(what);
        match name {
            "categoryId" | "categoryIds" | "parentId" | "sourceIds" => base::category(1).to_string(),
            "targetId" if about("Categories") => base::category(3).to_string(),
            "feedId" => base::feed(1).to_string(),
            "tags" | "tagIds" => base::tag(1).to_string(),
            "authors" | "personId" => base::person(1).to_string(),
            "id" if about("Category") => base::category(1).to_string(),
            "id" if about("Feed") => base::feed(1).to_string(),
            "id" if about("Tag") => base::tag(1).to_string(),
            "id" if about("Person") => base::person(1).to_string(),
            _ => self.entry.to_owned(),
        }
    }
}
