//! What sitemaps hold, day by day and month by month, without looking at a text.

use courant_domain::{change::ChangeSeq, entry::EntryKind, list::Scope, locale::Locale, page::Position};
use jiff::{Timestamp, civil::Date};
use uuid::Uuid;

use super::change::{COLUMNS, SPARE, read};
use crate::{
    db::{
        convert::{date, day, locale, micros, timestamp},
        row::Cursor,
    },
    error::{Result, corrupt},
    live::{Live, publish::month_of, reads::ListReads, scope::TimelineKey},
};

/// A day of the sitemaps of a language, in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SitemapDay {
    /// The day.
    pub day: Date,
    /// How many texts of it sitemaps list.
    pub texts: u64,
    /// When one of these last came or went.
    pub moved_at: Timestamp,
    /// When what sitemaps say of them last changed.
    pub changed_at: Timestamp,
}

/// A month of the sitemaps of a language, in UTC.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SitemapMonth {
    /// The language.
    pub locale: Locale,
    /// The month, by its first day.
    pub month: Date,
    /// How many texts of it sitemaps list.
    pub texts: u64,
    /// When what sitemaps say of them last changed.
    pub changed_at: Timestamp,
    /// Its days, if it has more texts than was asked; none otherwise.
    pub days: Vec<SitemapDay>,
}

const DAYS: &str = "s.day, CAST(sum(s.texts) AS bigint), max(s.moved_at), max(s.changed_at)";

