//! What sitemaps are made of, beside what is live.

use std::collections::BTreeMap;

use courant_domain::{entry::EntryKind, locale::Locale};

use super::{Check, Rule};
use crate::{
    db::convert::{date, from_word, locale},
    error::Result,
    live::publish::{SitemapPlace, month_of},
};

impl Check<'_> {
    /// Sees that each day counts the texts that sitemaps list of it. Days of which there are none any more may be kept.
    pub(super) async fn sitemaps(&mut self, mut expected: BTreeMap<SitemapPlace, i64>) -> Result<()> {
        for row in
            self.rows("SELECT locale, month, day, kind, texts FROM sitemap_day ORDER BY locale, day, kind", []).await?
        {
            let (language, month): (String, i32) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
            let (day, kind, texts): (i32, String, i64) =
                (row.try_get_by_index(2)?, row.try_get_by_index(3)?, row.try_get_by_index(4)?);
            let place = locale(&language).and_then(|locale| Ok((locale, day, from_word::<EntryKind>(&kind)?)));
            let Some(place) = self.readable(format!("day {day} of the sitemaps of {language}"), place)? else {
                continue;
            };
            let right = month_of(day)?;
            if month != right {
                self.broken(Rule::Sitemaps, described(place)?, format!("month {right}"), month);
            }
            let expected = expected.remove(&place).unwrap_or(0);
            if texts != expected {
                self.broken(Rule::Sitemaps, described(place)?, expected, texts);
            }
        }
        for (place, texts) in expected {
            self.broken(Rule::Sitemaps, described(place)?, texts, "none");
        }
        Ok(())
    }
}

fn described((locale, day, kind): (Locale, i32, EntryKind)) -> Result<String> {
    Ok(format!("texts of kind {} of {} in the sitemaps of {locale}", kind.as_str(), date(day)?))
}
