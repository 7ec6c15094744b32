//! Films, sound, maps and posts of elsewhere that an author embeds. No frame of others runs in a text by itself: a link stands
//! in its place, and this says what it leads to, so that a front end may show it.

use ammonia::Url;
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr};

/// What was embedded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Embed {
    /// What it is.
    pub kind: EmbedKind,
    /// Where it is: what the link in its place leads to. `http` or `https`, or within the site.
    pub url: String,
    /// What its author called it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
}

/// What an embed is, as far as its element or the service that it is of says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, EnumString, IntoStaticStr)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum EmbedKind {
    /// A film.
    Video,
    /// Sound.
    Audio,
    /// A map.
    Map,
    /// A post of a social network.
    Post,
    /// A page or file of another kind.
    Page,
}

/// Services that pages embed, by the ends of their hosts and the beginnings of their paths.
const SERVICES: [(&str, &str, EmbedKind); 34] = [
    ("youtube.com", "", EmbedKind::Video),
    ("youtube-nocookie.com", "", EmbedKind::Video),
    ("youtu.be", "", EmbedKind::Video),
    ("vimeo.com", "", EmbedKind::Video),
    ("dailymotion.com", "", EmbedKind::Video),
    ("dai.ly", "", EmbedKind::Video),
    ("rutube.ru", "", EmbedKind::Video),
    ("vk.com", "/video", EmbedKind::Video),
    ("vkvideo.ru", "", EmbedKind::Video),
    ("ok.ru", "/video", EmbedKind::Video),
    ("twitch.tv", "", EmbedKind::Video),
    ("ted.com", "", EmbedKind::Video),
    ("wistia.com", "", EmbedKind::Video),
    ("wistia.net", "", EmbedKind::Video),
    ("jwplayer.com", "", EmbedKind::Video),
    ("facebook.com", "/plugins/video", EmbedKind::Video),
    ("soundcloud.com", "", EmbedKind::Audio),
    ("spotify.com", "", EmbedKind::Audio),
    ("mixcloud.com", "", EmbedKind::Audio),
    ("bandcamp.com", "", EmbedKind::Audio),
    ("podcasts.apple.com", "", EmbedKind::Audio),
    ("google.com", "/maps", EmbedKind::Map),
    ("maps.google.com", "", EmbedKind::Map),
    ("openstreetmap.org", "", EmbedKind::Map),
    ("umap.openstreetmap.fr", "", EmbedKind::Map),
    ("yandex.ru", "/map", EmbedKind::Map),
    ("yandex.com", "/map", EmbedKind::Map),
    ("2gis.com", "", EmbedKind::Map),
    ("twitter.com", "", EmbedKind::Post),
    ("x.com", "", EmbedKind::Post),
    ("facebook.com", "", EmbedKind::Post),
    ("instagram.com", "", EmbedKind::Post),
    ("tiktok.com", "", EmbedKind::Post),
    ("t.me", "", EmbedKind::Post),
];

/// Endings of files that are films or sound.
const FILES: [(&str, EmbedKind); 14] = [
    (".mp4", EmbedKind::Video),
    (".m4v", EmbedKind::Video),
    (".mov", EmbedKind::Video),
    (".webm", EmbedKind::Video),
    (".ogv", EmbedKind::Video),
    (".avi", EmbedKind::Video),
    (".m3u8", EmbedKind::Video),
    (".mp3", EmbedKind::Audio),
    (".m4a", EmbedKind::Audio),
    (".ogg", EmbedKind::Audio),
    (".oga", EmbedKind::Audio),
    (".opus", EmbedKind::Audio),
    (".wav", EmbedKind::Audio),
    (".flac", EmbedKind::Audio),
];

