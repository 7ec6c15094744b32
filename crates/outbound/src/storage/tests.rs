use super::*;

#[tokio::test]
async fn a_folder_keeps_things_under_names() {
    let folder = tempfile::tempdir().unwrap();
    let there = folder.path().join("made/when needed");
    let storage = Storage::open(there.to_str().unwrap(), []).unwrap();
    assert!(storage.list("lists").await.unwrap().is_empty());
    assert!(matches!(storage.get("lists/a", 10).await, Err(StorageError::NotFound(_))));
    storage.put("lists/a", Bytes::from_static(b"one")).await.unwrap();
    storage.put("lists/a", Bytes::from_static(b"three")).await.unwrap();
    storage.put("lists/below/b", Bytes::from_static(b"deeper")).await.unwrap();
    assert_eq!(storage.get("lists/a", 5).await.unwrap(), "three");
    assert!(matches!(storage.get("lists/a", 4).await, Err(StorageError::TooLong(_))));
    let listed = storage.list("lists").await.unwrap();
    assert_eq!(listed.iter().map(|stored| (stored.name.as_str(), stored.length)).collect::<Vec<_>>(), [("a", 5)]);
    // Its address in the other spelling.
    let url = Url::from_file_path(&there).unwrap();
    assert_eq!(Storage::open(url.as_str(), []).unwrap().list("lists").await.unwrap(), listed);
    storage.delete("lists/a").await.unwrap();
    storage.delete("lists/a").await.unwrap();
    assert!(storage.list("lists").await.unwrap().is_empty());
}

#[tokio::test]
async fn what_cannot_be_read_is_not_put_there() {
    let folder = tempfile::tempdir().unwrap();
    let storage = Storage::open(folder.path().to_str().unwrap(), []).unwrap();
    for length in [5, 3 * PART] {
        let fails = |_| std::future::ready(Err(io::Error::other("torn")));
        let put = storage.put_by("things/a", length, fails).await;
        assert!(matches!(put, Err(StorageError::Unreadable(_))), "{length}");
        assert!(storage.list("things").await.unwrap().is_empty());
    }
}

#[test]
fn what_is_no_place_is_refused_and_keys_are_not_shown() {
    for address in ["", " ", "ftp://a/b", "s3://", "s3:///a", "s3://u@b/", "s3://b/?a", "file://elsewhere/a"] {
        assert!(matches!(Storage::open(address, []), Err(StorageError::Address(_))), "{address}");
    }
    let settings = ["ACCESS_KEY_ID", "SECRET_ACCESS_KEY"].map(|name| (format!("AWS_{name}"), "hush".to_owned()));
    let storage = Storage::open("s3://bucket/prefix", settings).unwrap();
    assert_eq!(format!("{storage} {storage:?}"), "s3://bucket/prefix Storage(\"s3://bucket/prefix\")");
    // Half a key is none.
    let half = [("AWS_ACCESS_KEY_ID".to_owned(), "hush".to_owned())];
    assert!(Storage::open("s3://bucket", half).is_err());
}
