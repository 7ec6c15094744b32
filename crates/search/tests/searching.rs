//! What is found, in which order, and what is shown of it.

mod library;

use courant_search::{Cursor, Dimension, FieldWord, Filter, Narrowed, Order, SearchError};
use library::{Library, article, id};

#[test]
fn forms_of_a_word_are_found_and_the_exact_one_comes_first() {
    let library = Library::of(&[
        article(1, "tk", "Şäherler", "Paýtagtymyz ösýär."),
        article(2, "tk", "Şäher", "Täze köpri guruldy."),
        article(3, "ru", "Указ о мостах", "Строится новый мост."),
        article(4, "en", "Elections", "The election was held."),
    ]);
    assert_eq!(library.found("tk", "şäher"), [2, 1]);
    assert_eq!(library.found("tk", "saherlerimizde"), [2, 1]);
    assert_eq!(library.found("ru", "указами"), [3]);
    assert_eq!(library.found("en", "ELECTED elections"), [4]);
    assert_eq!(library.found("tk", "obalar"), [0; 0]);
}

#[test]
fn numbers_names_and_phrases_are_found_as_they_are() {
    let mut decree = article(1, "en", "On water", "Signed in Ashgabat.");
    decree.number = Some("PP-117".to_owned());
    let library = Library::of(&[
        decree,
        article(2, "en", "Bus 117", "The route PP 1170 of the SCRMET project."),
        article(3, "en", "Rates", "The water tax rose. Tax on water fell. № 1234"),
    ]);
    assert_eq!(library.found("en", "PP-117"), [1]);
    assert_eq!(library.found("en", "№ 1234"), [3]);
    assert_eq!(library.found("en", "scrmet"), [2]);
    assert_eq!(library.found("en", "\"water tax\""), [3]);
    assert_eq!(library.found("en", "\"water taxes\""), [0; 0]);
    assert_eq!(library.found("en", "water -tax"), [1]);
    assert_eq!(library.found("en", "title:117"), [2, 1]);
    assert_eq!(library.found("en", "proj*"), [2]);
}

#[test]
fn readers_get_what_is_theirs_once() {
    let mut russian = article(1, "ru", "Вода", "Вода и мост.");
    russian.readers = vec!["ru".to_owned(), "tk".to_owned()];
    let mut turkmen = article(2, "tk", "Suw", "Suw we köpri.");
    turkmen.readers = vec!["tk".to_owned()];
    let mut also_russian = article(2, "ru", "Вода снова", "Вода.");
    also_russian.readers = vec!["ru".to_owned()];
    let library = Library::of(&[russian, turkmen, also_russian]);
    assert_eq!(library.found("tk", "вода"), [1]);
    assert_eq!(library.found("tk", "suwuň"), [2]);
    assert_eq!(library.found("ru", "воды"), [1, 2]);
}

#[test]
fn what_is_gone_is_neither_found_nor_counted_nor_proposed() {
    let library = Library::of(&[article(1, "en", "Harbour", "Ships."), article(2, "en", "Harbour", "Boats.")]);
    let mut request = library.request("en", "harbour");
    request.facets = vec![Dimension::Year];
    request.gone = vec![(id(1), "en".to_owned())];
    let found = library.index.search(&request).unwrap();
    assert_eq!((found.total, found.hits.len()), (1, 1));
    assert_eq!(found.facets[&Dimension::Year]["2024"], 1);
    request.gone.push((id(2), "en".to_owned()));
    assert_eq!(library.index.search(&request).unwrap().total, 0);
    assert_eq!(library.index.suggest("harb", &request).unwrap(), [""; 0]);
    let typed = "harbuor";
    let mut wrong = library.request("en", typed);
    assert_eq!(library.index.did_you_mean(typed, &wrong, 0).unwrap().as_deref(), Some("harbour"));
    wrong.gone.clone_from(&request.gone);
    assert_eq!(library.index.did_you_mean(typed, &wrong, 0).unwrap(), None);
}

#[test]
fn only_what_has_hits_for_this_reader_is_proposed() {
    let library = Library::of(&[
        article(1, "en", "Parliament votes", "The parliament of the republic."),
        article(2, "ru", "Parlament", "parlament parlament"),
    ]);
    let meant =
        |reader: &str, typed: &str| library.index.did_you_mean(typed, &library.request(reader, typed), 0).unwrap();
    assert_eq!(meant("en", "The Parliamnet, votse").as_deref(), Some("The parliament, votes"));
    assert_eq!(meant("ru", "votse"), None);
    assert_eq!(meant("en", "zzzzzzzz"), None);
    assert_eq!(meant("en", ""), None);
    let suggested = |reader: &str, typed: &str| library.index.suggest(typed, &library.request(reader, typed)).unwrap();
    assert_eq!(suggested("en", "parl"), ["parliament"]);
    assert_eq!(suggested("ru", "parl"), ["parlament"]);
    assert_eq!(suggested("en", "republic parl"), ["republic parliament"]);
    assert_eq!(suggested("en", "parl "), [""; 0]);
}

