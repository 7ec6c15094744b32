//! Signs that not everybody may read a post of WordPress, which plugins leave in its text, its fields and its terms. There are hundreds
//! of plugins, and they are known by the words of their names.

use courant_domain::zone::ZoneName;
use jiff::Timestamp;
use serde_json::Value;

use super::shortcode;
use crate::read::{date, text::squeezed};

/// What names say that hide something, written as one word.
const HIDES: [&str; 31] = [
    "member",
    "private",
    "restrict",
    "paywall",
    "premium",
    "subscriber",
    "loggedin",
    "loginrequired",
    "protect",
    "locker",
    "visibility",
    "accesslevel",
    "accesscontrol",
    "hidecontent",
    "hiddencontent",
    "contenthide",
    "contentcontrol",
    "paidcontent",
    "passwordcontent",
    "passster",
    "mepr",
    "s2if",
    "embargo",
    "capability",
    "confidential",
    "vipcontent",
    "abonnent",
    "mitglied",
    "suscriptor",
    "assinante",
    "abbonat",
];

/// Names that are words for hiding when they stand alone, and anything else within longer ones.
const HIDES_ALONE: [&str; 22] = [
    "hide",
    "hidden",
    "access",
    "paid",
    "lock",
    "locked",
    "role",
    "userrole",
    "adult",
    "vip",
    "viponly",
    "secret",
    "geheim",
    "intern",
    "internal",
    "abonnement",
    "abonne",
    "abonnes",
    "abo",
    "leden",
    "registered",
    "exclusive",
];

/// Names that say one of the words and hide nothing from everybody: forms, lists, people, and what only strangers get.
const HARMLESS: [&str; 29] = [
    "team",
    "staff",
    "board",
    "crew",
    "remember",
    "guest",
    "visitor",
    "nonmember",
    "notmember",
    "notlogged",
    "loggedout",
    "form",
    "loginbutton",
    "loginlink",
    "subscriberlogin",
    "register",
    "registration",
    "account",
    "signup",
    "profile",
    "directory",
    "memberlist",
    "count",
    "checkout",
    "membershiplink",
    "membershipprice",
    "mobile",
    "desktop",
    "unauthorized",
];

/// Settings of shortcodes that say who sees what they enclose.
const WHO: [&str; 9] =
    ["password", "passwords", "role", "roles", "capability", "capabilities", "level", "levels", "membership"];

/// The first sign in a text that part of it is not for everybody.
pub(super) fn in_text(text: &str) -> Option<String> {
    in_shortcodes(text).or_else(|| in_blocks(text))
}

fn in_shortcodes(text: &str) -> Option<String> {
    shortcode::starts(text).find_map(|(name, is_enclosing, attribute)| {
        let squeezed = squeezed(name);
        let is_harmless = HARMLESS.iter().any(|word| squeezed.contains(word));
        let hides = if is_enclosing {
            let by_name = HIDES.iter().any(|word| squeezed.contains(word)) || HIDES_ALONE.contains(&squeezed.as_str());
            !is_harmless && (by_name || WHO.iter().any(|setting| attribute(setting)))
        } else {
            // What follows on it is hidden.
            let cuts = ["paywall", "restrict", "premium", "private", "protect", "memberonly", "membersonly"];
            !is_harmless && cuts.iter().any(|word| squeezed.contains(word))
        };
        hides.then(|| format!("shortcode {name}"))
    })
}

fn in_blocks(text: &str) -> Option<String> {
    // What has no end is no comment, and looking for it each time would take for ever.
    let text = &text[..text.rfind("-->").map_or(0, |end| end + 3)];
    text.match_indices("<!--").find_map(|(at, start)| {
        let comment = &text[at + start.len()..];
        let comment = comment[..comment.find("-->")?].trim();
        // What follows on it is for members, in the texts of Ghost and others.
        if !comment.starts_with("wp:")
            && comment.len() < 60
            && ["membersonly", "paywall"].iter().any(|word| squeezed(comment).ends_with(word))
        {
            return Some(format!("comment {comment}"));
        }
        let comment = comment.strip_prefix("wp:")?;
        let comment = comment.trim_end_matches('/');
        let (name, settings) = comment.split_once(char::is_whitespace).unwrap_or((comment, ""));
        let squeezed = squeezed(name);
        let by_name =
            !HARMLESS.iter().any(|word| squeezed.contains(word)) && HIDES.iter().any(|word| squeezed.contains(word));
        let by_settings = || serde_json::from_str(settings.trim()).is_ok_and(|settings: Value| hides_block(&settings));
        (by_name || by_settings()).then(|| format!("block {name}"))
    })
}

/// Whether settings of a block hide it from somebody. Small screens are nobody.
fn hides_block(settings: &Value) -> bool {
    let mut next = vec![settings];
    while let Some(value) = next.pop() {
        match value {
            Value::Array(values) => next.extend(values),
            Value::Object(values) => {
                for (name, value) in values {
                    let name = squeezed(name);
                    let says = says_something(value);
                    let is_sign = match name.as_str() {
                        "hideblock" | "visibilityblockenabled" => says,
                        "blockvisibility" | "visibility" => {
                            *value == Value::Bool(false) || value.as_str().is_some_and(|word| !is_public(word))
                        }
                        "userrole" | "userroles" | "visibilitybyrole" | "restrictedroles" | "allowedroles" => says,
                        name => {
                            ["membersonly", "loggedin", "paywall", "restrict", "accesslevel"]
                                .iter()
                                .any(|word| name.contains(word))
                                && !HARMLESS.iter().any(|word| name.contains(word))
                                && says
                        }
                    };
                    if is_sign {
                        return true;
                    }
                    next.push(value);
                }
            }
            _ => {}
        }
    }
    false
}

