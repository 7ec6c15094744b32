//! Real files, which are not part of the project: an export of WordPress' theme test data, and feeds of newsrooms.
//! Where they are not there, the tests say so and leave them out.

use std::path::{Path, PathBuf};

use courant_syndication::{ItemStatus, ReadError, SourceFormat, detect, read};

use super::*;

fn files(folder: &str) -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data").join(folder);
    let Ok(entries) = std::fs::read_dir(&folder) else {
        println!("left out: there is no folder {}", folder.display());
        return Vec::new();
    };
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    let name = |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    paths.iter().map(|path| (name(path), std::fs::read(path).unwrap_or_default())).collect()
}

#[test]
fn the_export_of_the_theme_test_data_is_read_whole() {
    for (name, bytes) in files("wxr") {
        assert_eq!(detect(&bytes), Some(SourceFormat::Wxr), "{name}");
        let import = read(&bytes, &options()).unwrap();
        let source = String::from_utf8_lossy(&bytes);
        let posts =
            source.matches("<wp:post_type>post<").count() + source.matches("<wp:post_type><![CDATA[post]").count();
        assert_eq!(import.items.len(), posts);
        assert_eq!(import.categories.len(), source.matches("<wp:category>").count());
        // Posts name four tags more than the site declares.
        assert_eq!(import.tags.len(), source.matches("<wp:tag>").count() + 4);
        assert_eq!(import.persons.len(), source.matches("<wp:author>").count());
        let comments = ["comments", "comments in spam or trash", "pingbacks"].map(|name| count(&import, name));
        assert_eq!(comments.iter().sum::<u64>(), source.matches("<wp:comment>").count() as u64);
        assert_eq!(count(&import, "pages"), 21);
        assert_eq!(count(&import, "post type nav_menu_item"), 70);
        // Some are featured, some in galleries.
        assert!(count(&import, "attachments") <= 37 - 6);
        let with = |status| import.items.iter().filter(|item| item.status == status).count();
        assert_eq!((with(ItemStatus::Draft), with(ItemStatus::Scheduled), with(ItemStatus::Private)), (1, 1, 1));
        assert_eq!(import.items.iter().filter(|item| item.content.lead_image.is_some()).count(), 6);
        assert!(import.items.iter().all(|item| item.published_at.is_some()));
        assert!(import.items.iter().all(|item| !html(item).contains("[caption") && !html(item).contains("<!--")));
    }
}

#[test]
fn every_feed_is_read_and_the_invalid_one_refused_with_its_place() {
    for (name, bytes) in files("feeds") {
        let result = read(&bytes, &options());
        if name.contains("invalid") {
            assert!(matches!(result, Err(ReadError::Malformed { .. })), "{name}: {result:?}");
            continue;
        }
        let import = result.unwrap();
        assert!(!import.items.is_empty(), "{name}");
        assert!(import.items.iter().all(|item| item.content.title.is_some()), "{name}");
    }
}

/// `feed-rs` is the parser Rust programs read feeds with. It is not ours because it panics on input from outside (an
/// author `Name “mail`, a duration of many digits), drops what it does not know and refuses a feed for one bad item;
/// where it does read a feed, we read the same.
#[test]
fn feeds_are_read_as_feed_rs_reads_them() {
    for (name, bytes) in files("feeds").into_iter().filter(|(name, _)| !name.contains("invalid")) {
        let ours = read(&bytes, &options()).unwrap();
        let theirs = feed_rs::parser::parse(bytes.as_slice()).unwrap();
        assert_eq!(ours.items.len(), theirs.entries.len(), "{name}");
        for (ours, theirs) in ours.items.iter().zip(&theirs.entries) {
            let published = theirs.published.or(theirs.updated).map(|moment| moment.timestamp());
            assert_eq!(ours.published_at.map(jiff::Timestamp::as_second), published, "{name} {}", ours.place);
            if let Some(link) =
                theirs.links.iter().find(|link| link.rel.as_deref().is_none_or(|rel| rel == "alternate"))
            {
                assert_eq!(ours.content.canonical_url.as_deref(), Some(link.href.as_str()), "{name} {}", ours.place);
            }
            if let Some(title) = &theirs.title {
                assert_eq!(ours.content.title.as_deref(), Some(title.content.trim()), "{name} {}", ours.place);
            }
            assert_eq!(ours.content.body.is_some(), theirs.content.is_some() || theirs.summary.is_some(), "{name}");
        }
    }
}