impl Live {
    /// All months of which sitemaps list texts, by language and then by time, and what they depend on. Months of more than `most` texts
    /// come with their days.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn sitemap_months(&self, most: u64) -> Result<(Vec<SitemapMonth>, Vec<ListReads>)> {
        let reads = self.store.reference().site.locales.iter().map(|known| self.all_of(known.tag)).collect();
        let sql = "SELECT s.locale, s.month, CAST(sum(s.texts) AS bigint), max(s.changed_at) FROM sitemap_day s \
                   GROUP BY s.locale, s.month HAVING sum(s.texts) > 0 ORDER BY s.locale, s.month";
        let months = self.store.rows(sql.to_owned(), Vec::new(), |mut columns| {
            let (language, month): (String, i32) = (columns.take()?, columns.take()?);
            let (texts, changed_at) = (count(columns.take()?), timestamp(columns.take()?)?);
            let (locale, month) = (locale(&language)?, first_of(month)?);
            Ok(SitemapMonth { locale, month, texts, changed_at, days: Vec::new() })
        });
        let mut months = months.await?;
        if months.iter().any(|month| month.texts > most) {
            let sql = format!(
                "SELECT s.locale, s.month, {DAYS} FROM sitemap_day s WHERE (s.locale, s.month) IN \
                 (SELECT m.locale, m.month FROM sitemap_day m GROUP BY m.locale, m.month HAVING sum(m.texts) > $1) \
                 GROUP BY s.locale, s.month, s.day ORDER BY s.locale, s.month, s.day"
            );
            let most = i64::try_from(most).unwrap_or(i64::MAX);
            let days = self.store.rows(sql, vec![most.into()], |mut columns| {
                let (language, month): (String, i32) = (columns.take()?, columns.take()?);
                Ok((locale(&language)?, first_of(month)?, read_day(columns)?))
            });
            for (locale, first, day) in days.await? {
                let month = months.iter_mut().find(|month| (month.locale, month.month) == (locale, first));
                if let Some(month) = month {
                    month.days.push(day);
                }
            }
        }
        Ok((months, reads))
    }

    /// The days of a month of which sitemaps list texts, or did, and what they depend on.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn sitemap_days(&self, locale: Locale, month: Date) -> Result<(Vec<SitemapDay>, ListReads)> {
        let first = day(month.first_of_month());
        let sql = format!(
            "SELECT {DAYS} FROM sitemap_day s WHERE s.locale = $1 AND s.month = $2 GROUP BY s.day ORDER BY s.day"
        );
        let values = vec![locale.as_str().into(), month_of(first)?.into()];
        let days = self.store.rows(sql, values, read_day).await?;
        let span = |day: i32| i64::from(day) * 86_400_000_000;
        let reads = ListReads {
            from: Some(span(first)),
            to: Some(span(day(month.last_of_month()) + 1) - 1),
            // What stays where it is may begin or cease to be listed.
            ..self.all_of(locale)
        };
        Ok((days, reads))
    }

    /// Where the text with this number is, counted from 1, among those of a time that sitemaps list, the oldest first; none where there are
    /// fewer. None of those before it is read.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn sitemap_place(
        &self,
        locale: Locale,
        (from, before): (Timestamp, Timestamp),
        number: usize,
    ) -> Result<Option<Position>> {
        let timelines = self.all_of(locale).timelines;
        let Some(skipped) = number.checked_sub(1).filter(|_| !timelines.is_empty()) else { return Ok(None) };
        // Numbers of our own making: nothing of a client's is in this text. What was withdrawn is in none of these timelines.
        let timelines: Vec<String> = timelines.iter().map(ToString::to_string).collect();
        let sql = format!(
            "SELECT t.sort_key, t.entry_id FROM timeline_entry t {} edition e ON e.id = t.edition_id AND e.locale = $1 \
             WHERE t.timeline_id IN ({}) AND t.sort_key >= $2 AND t.sort_key < $3 \
             AND e.details NOT LIKE '%\"canonical_url\":%' ORDER BY t.sort_key, t.entry_id LIMIT 1 OFFSET {skipped}",
            self.store.dialect().join(),
            timelines.join(", ")
        );
        let values = vec![locale.as_str().into(), micros(from).into(), micros(before).into()];
        let rows = self.store.rows(sql, values, |mut columns| {
            Ok(Position { key: columns.take()?, entry: columns.take::<Uuid>()?.into() })
        });
        Ok(rows.await?.into_iter().next())
    }

    /// When what sitemaps say of texts of a kind last changed, of those that carry a date of this moment's day or later; none where there
    /// never was one.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn sitemap_changed_since(
        &self,
        locale: Locale,
        kind: EntryKind,
        since: Timestamp,
    ) -> Result<Option<Timestamp>> {
        let since = i32::try_from(micros(since).div_euclid(86_400_000_000)).map_err(corrupt)?;
        let sql = "SELECT max(s.changed_at) FROM sitemap_day s \
                   WHERE s.locale = $1 AND s.month >= $2 AND s.day >= $3 AND s.kind = $4";
        let values = vec![locale.as_str().into(), month_of(since)?.into(), since.into(), kind.as_str().into()];
        let rows = self.store.rows(sql.to_owned(), values, |mut columns| columns.take::<Option<i64>>());
        rows.await?.into_iter().flatten().next().map(timestamp).transpose()
    }

    /// When the site, its categories, feeds, or names that readers know of last changed; none when they never did.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn names_changed_at(&self) -> Result<Option<Timestamp>> {
        let reference = self.store.reference();
        // The words are those of the index.
        let sql = format!(
            "SELECT {COLUMNS} FROM change_log WHERE subject IN ('SITE', 'CATEGORY', 'FEED', 'TAG', 'PERSON') AND seq < $1 \
             ORDER BY seq DESC LIMIT {SPARE}"
        );
        let mut before = ChangeSeq::MAX;
        loop {
            let changes = self.store.rows(sql.clone(), vec![before.into()], read).await?;
            // Names that nobody outside knows are on no page.
            let shown = self.shown(&changes, &reference).await?;
            if let Some(last) = changes.iter().find(|change| shown.contains(&change.seq)) {
                return Ok(Some(last.at));
            }
            let Some(first) = changes.last() else { return Ok(None) };
            before = first.seq;
        }
    }

    /// All that readers of a language find in lists.
    fn all_of(&self, locale: Locale) -> ListReads {
        let reference = self.store.reference();
        let keys = EntryKind::ALL.map(|kind| TimelineKey::listed(locale, kind, Scope::All));
        ListReads {
            timelines: keys.iter().filter_map(|key| reference.timeline(key)).collect(),
            probes: Box::default(),
            unmade: keys.into_iter().filter(|key| reference.timeline(key).is_none()).collect(),
            from: None,
            to: None,
            by_day: false,
            number: None,
            counted: false,
        }
    }
}

fn read_day(mut columns: Cursor<'_>) -> Result<SitemapDay> {
    let (day, texts) = (date(columns.take()?)?, count(columns.take()?));
    Ok(SitemapDay { day, texts, moved_at: timestamp(columns.take()?)?, changed_at: timestamp(columns.take()?)? })
}

fn count(count: i64) -> u64 {
    u64::try_from(count).unwrap_or(0)
}

/// The first day of a month as the database has it.
fn first_of(month: i32) -> Result<Date> {
    let (year, of_year) = (i16::try_from(month.div_euclid(12)).map_err(corrupt)?, month.rem_euclid(12) + 1);
    Date::new(year, i8::try_from(of_year).map_err(corrupt)?, 1).map_err(corrupt)
}