fn says_something(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(says) => *says,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(word) => !is_public(word),
        Value::Array(values) => !values.is_empty(),
        Value::Object(values) => values.values().any(says_something),
    }
}

/// What a field of a post says about its readers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FieldSign {
    /// Not everybody.
    Hides,
    /// Nobody from this moment on.
    Expires(Timestamp),
}

/// What a field says, by its key and its value.
pub(super) fn in_field(key: &str, value: Option<&str>, zone: &ZoneName) -> Option<FieldSign> {
    /// A key with one of these in it is about who may read the post.
    const HOLD: [&str; 40] = [
        "membership",
        "membersonly",
        "memberonly",
        "memberscontent",
        "membercontent",
        "memberlevel",
        "restrict",
        "paywall",
        "subscriber",
        "subscriptionlevel",
        "userlevel",
        "accesslevel",
        "accessrole",
        "newsletteraccess",
        "contentvisibility",
        "postvisibility",
        "premiumcontent",
        "protected",
        "loggedin",
        "embargo",
        "hidefrom",
        "groupsread",
        "memberful",
        "wpmemblock",
        "ihcmbwho",
        "ccaps",
        "s2member",
        "loginrequired",
        "requirelogin",
        "requireslogin",
        "registrationrequired",
        "loginonly",
        "formembers",
        "onlymembers",
        "paidcontent",
        "paidpost",
        "swpmprotect",
        "exclusivecontent",
        "viponly",
        "wlmprotect",
    ];
    const ARE: [&str; 13] = [
        "visibility",
        "pagevisibility",
        "private",
        "isprivate",
        "privatepost",
        "premium",
        "ispremium",
        "members",
        "paid",
        "ispaid",
        "vip",
        "isvip",
        "secret",
    ];
    /// What is shown in its place, and how it looks.
    const BESIDE: [&str; 19] = [
        "error", "message", "text", "teaser", "title", "redirect", "template", "style", "color", "colour", "icon",
        "label", "button", "image", "page", "form", "seo", "wpseo", "math",
    ];
    let value = value?;
    let squeezed_key = squeezed(key);
    let words = words(key);
    let has = |word: &str| words.iter().any(|own| own == word);
    if ["expirationdate", "expirydate", "expiredate", "expireson", "expiresat"]
        .iter()
        .any(|word| squeezed_key.ends_with(word))
        || squeezed_key == "expires"
    {
        return date::parse(value, zone).map(FieldSign::Expires);
    }
    let is_named = HOLD.iter().any(|word| squeezed_key.contains(word))
        || ARE.contains(&squeezed_key.as_str())
        || has("access")
        || has("acl");
    let is_beside = BESIDE.iter().any(|word| has(word)) || HARMLESS.iter().any(|word| squeezed_key.contains(word));
    // What a field forces to be public is public.
    if !is_named || is_beside || has("public") {
        return None;
    }
    // A plugin keeps all that it knows in one field, and is on every post.
    if value.contains("_um_accessible") {
        let hides = ["\"_um_accessible\";s:1:\"2\"", "\"_um_accessible\";i:2"].iter().any(|sign| value.contains(sign));
        return hides.then_some(FieldSign::Hides);
    }
    // Any level of membership is still one.
    let is_of_level = ["level", "membership", "subscription", "member"].iter().any(|word| squeezed_key.contains(word));
    let is_any = is_of_level && !has("visibility") && matches!(&*squeezed(value), "any" | "anyone" | "anybody");
    (is_any || !is_public(value)).then_some(FieldSign::Hides)
}

/// Whether a term says that not everybody may read what has it.
pub(super) fn in_term(taxonomy: &str, term: &str) -> bool {
    const OF: [&str; 8] =
        ["visibility", "access", "membership", "member", "restriction", "paywall", "premium", "audience"];
    // A shop's says what is sold out.
    taxonomy != "product_visibility"
        && words(taxonomy).iter().any(|word| OF.contains(&word.trim_end_matches('s')) || OF.contains(&word.as_str()))
        && !is_public(term)
}

/// Whether a value says that everybody may read it, or nothing.
fn is_public(value: &str) -> bool {
    matches!(
        squeezed(value).as_str(),
        "" | "0"
            | "no"
            | "false"
            | "none"
            | "null"
            | "off"
            | "public"
            | "everybody"
            | "everyone"
            | "all"
            | "any"
            | "anyone"
            | "anybody"
            | "visible"
            | "default"
            | "inherit"
            | "published"
            | "publish"
            | "free"
            | "open"
            | "disabled"
            // An empty list.
            | "a0"
    )
}

/// The words of a name, in small letters.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut before = ' ';
    for c in name.chars() {
        let begins = !c.is_alphanumeric() || c.is_uppercase() && before.is_lowercase();
        if begins {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut().filter(|_| c.is_alphanumeric()) {
            word.extend(c.to_lowercase());
        }
        before = c;
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests;
