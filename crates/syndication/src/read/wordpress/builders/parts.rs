//! What is shown of a widget that nobody here knows. Its settings are in no order, and what they are called says where they stand.

use serde_json::{Map, Value};

use crate::read::{
    collect::{is_content, is_named_for_text, is_setting},
    media::is_picture_address,
    text::is_address,
};

/// A part of what a widget shows.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// Plain, or HTML where they begin with a tag.
    Words(String),
    /// A button: its address and its words.
    Link(String, String),
    /// Its address and what it shows.
    Picture(String, Option<String>),
    /// A film or a sound, by its address.
    Film(String),
}

/// Deeper is nobody's widget.
const MOST_DEPTH: usize = 20;

/// So many parts one widget may have.
const MOST: usize = 10_000;

/// The parts of a widget of a kind, in the order in which they are shown.
pub(super) fn of(kind: &str, settings: &Value) -> Vec<Part> {
    let is_quotation = ["quote", "testimonial", "review"].into_iter().any(|word| kind.contains(word));
    let mut found = Vec::new();
    // What plays something says where it is as others say where they lead.
    if let Some(url) = settings.get("link").and_then(|link| link.get("url")?.as_str())
        && is_address(url)
        && words(kind).iter().any(|word| FILMS.contains(&word.as_str()))
    {
        found.push(Part::Film(url.to_owned()));
    }
    gather("", settings, is_quotation, MOST_DEPTH, &mut found);
    found
}

fn gather(name: &str, value: &Value, is_quotation: bool, depth: usize, found: &mut Vec<Part>) {
    if depth == 0 || found.len() >= MOST {
        return;
    }
    match value {
        Value::Object(values) => {
            if let Some((url, alt)) = picture(name, value) {
                found.push(Part::Picture(url, alt));
            } else if let Some(url) = values.get("url").and_then(Value::as_str).filter(|url| is_film(name, url)) {
                found.push(Part::Film(url.to_owned()));
            } else if !values.contains_key("url") && (!is_setting(name) || is_list(name)) {
                object(values, is_quotation, depth, found);
            }
        }
        Value::Array(values) => {
            values.iter().for_each(|value| gather(name, value, is_quotation, depth - 1, found));
        }
        Value::String(url) if is_film(name, url) => found.push(Part::Film(url.clone())),
        Value::String(text) if is_said(name, text) => found.push(Part::Words(text.clone())),
        _ => {}
    }
}

fn object(values: &Map<String, Value>, is_quotation: bool, depth: usize, found: &mut Vec<Part>) {
    let mut entries: Vec<(Place, &String, &Value)> = values
        .iter()
        .filter(|(name, _)| !name.starts_with('_') && !is_of_furniture(name))
        .map(|(name, value)| (place(name, value, is_quotation), name, value))
        .collect();
    // Where two stand in the same place, they keep the order of their names.
    entries.sort_by(|(a, ..), (b, ..)| a.cmp(b));
    let link = values.iter().find_map(|(name, value)| {
        let is_link = words(name).last().is_some_and(|word| matches!(word.as_str(), "link" | "url"));
        let url = value.get("url").unwrap_or(value).as_str().filter(|url| is_link && is_address(url))?;
        Some(url.to_owned())
    });
    let is_played = |url: &String| found.contains(&Part::Film(url.clone()));
    let mut link = link.filter(|url| !is_picture_address(url) && !is_played(url));
    // What a program asks for something behind the page is nobody's to follow.
    let is_for_readers = |name: &String| words(name).iter().all(|word| LEADS.contains(&word.as_str()));
    let may_stand_alone = values.iter().any(|(name, value)| {
        is_for_readers(name) && link.as_deref() == value.get("url").unwrap_or(value).as_str() && link.is_some()
    });
    let from = found.len();
    for (_, name, value) in entries {
        if let Some(number) = number(name, value) {
            // The spaces of a suffix part it from its number.
            let as_is = |name: &str| values.get(name).and_then(Value::as_str).unwrap_or_default();
            let around = match words(name).last().map(String::as_str) {
                Some("price") => format!("{}{number}", currency(as_is("currency_symbol").trim())),
                Some("number") => format!("{}{number}{}", as_is("prefix"), as_is("suffix")),
                _ => number,
            };
            found.push(Part::Words(around));
            continue;
        }
        // They stand around a number.
        if matches!(name.as_str(), "prefix" | "suffix" | "currency_symbol") && values.keys().any(|name| is_number(name))
        {
            continue;
        }
        match value {
            Value::String(words) if is_button(name) && is_said(name, words) => {
                found.push(match link.take() {
                    Some(url) => Part::Link(url, words.clone()),
                    None => Part::Words(words.clone()),
                });
            }
            _ => gather(name, value, is_quotation, depth - 1, found),
        }
    }
    // Where there is no button, its first words lead there.
    if let Some(url) = link.filter(|_| may_stand_alone) {
        let is_plain = |part: &Part| matches!(part, Part::Words(words) if !words.trim_start().starts_with('<'));
        match found[from..].iter_mut().find(|part| is_plain(part)) {
            Some(part) => {
                if let Part::Words(words) = part {
                    *part = Part::Link(url, std::mem::take(words));
                }
            }
            None => found.push(Part::Link(url.clone(), url)),
        }
    }
}

