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
