//! The walk through everything a schema offers for reading.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::{
    base::LOCALES,
    pools::{Pools, forged_cursor},
    schema::{Field, Input, Schema, Step},
    selection::{Below, Selection, along, identity, one_field, own_leaves},
    twins::Twins,
};

/// How many variants of one field one operation asks for.
const AT_ONCE: usize = 60;

/// The one field of the root that needs a viewer.
const EDITORIAL: &str = "editorial";

/// What has happened is not the same where the same can be read: what the log tells is looked through by itself (`log`).
const LOG: [&str; 2] = ["changes", "departures"];

/// What a walk goes through.
pub(crate) struct Scope {
    /// The types, each with the way there that needs no arguments, if there is one.
    pub(crate) types: BTreeMap<String, Option<Vec<Step>>>,
    /// Whether it is what the newsroom sees, and not what readers do.
    editorial: bool,
    below: Below,
}

impl Scope {
    /// What readers see.
    pub(crate) fn delivery(schema: &Schema) -> Self {
        let types = schema.reachable(|field| field != EDITORIAL && !LOG.contains(&field));
        Self { types, editorial: false, below: Below { depth: 2, items: 3 } }
    }

    /// What only the newsroom sees.
    pub(crate) fn editorial(schema: &Schema) -> Self {
        let mut types = schema.reachable(|field| field == EDITORIAL);
        let delivery = Self::delivery(schema).types;
        types.retain(|ty, _| !delivery.contains_key(ty) || *ty == schema.query);
        Self { types, editorial: true, below: Below { depth: 3, items: 60 } }
    }

    /// The fields of a type that the walk goes through.
    pub(crate) fn fields<'a>(&'a self, schema: &'a Schema, ty: &'a str) -> impl Iterator<Item = &'a Field> {
        let is_root = ty == schema.query;
        let of_root = move |name: &str| (name == EDITORIAL) == self.editorial && !LOG.contains(&name);
        schema.get(ty).fields.iter().filter(move |field| !is_root || of_root(&field.name))
    }
}

/// Every field of every type, each with what is below it that can be had without arguments.
pub(crate) async fn every_field(twins: &mut Twins<'_>, scope: &Scope) {
    for (ty, way) in &scope.types {
        let Some(way) = way else { continue };
        let mut ends = vec![own_leaves(&twins.schema, ty)];
        for field in scope.fields(&twins.schema, ty).filter(|field| !twins.schema.is_leaf(&field.ty.name)) {
            ends.extend(one_field(&twins.schema, ty, &field.name, scope.below).map(|found| vec![found]));
        }
        for end in ends.into_iter().filter(|end| !end.is_empty()) {
            for tag in LOCALES {
                let arguments = first_step(&twins.schema, way, tag);
                let asked = along(&twins.schema, way, &arguments, end.clone());
                twins.ask(&asked).await;
                if arguments.is_empty() {
                    break;
                }
            }
        }
    }
}

/// What was taken back, in lists that are asked for it.
pub(crate) async fn withdrawn(twins: &mut Twins<'_>) {
    let notice = own_leaves(&twins.schema, "Withdrawal");
    let nodes = vec![Selection::new("Publication", "withdrawal", "", notice)];
    let list = vec![Selection::new("PublicationConnection", "nodes", "", nodes)];
    let asked = "(first: 50, filter: { includeWithdrawn: true })";
    let filed = vec![Selection::new("Category", "publications", asked, list)];
    twins.ask(&[Selection::new("Query", "categories", "", filed)]).await;
}

/// Every word there is, and words like it, is searched for in every language, with all that is shown of what is found.
pub(crate) async fn searched(twins: &mut Twins<'_>, pools: &Pools) {
    let schema = &twins.schema;
    let with = |on: &str, field: &str, below: &str| Selection::new(on, field, "", own_leaves(schema, below));
    let mut highlighted = own_leaves(schema, "Highlighted");
    highlighted.push(with("Highlighted", "marks", "TextRange"));
    let edge = vec![
        with("SearchEdge", "node", "Publication"),
        Selection::new("SearchEdge", "highlightedTitle", "", highlighted.clone()),
        Selection::new("SearchEdge", "fragments", "(first: 3)", highlighted),
    ];
    let facet = |field: &str, ty: &str, of: Option<(&str, &str)>| {
        let mut below = own_leaves(schema, ty);
        below.extend(of.map(|(field, of)| with(ty, field, of)));
        Selection::new("SearchFacets", field, "", below)
    };
    let facets = vec![
        facet("categories", "CategoryFacet", Some(("category", "Category"))),
        facet("kinds", "KindFacet", None),
        facet("tags", "TagFacet", Some(("tag", "Tag"))),
        facet("years", "YearFacet", None),
        facet("signatories", "SignatoryFacet", Some(("person", "Person"))),
        facet("languages", "LanguageFacet", None),
    ];
    let mut found = own_leaves(schema, "SearchConnection");
    found.push(Selection::new("SearchConnection", "edges", "", edge));
    found.push(Selection::new("SearchConnection", "facets", "", facets));
    for typed in pools.typed().chunks(AT_ONCE) {
        for tag in LOCALES {
            let searches = typed.iter().enumerate().flat_map(|(number, typed)| {
                let arguments = format!("(query: {typed}, locale: \"{tag}\", first: 50)");
                let suggested = format!("(query: {typed}, locale: \"{tag}\")");
                [
                    Selection::new("Query", "search", &arguments, found.clone()).aliased(format!("v{number}")),
                    Selection::new("Query", "suggest", &suggested, Vec::new()).aliased(format!("s{number}")),
                ]
            });
            let searches: Vec<Selection> = searches.collect();
            twins.ask(&searches).await;
        }
    }
}

