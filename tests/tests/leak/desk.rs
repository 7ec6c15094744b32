//! What is said about drafts, and kept of them, on people's desks.

use courant_domain::{
    desk::{Passage, PassageField},
    patch::Patch,
};
use courant_persistence::{Command, CommentAdd, CommentResolve, DraftKeep, EntryAssign, EntryClaim, VersionKey};

use crate::{
    hidden::{Hidden, tomorrow},
    words::Place,
};

impl Hidden<'_> {
    /// A comment, an assignment, a claim and a working copy on the first draft. Those who work on it have accounts.
    pub(crate) async fn on_the_desk(&mut self) {
        let newsroom = self.store.newsroom();
        let (author, editor) = (Command::of(&self.people.author), Command::of(&self.people.editor));
        let user = self.people.author.actor.as_user().unwrap();
        let key = self.places["draft"][0];
        let VersionKey { entry, locale } = key;
        let is_title = |place: &Place| (&*place.label, &*place.field, &*place.locale) == ("draft", "title", "en");
        let quote = self.words.iter().find(|(_, place)| is_title(place)).unwrap().0.to_owned();
        let text = self.words.word("draft", "remark", "en");
        let passage = Some(Passage { field: PassageField::Title, quote });
        let add = CommentAdd { entry, locale, revision: None, passage, text, mentions: vec![user] };
        newsroom.comment_add(editor, &add).await.unwrap();
        let comments = newsroom.comments(&[(entry, locale)]).await.unwrap();
        let comment = comments.values().flatten().next().unwrap().id;
        newsroom.comment_resolve(author, &CommentResolve { comment, resolved: true }).await.unwrap();
        let assign =
            EntryAssign { entry, locale, assignee: Patch::Set(Some(user)), due_at: Patch::Set(Some(tomorrow())) };
        newsroom.entry_assign(editor, &assign).await.unwrap();
        let claim = EntryClaim { entry, locale, minutes: 60, take_over: false };
        newsroom.entry_claim(author, &claim).await.unwrap();
        let title = self.words.word("mine", "title", "en");
        let content = courant_tests::desk::draft(Some(&title), None).into();
        newsroom.draft_keep(author, &DraftKeep { entry, locale, based_on: Some(1), content }).await.unwrap();
        self.places.insert("mine".to_owned(), vec![key]);
    }
}
