//! Who turns pages gets each hit once, though the state of the index is gone that the last page was of, or another server has the next.

#![expect(clippy::unwrap_used, reason = "a test fails by it")]

mod library;

use std::collections::BTreeSet;

use courant_search::{Cursor, Document, Order, Request};
use library::{Library, article, request};

const COUNT: u16 = 100;

/// What has the word once, twice and more, in texts of different lengths.
fn ferries() -> Vec<Document> {
    let text = |number: u16| {
        let (often, rest) = (usize::from(number % 9) + 1, usize::from(number * 7 % 40));
        format!("{}{}", "ferry ".repeat(often), "harbour island bridge morning evening ".repeat(rest))
    };
    (1..=COUNT).map(|number| article(number, "en", "Town", &text(number))).collect()
}

fn asked() -> Request {
    Request { first: 20, ..request("en", "ferry") }
}

/// Turns a page, with the cursor as it goes to clients and back.
fn turn(library: &Library, request: &mut Request, seen: &mut Vec<u128>) -> bool {
    let found = library.index.search(request).unwrap();
    seen.extend(found.hits.iter().map(|hit| hit.entry.as_u128()));
    assert!(seen.len() < 1000, "there is no end");
    request.after = found.hits.last().map(|hit| hit.cursor.to_string().parse::<Cursor>().unwrap());
    found.has_next
}

/// Has the index go through more states than are kept, of each of which somebody asks for a page.
fn go_on(library: &mut Library, many: u16, mut document: impl FnMut(u16) -> Document) {
    let mut first = asked();
    first.first = 1;
    for number in 0..many {
        library.put(&[document(number)]);
        assert!(library.index.search(&first).unwrap().has_next);
    }
}

fn assert_each_once(seen: &[u128], what: &str) {
    let of_them: Vec<u128> = seen.iter().copied().filter(|entry| *entry <= u128::from(COUNT)).collect();
    let known: BTreeSet<u128> = of_them.iter().copied().collect();
    let missing: Vec<u128> = (1..=u128::from(COUNT)).filter(|entry| !known.contains(entry)).collect();
    assert!(missing.is_empty(), "{what}: {missing:?} are missing");
    assert_eq!(of_them.len(), known.len(), "{what}: some are there twice: {of_them:?}");
    let all: BTreeSet<&u128> = seen.iter().collect();
    assert_eq!(all.len(), seen.len(), "{what}: some are there twice: {seen:?}");
}

#[test]
fn texts_that_come_with_the_same_word_push_none_out() {
    for order in [Order::Relevance, Order::Newest, Order::Oldest] {
        let mut library = Library::of(&ferries());
        let (mut asked, mut seen, mut new) = (asked(), Vec::new(), 1000);
        asked.order = order;
        while turn(&library, &mut asked, &mut seen) {
            go_on(&mut library, 20, |number| {
                new += 1;
                let text = "ferry harbour island ".repeat(usize::from(number % 5) + 1);
                let published = i64::from(new) * if order == Order::Oldest { -1 } else { 1 };
                Document { published, ..article(new, "en", "Town", &text) }
            });
        }
        assert_each_once(&seen, &format!("{order:?}"));
    }
}

#[test]
fn texts_that_come_without_the_word_change_nothing() {
    let library = Library::of(&ferries());
    let (mut all, mut seen) = (asked(), Vec::new());
    all.first = 200;
    turn(&library, &mut all, &mut seen);
    let (mut library, mut asked, mut paged, mut new) = (library, asked(), Vec::new(), 1000);
    while turn(&library, &mut asked, &mut paged) {
        go_on(&mut library, 20, |number| {
            new += 1;
            article(new, "en", "Village", &"school museum budget ".repeat(usize::from(number % 3) + 1))
        });
    }
    assert_eq!(paged, seen);
}

#[test]
fn two_servers_give_pages_in_turn() {
    let ferries = ferries();
    let one = Library::of(&ferries);
    // The other has taken them one by one, in another order, with what is not there any more.
    let mut other = Library::of(&[]);
    for document in ferries.iter().rev() {
        other.put(std::slice::from_ref(document));
    }
    for number in 2000..2040 {
        other.put(&[article(number, "en", "Ferry", "ferry ferry harbour")]);
    }
    (2000..2040).for_each(|number| other.take_out(number));
    for page in [3, 20, 33] {
        let (mut asked, mut seen) = (asked(), Vec::new());
        asked.first = page;
        for library in [&one, &other].into_iter().cycle() {
            if !turn(library, &mut asked, &mut seen) {
                break;
            }
        }
        assert_each_once(&seen, &format!("pages of {page}"));
    }
}

#[test]
fn what_ended_a_page_may_be_taken_back() {
    for known in [true, false] {
        let mut library = Library::of(&ferries());
        let (mut asked, mut seen, mut new) = (asked(), Vec::new(), 1000);
        while turn(&library, &mut asked, &mut seen) {
            let last = *seen.last().unwrap();
            // Taken back, and the index knows of it, or not yet.
            if known {
                library.take_out(u16::try_from(last).unwrap());
            } else {
                asked.gone.push((uuid::Uuid::from_u128(last), "en".to_owned()));
            }
            go_on(&mut library, 20, |_| {
                new += 1;
                article(new, "en", "Village", "school museum budget")
            });
        }
        assert_each_once(&seen, if known { "out of the index" } else { "gone" });
    }
}

#[test]
fn what_ended_a_page_and_is_edited_leaves_none_out() {
    for text in ["ferry ".repeat(60), format!("ferry {}", "harbour island ".repeat(300)), "nothing".to_owned()] {
        let mut library = Library::of(&ferries());
        let (mut asked, mut seen, mut new) = (asked(), Vec::new(), 1000);
        while turn(&library, &mut asked, &mut seen) {
            let last = u16::try_from(*seen.last().unwrap()).unwrap();
            library.put(&[article(last, "en", "Town", &text)]);
            go_on(&mut library, 20, |_| {
                new += 1;
                article(new, "en", "Village", "school museum budget")
            });
        }
        let known: BTreeSet<u128> = seen.iter().copied().collect();
        assert_eq!(known.len(), usize::from(COUNT), "{text:.20}: {seen:?}");
    }
}

#[test]
fn what_has_less_follows_what_has_all_on_later_pages_too() {
    let text = |number: u16| match number % 20 {
        0 => "ferry island ".repeat(usize::from(number / 20)),
        other => format!("{}{}", "ferry ".repeat(usize::from(other % 4) + 1), "morning ".repeat(usize::from(other))),
    };
    let texts: Vec<_> = (1..=COUNT).map(|number| article(number, "en", "Town", &text(number))).collect();
    let mut library = Library::of(&texts);
    let (mut asked, mut seen, mut new) = (request("en", "ferry island"), Vec::new(), 1000);
    asked.first = 15;
    while turn(&library, &mut asked, &mut seen) {
        go_on(&mut library, 20, |_| {
            new += 1;
            article(new, "en", "Village", "museum")
        });
    }
    assert_each_once(&seen, "ferry island");
    assert!(seen[..5].iter().all(|entry| entry % 20 == 0), "{seen:?}");
}