/// Words that the names of links are put together of.
const LEADS: [&str; 10] = ["box", "button", "card", "image", "item", "link", "more", "title", "url", "website"];

/// Words in the names of what plays something.
const FILMS: [&str; 9] =
    ["audio", "dailymotion", "film", "podcast", "sound", "soundcloud", "video", "vimeo", "youtube"];

/// Whether an address is of something that is played, by its name.
fn is_film(name: &str, url: &str) -> bool {
    is_address(url)
        && !is_picture_address(url)
        && words(name).iter().any(|word| FILMS.contains(&word.as_str()))
        && !is_of_furniture(name)
}

/// Whether a name is that of a list, whatever is in it: `icon_list`.
fn is_list(name: &str) -> bool {
    words(name).last().is_some_and(|word| matches!(word.as_str(), "list" | "items" | "item"))
}

/// A picture among settings: its address, and what it shows.
pub(super) fn picture(name: &str, value: &Value) -> Option<(String, Option<String>)> {
    let url = value.get("url")?.as_str().filter(|url| is_picture_address(url))?;
    // A link may lead to one, and a program for building pages puts one of its own where there is none.
    let is_shown = !words(name).iter().any(|word| word == "link") && !url.ends_with("/placeholder.png");
    let alt = value.get("alt").and_then(Value::as_str).filter(|alt| !alt.is_empty());
    is_shown.then(|| (url.to_owned(), alt.map(str::to_owned)))
}

/// Whether a text is one for readers. Under the name of one, it need have no letters.
fn is_said(name: &str, text: &str) -> bool {
    // On which side of a widget they stand says nothing of them.
    let name = name.rsplit_once('_').filter(|(_, side)| side.chars().count() == 1).map_or(name, |(name, _)| name);
    let is_plain = text.contains(char::is_alphanumeric) && !text.starts_with(['<', '{', '[', '#']) && !is_address(text);
    is_content(name, text) || !is_setting(name) && is_plain && (is_named_for_text(name) || is_date(name))
}

/// Whether a number of this name is shown.
fn is_number(name: &str) -> bool {
    let words = words(name);
    let last = words.last().map_or("", String::as_str);
    matches!(last, "number" | "percent" | "percentage" | "price" | "rating")
        && !words.iter().any(|word| word == "starting")
}

fn is_date(name: &str) -> bool {
    words(name).last().is_some_and(|word| word == "date")
}

/// A number that is shown.
fn number(name: &str, value: &Value) -> Option<String> {
    if !is_number(name) {
        return None;
    }
    let of = |value: &Value| match value {
        Value::Number(number) => Some(number.to_string()),
        Value::String(number)
            if !number.contains(char::is_alphabetic) && number.contains(|c: char| c.is_ascii_digit()) =>
        {
            Some(number.trim().to_owned())
        }
        _ => None,
    };
    match value.get("size") {
        Some(size) => Some(format!("{}{}", of(size)?, value.get("unit").and_then(Value::as_str).unwrap_or_default())),
        None => of(value),
    }
}