/// What an embedded address is.
pub(super) fn kind(element: &str, url: &str) -> EmbedKind {
    match element {
        "video" | "amp-video" => return EmbedKind::Video,
        "audio" | "amp-audio" => return EmbedKind::Audio,
        _ => {}
    }
    // A relative address is of the site, whose name does not count.
    let Ok(parsed) = Url::parse(url).or_else(|_| Url::parse("https://site.invalid/").and_then(|site| site.join(url)))
    else {
        return EmbedKind::Page;
    };
    let host = parsed.host_str().unwrap_or_default();
    let is_of = |service: &str| host.strip_suffix(service).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
    let of_service = SERVICES
        .iter()
        .find(|(service, path, _)| is_of(service) && parsed.path().starts_with(path))
        .map(|(.., kind)| *kind);
    let path = parsed.path().to_ascii_lowercase();
    let of_file = || FILES.iter().find(|(ending, _)| path.ends_with(ending)).map(|(_, kind)| *kind);
    of_service.or_else(of_file).unwrap_or(EmbedKind::Page)
}

/// The address of the page that people would be sent to, where it can be told from that of its frame.
pub(super) fn page_of(url: &str) -> String {
    // As protocols were left out once, for pages that came over both.
    let whole = if url.starts_with("//") { format!("https:{url}") } else { url.to_owned() };
    let Ok(parsed) = Url::parse(&whole) else { return whole };
    let host = parsed.host_str().unwrap_or_default().trim_start_matches("www.");
    let segments: Vec<&str> = parsed.path_segments().map(Iterator::collect).unwrap_or_default();
    let start = || parsed.query_pairs().find(|(name, _)| name == "start").map(|(_, start)| start.into_owned());
    match (host, segments.as_slice()) {
        ("youtube.com" | "youtube-nocookie.com", ["embed", id]) if !id.is_empty() && *id != "videoseries" => {
            let start = start().filter(|start| start.bytes().all(|byte| byte.is_ascii_digit()));
            let start = start.map(|start| format!("&t={start}")).unwrap_or_default();
            format!("https://www.youtube.com/watch?v={id}{start}")
        }
        ("youtube.com" | "youtube-nocookie.com", ["v" | "shorts" | "live", id]) if !id.is_empty() => {
            format!("https://www.youtube.com/watch?v={id}")
        }
        ("player.vimeo.com", ["video", id]) if !id.is_empty() => format!("https://vimeo.com/{id}"),
        ("dailymotion.com", ["embed", "video", id]) if !id.is_empty() => {
            format!("https://www.dailymotion.com/video/{id}")
        }
        ("rutube.ru", ["play", "embed", id, ..]) if !id.is_empty() => format!("https://rutube.ru/video/{id}/"),
        _ => whole,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn services_and_files_say_what_they_are() {
        for (url, expected) in [
            ("https://www.youtube.com/embed/abc", EmbedKind::Video),
            ("//player.vimeo.com/video/1", EmbedKind::Video),
            ("https://notyoutube.com/embed/abc", EmbedKind::Page),
            ("https://w.soundcloud.com/player/?url=x", EmbedKind::Audio),
            ("https://www.google.com/maps/embed?pb=1", EmbedKind::Map),
            ("https://www.google.com/search", EmbedKind::Page),
            ("https://www.facebook.com/plugins/video.php?href=x", EmbedKind::Video),
            ("https://www.facebook.com/plugins/post.php?href=x", EmbedKind::Post),
            ("/media/a.MP3?x=1", EmbedKind::Audio),
            ("film.webm", EmbedKind::Video),
            ("https://charts.example/1", EmbedKind::Page),
        ] {
            assert_eq!(kind("iframe", url), expected, "{url}");
        }
        assert_eq!(kind("audio", "/play?id=1"), EmbedKind::Audio);
    }

    #[test]
    fn a_frame_leads_to_its_page() {
        for (frame, page) in [
            ("https://www.youtube.com/embed/a-b_c?rel=0&start=30", "https://www.youtube.com/watch?v=a-b_c&t=30"),
            ("//www.youtube-nocookie.com/embed/x", "https://www.youtube.com/watch?v=x"),
            ("https://www.youtube.com/v/x?version=3", "https://www.youtube.com/watch?v=x"),
            ("https://www.youtube.com/embed/videoseries?list=1", "https://www.youtube.com/embed/videoseries?list=1"),
            ("https://player.vimeo.com/video/76", "https://vimeo.com/76"),
            ("//maps.example/1?a=b", "https://maps.example/1?a=b"),
            ("/f?a=1&b=2", "/f?a=1&b=2"),
        ] {
            assert_eq!(page_of(frame), page);
        }
    }
}
