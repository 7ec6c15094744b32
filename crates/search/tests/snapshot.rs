//! An index that is carried from one place to another, whatever became of it on the way.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod library;

use std::{fs, path::Path};

use courant_search::{Indexer, Manifest, Mark, SearchError, SearchIndex, Source};
use library::{article, found_in, id};

const MARK: Mark = Mark { seq: 7, micros: 70, fallbacks: 3 };

/// An index with some articles, of which one was changed.
fn built(folder: Option<&Path>) -> (SearchIndex, Indexer) {
    let index = SearchIndex::new(folder);
    let mut indexer = Indexer::new(index.clone());
    indexer.begin(2).unwrap();
    indexer.add(&[article(1, "en", "Harbour", "ships"), article(2, "en", "Quay", "boats")]).unwrap();
    indexer.finish(Mark { seq: 6, micros: 60, fallbacks: 3 }).unwrap();
    let changed = [article(2, "en", "Quay", "ships"), article(3, "en", "Crane", "lifts")];
    indexer.apply(&[id(2), id(3)], &changed, MARK).unwrap();
    (index, indexer)
}

/// Carries it, with something done to its list and to each file on the way.
fn carry(
    source: &Source,
    to: &mut Indexer,
    list: impl FnOnce(&mut Manifest),
    file: impl Fn(&str, &mut Vec<u8>),
) -> Result<Mark, SearchError> {
    let mut manifest = source.manifest()?;
    list(&mut manifest);
    let mut incoming = to.receive(Manifest::read(&manifest.write()?)?)?;
    for carried in incoming.manifest().files.clone() {
        let mut bytes = source.read(&carried.name, 0..carried.length)?;
        file(&carried.name, &mut bytes);
        let mut writing = incoming.file(&carried)?;
        for part in bytes.chunks(100) {
            writing.write(part)?;
            incoming.took(part.len() as u64);
        }
        writing.finish()?;
    }
    to.received(incoming)
}

#[test]
fn what_is_carried_is_the_same_and_is_gone_on_from() {
    for from_memory in [false, true] {
        for to_memory in [false, true] {
            let (from, to) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
            let (index, mut first) = built((!from_memory).then(|| from.path()));
            let source = index.source().unwrap().unwrap();
            assert_eq!(source.mark(), MARK);
            // What comes after it is not in it, and takes nothing of it away.
            for seq in 8..20 {
                let more = [article(1, "en", "Harbour", "nothing"), article(9, "en", "Late", "ships")];
                first.apply(&[id(1), id(9)], &more, Mark { seq, micros: 80, fallbacks: 3 }).unwrap();
            }
            let folder = (!to_memory).then(|| to.path());
            let other = SearchIndex::new(folder);
            let mut second = Indexer::new(other.clone());
            assert_eq!(carry(&source, &mut second, |_| (), |_, _| ()).unwrap(), MARK);
            assert_eq!((other.mark(), other.len(), other.progress()), (Some(MARK), 3, None));
            assert_eq!(found_in(&other, "en", "ships"), [2, 1]);
            assert_eq!(found_in(&other, "en", "boats"), [0; 0]);
            let next = Mark { seq: 8, micros: 80, fallbacks: 3 };
            for number in 10..30 {
                second.apply(&[id(1)], &[article(number, "en", "Late", "ships")], next).unwrap();
            }
            assert_eq!(found_in(&other, "en", "quay"), [2]);
            assert_eq!(found_in(&other, "en", "harbour"), [0; 0]);
            drop(second);
            let Some(folder) = folder else { continue };
            let mut again = Indexer::new(SearchIndex::new(Some(folder)));
            assert_eq!(again.resume().unwrap(), Some(next));
            assert_eq!(fs::read_dir(folder).unwrap().count(), 1);
            // What merges have made needless is removed, of what was carried, too.
            let files = fs::read_dir(fs::read_dir(folder).unwrap().next().unwrap().unwrap().path()).unwrap().count();
            assert!(files < 200, "{files} files");
        }
    }
}

