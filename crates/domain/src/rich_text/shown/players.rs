//! Players that are elements of their own, made by a script of the page, and name what they play by its number at its service.

/// An element, the attribute that names what it plays, and what stands around that in its address.
const PLAYERS: [(&str, &str, &str, &str); 12] = [
    ("amp-dailymotion", "data-videoid", "https://www.dailymotion.com/video/", ""),
    ("amp-facebook", "data-href", "", ""),
    ("amp-instagram", "data-shortcode", "https://www.instagram.com/p/", "/"),
    ("amp-soundcloud", "data-trackid", "https://api.soundcloud.com/tracks/", ""),
    ("amp-tiktok", "data-src", "", ""),
    ("amp-twitter", "data-tweetid", "https://twitter.com/i/status/", ""),
    ("amp-vimeo", "data-videoid", "https://vimeo.com/", ""),
    ("amp-youtube", "data-videoid", "https://www.youtube.com/watch?v=", ""),
    ("lite-vimeo", "videoid", "https://vimeo.com/", ""),
    ("lite-youtube", "videoid", "https://www.youtube.com/watch?v=", ""),
    ("youtube-video", "src", "", ""),
    ("vimeo-video", "src", "", ""),
];

/// Whether an element is one of these.
pub(super) fn is_player(element: &str) -> bool {
    PLAYERS.iter().any(|(player, ..)| *player == element)
}

/// The address of what an element plays, of which this gives the attributes.
pub(super) fn address<'a>(element: &str, attribute: impl Fn(&str) -> Option<&'a str>) -> Option<String> {
    let (_, name, before, behind) = PLAYERS.iter().find(|(player, ..)| *player == element)?;
    let value = attribute(name)?.trim();
    let is_number = value.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    (before.is_empty() || is_number && !value.is_empty()).then(|| format!("{before}{value}{behind}"))
}

/// The address of what the script of a service shows in the place of an element, of which this gives the attributes: a post of Facebook, a
/// message of Telegram, a file of GitHub.
pub(super) fn of_service<'a>(element: &str, attribute: impl Fn(&str) -> Option<&'a str>) -> Option<String> {
    const FACEBOOK: [&str; 3] = ["fb-comment-embed", "fb-post", "fb-video"];
    let is_web = |url: &&str| url.starts_with("https://") || url.starts_with("http://");
    match element {
        "div" => {
            let classes = attribute("class")?;
            let is_place = classes.split_ascii_whitespace().any(|class| FACEBOOK.contains(&class));
            attribute("data-href").map(str::trim).filter(is_web).filter(|_| is_place).map(str::to_owned)
        }
        "script" => {
            let message = attribute("data-telegram-post").map(str::trim);
            let is_message = |message: &&str| {
                let is_name = |part: &str| {
                    !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
                };
                message.split('/').count() > 1 && message.split('/').all(is_name)
            };
            if let Some(message) = message.filter(is_message) {
                return Some(format!("https://t.me/{message}"));
            }
            let source = attribute("src")?.trim();
            let file = source.strip_prefix("https://gist.github.com/")?.split(['?', '#']).next()?;
            file.strip_suffix(".js")
                .filter(|file| !file.is_empty())
                .map(|file| format!("https://gist.github.com/{file}"))
        }
        _ => None,
    }
}
