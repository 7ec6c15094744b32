use std::io::Write;

use flate2::{
    Compression,
    write::{DeflateEncoder, GzEncoder},
};

use super::*;

fn spooled(bytes: Vec<u8>) -> Arc<Spooled> {
    Arc::new(Spooled::Bytes(bytes))
}

fn gzipped(text: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

/// An archive of these files, as APPNOTE.TXT lays one out: each packed, with these bits of its flags set.
fn zipped(files: &[(&str, &[u8], u16)]) -> Vec<u8> {
    let (mut archive, mut directory) = (Vec::new(), Vec::new());
    for (name, text, flags) in files {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(text).unwrap();
        let packed = encoder.finish().unwrap();
        let mut crc = flate2::Crc::new();
        crc.update(text);
        let start = u32::try_from(archive.len()).unwrap();
        let mut about = Vec::new();
        for part in [20, *flags, 8, 0, 0] {
            about.extend_from_slice(&u16::to_le_bytes(part));
        }
        for part in [crc.sum(), packed.len() as u32, text.len() as u32] {
            about.extend_from_slice(&part.to_le_bytes());
        }
        about.extend_from_slice(&(name.len() as u16).to_le_bytes());
        about.extend_from_slice(&[0, 0]);
        archive.extend_from_slice(b"PK\x03\x04");
        archive.extend_from_slice(&about);
        archive.extend_from_slice(name.as_bytes());
        archive.extend_from_slice(&packed);
        directory.extend_from_slice(b"PK\x01\x02\x14\x00");
        directory.extend_from_slice(&about);
        directory.extend_from_slice(&[0; 10]);
        directory.extend_from_slice(&start.to_le_bytes());
        directory.extend_from_slice(name.as_bytes());
    }
    let (start, count) = (archive.len() as u32, files.len() as u16);
    archive.extend_from_slice(&directory);
    archive.extend_from_slice(b"PK\x05\x06\0\0\0\0");
    for part in [count.to_le_bytes(), count.to_le_bytes()] {
        archive.extend_from_slice(&part);
    }
    for part in [(directory.len() as u32).to_le_bytes(), start.to_le_bytes()] {
        archive.extend_from_slice(&part);
    }
    archive.extend_from_slice(&[0, 0]);
    archive
}

fn texts(bytes: Vec<u8>) -> Result<Files<String>, ArchiveError> {
    let bytes = spooled(bytes);
    let read = |packing: Packing| {
        let mut text = String::new();
        packing.unpacked(&bytes).read_to_string(&mut text).unwrap();
        assert_eq!(packing.length(&bytes), text.len() as u64);
        text
    };
    Ok(packings(&bytes)?.into_iter().map(|(name, packing)| (name, packing.map(read))).collect())
}

#[test]
fn what_is_packed_is_read_in_its_order() {
    let read = |text: &str| Ok(text.to_owned());
    assert_eq!(texts(b"<rss/>".to_vec()), Ok(vec![(None, read("<rss/>"))]));
    assert_eq!(texts(gzipped(b"<rss/>")), Ok(vec![(None, read("<rss/>"))]));
    // What is appended to a gzip file is one with it.
    assert_eq!(texts([gzipped(b"<rss"), gzipped(b"/>")].concat()), Ok(vec![(None, read("<rss/>"))]));
    for zeros in [1, 512, 200_000] {
        let padded = [gzipped(b"<rss"), gzipped(b"/>"), vec![0; zeros]].concat();
        assert_eq!(texts(padded), Ok(vec![(None, read("<rss/>"))]), "{zeros}");
    }
    let zip = zipped(&[
        ("parts/b.xml", b"<b/>", 0),
        ("parts/", b"", 0),
        ("__MACOSX/parts/._b.xml", b"x", 0),
        ("parts/a.xml", b"<a/>", 0),
        ("parts/a.jpg", b"\xFF\xD8\xFF\xE0\0\x10JFIF", 0),
    ]);
    assert_eq!(
        texts(zip),
        Ok(vec![
            (Some("parts/b.xml".to_owned()), read("<b/>")),
            (Some("parts/a.xml".to_owned()), read("<a/>")),
            (Some("parts/a.jpg".to_owned()), Err(ArchiveError::NoText)),
        ])
    );
}

#[test]
fn archives_that_are_none_of_an_export_are_refused_for_what_they_are() {
    let one = |bytes: Vec<u8>| texts(bytes).and_then(|mut texts| texts.remove(0).1).unwrap_err();
    assert_eq!(one(zipped(&[("a.xml", b"<a/>", 1)])), ArchiveError::Encrypted);
    assert_eq!(one(zipped(&[("a.zip", &zipped(&[("a.xml", b"<a/>", 0)]), 0)])), ArchiveError::Nested("zip"));
    assert_eq!(one(gzipped(&gzipped(b"<a/>"))), ArchiveError::Nested("gzip"));
    let tar = [vec![b'a'; 257], b"ustar\0".to_vec(), vec![0; 300]].concat();
    assert_eq!(one(gzipped(&tar)), ArchiveError::Nested("tar"));
    assert_eq!(one(zipped(&[("a.jpg", b"\0\x01", 0)])), ArchiveError::Empty);
    assert_eq!(one(zipped(&[])), ArchiveError::Empty);
    let mut broken = zipped(&[("a.xml", b"<a/>", 0)]);
    let checksum = broken.len() - 22 - 46 - 5 + 16;
    broken[checksum] ^= 1;
    assert!(matches!(one(broken), ArchiveError::Broken(_)));
    for behind in [b"x".to_vec(), vec![0, 0, b'x'], [vec![0; 100_000], gzipped(b"<a/>")].concat(), vec![0x1F, 0x8B, 8]]
    {
        assert!(matches!(one([gzipped(b"<a/>"), behind].concat()), ArchiveError::Broken(_)));
    }
    let half = gzipped(&b"<a>one after the other</a>".repeat(99));
    assert!(matches!(one(half[..half.len() - 20].to_vec()), ArchiveError::Broken(_)));
    assert!(matches!(one(b"PK\x03\x04 and no more".to_vec()), ArchiveError::Broken(_)));
}

#[test]
fn a_bomb_does_not_go_off() {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    let spaces = vec![b' '; 1024 * 1024];
    for _ in 0..=HARMLESS / spaces.len() as u64 {
        encoder.write_all(&spaces).unwrap();
    }
    let bomb = encoder.finish().unwrap();
    let packed = bomb.len() as u64;
    let refused = texts(bomb).unwrap().remove(0).1;
    assert_eq!(refused, Err(ArchiveError::Bomb { most: HARMLESS, packed }));
}