#[test]
fn facets_count_what_another_choice_would_give() {
    let mut editions: Vec<_> = (1..=6).map(|n| article(n, "en", "Harbour", "Ships.")).collect();
    editions[0].year = 2020;
    editions[1].kind = "DECREE".to_owned();
    editions[1].tags = vec![id(90), id(91)];
    let library = Library::of(&editions);
    let mut request = library.request("en", "harbour");
    request.facets = vec![Dimension::Year, Dimension::Kind, Dimension::Tag, Dimension::Category, Dimension::Language];
    request.filter = Filter { years: Some(vec![2024]), ..Filter::default() };
    let found = library.index.search(&request).unwrap();
    assert_eq!(found.total, 5);
    assert_eq!(found.facets[&Dimension::Year]["2020"], 1);
    assert_eq!(found.facets[&Dimension::Year]["2024"], 5);
    assert_eq!(found.facets[&Dimension::Kind]["DECREE"], 1);
    assert_eq!(found.facets[&Dimension::Kind]["ARTICLE"], 4);
    assert_eq!(found.facets[&Dimension::Tag].len(), 2);
    assert_eq!(found.facets[&Dimension::Language]["en"], 5);
    assert_eq!(found.facets[&Dimension::Category].values().sum::<u64>(), 5);
}

#[test]
fn field_words_narrow_and_leave_out() {
    let mut editions: Vec<_> = (1..=3).map(|n| article(n, "en", "Harbour", "Ships.")).collect();
    editions[0].year = 2020;
    let library = Library::of(&editions);
    let narrow = |field: FieldWord, value: &str| match field {
        FieldWord::Year => Some(Narrowed::Years(vec![value.parse().ok()?])),
        _ => None,
    };
    assert_eq!(library.found_by("en", "harbour year:2020", narrow), [1]);
    assert_eq!(library.found_by("en", "-year:2024", narrow), [1]);
    assert_eq!(library.found_by("en", "year:soon", narrow), [0; 0]);
}

#[test]
fn pages_hold_all_hits_once_while_the_index_changes() {
    let editions: Vec<_> =
        (1..=25).map(|n| article(n, "en", "Harbour", &"ships ".repeat(usize::from(n % 7) + 1))).collect();
    for order in [Order::Relevance, Order::Newest, Order::Oldest] {
        let mut library = Library::of(&editions);
        let mut request = library.request("en", "ships");
        request.order = order;
        request.first = 100;
        let all: Vec<_> = library.index.search(&request).unwrap().hits.iter().map(|hit| hit.entry).collect();
        assert_eq!(all.len(), 25);
        request.first = 4;
        let mut paged = Vec::new();
        for turn in 0.. {
            let found = library.index.search(&request).unwrap();
            assert_eq!(found.total, 25);
            paged.extend(found.hits.iter().map(|hit| hit.entry));
            request.after = found.hits.last().map(|hit| hit.cursor.to_string().parse::<Cursor>().unwrap());
            library.put(&[article(100 + turn, "en", "Ships ships", "ships ships ships")]);
            if !found.has_next {
                break;
            }
        }
        assert_eq!(paged, all, "{order:?}");
    }
}

#[test]
fn a_cursor_of_another_search_is_refused() {
    let library = Library::of(&[article(1, "en", "One", "ships"), article(2, "en", "Two", "ships")]);
    let mut request = library.request("en", "ships");
    request.first = 1;
    let after = library.index.search(&request).unwrap().hits[0].cursor;
    let mut other = library.request("en", "two");
    other.after = Some(after);
    assert!(matches!(library.index.search(&other), Err(SearchError::BadCursor)));
}

#[test]
fn no_query_is_an_error() {
    let library = Library::of(&[article(1, "en", "One", "ships")]);
    let long = "слово ".repeat(1700);
    for typed in [
        "",
        " ",
        "\"",
        "\"\"",
        "-",
        "- -",
        "*",
        "a*",
        ":",
        "title:",
        "title:\"",
        "(a AND b) OR NOT c^2~",
        "\u{0}\u{1}\u{7f}",
        "\u{202e}تجربة\u{202c}",
        "👩‍👩‍👧‍👦",
        "-\"ships",
        "+ships -ships",
        "a:b:c",
        "\\",
        "[1 TO 2]",
        "<script>",
        "%00",
        &long,
    ] {
        let request = library.request("en", typed);
        let found = library.index.search(&request).unwrap();
        assert!(found.total <= 1, "{typed}");
        library.index.did_you_mean(typed, &request, 0).unwrap();
        library.index.suggest(typed, &request).unwrap();
        assert!(request.matcher().fragments("One ships", "en", 2, 100).len() <= 1);
    }
}
