//! A content item as GOV.UK's content store gives it.

use std::path::Path;

use jiff::Timestamp;
use serde_json::Value;

/// A content item.
#[derive(Clone)]
pub(crate) struct Item {
    /// The name of its file.
    pub(crate) name: String,
    pub(crate) json: Value,
}

/// A text of a linked item.
pub(crate) fn text<'a>(json: &'a Value, name: &str) -> Option<&'a str> {
    json[name].as_str()
}

pub(crate) fn time(text: &str) -> Timestamp {
    text.parse().unwrap()
}

impl Item {
    pub(crate) fn read(path: &Path) -> Self {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        Self { name, json: serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap() }
    }

    /// The text at a path that every item has.
    pub(crate) fn text(&self, path: &str) -> &str {
        self.maybe(path).unwrap()
    }

    pub(crate) fn maybe(&self, path: &str) -> Option<&str> {
        self.json.pointer(path).and_then(Value::as_str)
    }

    pub(crate) fn time(&self, path: &str) -> Timestamp {
        time(self.text(path))
    }

    /// A list in its details.
    pub(crate) fn details(&self, name: &str) -> &[Value] {
        self.json["details"][name].as_array().map_or(&[], Vec::as_slice)
    }

    /// What it links to in one way.
    pub(crate) fn links(&self, name: &str) -> &[Value] {
        self.json["links"][name].as_array().map_or(&[], Vec::as_slice)
    }

    /// What it links to in several ways, in their order and each once.
    pub(crate) fn all_links(&self, names: &[&str]) -> Vec<&Value> {
        let mut all: Vec<&Value> = Vec::new();
        for link in names.iter().flat_map(|name| self.links(name)) {
            if !all.iter().any(|known| known["content_id"] == link["content_id"]) {
                all.push(link);
            }
        }
        all
    }

    /// The paths of its fields, down to those of its details and the names of its links.
    pub(crate) fn fields(&self) -> Vec<String> {
        let mut paths = Vec::new();
        for (name, value) in self.json.as_object().unwrap() {
            match value {
                Value::Object(below) if name == "details" || name == "links" => {
                    paths.extend(below.keys().map(|below| format!("/{name}/{below}")));
                }
                _ => paths.push(format!("/{name}")),
            }
        }
        paths
    }

    /// The organisations its page says it is from, those that are emphasised first.
    pub(crate) fn organisations(&self) -> Vec<&Value> {
        let emphasised = self.details("emphasised_organisations");
        let mut all = self.all_links(&["organisations", "worldwide_organisations"]);
        all.sort_by_key(|link| emphasised.iter().position(|id| *id == link["content_id"]).unwrap_or(usize::MAX));
        all
    }

    /// The persons its page says it is from, or about.
    pub(crate) fn people(&self) -> Vec<&Value> {
        self.all_links(&["speaker", "people"])
    }

    /// The subjects its page links to.
    pub(crate) fn subjects(&self) -> Vec<&Value> {
        let mut all = self.all_links(&["policy_areas", "topical_events", "world_locations"]);
        all.extend(self.history_mode().then(|| self.links("government").first()).flatten());
        all
    }

    /// What its page links to as a part of which it is, or that bears on it.
    pub(crate) fn related(&self) -> Vec<&Value> {
        self.all_links(&["ordered_related_items", "document_collections", "related_policies"])
    }

    /// The other languages its page links to.
    pub(crate) fn translations(&self) -> impl Iterator<Item = &Value> {
        self.links("available_translations").iter().filter(|other| other["locale"] != self.json["locale"])
    }

    /// Whether its page says that it was published under a former government.
    pub(crate) fn history_mode(&self) -> bool {
        let given = &self.json["details"]["government"]["current"];
        let linked = &self.json["links"]["government"][0]["details"]["current"];
        let current = given.as_bool().or(linked.as_bool());
        self.json["details"]["political"] == true && current == Some(false)
    }

    /// The picture on top: the largest of a news article's, or a speaker's.
    pub(crate) fn lead_image(&self) -> Option<(&str, Option<&str>, Option<&str>)> {
        if let Some(image) = self.details("images").first() {
            let size = |name: &str| name.trim_start_matches('s').parse::<u32>().unwrap();
            let (_, url) = image["sources"].as_object().unwrap().iter().max_by_key(|(name, _)| size(name)).unwrap();
            return Some((url.as_str().unwrap(), text(image, "alt_text"), text(image, "caption")));
        }
        let image = &self.json["details"]["image"];
        text(image, "url").map(|url| (url, text(image, "alt_text"), None))
    }

    /// The line above its title, and our sort of article for it.
    pub(crate) fn kind(&self) -> (&'static str, &'static str) {
        match self.text("/document_type") {
            "authored_article" => ("Authored article", "OPINION"),
            "government_response" => ("Government response", "STATEMENT"),
            "news_story" => ("News story", "NEWS"),
            "oral_statement" => ("Oral statement to Parliament", "STATEMENT"),
            "press_release" => ("Press release", "PRESS_RELEASE"),
            "speech" => ("Speech", "SPEECH"),
            "world_news_story" => ("World news story", "NEWS"),
            "written_statement" => ("Written statement to Parliament", "STATEMENT"),
            other => panic!("{}: {other} is a new type of document", self.name),
        }
    }

    /// The notice of its withdrawal, as HTML.
    pub(crate) fn withdrawal(&self) -> Option<(Timestamp, &str)> {
        let notice = &self.json["withdrawn_notice"];
        Some((time(text(notice, "withdrawn_at")?), text(notice, "explanation")?))
    }

    /// The name of its body of subjects, from the top: its taxon and those above it, else where its address lies.
    pub(crate) fn sections(&self) -> Vec<(String, String, String)> {
        let Some(mut taxon) = self.links("taxons").first() else {
            let section = self.text("/base_path").split('/').nth(2).unwrap();
            let mut title = section.to_owned();
            title[..1].make_ascii_uppercase();
            let id = format!("00000000-0000-8000-8000-{:0>12}", section.len());
            return vec![(id, section.to_owned(), title)];
        };
        let mut sections = Vec::new();
        loop {
            let slug = text(taxon, "base_path").unwrap().rsplit('/').next().unwrap();
            let own = |name| text(taxon, name).unwrap().to_owned();
            sections.insert(0, (own("content_id"), slug.to_owned(), own("title")));
            match taxon["links"]["parent_taxons"].get(0) {
                Some(parent) => taxon = parent,
                None => return sections,
            }
        }
    }
}
