//! What sources say of an item that is not, or not yet, for everybody. What is said and not understood does not make it
//! public.

use crate::read::text::squeezed;

/// Names of fields that say "not for everybody" when they are there and do not say no.
const HIDES: [&str; 26] = [
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
];

/// The same, wherever they are in a name: `formembersonly`, `isPaywalled`.
const HIDE_WITHIN: [&str; 12] = [
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
];

/// Names of fields that say "for everybody" unless they say no.
const SHOWS: [&str; 9] =
    ["publish", "published", "ispublished", "public", "ispublic", "visible", "live", "isfree", "isaccessibleforfree"];

/// Names of fields that say to whom it is shown, in a word.
const SAYS: [&str; 13] = [
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
];

/// Words for what everybody may read.
const PUBLIC: [&str; 17] = [
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
];

/// Words for what not everybody may read, whatever field they stand in.
const NOT_PUBLIC: [&str; 17] = [
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
];

/// Whether a field of an item hides it: its name without prefix, and its value.
pub(super) fn hides(name: &str, value: Option<&str>) -> bool {
    let name = squeezed(name);
    let name = name.as_str();
    // News agencies say of which vocabulary a word is: `stat:usable` (IPTC).
    let value = value.map(|value| squeezed(value.trim().strip_prefix("stat:").unwrap_or(value)));
    let value = value.as_deref().unwrap_or_default();
    let says_no = matches!(value, "no" | "false" | "0" | "none" | "null" | "off" | "clean");
    if HIDES.contains(&name) || HIDE_WITHIN.iter().any(|word| name.contains(word)) {
        return !says_no;
    }
    if SHOWS.contains(&name) {
        return says_no;
    }
    if SAYS.contains(&name) {
        return !value.is_empty() && !PUBLIC.contains(&value);
    }
    name == "postpassword" && !value.is_empty() || name == "state" && NOT_PUBLIC.contains(&value)
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
mod tests {
    use super::{hides, is_reserved};

    #[test]
    fn what_is_not_certainly_public_is_hidden() {
        for (name, value) in [
            ("draft", "yes"),
            ("draft", ""),
            ("is_draft", "true"),
            ("status", "in-review"),
            ("visibility", "members"),
            ("published", "false"),
            ("embargo", "2031-01-01"),
            ("state", "PRIVATE"),
            ("post_password", "x"),
            ("pubStatus", "stat:withheld"),
            ("publish", "no"),
            ("workflowState", "in review"),
            ("internal", "yes"),
            ("memberOnly", "yes"),
            ("for-members", ""),
            ("isPaywalled", "1"),
        ] {
            assert!(hides(name, Some(value)), "{name} {value}");
        }
        for (name, value) in [
            ("draft", "no"),
            ("_draft", "false"),
            ("status", "Published"),
            ("pubStatus", "stat:usable"),
            ("published", "2026-03-01T00:00:00Z"),
            ("state", "California"),
            ("post_password", ""),
            ("title", "draft"),
            ("memberOnly", "no"),
            ("member", "Ann"),
        ] {
            assert!(!hides(name, Some(value)), "{name} {value}");
        }
    }

    #[test]
    fn terms_of_use_may_hold_a_text_back() {
        assert!(is_reserved("Embargoed until 1 Jan 2030"));
        assert!(is_reserved("© Harbour Courier. For INTERNAL USE only"));
        assert!(!is_reserved("© Harbour Courier, all rights reserved"));
    }
}
