//! The few words that feeds say themselves, in the languages that the reader app speaks.

use courant_domain::locale::{Direction, Locale};
use courant_syndication::write;

/// Words of a language.
pub(super) struct Words {
    /// Which language that is. All of them are written from the left to the right.
    language: &'static str,
    pub(super) changed: &'static str,
    pub(super) withdrawn: &'static str,
    pub(super) gone: &'static str,
    pub(super) moved: &'static str,
    /// What a feed is, to somebody who has opened one.
    pub(super) about: &'static str,
    /// Before the other formats.
    pub(super) formats: &'static str,
    /// The way to the page that shows the same.
    pub(super) page: &'static str,
    /// The way to what comes after.
    pub(super) older: &'static str,
    /// That there is nothing in it.
    pub(super) empty: &'static str,
}

const ENGLISH: Words = Words {
    language: "en",
    changed: "What changed",
    withdrawn: "Withdrawn",
    gone: "This text has been taken down.",
    moved: "This text has been taken down; there is something else in its place.",
    about: "This is a feed. Put its address into a feed reader, and new texts come to you by themselves.",
    formats: "The same in other formats",
    page: "Read it as a page",
    older: "Older texts",
    empty: "There is nothing in it yet.",
};

const RUSSIAN: Words = Words {
    language: "ru",
    changed: "Что изменилось",
    withdrawn: "Отозвано",
    gone: "Этот текст снят с публикации.",
    moved: "Этот текст снят с публикации; вместо него опубликовано другое.",
    about: "Это лента. Добавьте её адрес в программу для чтения лент, и новые тексты будут приходить сами.",
    formats: "То же в других форматах",
    page: "Читать как страницу",
    older: "Более ранние тексты",
    empty: "Здесь пока ничего нет.",
};

const TURKMEN: Words = Words {
    language: "tk",
    changed: "Näme üýtgedi",
    withdrawn: "Yzyna alyndy",
    gone: "Bu tekst çapdan aýryldy.",
    moved: "Bu tekst çapdan aýryldy; ýerine başga tekst çap edildi.",
    about: "Bu lentadyr. Salgysyny lenta okaýan programma goşuň, täze tekstler özi geler.",
    formats: "Beýleki görnüşlerde",
    page: "Sahypa hökmünde okamak",
    older: "Öňki tekstler",
    empty: "Bu ýerde entek hiç zat ýok.",
};

/// The words of a language; English ones where there are none.
pub(super) fn of(locale: Locale) -> &'static Words {
    match locale.as_str().split('-').next() {
        Some("ru") => &RUSSIAN,
        Some("tk") => &TURKMEN,
        _ => &ENGLISH,
    }
}

impl Words {
    /// The attributes of an element that holds some of them, within what is in a language: nothing where they are in the same.
    pub(super) fn attributes(&self, within: Locale) -> String {
        let is_same = within.as_str().split('-').next() == Some(self.language);
        if is_same && within.direction() == Direction::LeftToRight {
            return String::new();
        }
        format!(" lang=\"{}\" dir=\"ltr\"", self.language)
    }

    /// Those that writers need.
    pub(super) fn written(&self) -> write::Words {
        write::Words {
            changed: self.changed.to_owned(),
            withdrawn: self.withdrawn.to_owned(),
            gone: self.gone.to_owned(),
            moved: self.moved.to_owned(),
        }
    }
}
