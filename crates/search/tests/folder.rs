//! What is in the folder, whatever became of it.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod library;

use std::{fs, path::Path};

use courant_search::{Indexer, Mark, Progress, SearchError, SearchIndex};
use library::{Library, article, found_in, id};

const MARK: Mark = Mark { seq: 7, micros: 70, fallbacks: 0 };

/// An index with three articles, and nobody who has it open.
fn built(folder: &Path) {
    let mut indexer = Indexer::new(SearchIndex::new(Some(folder)));
    fill(&mut indexer);
}

fn fill(indexer: &mut Indexer) {
    indexer.begin(3).unwrap();
    indexer.add(&[article(1, "en", "Harbour", "ships"), article(2, "en", "Quay", "ships")]).unwrap();
    indexer.add(&[article(3, "en", "Crane", "lifts")]).unwrap();
    indexer.finish(MARK).unwrap();
}

/// All files of the indexes in a folder.
fn files(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(fs::read_dir(path).unwrap().map(|file| file.unwrap().path()));
        }
    }
    found.sort();
    found
}

#[test]
fn what_was_built_is_gone_on_from() {
    let folder = tempfile::tempdir().unwrap();
    built(folder.path());
    let index = SearchIndex::new(Some(folder.path()));
    assert!(matches!(index.search(&library::request("en", "ships")), Err(SearchError::Rebuilding(_))));
    let mut indexer = Indexer::new(index.clone());
    assert_eq!(indexer.resume().unwrap(), Some(MARK));
    assert_eq!(found_in(&index, "en", "ships"), [2, 1]);
    let newer = Mark { seq: 9, micros: 90, fallbacks: 0 };
    indexer.apply(&[id(1), id(2)], &[article(2, "en", "Quay", "boats")], newer).unwrap();
    assert_eq!(found_in(&index, "en", "ships"), [0; 0]);
    assert_eq!(found_in(&index, "en", "boat"), [2]);
    drop((indexer, index));
    let mut indexer = Indexer::new(SearchIndex::new(Some(folder.path())));
    assert_eq!(indexer.resume().unwrap(), Some(newer));
}

#[test]
fn what_a_killed_writer_left_is_in_nobodys_way() {
    let folder = tempfile::tempdir().unwrap();
    built(folder.path());
    let before: Vec<_> = files(folder.path()).into_iter().filter(|path| path.is_file()).collect();
    let before: Vec<_> = before.into_iter().map(|path| (fs::read(&path).unwrap(), path)).collect();
    let newer = Mark { seq: 9, micros: 90, fallbacks: 0 };
    let change = |indexer: &mut Indexer| indexer.apply(&[id(1)], &[article(1, "en", "Harbour", "boats")], newer);
    let mut indexer = Indexer::new(SearchIndex::new(Some(folder.path())));
    indexer.resume().unwrap();
    change(&mut indexer).unwrap();
    drop(indexer);
    // All was written but what makes it count, and what that made useless was still there.
    for (bytes, path) in before {
        if path.file_name().is_some_and(|name| name == "meta.json") || !path.exists() {
            fs::write(path, bytes).unwrap();
        }
    }
    let index = SearchIndex::new(Some(folder.path()));
    let mut indexer = Indexer::new(index.clone());
    assert_eq!(indexer.resume().unwrap(), Some(MARK));
    change(&mut indexer).unwrap();
    assert_eq!(found_in(&index, "en", "ships"), [2]);
    assert_eq!(found_in(&index, "en", "boats"), [1]);
}