/// The sign of a currency that settings name.
fn currency(name: &str) -> &str {
    match name {
        "dollar" => "$",
        "euro" => "€",
        "pound" => "£",
        "ruble" => "₽",
        "lira" => "₺",
        "yen" => "¥",
        other => {
            if other.chars().all(|c| c.is_ascii_lowercase()) {
                ""
            } else {
                other
            }
        }
    }
}

/// Whether a text is what a button for sharing is called, or what a clock counts.
fn is_of_furniture(name: &str) -> bool {
    let words = words(name);
    let has = |word: &str| words.iter().any(|own| own == word);
    has("tweet") || has("share") || has("label") && ["days", "hours", "minutes", "seconds"].into_iter().any(has)
}

fn is_button(name: &str) -> bool {
    words(name).iter().any(|word| matches!(word.as_str(), "button" | "btn" | "cta"))
}

/// Where something stands in a widget: on which side of it, and there at which place.
type Place = (String, u8);

fn place(name: &str, value: &Value, is_quotation: bool) -> Place {
    let words = words(name);
    let has = |known: &[&str]| words.iter().any(|word| known.contains(&word.as_str()));
    // `title_text_a` stands on the front, `title_text_b` on the back; so do first and second ones.
    let side = words.last().filter(|word| word.chars().count() == 1).cloned().unwrap_or_default();
    let is_one_of_whom = has(&["author", "name", "job", "role", "position", "company", "designation", "user"]);
    let place = match () {
        () if has(&["button", "btn", "cta", "footer", "link"]) => 9,
        () if is_one_of_whom && is_quotation => {
            if has(&["name", "author"]) {
                7
            } else {
                8
            }
        }
        () if has(&["image", "photo", "picture", "avatar", "logo"]) && !value.is_string() => 0,
        () if number(name, value).is_some() && words.last().is_some_and(|word| word == "number") => 1,
        () if has(&["sub", "subtitle", "subheading"]) => 3,
        () if has(&["title", "heading", "headline", "question"]) => 2,
        () if is_one_of_whom => {
            if has(&["name", "author"]) {
                2
            } else {
                3
            }
        }
        () if has(&["label", "term"]) => 2,
        () if is_number(name) || is_date(name) => 4,
        () if has(&["period"]) => 5,
        () if value.is_array() => 7,
        () => 6,
    };
    (side, place)
}

