//! What is found, in which order, and what is shown of it.

mod library;

use courant_search::{
    Cursor, Dimension, FieldWord, Filter, Indexer, Mark, Narrowed, Order, Request, SearchError, SearchIndex, fallbacks,
};
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
fn words_of_others_push_out_none_of_a_readers_own() {
    let own = ["salary", "salt", "sample", "sanction", "satellite"];
    let mut texts: Vec<_> = (1..).zip(own).map(|(number, word)| article(number, "en", word, "On it.")).collect();
    // Each is in more texts than one of those, and as like to what was typed.
    let words =
        ('a'..='t').flat_map(|one| ('a'..='j').flat_map(move |other| [(); 2].map(|()| format!("sa{one}{other}"))));
    texts.extend((100..).zip(words).map(|(number, word)| article(number, "tk", &word, "Sampl salar hakda.")));
    let library = Library::of(&texts);
    let mut suggested = library.index.suggest("sa", &library.request("en", "sa")).unwrap();
    suggested.sort_unstable();
    assert_eq!(suggested, own);
    let mut found = library.found("en", "sa*");
    found.sort_unstable();
    assert_eq!(found, [1, 2, 3, 4, 5]);
    let typed = "salti";
    assert_eq!(library.index.did_you_mean(typed, &library.request("en", typed), 0).unwrap().as_deref(), Some("salt"));
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

/// What is found, whether it has all that was asked for, and how many there are.
#[expect(clippy::unwrap_used, reason = "a test fails by it")]
fn found(library: &Library, request: &Request) -> (Vec<u128>, u64, u64) {
    let found = library.index.search(request).unwrap();
    (found.hits.iter().map(|hit| hit.entry.as_u128()).collect(), found.strict, found.total)
}

#[test]
fn where_little_has_all_of_the_words_what_has_some_comes_after() {
    let mut editions = vec![
        article(1, "en", "Water", "Rain fell."),
        article(2, "en", "Tax", "Rates rose."),
        article(3, "en", "Rates", "The water tax rose."),
        article(4, "en", "Nothing of it", "Ships."),
        article(5, "en", "Water water water", "Water and more water."),
    ];
    editions[2].year = 2020;
    let library = Library::of(&editions);
    let mut request = library.request("en", "water tax");
    // What has both is first, however often the others have one of them, and in each order.
    for order in [Order::Relevance, Order::Newest, Order::Oldest] {
        request.order = order;
        let (hits, strict, total) = found(&library, &request);
        assert_eq!((hits[0], hits.len(), strict, total), (3, 4, 1, 4), "{order:?}");
        assert!(order != Order::Newest || hits == [3, 5, 2, 1], "{hits:?}");
        assert!(order != Order::Oldest || hits == [3, 1, 2, 5], "{hits:?}");
    }
    // Of what has to be there, all of it still has.
    for (typed, hits) in [
        ("water +tax", vec![3, 2]),
        ("\"water tax\" rose", vec![3]),
        ("water tax -rates", vec![5, 1]),
        ("title:water tax", vec![5, 1]),
        ("water", vec![5, 1, 3]),
        ("water of", vec![5, 1, 3]),
    ] {
        let (mut found, ..) = found(&library, &library.request("en", typed));
        let mut hits = hits;
        found.sort_unstable();
        hits.sort_unstable();
        assert_eq!(found, hits, "{typed}");
    }
}

#[test]
fn whether_there_is_little_does_not_depend_on_the_filter() {
    let mut editions: Vec<_> = (1..=12).map(|n| article(n, "en", "Harbour tax", "Ships.")).collect();
    editions[0].year = 2020;
    editions.extend((13..=15).map(|n| article(n, "en", "Harbour", "Ships.")));
    editions[12].year = 2020;
    let library = Library::of(&editions);
    let mut request = library.request("en", "harbour tax");
    request.first = 100;
    request.facets = vec![Dimension::Year];
    assert_eq!(found(&library, &request).2, 12);
    request.filter = Filter { years: Some(vec![2020]), ..Filter::default() };
    // As many as the facet says, though there is one alone that has both.
    assert_eq!(found(&library, &request), (vec![1], 1, 1));
    assert_eq!(library.index.search(&request).unwrap().facets[&Dimension::Year]["2020"], 1);

    let few = Library::of(&editions[8..]);
    request.filter = Filter::default();
    assert_eq!(found(&few, &request).2, 7);
    let facets = few.index.search(&request).unwrap().facets;
    assert_eq!((facets[&Dimension::Year]["2020"], facets[&Dimension::Year]["2024"]), (1, 6));
    request.filter = Filter { years: Some(vec![2020]), ..Filter::default() };
    assert_eq!(found(&few, &request), (vec![13], 0, 1));
}

#[test]
fn pages_stay_as_wide_as_the_first_while_the_index_changes() {
    let editions: Vec<_> =
        (1..=20).map(|n| article(n, "en", if n <= 6 { "Harbour tax" } else { "Harbour" }, "Ships.")).collect();
    for order in [Order::Relevance, Order::Newest] {
        let mut library = Library::of(&editions);
        let mut request = library.request("en", "harbour tax");
        (request.order, request.first) = (order, 100);
        let (all, strict, _) = found(&library, &request);
        assert_eq!((all.len(), strict), (20, 6));
        assert!(all[..6].iter().all(|hit| *hit <= 6), "{all:?}");
        request.first = 4;
        let mut paged = Vec::new();
        for turn in 0.. {
            let found = library.index.search(&request).unwrap();
            assert_eq!(found.total, 20);
            paged.extend(found.hits.iter().map(|hit| hit.entry.as_u128()));
            request.after = found.hits.last().map(|hit| hit.cursor.to_string().parse::<Cursor>().unwrap());
            // Soon there is no longer little that has both.
            library.put(&[article(100 + turn, "en", "Harbour tax", "Ships.")]);
            library.put(&[article(200 + turn, "en", "Harbour tax", "Ships.")]);
            if !found.has_next {
                break;
            }
        }
        assert_eq!(paged, all, "{order:?}");
        // On another server, where there is more: as wide as the first page was.
        let mut first = library.request("en", "harbour tax");
        (first.order, first.first) = (order, 3);
        let narrow = library.index.search(&first).unwrap();
        assert_eq!((narrow.strict, narrow.total), (16, 16), "{order:?}");
    }
}

#[test]
fn proposals_are_of_plain_words_alone_and_count_what_has_all() {
    let library = Library::of(&[
        article(1, "en", "Water tax", "The water tax rose."),
        article(2, "en", "Water", "Rain."),
        article(3, "en", "Tag", "A tag."),
    ]);
    let meant = |typed: &str| {
        let request = library.request("en", typed);
        let strict = library.index.search(&request).unwrap().strict;
        library.index.did_you_mean(typed, &request, strict).unwrap()
    };
    // Where the other word alone is found, too.
    assert_eq!(meant("water tacs").as_deref(), None);
    assert_eq!(meant("watre tax").as_deref(), Some("water tax"));
    assert_eq!(meant("watre, tax!").as_deref(), Some("water, tax!"));
    assert_eq!(meant("title:watre").as_deref(), Some("title:water"));
    for typed in ["tagg:", "tagg:water", "\"watre\"", "\"watre*\"", "watre*", "wa:tre", "watre*tax", "-watre"] {
        assert_eq!(meant(typed), None, "{typed}");
    }
}

#[test]
fn what_all_is_counted_by_is_counted_anew_when_it_changes() {
    let mut library = Library::of(&[article(1, "en", "Harbour", "Ships."), article(2, "ru", "Гавань", "Суда.")]);
    let years = |library: &Library, reader: &str, gone: &[u16]| {
        let mut request = library.request(reader, " ");
        request.facets = vec![Dimension::Year];
        request.gone = gone.iter().map(|number| (id(*number), reader.to_owned())).collect();
        library.index.search(&request).unwrap().facets[&Dimension::Year].get("2024").copied().unwrap_or_default()
    };
    for _ in 0..2 {
        assert_eq!((years(&library, "en", &[]), years(&library, "ru", &[])), (1, 1));
        assert_eq!(years(&library, "en", &[1]), 0);
    }
    library.put(&[article(3, "en", "Quay", "Ships.")]);
    assert_eq!((years(&library, "en", &[]), years(&library, "ru", &[])), (2, 1));
    assert_eq!(years(&library, "en", &[1]), 1);
}

#[test]
fn where_fallbacks_have_changed_what_readers_surely_get_is_found() {
    let mut russian = article(1, "ru", "Harbour", "Суда.");
    russian.readers = vec!["ru".to_owned(), "en".to_owned()];
    let english = article(2, "en", "Harbour", "Ships.");
    let index = SearchIndex::new(None);
    let mut indexer = Indexer::new(index.clone());
    let of = |chains: &[&str]| {
        fallbacks(chains.iter().map(|chain| chain.split('>').map(str::to_owned).collect()).collect::<Vec<_>>())
    };
    let (before, after) = (of(&["en>ru", "ru"]), of(&["en", "ru"]));
    assert!(before != after && after != of(&["ru", "en"]));
    indexer.begin(2).unwrap();
    indexer.add(&[russian, english]).unwrap();
    indexer.finish(Mark { seq: 1, micros: 1, fallbacks: before }).unwrap();
    let ask = |reader: &str, now: u64| {
        let mut request = library::request(reader, "harbour");
        (request.fallbacks, request.facets) = (now, vec![Dimension::Language]);
        let found = index.search(&request).unwrap();
        assert_eq!(found.facets[&Dimension::Language].values().sum::<u64>(), found.total);
        assert_eq!(found.hits.len() as u64, found.total);
        found.total
    };
    assert_eq!((ask("en", before), ask("ru", before)), (2, 1));
    assert_eq!((ask("en", after), ask("ru", after)), (1, 1));
    // A language that there was not yet.
    assert_eq!(ask("tk", after), 0);
}