/// What is removed first by a writer that has just been opened, from a segment from which the last commit of the one before has removed something,
/// while segments are merged: tantivy gives that removal the stamp of that commit.
#[test]
fn the_first_removal_is_not_lost_in_a_merge() {
    let folder = tempfile::tempdir().unwrap();
    built(folder.path());
    let path = files(folder.path()).into_iter().find(|path| path.file_name().is_some_and(|name| name == "meta.json"));
    let index = tantivy::Index::open_in_dir(path.unwrap().parent().unwrap()).unwrap();
    // It has none of the texts' fields, and cuts nothing up.
    for name in ["stems", "words"] {
        index.tokenizers().register(name, tantivy::tokenizer::RawTokenizer::default());
    }
    let entry = index.schema().get_field("entry").unwrap();
    let term = |number| tantivy::Term::from_field_text(entry, &id(number).simple().to_string());
    // So many segments that they are merged, by a writer that was killed before it did so.
    let mut writer: tantivy::IndexWriter = index.writer_with_num_threads(1, 20_000_000).unwrap();
    writer.set_merge_policy(Box::new(tantivy::merge_policy::NoMergePolicy));
    for number in 0..10 {
        if number == 9 {
            writer.delete_term(term(2));
        }
        for more in 0..5 {
            let mut document = tantivy::TantivyDocument::new();
            document.add_text(entry, id(100 + 10 * number + more).simple().to_string());
            writer.add_document(document).unwrap();
        }
        let mut commit = writer.prepare_commit().unwrap();
        commit.set_payload(&serde_json::to_string(&MARK).unwrap());
        commit.commit().unwrap();
    }
    drop((writer, index));
    let index = SearchIndex::new(Some(folder.path()));
    let mut indexer = Indexer::new(index.clone());
    assert_eq!(indexer.resume().unwrap(), Some(MARK));
    assert_eq!(found_in(&index, "en", "ships"), [1]);
    for number in 0..30_u16 {
        let removed: &[_] = if number == 0 { &[id(1)] } else { &[] };
        indexer.apply(removed, &[article(200 + number, "en", "Crane", "lifts")], MARK).unwrap();
        assert_eq!(found_in(&index, "en", "ships"), [0; 0], "after {number}");
    }
}

#[test]
fn whatever_is_cut_short_while_it_is_searched_ends_nothing() {
    for at in [0, 1, 20] {
        let folder = tempfile::tempdir().unwrap();
        built(folder.path());
        let index = SearchIndex::new(Some(folder.path()));
        let mut indexer = Indexer::new(index.clone());
        indexer.resume().unwrap();
        for path in files(folder.path()).into_iter().filter(|path| path.is_file()) {
            fs::OpenOptions::new().write(true).open(path).unwrap().set_len(at).unwrap();
        }
        for typed in ["ships", "\"quay ships\"", "qu*", "kind:article", "-ships crane"] {
            let request = library::request("en", typed);
            // Right where it was read before, and an error otherwise: nothing else.
            match index.search(&request) {
                Ok(found) => assert!(found.total <= 3, "{typed}"),
                Err(SearchError::Damaged(_)) => index.lose(),
                Err(SearchError::Rebuilding(_)) => assert!(index.is_lost()),
                Err(error) => panic!("{typed}: {error:?}"),
            }
        }
        index.lose();
        assert!(index.is_lost());
        assert_eq!(indexer.resume().unwrap(), None);
        fill(&mut indexer);
        assert!(!index.is_lost());
        assert_eq!(found_in(&index, "en", "ships"), [2, 1]);
    }
}