/// What is live and found by its title, as readers get it.
pub(crate) async fn looked_up(twins: &mut Twins<'_>, title: &str) {
    let shown = own_leaves(&twins.schema, "Publication");
    let hit = vec![Selection::new("LookupHit", "publication", "", shown)];
    let lookup = vec![Selection::new("Editorial", "lookup", &format!("(text: \"{title}\")"), hit)];
    twins.ask(&[Selection::new("Query", EDITORIAL, "", lookup)]).await;
}

/// The arguments of the first step of a way.
fn first_step(schema: &Schema, way: &[Step], tag: &str) -> String {
    let Some(step) = way.first() else { return String::new() };
    let field = schema.field(&step.on, &step.field);
    let mut arguments = Vec::new();
    if field.args.iter().any(|arg| arg.name == "locale") {
        arguments.push(format!("locale: \"{tag}\""));
    }
    if field.is_paged() {
        arguments.push("first: 50".to_owned());
    }
    if arguments.is_empty() { String::new() } else { format!("({})", arguments.join(", ")) }
}

/// Every argument of every field, with everything that is tried for it; the root's in every language.
pub(crate) async fn every_argument(twins: &mut Twins<'_>, pools: &Pools, scope: &Scope) {
    for (ty, way) in &scope.types {
        let is_root = *ty == twins.schema.query || *ty == "Editorial";
        // What only arguments lead to has none itself that is not tried elsewhere.
        let Some(way) = way else { continue };
        let names: Vec<String> = scope.fields(&twins.schema, ty).map(|field| field.name.clone()).collect();
        for name in names {
            let field = twins.schema.field(ty, &name);
            let variants = variants(&twins.schema, pools, field, is_root);
            let result = field.ty.name.clone();
            for variants in variants.chunks(AT_ONCE) {
                let end = variants.iter().enumerate().map(|(number, arguments)| {
                    let below = identity(&twins.schema, &result);
                    Selection::new(ty, &name, arguments, below).aliased(format!("v{number}"))
                });
                let arguments = first_step(&twins.schema, way, "en");
                let asked = along(&twins.schema, way, &arguments, end.collect());
                twins.ask(&asked).await;
            }
        }
    }
}

/// Every set of arguments to try for a field.
fn variants(schema: &Schema, pools: &Pools, field: &Field, is_root: bool) -> Vec<String> {
    let mut variants = Vec::new();
    let required: Vec<String> = field
        .args
        .iter()
        .filter(|arg| arg.is_required())
        .map(|arg| format!("{}: {}", arg.name, values(schema, pools, arg, true)[0]))
        .collect();
    let has_locale = is_root && field.args.iter().any(|arg| arg.name == "locale");
    for arg in &field.args {
        for value in values(schema, pools, arg, is_root) {
            let own = format!("{}: {value}", arg.name);
            let others = required.iter().filter(|other| !other.starts_with(&format!("{}:", arg.name))).cloned();
            let all: Vec<String> = others.chain([own]).collect();
            variants.push(format!("({})", all.join(", ")));
            // A filter is the same code in every language; what is looked up is another thing in each.
            if has_locale && arg.name != "locale" && arg.is_required() {
                for tag in &LOCALES[1..] {
                    variants.push(format!("({}, locale: \"{tag}\")", all.join(", ")));
                }
            }
        }
    }
    variants
}

/// Every value to try for an argument; of filters each condition alone and, where wanted, in pairs.
fn values(schema: &Schema, pools: &Pools, input: &Input, pairs: bool) -> Vec<String> {
    let ty = schema.get(&input.ty.name);
    if ty.inputs.is_empty() || input.ty.name.ends_with("Range") {
        return pools.all(schema, input);
    }
    let mut values = Vec::new();
    for (place, one) in ty.inputs.iter().enumerate() {
        let needed = ty.inputs.iter().filter(|other| other.is_required() && other.name != one.name);
        let needed: String = needed.map(|other| format!(", {}: {}", other.name, pools.all(schema, other)[0])).collect();
        values.extend(pools.all(schema, one).into_iter().map(|value| format!("{{{}: {value}{needed}}}", one.name)));
        // Of what is looked up by, exactly one is given.
        if !pairs || input.is_required() {
            continue;
        }
        for other in &ty.inputs[..place] {
            for a in pools.few(schema, one) {
                for b in pools.few(schema, other) {
                    values.push(format!("{{{}: {a}, {}: {b}}}", one.name, other.name));
                }
            }
        }
    }
    values
}

