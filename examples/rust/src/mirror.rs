//! A mirror on disk of all that readers can see, kept from nothing but `changes` and `nodes`.
//!
//! One file an object, named by its global id, one for the redirects, and one for the cursor. The cursor is written last: whatever
//! ends the program, what is read again from there does no harm.

mod facts;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    io::ErrorKind,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use reqwest::Client;
use serde_json::{Value, json};

pub use self::facts::{Facts, differences};

const CHANGES: &str = include_str!("mirror/changes.graphql");
const NODES: &str = include_str!("mirror/nodes.graphql");

/// So many objects are asked for at once: whole texts are large.
const AT_ONCE: usize = 50;

/// A folder that follows a portal.
#[derive(Debug)]
pub struct Mirror {
    folder: PathBuf,
}

/// What readers of a path get where nothing is any more: the target of a redirect, or none for what is gone.
type Redirects = BTreeMap<String, Option<String>>;

impl Mirror {
    /// The one in a folder, which is made if it is not there.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn open(folder: &Path) -> Result<Self> {
        fs::create_dir_all(folder.join("objects"))?;
        Ok(Self { folder: folder.to_owned() })
    }

    /// Takes in all that has changed since, and says how many changes it was.
    ///
    /// # Errors
    /// When the service cannot be reached or the folder not be written; what was taken in by then stays.
    pub async fn follow(&self, client: &Client, url: &str) -> Result<usize> {
        let mut taken = 0;
        loop {
            let after = self.read("cursor")?;
            let page = match ask(client, url, CHANGES, json!({ "after": after })).await? {
                Answer::Data(data) => data,
                // Another state has taken the place of the one that was followed: it is read from its beginning.
                Answer::Refused(code, _) if code == "STALE_CURSOR" => {
                    self.forget()?;
                    continue;
                }
                Answer::Refused(code, message) => bail!("{code}: {message}"),
            };
            let changes = page["changes"]["nodes"].as_array().context("no changes")?;
            // What languages there are decides what there is at all.
            if changes.iter().any(|change| change["subject"] == "SITE") && self.has_other_languages(&page)? {
                self.forget()?;
                self.write("languages", &languages(&page))?;
                continue;
            }
            self.take_in(client, url, changes).await?;
            taken += changes.len();
            let info = &page["changes"]["pageInfo"];
            self.write("cursor", info["endCursor"].as_str().context("no cursor")?)?;
            if info["hasNextPage"] != true {
                return Ok(taken);
            }
        }
    }

    /// What the mirror holds, to be compared.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn facts(&self) -> Result<Facts> {
        let mut objects = BTreeMap::new();
        for file in fs::read_dir(self.folder.join("objects"))? {
            let object: Value = serde_json::from_slice(&fs::read(file?.path())?)?;
            objects.insert(object["id"].as_str().context("an object without an id")?.to_owned(), object);
        }
        Facts::of_objects(&objects, &self.redirects()?)
    }

    async fn take_in(&self, client: &Client, url: &str, changes: &[Value]) -> Result<()> {
        let ids = changes.iter().filter_map(|change| change["nodeIds"].as_array()).flatten();
        let ids: Vec<&str> = ids.filter_map(Value::as_str).collect::<BTreeSet<_>>().into_iter().collect();
        for ids in ids.chunks(AT_ONCE) {
            let data = match ask(client, url, NODES, json!({ "ids": ids })).await? {
                Answer::Data(data) => data,
                Answer::Refused(code, message) => bail!("{code}: {message}"),
            };
            for (id, object) in ids.iter().zip(data["nodes"].as_array().context("no nodes")?) {
                let file = format!("objects/{id}");
                match object {
                    Value::Null => self.remove(&file)?,
                    object => self.write(&file, &object.to_string())?,
                }
            }
        }
        let mut redirects = self.redirects()?;
        for change in changes.iter().filter(|change| change["subject"] == "REDIRECT") {
            let path = change["path"].as_str().context("a redirect without a path")?.to_owned();
            match (change["replacedBy"].as_str(), change["isGone"] == true) {
                (None, false) => redirects.remove(&path),
                (target, _) => redirects.insert(path, target.map(str::to_owned)),
            };
        }
        self.write("redirects", &serde_json::to_string(&redirects)?)
    }

    fn redirects(&self) -> Result<Redirects> {
        Ok(self.read("redirects")?.map(|text| serde_json::from_str(&text)).transpose()?.unwrap_or_default())
    }

    fn has_other_languages(&self, page: &Value) -> Result<bool> {
        Ok(self.read("languages")?.as_deref() != Some(&languages(page)))
    }

    /// Forgets everything.
    fn forget(&self) -> Result<()> {
        self.remove("cursor")?;
        self.remove("redirects")?;
        fs::remove_dir_all(self.folder.join("objects"))?;
        Ok(fs::create_dir(self.folder.join("objects"))?)
    }

    fn read(&self, name: &str) -> Result<Option<String>> {
        match fs::read_to_string(self.folder.join(name)) {
            Ok(text) => Ok(Some(text)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Writes a file so that it is there whole or not at all.
    fn write(&self, name: &str, text: &str) -> Result<()> {
        let (file, new) = (self.folder.join(name), self.folder.join("new"));
        fs::write(&new, text)?;
        Ok(fs::rename(new, file)?)
    }

    fn remove(&self, name: &str) -> Result<()> {
        match fs::remove_file(self.folder.join(name)) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(error.into()),
            _ => Ok(()),
        }
    }
}

fn languages(page: &Value) -> String {
    page["site"]["locales"].to_string()
}

/// What the service says.
enum Answer {
    Data(Value),
    /// The code and the message of the first error.
    Refused(String, String),
}

async fn ask(client: &Client, url: &str, query: &str, variables: Value) -> Result<Answer> {
    let body = json!({ "query": query, "variables": variables }).to_string();
    let request = client.post(url).header("content-type", "application/json").body(body);
    let answer = request.header("accept", "application/graphql-response+json").send().await?.bytes().await?;
    let mut answer: Value = serde_json::from_slice(&answer)?;
    if let Some(error) = answer["errors"].get(0) {
        let text = |value: &Value| value.as_str().unwrap_or("UNKNOWN").to_owned();
        return Ok(Answer::Refused(text(&error["extensions"]["code"]), text(&error["message"])));
    }
    Ok(Answer::Data(answer["data"].take()))
}