/// The words that a name is put together of: `title_text_a`, `buttonText`.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = vec![String::new()];
    for c in name.chars() {
        if !c.is_alphanumeric() || c.is_uppercase() {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut().filter(|_| c.is_alphanumeric()) {
            word.extend(c.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Part, of};

    fn shown(kind: &str, settings: &Value) -> Vec<String> {
        of(kind, settings)
            .into_iter()
            .map(|part| match part {
                Part::Words(words) => words,
                Part::Link(url, words) => format!("{words} > {url}"),
                Part::Picture(url, _) | Part::Film(url) => url,
            })
            .collect()
    }

    #[test]
    fn a_widget_shows_its_parts_in_their_order() {
        for (kind, settings, parts) in [
            (
                "accordion",
                json!({"tabs": [{"tab_content": "<p>At six.</p>", "tab_title": "When?"}, {"tab_content": "By boat.", "tab_title": "How?"}]}),
                vec!["When?", "<p>At six.</p>", "How?", "By boat."],
            ),
            (
                "alert",
                json!({"alert_description": "The quay is dry", "alert_title": "Ebb", "alert_type": "warning"}),
                vec!["Ebb", "The quay is dry"],
            ),
            (
                "testimonial",
                json!({"testimonial_content": "It ebbs.", "testimonial_job": "Pilot", "testimonial_name": "Lia", "testimonial_image": {"url": "/l.jpg"}, "testimonial_alignment": "left"}),
                vec!["/l.jpg", "It ebbs.", "Lia", "Pilot"],
            ),
            (
                "blockquote",
                json!({"author_name": "Lia", "blockquote_content": "It ebbs.", "tweet_button_label": "Tweet"}),
                vec!["It ebbs.", "Lia"],
            ),
            (
                "team",
                json!({"member_name": "Lia Moss", "member_role": "Pilot", "text": "She steers."}),
                vec!["Lia Moss", "Pilot", "She steers."],
            ),
            (
                "team-member",
                json!({"image": {"url": "https://quay.example/l.jpg", "id": 9}, "name": "Lia Moss", "position": "Pilot"}),
                vec!["https://quay.example/l.jpg", "Lia Moss", "Pilot"],
            ),
            (
                "image-box",
                json!({"description_text": "It ebbs.", "image": {"url": "/a.jpg"}, "link": {"url": "https://quay.example/b.jpg"}, "title_text": "Quay", "title_size": "h3"}),
                vec!["/a.jpg", "Quay", "It ebbs."],
            ),
            (
                "counter",
                json!({"starting_number": 0, "ending_number": "250", "suffix": " km", "title": "of quays"}),
                vec!["250 km", "of quays"],
            ),
            (
                "progress",
                json!({"inner_text": "Web", "percent": {"unit": "%", "size": 72}, "title": "Done"}),
                vec!["Done", "72%", "Web"],
            ),
            (
                "price-table",
                json!({"button_text": "Buy", "link": {"url": "https://quay.example/buy"}, "currency_symbol": "dollar", "features_list": [{"item_text": "Free return", "item_icon": "fa fa-check"}], "heading": "Ferry", "period": "Monthly", "price": "25"}),
                vec!["Ferry", "$25", "Monthly", "Free return", "Buy > https://quay.example/buy"],
            ),
            (
                "price-list",
                json!({"price_list": [{"item_description": "For adults", "price": "12 TMT", "title": "Ticket"}]}),
                vec!["Ticket", "12 TMT", "For adults"],
            ),
            (
                "flip-box",
                json!({"description_text_a": "Low water", "description_text_b": "High water", "title_text_a": "ebb 1", "title_text_b": "ebb 2"}),
                vec!["ebb 1", "Low water", "ebb 2", "High water"],
            ),
            (
                "icon-list",
                json!({"icon_list": [{"text": "At six", "selected_icon": {"value": "fas fa-check"}, "link": {"url": "https://quay.example/a"}}, {"text": "Ring twice"}]}),
                vec!["At six > https://quay.example/a", "Ring twice"],
            ),
            ("acme", json!({"hook_url": "https://quay.example/secret", "title": "Ebb"}), vec!["Ebb"]),
            ("audio", json!({"link": {"url": "https://sound.example/1"}}), vec!["https://sound.example/1"]),
            (
                "media-carousel",
                json!({"slides": [{"image": {"url": "https://quay.example/a.jpg"}, "type": "video", "video": {"url": "https://film.example/1"}}]}),
                vec!["https://quay.example/a.jpg", "https://film.example/1"],
            ),
            (
                "table",
                json!({"rows": [{"cell_text": "Mary"}, {"cell_text": "15 C"}, {"cell_text": "16"}]}),
                vec!["Mary", "15 C", "16"],
            ),
            ("countdown", json!({"due_date": "2026-05-01 10:00", "label_days": "Days"}), vec!["2026-05-01 10:00"]),
            (
                "image-gallery",
                json!({"wp_gallery": [{"id": 1, "url": "/a.jpg"}, {"id": 2, "url": "/b.jpg"}]}),
                vec!["/a.jpg", "/b.jpg"],
            ),
            (
                "acme",
                json!({"_title": "Of the page", "typography_font_family": "Open Sans", "side": "left", "image": {"url": "/x/placeholder.png"}}),
                vec![],
            ),
        ] {
            assert_eq!(shown(kind, &settings), parts, "{kind}");
        }
    }
}
