//! What sources say of an item that is not, or not yet, for everybody. What is said and not understood does not make it
//! public.

use crate::read::text::squeezed;

/// Names of fields that say "not for everybody" when they are there and do not say no.
const HIDES: [&str; 46] = [
    "draft",
    "isdraft",
    "private",
    "isprivate",
    "hidden",
    "ishidden",
    "unlisted",
    "unpublished",
    "embargoed",
    "embargo",
    "embargountil",
    "embargodate",
    "deleted",
    "trashed",
    "block",
    "premium",
    "ispremium",
    "subscriptionrequired",
    "staffonly",
    "editorsonly",
    "internal",
    "isinternal",
    "members",
    "restricted",
    "isrestricted",
    "confidential",
    "secret",
    "vip",
    "isvip",
    "sperrfrist",
    "gesperrt",
    "entwurf",
    "brouillon",
    "borrador",
    "bozza",
    "rascunho",
    "taslak",
    "utkast",
    "szkic",
    "черновик",
    "чернетка",
    "эмбарго",
    "ембарго",
    "onlymembers",
    "inactive",
    "disabled",
];

/// The same, wherever they are in a name: `formembersonly`, `isPaywalled`.
const HIDE_WITHIN: [&str; 14] = [
    "memberonly",
    "membersonly",
    "formembers",
    "subscriberonly",
    "subscribersonly",
    "forsubscribers",
    "internalonly",
    "internaluse",
    "loginrequired",
    "requireslogin",
    "registrationrequired",
    "paywall",
    "loggedinonly",
    "requirelogin",
];

/// Names of fields that say "for everybody" unless they say no.
const SHOWS: [&str; 19] = [
    "publish",
    "published",
    "ispublished",
    "public",
    "ispublic",
    "visible",
    "isvisible",
    "live",
    "isfree",
    "free",
    "isaccessibleforfree",
    "active",
    "isactive",
    "online",
    "isonline",
    "enabled",
    "isenabled",
    "displayed",
    "listed",
];

/// Names of fields that say to whom it is shown, in a word.
const SAYS: [&str; 32] = [
    "status",
    "poststatus",
    "publicationstatus",
    "pubstatus",
    "visibility",
    "postvisibility",
    "access",
    "accesslevel",
    "accessrights",
    "workflow",
    "workflowstate",
    "workflowstatus",
    "reviewstatus",
    "security",
    "tier",
    "roles",
    "allowedroles",
    "acl",
    "publishstatus",
    "publishingstatus",
    "contentaccess",
    "accesstype",
    "statut",
    "статус",
    "sichtbarkeit",
    "visibilité",
    "visibilite",
    "visibilidad",
    "visibilidade",
    "visibilità",
    "видимость",
    "доступ",
];

/// Names of fields that say it in a word, or say something else, such as a region: of these, only what is known hides.
const MAY_SAY: [&str; 12] = [
    "state",
    "privacy",
    "estado",
    "stato",
    "stand",
    "zustand",
    "état",
    "etat",
    "situação",
    "situacao",
    "durum",
    "состояние",
];

/// Names of fields with the words that open it.
const OPENS: [&str; 6] = ["password", "postpassword", "passwort", "kennwort", "motdepasse", "passcode"];

/// Whether a category of this vocabulary says to whom an item is shown: `domain="status"`, `scheme="https://host.invalid/visibility"`.
pub(super) fn in_vocabulary(scheme: &str) -> Option<&str> {
    let name = scheme.trim_end_matches('/').rsplit(['/', '#', ':']).next()?;
    SAYS.contains(&squeezed(name).as_str()).then_some(name)
}

/// Whether a field has the words that open an item.
pub(super) fn opens(label: &str) -> bool {
    OPENS.contains(&squeezed(label.rsplit(':').next().unwrap_or_default()).as_str())
}

/// Words for what everybody may read.
const PUBLIC: [&str; 37] = [
    "publish",
    "published",
    "public",
    "live",
    "open",
    "visible",
    "active",
    "usable",
    "ok",
    "approved",
    "free",
    "final",
    "everyone",
    "everybody",
    "all",
    "online",
    "openaccess",
    "general",
    "anyone",
    "unrestricted",
    "available",
    "publié",
    "publie",
    "publiée",
    "publico",
    "público",
    "publicado",
    "publicada",
    "pubblico",
    "pubblicato",
    "veröffentlicht",
    "öffentlich",
    "enligne",
    "yayında",
    "опубликовано",
    "опубликована",
    "опубліковано",
];