#[test]
fn whatever_file_is_damaged_the_index_is_set_aside_and_built_anew() {
    let folder = tempfile::tempdir().unwrap();
    built(folder.path());
    let is_content = |path: &Path| path.extension().is_some() && !path.to_string_lossy().ends_with(".lock");
    let names: Vec<_> = files(folder.path()).into_iter().filter(|path| is_content(path)).collect();
    assert!(names.len() > 5, "{names:?}");
    for number in 0..names.len() {
        for damage in ["cut", "overwritten", "missing"] {
            let folder = tempfile::tempdir().unwrap();
            built(folder.path());
            let path = files(folder.path()).into_iter().filter(|path| is_content(path)).nth(number).unwrap();
            let mut bytes = fs::read(&path).unwrap();
            match damage {
                "cut" => bytes.truncate(bytes.len() / 2),
                "overwritten" => bytes.iter_mut().take(40).for_each(|byte| *byte = !*byte),
                _ => {}
            }
            fs::remove_file(&path).unwrap();
            if damage != "missing" {
                fs::write(&path, bytes).unwrap();
            }
            let index = SearchIndex::new(Some(folder.path()));
            let mut indexer = Indexer::new(index.clone());
            // What tantivy keeps a list of its files in is of no use to a reader.
            let is_of_no_use = path.file_name().is_some_and(|name| name == ".managed.json");
            match indexer.resume() {
                Ok(None) => {
                    assert!(folder.path().join("damaged").is_dir(), "{} {damage}", path.display());
                    fill(&mut indexer);
                }
                Ok(Some(mark)) => assert!(is_of_no_use && mark == MARK, "{} {damage}", path.display()),
                Err(error) => panic!("{} {damage}: {error}", path.display()),
            }
            assert_eq!(found_in(&index, "en", "ships"), [2, 1], "{} {damage}", path.display());
        }
    }
}

#[test]
fn an_index_that_somebody_else_writes_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let mut first = Indexer::new(SearchIndex::new(Some(folder.path())));
    fill(&mut first);
    let mut second = Indexer::new(SearchIndex::new(Some(folder.path())));
    assert!(matches!(second.resume(), Err(SearchError::InUse)));
    assert!(!folder.path().join("damaged").exists());
    drop(first);
    assert_eq!(second.resume().unwrap(), Some(MARK));
}

#[test]
fn the_old_one_serves_until_the_new_one_is_whole() {
    let folder = tempfile::tempdir().unwrap();
    let index = SearchIndex::new(Some(folder.path()));
    let mut indexer = Indexer::new(index.clone());
    fill(&mut indexer);
    indexer.begin(2).unwrap();
    indexer.add(&[article(4, "en", "Harbour", "ships")]).unwrap();
    assert_eq!(index.progress(), Some(Progress { done: 1, total: 2 }));
    assert_eq!(found_in(&index, "en", "ships"), [2, 1]);
    // Its building is cut short: after a restart, the old one is gone on from.
    drop(indexer);
    let mut indexer = Indexer::new(SearchIndex::new(Some(folder.path())));
    assert_eq!(indexer.resume().unwrap(), Some(MARK));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    indexer.begin(1).unwrap();
    indexer.add(&[article(4, "en", "Harbour", "ships")]).unwrap();
    indexer.finish(Mark { seq: 8, micros: 80, fallbacks: 0 }).unwrap();
    assert_eq!(found_in(indexer.index(), "en", "ships"), [4]);
    assert_eq!(indexer.index().progress(), None);
}

#[test]
fn a_folder_that_is_deleted_meanwhile_is_an_error_and_not_the_end() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("search");
    let index = SearchIndex::new(Some(&path));
    let mut indexer = Indexer::new(index.clone());
    fill(&mut indexer);
    fs::remove_dir_all(&path).unwrap();
    assert!(
        indexer
            .apply(&[id(9)], &[article(9, "en", "Late", "ships")], Mark { seq: 8, micros: 80, fallbacks: 0 })
            .is_err()
    );
    // What is open is read on.
    assert_eq!(found_in(&index, "en", "ships"), [2, 1]);
    assert_eq!(indexer.resume().unwrap(), None);
    fill(&mut indexer);
    assert_eq!(found_in(&index, "en", "ships"), [2, 1]);
}

#[test]
fn memory_has_nothing_to_go_on_from() {
    let library = Library::of(&[article(1, "en", "Harbour", "ships")]);
    assert_eq!(Indexer::new(library.index.clone()).resume().unwrap(), None);
    assert_eq!(library.found("en", "ships"), [1]);
}
