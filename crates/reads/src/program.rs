//! Which programs are people's.
//!
//! Programs that read by themselves say so in their `User-Agent` (RFC 9110 §10.1.5): robots of search engines, those that make previews of
//! links, libraries, and what watches a site. Those that claim to be a browser are not found out here.

use std::sync::OnceLock;

use aho_corasick::AhoCorasick;

/// The word that most robots have in their name; a maker of phones has it, too.
const BOT: &str = "bot";
const PHONES: &[u8] = b"cu";

/// What programs that are nobody's reading have in their names, in lower case.
const WORDS: &[&str] = &[
    BOT,
    // Crawlers.
    "crawl",
    "spider",
    "slurp",
    "archive",
    "scrap",
    "nutch",
    "httrack",
    "mediapartners-google",
    "apis-google",
    "google-inspectiontool",
    "google-read-aloud",
    "google-safety",
    "googleother",
    "google favicon",
    "duckduckgo-favicons",
    "chatgpt-user",
    "oai-search",
    "perplexity",
    "meta-external",
    "ahrefs",
    "semrush",
    "dataprovider",
    // Previews of links.
    "preview",
    "facebookexternalhit",
    "facebookcatalog",
    "whatsapp",
    "vkshare",
    "embedly",
    "iframely",
    "pinterest/0",
    "snapchat/ads",
    "mastodon",
    "pleroma",
    "misskey",
    "bitly",
    "okruhub",
    // Readers of feeds fetch for many at once.
    "feed",
    "inoreader",
    "newsblur",
    "tiny tiny rss",
    "miniflux",
    // Libraries and tools.
    "curl/",
    "wget",
    "libwww",
    "python",
    "aiohttp",
    "httpx",
    "scrapy",
    "go-http-client",
    "java/",
    "apache-httpclient",
    "jakarta",
    "axios",
    "node-fetch",
    "undici",
    "got (",
    "guzzle",
    "php/",
    "ruby",
    "faraday",
    "reqwest",
    "hyper/",
    "postman",
    "insomnia",
    "http_request",
    "winhttp",
    // Browsers that nobody looks at.
    "headless",
    "phantomjs",
    "puppeteer",
    "playwright",
    "selenium",
    "webdriver",
    "cypress",
    "prerender",
    "rendertron",
    // What watches and measures sites.
    "lighthouse",
    "pagespeed",
    "gtmetrix",
    "ptst/",
    "pingdom",
    "uptime",
    "statuscake",
    "site24x7",
    "monitor",
    "monit/",
    "checker",
    "validator",
    "nagios",
    "zabbix",
    "blackbox",
    "prometheus",
    "datadog",
    "newrelic",
    "catchpoint",
    "dareboost",
    "censys",
    "zgrab",
    "masscan",
    "nmap",
    "nikto",
    "sqlmap",
    "w3c_",
];

/// Whether a program of this name may have somebody reading before it. A program without a name has not: browsers have one.
#[must_use]
pub fn is_of_people(name: &[u8]) -> bool {
    static KNOWN: OnceLock<Option<AhoCorasick>> = OnceLock::new();
    let known = KNOWN.get_or_init(|| AhoCorasick::builder().ascii_case_insensitive(true).build(WORDS).ok());
    // What Node itself asks with has this name and no other part.
    let is_node = name.trim_ascii().eq_ignore_ascii_case(b"node");
    // The words are ours and few, and a test has them built.
    let Some(known) = known.as_ref().filter(|_| !is_node) else { return false };
    let is_robot = |found: aho_corasick::Match| {
        let is_phone = WORDS[found.pattern()] == BOT
            && name[..found.start()].last_chunk::<2>().is_some_and(|before| before.eq_ignore_ascii_case(PHONES));
        !is_phone
    };
    !name.trim_ascii().is_empty() && !known.find_overlapping_iter(name).any(is_robot)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_read_with_browsers_and_apps() {
        for name in [
            "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0",
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36",
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 \
             Mobile/15E148 Safari/604.1",
            "Mozilla/5.0 (Linux; Android 13; CUBOT X70) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120 Mobile Safari/537.36",
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/128.0 YaBrowser/24.10 Safari/537.36",
            "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/130 Mobile Safari/537.36 Telegram-Android/11.2",
            "Opera/9.80 (J2ME/MIDP; Opera Mini/9.80; U; ru) Presto/2.12.423 Version/12.16",
            "okhttp/4.12.0",
        ] {
            assert!(is_of_people(name.as_bytes()), "{name}");
        }
    }

    #[test]
    fn robots_previews_and_tools_are_nobody() {
        for name in [
            "",
            "  ",
            "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
            "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; bingbot/2.0) Chrome/116 Safari/537.36",
            "Mozilla/5.0 (compatible; YandexBot/3.0; +http://yandex.com/bots)",
            "Mozilla/5.0 (Linux; Android 13; CUBOT X70) AppleWebKit/537.36 (compatible; Googlebot/2.1) Safari/537.36",
            "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
            "WhatsApp/2.23.20.0",
            "TelegramBot (like TwitterBot)",
            "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) SkypeUriPreview Preview/0.5",
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/131.0 Safari/537.36",
            "curl/8.11.0",
            "Wget/1.21",
            "python-requests/2.32",
            "Go-http-client/2.0",
            "Feedly/1.0 (+http://www.feedly.com/fetcher.html; 12 subscribers)",
            "UptimeRobot/2.0",
            "Monit/5.33.0",
            "node",
        ] {
            assert!(!is_of_people(name.as_bytes()), "{name}");
        }
    }
}