/// Words for what not everybody may read, whatever field they stand in.
const NOT_PUBLIC: [&str; 41] = [
    "draft",
    "pending",
    "private",
    "hidden",
    "future",
    "scheduled",
    "trash",
    "trashed",
    "deleted",
    "softtrashed",
    "unpublished",
    "unlisted",
    "embargoed",
    "embargo",
    "protected",
    "blocked",
    "withheld",
    "inactive",
    "disabled",
    "offline",
    "internal",
    "restricted",
    "confidential",
    "brouillon",
    "borrador",
    "entwurf",
    "bozza",
    "rascunho",
    "taslak",
    "utkast",
    "szkic",
    "черновик",
    "чернетка",
    "privé",
    "privado",
    "privada",
    "privato",
    "privat",
    "intern",
    "gesperrt",
    "oculto",
];

/// Words in what is said of an audience that is not everybody; others name whom a text is written for.
const SOME: [&str; 13] = [
    "only",
    "paid",
    "paying",
    "member",
    "internal",
    "intern",
    "subscriber",
    "private",
    "staff",
    "premium",
    "founding",
    "registered",
    "restricted",
];

/// Names of what is beside an item, and has a state and readers of its own.
const ABOUT_ELSE: [&str; 47] = [
    "ad",
    "ads",
    "advert",
    "amp",
    "audio",
    "author",
    "authors",
    "blog",
    "body",
    "div",
    "fulltext",
    "html",
    "p",
    "category",
    "channel",
    "comment",
    "comments",
    "content",
    "contributor",
    "creator",
    "enclosure",
    "event",
    "feed",
    "game",
    "geo",
    "guid",
    "image",
    "images",
    "link",
    "location",
    "match",
    "offer",
    "person",
    "photo",
    "picture",
    "player",
    "poll",
    "product",
    "publisher",
    "replies",
    "source",
    "summary",
    "thumbnail",
    "title",
    "user",
    "video",
    "weather",
];

/// Whether what is in a field of this name is said of something else than the item.
pub(super) fn is_about_else(name: &str) -> bool {
    ABOUT_ELSE.contains(&squeezed(name).as_str())
}

/// Whether a field of an item hides it: its name without prefix, and its value.
pub(super) fn hides(name: &str, value: Option<&str>) -> bool {
    let name = squeezed(name);
    let name = name.as_str();
    // News agencies say of which vocabulary a word is: `stat:usable` (IPTC).
    let value = value.map(|value| squeezed(value.trim().strip_prefix("stat:").unwrap_or(value)));
    let value = value.as_deref().unwrap_or_default();
    let says_no = matches!(
        value,
        "no" | "false" | "0" | "none" | "null" | "off" | "clean" | "n" | "non" | "nein" | "нет" | "ні" | "não"
    );
    if HIDES.contains(&name) || HIDE_WITHIN.iter().any(|word| name.contains(word)) {
        return !says_no;
    }
    if SHOWS.contains(&name) {
        return says_no;
    }
    if SAYS.contains(&name) {
        return !value.is_empty() && !PUBLIC.contains(&value);
    }
    if OPENS.contains(&name) {
        return !value.is_empty() && !says_no;
    }
    if matches!(name, "audience" | "audiences" | "readers") {
        return SOME.iter().any(|word| value.contains(word));
    }
    MAY_SAY.contains(&name) && NOT_PUBLIC.contains(&value)
}

/// Whether terms of use say that not everybody may have the text, or not yet.
pub(super) fn is_reserved(rights: &str) -> bool {
    const SAY: [&str; 12] = [
        "embargo",
        "members only",
        "subscribers only",
        "internal use",
        "not for publication",
        "not for release",
        "do not publish",
        "confidential",
        "sperrfrist",
        "nicht zur veröffentlichung",
        "эмбарго",
        "не для публикации",
    ];
    let rights = rights.to_lowercase();
    SAY.iter().any(|words| rights.contains(words))
}

#[cfg(test)]
mod tests;
