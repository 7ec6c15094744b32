//! What arguments are tried: all that is there, all that is hidden, and what is nothing at all.

use std::collections::BTreeSet;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use courant_domain::id::{EntryId, UserId, WebhookId};
use uuid::Uuid;

use crate::{
    base::{self, Base, LOCALES},
    hidden::{Hidden, People},
    schema::{Input, Schema},
};

#[derive(Clone)]
pub(crate) struct Pools {
    /// The entries there are for readers, and those there are not.
    entries: Vec<EntryId>,
    slugs: Vec<String>,
    numbers: Vec<String>,
    titles: Vec<String>,
    /// Who works here, as the newsroom names them.
    actors: Vec<String>,
    users: Vec<UserId>,
    webhooks: Vec<WebhookId>,
    words: Vec<String>,
    /// Whether ids are tried by which the newsroom's own things are found.
    of_the_newsroom: bool,
    /// What is tried where it stands for one of many.
    few_words: Vec<String>,
}

fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap()
}

/// A global id, made as the server makes them: a letter for the type, the thing, the language.
pub(crate) fn node_id(letter: u8, id: Uuid, locale: &str) -> String {
    let mut bytes = vec![letter];
    bytes.extend_from_slice(id.as_bytes());
    bytes.extend_from_slice(locale.as_bytes());
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The same cursor for another entry.
pub(crate) fn forged_cursor(cursor: &str, entry: EntryId) -> Option<String> {
    let mut bytes = URL_SAFE_NO_PAD.decode(cursor).ok()?;
    // One of a search has its weights behind the entry; others end with that.
    let start = if bytes.len() > 41 { 25 } else { bytes.len().checked_sub(16)? };
    bytes[start..start + 16].copy_from_slice(entry.uuid().as_bytes());
    Some(URL_SAFE_NO_PAD.encode(bytes))
}

/// The same without the numbers of states of an index in cursors of searches: each process begins with one by chance.
pub(crate) fn without_states(body: &str) -> String {
    let without = |text: &str| {
        // What is shorter, longer or begins otherwise is something else.
        let mut bytes = (62..=232).contains(&text.len()).then(|| URL_SAFE_NO_PAD.decode(text).ok()).flatten()?;
        bytes.first().filter(|sort| (1..=3).contains(*sort))?;
        bytes.get_mut(5..9)?.fill(0);
        Some(URL_SAFE_NO_PAD.encode(bytes))
    };
    let texts = body.split('"').map(|text| without(text).unwrap_or_else(|| text.to_owned()));
    texts.collect::<Vec<_>>().join("\"")
}

impl Pools {
    pub(crate) fn new(base: &Base, hidden: &Hidden<'_>, people: &People) -> Self {
        let mut entries: BTreeSet<EntryId> = hidden.entries().into_iter().collect();
        entries.extend(base.entries.iter().map(|record| record.entry.id));
        let words: Vec<String> = base.words.all().into_iter().chain(hidden.words.all()).collect();
        let of = |field: &str| words.iter().filter(|word| word.contains(field)).cloned().collect::<Vec<_>>();
        Self {
            entries: entries.into_iter().collect(),
            of_the_newsroom: true,
            slugs: of("slug"),
            numbers: of("number"),
            titles: of("title"),
            actors: [&people.author, &people.colleague, &people.editor]
                .map(|viewer| viewer.actor.to_string())
                .into_iter()
                .chain(["courant", "import", "user:00000000-0000-0000-0000-000000000000"].map(str::to_owned))
                .collect(),
            webhooks: Vec::new(),
            users: people.author.actor.as_user().into_iter().collect(),
            few_words: words.iter().step_by(40).cloned().collect(),
            words,
        }
    }

    /// The webhooks there are.
    pub(crate) fn webhooks(&self) -> &[WebhookId] {
        &self.webhooks
    }

    /// The same with these webhooks.
    pub(crate) fn and_webhooks(self, webhooks: Vec<WebhookId>) -> Self {
        Self { webhooks, ..self }
    }

    /// The same without the ids by which `node` gives the newsroom's own things to those who may read them.
    pub(crate) fn of_what_is_published(&self) -> Self {
        Self { of_the_newsroom: false, ..self.clone() }
    }

    fn node_ids(&self) -> Vec<String> {
        let mut ids = Vec::new();
        for tag in LOCALES {
            for entry in &self.entries {
                ids.extend([b'A', b'D', b'C'].map(|letter| node_id(letter, entry.uuid(), tag)));
            }
            for number in 1..=4 {
                ids.push(node_id(b'C', base::category(number).uuid(), tag));
                ids.push(node_id(b'T', base::tag(number).uuid(), tag));
                ids.push(node_id(b'P', base::person(number).uuid(), tag));
                ids.push(node_id(b'F', base::feed(number).uuid(), tag));
            }
        }
        ids.push(node_id(b'A', base::entry(base::ARTICLE).uuid(), "fr"));
        ids.extend(["", "A", "!", "QWFhYWFhYWFhYWFhYWFhYWE"].map(str::to_owned));
        ids
    }

    fn entry_ids(&self) -> Vec<String> {
        let ids = self.entries.iter().map(ToString::to_string).chain(self.users.iter().map(ToString::to_string));
        let ids = ids.chain(self.webhooks.iter().map(ToString::to_string));
        ids.chain(["00000000-0000-0000-0000-000000000000".to_owned(), "nothing".to_owned()]).collect()
    }

    fn version_ids(&self) -> Vec<String> {
        self.entries.iter().flat_map(|entry| LOCALES.map(|tag| format!("{entry}:{tag}"))).collect()
    }

    fn paths(&self) -> Vec<String> {
        // Some came from another site, where they were elsewhere.
        let mut paths: Vec<String> = self.slugs.iter().map(|slug| format!("/old/{slug}")).collect();
        for tag in LOCALES {
            for slug in &self.slugs {
                // A slug is its own language's; in another one it is a guess.
                paths.extend(["articles", "decrees"].map(|section| format!("/{tag}/{section}/{slug}")));
            }
            for place in
                ["categories/politics", "categories/politics/parliament", "categories/quiet", "categories/none"]
            {
                paths.push(format!("/{tag}/{place}"));
            }
            for place in
                ["tags/water", "tags/hush", "people/ana", "people/cora", "feeds/picks", "feeds/last-news", "feeds/none"]
            {
                paths.push(format!("/{tag}/{place}"));
            }
            paths.extend(self.entries.iter().map(|entry| format!("/{tag}/articles/{entry}")));
        }
        let more =
            ["/en/articles/old-name", "/en/articles/long-gone", "/en", "/", "", "politics", "politics/parliament"];
        paths.extend(more.map(str::to_owned));
        paths
    }

    /// Every value to try for an argument or a condition, as GraphQL writes it.
    pub(crate) fn all(&self, schema: &Schema, input: &Input) -> Vec<String> {
        let list = |values: Vec<String>| values.iter().map(|value| quoted(value)).collect();
        let every = |own: &[&str]| {
            let own = own.iter().map(|name| (*name).to_owned());
            own.chain(self.few_words.iter().cloned()).collect::<Vec<_>>()
        };
        let values: Vec<String> = match (input.name.as_str(), input.ty.name.as_str()) {
            ("locale" | "untranslated" | "languages", "Locale") => {
                list(["en", "ru", "tk", "en-GB", "fr"].map(str::to_owned).to_vec())
            }
            ("entryId", "ID") => list(self.entry_ids()),
            ("id" | "ids" | "excluding", "ID") => {
                let own = if self.of_the_newsroom { self.entry_ids() } else { Vec::new() };
                let versions = if self.of_the_newsroom { self.version_ids() } else { Vec::new() };
                list(self.node_ids().into_iter().chain(own).chain(versions).collect())
            }
            ("webhook", "ID") => list(self.entry_ids()),
            ("author" | "actor" | "assignee", "ID") => list(self.actors.clone()),
            ("subjectId", "ID") => list(self.entry_ids()),
            // All else that can be typed is searched for by a walk of its own.
            ("query", "String") => list(["", "publicword*", "hiddenword*", "On"].map(str::to_owned).to_vec()),
            ("years", "Int") => ["2023", "2026", "0"].map(str::to_owned).to_vec(),
            ("text", "String") => list(self.titles.iter().cloned().chain(every(&["On", "", "%", "_"])).collect()),
            // What is sent to be shown comes back as it is, and nothing else does.
            ("source", "String") => list(["Some *words*", "<input value='none'>", ""].map(str::to_owned).to_vec()),
            ("number" | "from" | "to", "Int") => ["1", "2", "3", "99", "0"].map(str::to_owned).to_vec(),
            ("path", "String") => list(self.paths().into_iter().chain(self.few_words.iter().cloned()).collect()),
            ("slug", "String") => list(
                self.slugs
                    .iter()
                    .cloned()
                    .chain(every(&[
                        "water",
                        "hush",
                        "picks",
                        "most-read",
                        "quiet-ones",
                        "pinned",
                        "last-news",
                        "decrees",
                    ]))
                    .collect(),
            ),
            ("number", "String") => list(self.numbers.iter().cloned().chain(every(&["1"])).collect()),
            ("categories" | "under", "String") => list(every(&["politics", "politics/parliament", "economy", "quiet"])),
            ("tags" | "allTags", "String") => list(every(&["water", "budget", "hush"])),
            ("authors" | "signatories" | "person", "String") => list(every(&["ana", "boris", "cora"])),
            ("after" | "before", "String") => list(every(&["", "AQ"])),
            ("preview", "String") => list(every(&["", "preview", "e30.e30.e30"])),
            ("first" | "last", "Int") => ["0", "1", "2", "7", "100", "-1", "101"].map(str::to_owned).to_vec(),
            ("asOf" | "statusAsOf", "Date") => {
                list(["2026-01-01", "2026-01-20", "2026-03-01", "2029-12-31", "2031-01-01"].map(str::to_owned).to_vec())
            }
            (_, "Boolean") => vec!["true".into(), "false".into()],
            (_, "DateTimeRange") => ["2023-11-14T23:00:00Z", "2023-11-15T02:30:00Z", "2026-01-01T00:00:00Z"]
                .iter()
                .flat_map(|at| [format!("{{from: \"{at}\"}}"), format!("{{before: \"{at}\"}}")])
                .collect(),
            (_, "DateRange") => ["2026-01-15", "2026-01-16"]
                .iter()
                .flat_map(|at| [format!("{{from: \"{at}\"}}"), format!("{{before: \"{at}\"}}")])
                .collect(),
            (_, ty) if schema.get(ty).kind == "ENUM" => schema.get(ty).values.clone(),
            (name, ty) => panic!("say what to try for the argument {name}: {ty}, so that it is walked, too"),
        };
        let wrap = |value: String| if input.ty.list { format!("[{value}]") } else { value };
        values.into_iter().map(wrap).collect()
    }

    /// A few of them, for pairs: what something is published with, what something hidden would be, what is nothing.
    pub(crate) fn few(&self, schema: &Schema, input: &Input) -> Vec<String> {
        let all = self.all(schema, input);
        let most =
            if schema.is_leaf(&input.ty.name) && schema.get(&input.ty.name).kind == "ENUM" { all.len() } else { 4 };
        all.into_iter().take(most).collect()
    }

    /// What is typed to search: every word, each spelled wrong, all of one beginning, and nothing.
    pub(crate) fn typed(&self) -> Vec<String> {
        let wrong = self.words.iter().map(|word| format!("{word}x"));
        let begun =
            ["", "hiddenword", "publicword*", "hiddenword*", "kind:decree", "On -publicword"].map(str::to_owned);
        begun.into_iter().chain(wrong).map(|word| quoted(&word)).chain(self.words()).collect()
    }

    /// Every word, quoted.
    pub(crate) fn words(&self) -> Vec<String> {
        self.words.iter().map(|word| quoted(word)).collect()
    }

    /// The entries there are for somebody.
    pub(crate) fn entries(&self) -> &[EntryId] {
        &self.entries
    }
}
