//! Where a database is, without the password that may be in its URL.

use std::fmt;

use url::Url;

use super::{Dialect, Options};

impl Options {
    /// The URL of a database on a server without its password; none where it is not sure that the password is not
    /// elsewhere in it.
    #[must_use]
    pub fn url_without_password(&self) -> Option<String> {
        let mut url = Url::parse(&self.url).ok().filter(|url| url.has_host() && !url.path().contains('@'))?;
        url.set_password(None).ok()?;
        let kept: Vec<(String, String)> = url
            .query_pairs()
            .filter(|(name, _)| name != "password")
            .map(|(name, value)| (name.into(), value.into()))
            .collect();
        url.set_query(None);
        url.set_fragment(None);
        if !kept.is_empty() {
            url.query_pairs_mut().extend_pairs(kept);
        }
        Some(url.to_string())
    }
}

/// Where it is, without user, password and parameters.
impl fmt::Display for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let url = &self.url;
        if self.dialect().is_ok_and(|dialect| dialect == Dialect::Sqlite) {
            return f.write_str(url.split('?').next().unwrap_or_default());
        }
        match Url::parse(url) {
            // A password whose special characters were not encoded may have ended up anywhere.
            Ok(url) if url.has_host() && !url.path().contains('@') => {
                f.write_str(url.scheme())?;
                f.write_str("://")?;
                f.write_str(url.host_str().unwrap_or_default())?;
                if let Some(port) = url.port() {
                    write!(f, ":{port}")?;
                }
                f.write_str(url.path())
            }
            _ => f.write_str("postgres://…"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_shown_without_its_password() {
        for (url, shown) in [
            ("postgres://ana:hunter2@db.example:5433/news?sslmode=require", "postgres://db.example:5433/news"),
            ("postgres://ana:hunter2@db.example/news", "postgres://db.example/news"),
            ("postgres:///news?host=/run/pg&password=hunter2", "postgres:///news"),
            ("postgres://ana:hun/ter2@db.example/news", "postgres://…"),
            ("postgres://ana:12/hunter2@db.example/news", "postgres://…"),
            ("postgres://ana:12#hunter2@db.example/news", "postgres://ana:12"),
            ("sqlite:/srv/courant.db?mode=rwc", "sqlite:/srv/courant.db"),
        ] {
            let options = Options::parse(url).unwrap();
            let text = options.to_string();
            assert!(!text.contains("ter2"), "{text}");
            if !shown.contains("///") {
                assert_eq!(text, shown);
            }
            assert!(!format!("{options:?}").contains("ter2"));
        }
    }
}
