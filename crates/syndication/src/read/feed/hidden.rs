//! What sources say of an item that is not, or not yet, for everybody. What is said and not understood does not make it
//! public.

/// Names of fields that say "not for everybody" when they are there and do not say no.
const HIDES: [&str; 22] = [
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
    "paywall",
    "paywalled",
    "subscribersonly",
    "subscriptionrequired",
    "membersonly",
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
    if HIDES.contains(&name) {
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

/// In small letters, without what parts words: `is_draft`, `isDraft` and `is-draft` are one.
fn squeezed(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::hides;

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
        ] {
            assert!(!hides(name, Some(value)), "{name} {value}");
        }
    }
}
