//! A source gone through from its beginning to its end as often as it takes, and never whole in memory: what is said of it as a
//! whole may stand at its end, what becomes of an item depends on all others, and nothing of a source goes in that is broken
//! anywhere.

use std::ops::ControlFlow;

use crate::read::{
    collect::{Collector, MOST_TERMS},
    detect::SourceFormat,
    error::ReadError,
    feed::{atom::Atom, json, rss::Rss},
    import::{Import, Item, ItemStatus, Problem, ReadOptions},
    input::Input,
    library::Library,
    source::Source,
    wordpress::Wordpress,
    xml::{self, Element},
};

/// A source that was gone through once, and has been found whole.
pub struct Reading<'a> {
    source: Source<'a>,
    format: Format,
    collector: Collector,
    about: Import,
    count: u64,
}

/// A reader of one format, which is shown the parts of a source in their order.
pub(crate) trait ReadParts {
    /// What the format is read from: an element, or an object.
    type Part<'p>;

    /// Sees an item when nothing is known yet of the source as a whole.
    fn look(&mut self, item: &Self::Part<'_>);

    /// Reads what is around the items.
    fn head(&mut self, head: &Self::Part<'_>, collector: &mut Collector) -> Result<(), &'static str>;

    /// Reads an item; they are counted from 1.
    fn item(&mut self, number: usize, item: &Self::Part<'_>, collector: &mut Collector);
}

enum Format {
    Wordpress(Box<Wordpress>),
    Rss(Rss),
    Atom(Atom),
    Json(json::JsonFeed),
}

impl<'a> Reading<'a> {
    /// Goes through a source for all but its items. `origins` is told what items are known by if that may say where a
    /// category is that was moved here.
    ///
    /// # Errors
    /// [`ReadError`] when the format is not one of those read here, or when the source as a whole cannot be read. One
    /// item that cannot is a [`Problem`] of the import, and the others are in it.
    pub fn begin(
        input: &'a dyn Input,
        options: &ReadOptions,
        mut origins: impl FnMut(String),
    ) -> Result<Self, ReadError> {
        let source = Source::of(input)?;
        let mut collector = Collector::new(source.format, options);
        let mut format = Format::of(source.format, options);
        format.head(&source, &mut collector)?;
        collector.outline(format.has_nested_categories());
        format.items(&source, &mut collector, |collector| {
            collector.take_origins().into_iter().for_each(&mut origins);
            ControlFlow::Continue(())
        })?;
        let (count, further) = collector.items();
        let categories = format.categories(&mut collector);
        format.old_terms(&mut collector);
        let import = collector.import();
        let about = Import { categories, further, problems: Vec::new(), ..import.clone() };
        tell(&source, import);
        Ok(Self { source, format, collector, about, count })
    }

    /// What is said of the source as a whole: all but its items, and what is to be reported.
    #[must_use]
    pub const fn about(&self) -> &Import {
        &self.about
    }

    /// How many items there are.
    #[must_use]
    pub const fn count(&self) -> u64 {
        self.count
    }

    /// Reads the items, each for `take` with what is to be said of it, until that wants no more; returns what is to be
    /// reported beside.
    ///
    /// # Errors
    /// When the source is another than it was.
    pub fn items(
        mut self,
        mut take: impl FnMut(Option<Item>, Vec<Problem>) -> ControlFlow<()>,
    ) -> Result<Import, ReadError> {
        let is_damaged = self.source.decoding.damage.is_some();
        self.format.items(&self.source, &mut self.collector, |collector| {
            let mut item = collector.take_item();
            let mut problems = std::mem::take(&mut collector.import().problems);
            if let Some(item) = item.as_mut().filter(|_| is_damaged) {
                hold_back(item, &mut problems);
            }
            if item.is_none() && problems.is_empty() { ControlFlow::Continue(()) } else { take(item, problems) }
        })?;
        let Import { problems, lost, unmapped, post_types, .. } = self.collector.import().clone();
        Ok(Import { problems, lost, unmapped, post_types, ..self.about })
    }
}

/// Reads a source of whichever format it is, with all its items.
///
/// # Errors
/// As [`Reading::begin`].
pub fn read(bytes: &[u8], options: &ReadOptions) -> Result<Import, ReadError> {
    let bytes = bytes.to_vec();
    let reading = Reading::begin(&bytes, options, drop)?;
    let (mut items, mut problems) = (Vec::new(), Vec::new());
    let mut import = reading.items(|item, said| {
        items.extend(item);
        problems.extend(said);
        ControlFlow::Continue(())
    })?;
    problems.append(&mut import.problems);
    Ok(Import { items, problems, ..import })
}

impl Library {
    /// What the files of one import hold for each other. Of one that cannot be read that is nothing: it is said when its turn comes.
    #[must_use]
    pub fn of(files: &[&dyn Input]) -> Self {
        let mut library = Self::default();
        // One file knows all of itself.
        if files.len() > 1 {
            for file in files {
                drop(look_through(*file, &mut library));
            }
            for file in files {
                drop(gather_files(*file, &mut library));
            }
        }
        library
    }
}

/// Looks through a source for what other files of the same import are to hold for it, and notes that in the library. When all files
/// were looked through, [`gather_files`] fills it.
///
/// # Errors
/// As [`Reading::begin`], so that a source that cannot be read is found before anything of it goes in.
pub fn look_through(input: &dyn Input, library: &mut Library) -> Result<SourceFormat, ReadError> {
    let source = Source::of(input)?;
    match source.format {
        SourceFormat::Wxr => {
            let mut export = Wordpress::default();
            let around = look(&source, &mut export)?;
            export.ask(&xml::parse(&around, source.format)?, library);
        }
        SourceFormat::Rss | SourceFormat::Atom => drop(xml::split(&source, |_| Ok(ControlFlow::Continue(())))?),
        SourceFormat::JsonFeed => drop(json::split(&source, &mut |_| ControlFlow::Continue(()))?),
        SourceFormat::Courant => return Err(ReadError::Dump),
    }
    Ok(source.format)
}

/// Puts what a source holds for the other files of the same import into the library.
///
/// # Errors
/// As [`Reading::begin`].
pub fn gather_files(input: &dyn Input, library: &mut Library) -> Result<(), ReadError> {
    let source = Source::of(input)?;
    if source.format != SourceFormat::Wxr {
        return Ok(());
    }
    // The site says who it is in front of its items, or behind them.
    let around = xml::split(&source, |_| Ok(ControlFlow::Continue(())))?;
    let address = Wordpress::default().ask(&xml::parse(&around, source.format)?, library);
    let mut export = Wordpress::of_library(library.take(&address));
    let gathered = gather(&source, &mut export);
    library.give(&address, export.into_library());
    gathered
}

fn gather(source: &Source<'_>, export: &mut Wordpress) -> Result<(), ReadError> {
    let gathered = xml::split(source, |document| {
        if let Some(document) = document
            && let Some(item) = xml::parse(document, source.format)?.item()
        {
            export.gather(item);
        }
        Ok(ControlFlow::Continue(()))
    });
    gathered.map(drop)
}

impl Format {
    fn of(format: SourceFormat, options: &ReadOptions) -> Self {
        match format {
            SourceFormat::Wxr => Self::Wordpress(Box::new(Wordpress::new(options))),
            SourceFormat::Rss | SourceFormat::Courant => Self::Rss(Rss::default()),
            SourceFormat::Atom => Self::Atom(Atom::new(options)),
            SourceFormat::JsonFeed => Self::Json(json::JsonFeed::default()),
        }
    }

    /// Reads what is around the items, which have been seen by then.
    fn head(&mut self, source: &Source<'_>, collector: &mut Collector) -> Result<(), ReadError> {
        match self {
            Self::Wordpress(reader) => {
                head(source, &mut **reader, collector)?;
                if reader.asks_for_files() { gather(source, reader) } else { Ok(()) }
            }
            Self::Rss(reader) => head(source, reader, collector),
            Self::Atom(reader) => head(source, reader, collector),
            Self::Json(reader) => {
                let split = json::split(source, &mut |_| ControlFlow::Continue(()))?;
                for slip in split.slips {
                    collector.problem(&slip.position.to_string(), slip.message);
                    if slip.is_lost {
                        collector.lost("unreadable signs");
                    }
                }
                let what = format!("values beyond the first {MOST_TERMS} of a list");
                collector.lost_times(&what, split.left_out);
                if !split.has_items {
                    return Err(source.malformed(0, "it has no list of items"));
                }
                reader.head(&split.feed, collector);
                Ok(())
            }
        }
    }

    /// Reads the items, and tells `then` after each.
    fn items(
        &mut self,
        source: &Source<'_>,
        collector: &mut Collector,
        then: impl FnMut(&mut Collector) -> ControlFlow<()>,
    ) -> Result<(), ReadError> {
        match self {
            Self::Wordpress(reader) => items(source, &mut **reader, collector, then),
            Self::Rss(reader) => items(source, reader, collector, then),
            Self::Atom(reader) => items(source, reader, collector, then),
            Self::Json(reader) => {
                let (mut number, mut then) = (0, then);
                let mut take = |item: Option<serde_json::Value>| {
                    number += 1;
                    match item {
                        Some(item) => reader.item(number, &item, collector),
                        None => left_out(number, collector),
                    }
                    then(collector)
                };
                json::split(source, &mut take).map(drop)
            }
        }
    }

    fn has_nested_categories(&self) -> bool {
        match self {
            Self::Wordpress(reader) => reader.has_nested_categories(),
            Self::Rss(_) | Self::Atom(_) | Self::Json(_) => false,
        }
    }

    fn categories(&self, collector: &mut Collector) -> Vec<crate::read::import::ImportedCategory> {
        match self {
            Self::Wordpress(reader) => reader.categories(collector),
            Self::Rss(_) | Self::Atom(_) | Self::Json(_) => Vec::new(),
        }
    }

    /// Tells which addresses what is beside the items had, when all of them have been met.
    fn old_terms(&self, collector: &mut Collector) {
        match self {
            Self::Wordpress(reader) => reader.old_terms(collector),
            Self::Atom(reader) => reader.old_terms(collector),
            Self::Rss(_) | Self::Json(_) => {}
        }
    }
}

/// Shows a reader all items, and returns what is around them.
fn look<R>(source: &Source<'_>, reader: &mut R) -> Result<String, ReadError>
where
    R: for<'p> ReadParts<Part<'p> = Element<'p>>,
{
    xml::split(source, |document| {
        if let Some(document) = document
            && let Some(item) = xml::parse(document, source.format)?.item()
        {
            reader.look(item);
        }
        Ok(ControlFlow::Continue(()))
    })
}

fn head<R>(source: &Source<'_>, reader: &mut R, collector: &mut Collector) -> Result<(), ReadError>
where
    R: for<'p> ReadParts<Part<'p> = Element<'p>>,
{
    let around = look(source, reader)?;
    let root = xml::parse(&around, source.format)?;
    reader.head(&root, collector).map_err(|reason| source.malformed(0, reason))
}

fn items<R>(
    source: &Source<'_>,
    reader: &mut R,
    collector: &mut Collector,
    mut then: impl FnMut(&mut Collector) -> ControlFlow<()>,
) -> Result<(), ReadError>
where
    R: for<'p> ReadParts<Part<'p> = Element<'p>>,
{
    let mut number = 0;
    let mut take = |document: Option<&str>| {
        let Some(document) = document else {
            number += 1;
            left_out(number, collector);
            return Ok(then(collector));
        };
        let root = xml::parse(document, source.format)?;
        let Some(item) = root.item() else { return Ok(ControlFlow::Continue(())) };
        number += 1;
        unexplained(number, item, collector);
        reader.item(number, item, collector);
        Ok(then(collector))
    };
    let around = xml::split(source, &mut take)?;
    // A document of Atom may be one entry.
    if source.format == SourceFormat::Atom && number == 0 {
        let root = xml::parse(&around, source.format)?;
        if root.name() == "entry" {
            reader.item(1, &root, collector);
            let _ = then(collector);
        }
    }
    Ok(())
}

/// Says which entities of an item stand as they are written: those that nobody declares, and those that are in another file.
fn unexplained(number: usize, item: &Element<'_>, collector: &mut Collector) {
    if !item.unknown().is_empty() {
        let names = item.unknown().join(" ");
        collector.problem(&format!("item {number}"), format!("nothing says what stands here for {names}"));
    }
}

/// Says that an item is longer than any.
fn left_out(number: usize, collector: &mut Collector) {
    collector.problem(&format!("item {number}"), "it is longer than any text, and is left out");
    collector.lost("items left out");
}

/// Says what of the source could not be read as it says it is.
fn tell(source: &Source<'_>, import: &mut Import) {
    if let Some(damage) = &source.decoding.damage {
        import.problems.insert(0, Problem { place: damage.position.to_string(), message: damage.to_string() });
        *import.lost.entry("unreadable signs".to_owned()).or_default() += damage.count as u64;
    }
    if let Some(message) = &source.decoding.message {
        import.problems.insert(0, Problem { place: "line 1".to_owned(), message: message.clone() });
    }
}

/// A title that cannot be read goes before no reader until somebody has mended it.
fn hold_back(item: &mut Item, problems: &mut Vec<Problem>) {
    let is_whole = item.content.title.as_ref().is_none_or(|title| !title.contains(char::REPLACEMENT_CHARACTER));
    if is_whole || !matches!(item.status, ItemStatus::Published | ItemStatus::Scheduled) {
        return;
    }
    item.status = ItemStatus::Draft;
    let message = "its title has signs that cannot be read; it is taken as a draft".to_owned();
    problems.push(Problem { place: item.place.clone(), message });
}