#[test]
fn whatever_is_damaged_on_the_way_leaves_what_was_there() {
    let (index, _first) = built(None);
    let source = index.source().unwrap().unwrap();
    let names: Vec<String> = source.manifest().unwrap().files.into_iter().map(|file| file.name).collect();
    assert!(names.len() > 5, "{names:?}");
    let folder = tempfile::tempdir().unwrap();
    let there = SearchIndex::new(Some(folder.path()));
    let mut indexer = Indexer::new(there.clone());
    indexer.begin(1).unwrap();
    indexer.add(&[article(5, "en", "Old", "ships")]).unwrap();
    indexer.finish(Mark { seq: 1, micros: 10, fallbacks: 3 }).unwrap();
    let damages: [fn(&mut Vec<u8>); 4] = [
        |bytes| bytes.truncate(bytes.len() / 2),
        |bytes| bytes.push(0),
        |bytes| bytes.iter_mut().take(9).for_each(|byte| *byte = !*byte),
        Vec::clear,
    ];
    for name in &names {
        for damage in damages {
            let done = carry(
                &source,
                &mut indexer,
                |_| (),
                |carried, bytes| {
                    if carried == name {
                        damage(bytes);
                    }
                },
            );
            assert!(matches!(done, Err(SearchError::Damaged(_))), "{name}: {done:?}");
            assert_eq!(found_in(&there, "en", "ships"), [5]);
            assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        }
    }
    // Lists that agree with themselves, and not with the files.
    let lists: [fn(&mut Manifest); 4] = [
        |list| drop(list.files.remove(0)),
        |list| list.mark.seq += 1,
        |list| list.meta.clear(),
        |list| list.meta = "{}".to_owned(),
    ];
    for (number, list) in lists.into_iter().enumerate() {
        let done = carry(&source, &mut indexer, list, |_, _| ());
        assert!(done.is_err(), "{number}: {done:?}");
        assert_eq!(found_in(&there, "en", "ships"), [5], "{number}");
    }
    assert_eq!(carry(&source, &mut indexer, |_| (), |_, _| ()).unwrap(), MARK);
    assert_eq!(found_in(&there, "en", "ships"), [2, 1]);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn lists_that_lead_elsewhere_are_refused() {
    let (index, _indexer) = built(None);
    let list = index.source().unwrap().unwrap().manifest().unwrap();
    assert_eq!(Manifest::read(&list.write().unwrap()).unwrap(), list);
    for name in
        ["", ".", "..", "../a.term", "/etc/passwd", "a/b.term", ".managed.json", "meta.json", "a\u{0}b", "ä.term"]
    {
        let mut other = list.clone();
        other.files[0].name = name.to_owned();
        assert!(matches!(Manifest::read(&other.write().unwrap()), Err(SearchError::Damaged(_))), "{name}");
    }
    let refused: [fn(&mut Manifest); 6] = [
        |list| list.format += 1,
        |list| list.version.push('1'),
        |list| list.files[0].sha256.clear(),
        |list| list.files[0].sha256 = "/".repeat(64),
        |list| list.files[1].name = list.files[0].name.clone(),
        |list| list.files = vec![list.files[0].clone(); 10_001],
    ];
    for (number, change) in refused.into_iter().enumerate() {
        let mut other = list.clone();
        change(&mut other);
        assert!(matches!(Manifest::read(&other.write().unwrap()), Err(SearchError::Damaged(_))), "{number}");
    }
    let whole = list.write().unwrap();
    for (at, byte) in whole.iter().enumerate() {
        let mut other = whole.clone();
        other[at] = byte ^ 1;
        assert!(matches!(Manifest::read(&other), Err(SearchError::Damaged(_))), "{at}");
    }
    for bytes in [&b""[..], b"\n", b"{}", b"[]", b"\xff", &[b'['; 100_000], &whole[..whole.len() - 1]] {
        assert!(matches!(Manifest::read(bytes), Err(SearchError::Damaged(_))));
    }
}

#[test]
fn there_is_nothing_to_carry_before_it_is_whole() {
    let index = SearchIndex::new(None);
    assert!(index.source().unwrap().is_none());
    let mut indexer = Indexer::new(index.clone());
    indexer.begin(1).unwrap();
    indexer.add(&[article(1, "en", "Harbour", "ships")]).unwrap();
    assert!(index.source().unwrap().is_none());
    indexer.finish(MARK).unwrap();
    assert_eq!(index.source().unwrap().unwrap().manifest().unwrap().texts, 1);
    // Nor while another one is to take its place.
    indexer.begin(1).unwrap();
    assert!(index.source().unwrap().is_none());
}