/// Pages through every list of the root and of everything with a global id, both ways, two at a time; and from the
/// places that hidden entries would have.
pub(crate) async fn every_page(twins: &mut Twins<'_>, pools: &Pools, scope: &Scope) {
    let mut lists: Vec<(String, String, Option<&[Step]>)> = Vec::new();
    for (ty, way) in &scope.types {
        for field in scope.fields(&twins.schema, ty).filter(|field| field.is_paged()) {
            if *ty == twins.schema.query {
                lists.push((ty.clone(), field.name.clone(), None));
            } else if let Some(way) = way
                && twins.schema.get(ty).fields.iter().any(|field| field.name == "id")
            {
                lists.push((ty.clone(), field.name.clone(), Some(way)));
            }
        }
    }
    for (ty, list, way) in lists {
        let Some(way) = way else {
            for tag in LOCALES {
                page_through(twins, pools, &ty, &list, None, &format!("locale: \"{tag}\", ")).await;
            }
            continue;
        };
        for id in ids_of(twins, &ty, way).await {
            page_through(twins, pools, &ty, &list, Some(&id), "").await;
        }
    }
}

/// The global ids of what there is of a type.
async fn ids_of(twins: &mut Twins<'_>, ty: &str, way: &[Step]) -> Vec<String> {
    let end = vec![Selection::new(ty, "id", "", Vec::new())];
    let arguments = first_step(&twins.schema, way, "ru");
    let answer = twins.ask(&along(&twins.schema, way, &arguments, end)).await;
    let mut ids = Vec::new();
    collect(&answer["data"], "id", &mut ids);
    ids.sort();
    ids.dedup();
    ids
}

/// Every text under a key, however deep.
pub(crate) fn collect(value: &Value, key: &str, found: &mut Vec<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| collect(item, key, found)),
        Value::Object(object) => {
            for (name, value) in object {
                match value {
                    Value::String(text) if name == key => found.push(text.clone()),
                    _ => collect(value, key, found),
                }
            }
        }
        _ => {}
    }
}

async fn page_through(twins: &mut Twins<'_>, pools: &Pools, ty: &str, list: &str, node: Option<&str>, arguments: &str) {
    let result = twins.schema.field(ty, list).ty.name.clone();
    let page = |twins: &Twins<'_>, paging: &str| {
        let below = identity(&twins.schema, &result);
        let selection = Selection::new(ty, list, &format!("({arguments}{paging})"), below).aliased("list".into());
        match node {
            Some(id) => vec![Selection::new(&twins.schema.query, "node", &format!("(id: \"{id}\")"), vec![selection])],
            None => vec![selection],
        }
    };
    for (size, from, more, end) in
        [("first", "after", "hasNextPage", "endCursor"), ("last", "before", "hasPreviousPage", "startCursor")]
    {
        let mut cursor: Option<String> = None;
        loop {
            let at = cursor.as_ref().map(|cursor| format!(", {from}: \"{cursor}\"")).unwrap_or_default();
            let answer = twins.ask(&page(twins, &format!("{size}: 2{at}"))).await;
            let connection = if node.is_some() { &answer["data"]["node"]["list"] } else { &answer["data"]["list"] };
            let info = &connection["pageInfo"];
            let next = info[end].as_str().map(str::to_owned);
            if cursor.is_none()
                && let Some(first) = &next
            {
                for entry in pools.entries().iter().step_by(7) {
                    let Some(forged) = forged_cursor(first, *entry) else { continue };
                    twins.ask(&page(twins, &format!("{size}: 2, {from}: \"{forged}\""))).await;
                }
            }
            cursor = next;
            if info[more] != true {
                break;
            }
        }
    }
}

/// Requests that mean nothing, with hidden words in them and without.
pub(crate) async fn every_mistake(twins: &mut Twins<'_>, pools: &Pools) {
    let query = twins.schema.query.clone();
    let names: Vec<String> = twins.schema.get(&query).fields.iter().map(|field| field.name.clone()).collect();
    let words = pools.words();
    for name in names {
        let field = twins.schema.field(&query, &name);
        let mut bodies = vec![format!("{{ {name}(nothing: 1) {{ id }} }}"), format!("{{ {name} {{ nothing }} }}")];
        for arg in &field.args {
            let values = ["1", "1.5", "true", "NOTHING", "null", "[]", "{}", "{nothing: 1}", words[0].as_str()];
            // Where these are no mistake, the log is gone through by itself.
            let is_meant = |value: &str| LOG.contains(&name.as_str()) && matches!(value, "null" | "{}" | "1");
            for value in values.into_iter().filter(|value| !is_meant(value)) {
                bodies.push(format!("{{ {name}({}: {value}) {{ __typename }} }}", arg.name));
            }
            bodies.push(format!("query ($v: {}) {{ {name}({}: $v) {{ __typename }} }}", arg.ty.name, arg.name));
        }
        for body in bodies {
            let variables = serde_json::json!({ "v": { "nothing": [1] } });
            twins.post(&serde_json::json!({ "query": body, "variables": variables })).await;
        }
    }
}
