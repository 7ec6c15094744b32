//! A folder, or a bucket of S3's kind: things under names, each of which is there whole or not at all.

mod connecting;

use std::{error::Error, fmt, future::Future, io, ops::Range, path::PathBuf, sync::Arc, time::Duration};

use bytes::{Bytes, BytesMut};
use futures_util::{StreamExt, stream::BoxStream};
use object_store::{
    BackoffConfig, GetResult, ObjectStore, ObjectStoreExt, RetryConfig,
    aws::{AmazonS3Builder, AmazonS3ConfigKey},
    local::LocalFileSystem,
    path::Path,
};
use url::Url;

use self::connecting::Connecting;
use crate::{client::causes, reasons};

/// What is longer goes in parts of this length, of which S3 takes 10,000.
const PART: u64 = 8 * 1024 * 1024;
/// How long the next bytes of something may take.
const PATIENCE: Duration = Duration::from_secs(60);
/// The most things that a list has; what is beyond is not looked at.
const MOST: usize = 100_000;
/// How often and how long a bucket is asked again that fails, within one request.
const RETRY: RetryConfig = RetryConfig {
    backoff: BackoffConfig { init_backoff: Duration::from_millis(100), max_backoff: Duration::from_secs(2), base: 2.0 },
    max_retries: 3,
    retry_timeout: Duration::from_secs(60),
};

/// A folder, or a bucket of S3's kind. Cheap to clone.
#[derive(Clone)]
pub struct Storage {
    place: Place,
    shown: Arc<str>,
}

#[derive(Clone)]
enum Place {
    /// It is made when something is put there.
    Folder(PathBuf),
    Bucket {
        store: Arc<dyn ObjectStore>,
        below: Path,
    },
}

/// Something that is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// Its name, without what it is below.
    pub name: String,
    /// Its length in bytes.
    pub length: u64,
    /// When it was put there by the clock of whoever keeps it, in seconds since 1970.
    pub at: i64,
}

/// Why something was not put there or had from there.
#[derive(Debug, thiserror::Error)]
pub enum StorageError {
    /// This is no place of these kinds.
    #[error("{0}")]
    Address(String),
    /// There is nothing of this name.
    #[error("nothing is at {0}")]
    NotFound(String),
    /// It is longer than was asked for.
    #[error("what is at {0} is longer than it may be")]
    TooLong(String),
    /// What was to be put there cannot be read.
    #[error("cannot read what is to be put there: {0}")]
    Unreadable(io::Error),
    /// It did not go on for a minute.
    #[error("nothing came from {0} for a minute")]
    TimedOut(String),
    /// It cannot be reached, does not allow it, is full, or something else.
    #[error("{0}")]
    Failed(String),
}

type Result<T> = std::result::Result<T, StorageError>;

impl Storage {
    /// Reads an address: a folder by its path or as `file:///…`, or `s3://bucket/prefix`. Nothing is connected to yet.
    ///
    /// `settings` are those that S3's clients take from the environment, by the names they have there: `AWS_ACCESS_KEY_ID`,
    /// `AWS_SECRET_ACCESS_KEY`, `AWS_REGION`, `AWS_ENDPOINT_URL` and so on; others are passed over. Plain HTTP is spoken only where
    /// `AWS_ALLOW_HTTP` says so.
    ///
    /// # Errors
    /// [`StorageError::Address`].
    pub fn open(address: &str, settings: impl IntoIterator<Item = (String, String)>) -> Result<Self> {
        let wrong = |why: &str| StorageError::Address(format!("{why}: wanted is a folder or s3://bucket/prefix"));
        let place = match address.split_once("://") {
            None if address.trim().is_empty() => return Err(wrong("nothing is named")),
            None => Place::Folder(std::path::absolute(address).map_err(|error| wrong(&error.to_string()))?),
            Some(("file", _)) => {
                let path = Url::parse(address).ok().and_then(|url| url.to_file_path().ok());
                Place::Folder(path.ok_or_else(|| wrong("this is no folder of this machine"))?)
            }
            Some(("s3", _)) => bucket(address, settings).map_err(|why| wrong(&why))?,
            Some((scheme, _)) => return Err(wrong(&format!("nothing is known of {scheme}://"))),
        };
        Ok(Self { place, shown: address.into() })
    }

    /// Puts something there, in the place of what has the name, whole or not at all.
    ///
    /// # Errors
    /// When it cannot be put there.
    pub async fn put(&self, name: &str, bytes: Bytes) -> Result<()> {
        let (store, path) = self.at(name, true).await?;
        store.put(&path, bytes.into()).await.map_err(|error| self.failed(name, &error))?;
        Ok(())
    }

    /// Puts something there that is read in parts.
    ///
    /// # Errors
    /// When it cannot be read, or put there.
    pub async fn put_by<F: Future<Output = io::Result<Bytes>>>(
        &self,
        name: &str,
        length: u64,
        read: impl Fn(Range<u64>) -> F,
    ) -> Result<()> {
        let part = |from: u64| read(from..length.min(from + PART));
        if length <= PART {
            return self.put(name, part(0).await.map_err(StorageError::Unreadable)?).await;
        }
        let (store, path) = self.at(name, true).await?;
        let mut upload = store.put_multipart(&path).await.map_err(|error| self.failed(name, &error))?;
        let put = async {
            let mut from = 0;
            while from < length {
                let bytes = part(from).await.map_err(StorageError::Unreadable)?;
                upload.put_part(bytes.into()).await.map_err(|error| self.failed(name, &error))?;
                from += PART;
            }
            upload.complete().await.map_err(|error| self.failed(name, &error))
        };
        let put = put.await;
        if put.is_err()
            && let Err(error) = upload.abort().await
        {
            tracing::debug!(%error, name, "what was put there in part is still there");
        }
        put.map(drop)
    }

    /// All of something, which may have so many bytes.
    ///
    /// # Errors
    /// When it is not there, is longer, or cannot be had.
    pub async fn get(&self, name: &str, most: u64) -> Result<Bytes> {
        let mut reading = self.read(name).await?;
        let mut all = BytesMut::new();
        while let Some(bytes) = reading.next().await? {
            if (all.len() + bytes.len()) as u64 > most {
                return Err(StorageError::TooLong(name.to_owned()));
            }
            all.extend_from_slice(&bytes);
        }
        Ok(all.freeze())
    }

    /// Begins to read something.
    ///
    /// # Errors
    /// When it is not there, or cannot be had.
    pub async fn read(&self, name: &str) -> Result<Reading> {
        let (store, path) = self.at(name, false).await?;
        let found: GetResult = store.get(&path).await.map_err(|error| self.failed(name, &error))?;
        Ok(Reading { name: name.to_owned(), bytes: found.into_stream() })
    }

    /// What is right below this, in no order. Nothing where there is no such thing.
    ///
    /// # Errors
    /// When that cannot be asked.
    pub async fn list(&self, below: &str) -> Result<Vec<Stored>> {
        let (store, path) = match self.at(below, false).await {
            Err(StorageError::NotFound(_)) => return Ok(Vec::new()),
            other => other?,
        };
        let mut found = Vec::new();
        let mut listed = store.list(Some(&path));
        loop {
            let next = tokio::time::timeout(PATIENCE, listed.next()).await;
            match next.map_err(|_| StorageError::TimedOut(below.to_owned()))? {
                Some(Ok(meta)) => {
                    let parts: Vec<_> = meta.location.prefix_match(&path).into_iter().flatten().collect();
                    if let [name] = parts.as_slice() {
                        let (name, length) = (name.as_ref().to_owned(), meta.size);
                        found.push(Stored { name, length, at: meta.last_modified.timestamp() });
                    }
                }
                Some(Err(object_store::Error::NotFound { .. })) => {}
                Some(Err(error)) => return Err(self.failed(below, &error)),
                None => return Ok(found),
            }
            if found.len() >= MOST {
                return Ok(found);
            }
        }
    }

    /// Removes something. What is not there is no error.
    ///
    /// # Errors
    /// When it cannot be removed.
    pub async fn delete(&self, name: &str) -> Result<()> {
        let (store, path) = self.at(name, false).await?;
        match store.delete(&path).await {
            Err(object_store::Error::NotFound { .. }) => Ok(()),
            other => other.map_err(|error| self.failed(name, &error)),
        }
    }

    /// Whatever keeps it, and the path of a name there.
    async fn at(&self, name: &str, is_made: bool) -> Result<(Arc<dyn ObjectStore>, Path)> {
        match &self.place {
            Place::Bucket { store, below } => {
                let parts = below.parts().chain(name.split('/').map(Into::into));
                Ok((store.clone(), Path::from_iter(parts)))
            }
            Place::Folder(folder) => {
                let folder = folder.clone();
                let opened = tokio::task::spawn_blocking(move || {
                    if is_made {
                        std::fs::create_dir_all(&folder)?;
                    } else {
                        std::fs::metadata(&folder)?;
                    }
                    LocalFileSystem::new_with_prefix(&folder).map_err(io::Error::other)
                });
                let opened = opened.await.map_err(|error| StorageError::Failed(error.to_string()))?;
                let store = opened.map_err(|error| match error.kind() {
                    io::ErrorKind::NotFound => StorageError::NotFound(self.to_string()),
                    _ => StorageError::Failed(format!("{self}: {error}")),
                })?;
                let path = Path::from_iter(name.split('/'));
                // What was acknowledged is on the disk.
                Ok((Arc::new(store.with_fsync(true)), path))
            }
        }
    }

    fn failed(&self, name: &str, error: &object_store::Error) -> StorageError {
        let is_missing = |error: &(dyn Error + 'static)| {
            error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::NotFound)
        };
        if matches!(error, object_store::Error::NotFound { .. }) || causes(error).any(is_missing) {
            return StorageError::NotFound(name.to_owned());
        }
        StorageError::Failed(format!("{name} in {self}: {}", reasons(error)))
    }
}

/// The address as it was given.
impl fmt::Display for Storage {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(&self.shown)
    }
}

/// Without its settings, which have keys in them.
impl fmt::Debug for Storage {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.debug_tuple("Storage").field(&self.shown).finish()
    }
}

/// Something that is being read.
pub struct Reading {
    name: String,
    bytes: BoxStream<'static, object_store::Result<Bytes>>,
}

impl fmt::Debug for Reading {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.debug_struct("Reading").field("name", &self.name).finish_non_exhaustive()
    }
}

impl Reading {
    /// The next bytes of it; none at its end.
    ///
    /// # Errors
    /// When it breaks off, or nothing comes for a minute.
    pub async fn next(&mut self) -> Result<Option<Bytes>> {
        let next = tokio::time::timeout(PATIENCE, self.bytes.next()).await;
        let next = next.map_err(|_| StorageError::TimedOut(self.name.clone()))?;
        next.transpose().map_err(|error| StorageError::Failed(format!("{}: {}", self.name, reasons(&error))))
    }
}

fn bucket(address: &str, settings: impl IntoIterator<Item = (String, String)>) -> std::result::Result<Place, String> {
    let url = Url::parse(address).map_err(|error| error.to_string())?;
    let bucket = url.host_str().filter(|bucket| !bucket.is_empty()).ok_or("no bucket is named")?;
    let has_more =
        url.query().is_some() || url.fragment().is_some() || url.port().is_some() || !url.username().is_empty();
    if has_more || url.password().is_some() {
        return Err("this has more in it than a bucket and a prefix".to_owned());
    }
    let below = Path::from_url_path(url.path()).map_err(|error| error.to_string())?;
    let mut builder =
        AmazonS3Builder::new().with_disable_bulk_delete(true).with_retry(RETRY).with_http_connector(Connecting);
    for (name, value) in settings {
        if let Ok(key) = name.to_ascii_lowercase().parse::<AmazonS3ConfigKey>() {
            builder = builder.with_config(key, value);
        }
    }
    let store = builder.with_bucket_name(bucket).build().map_err(|error| reasons(&error))?;
    Ok(Place::Bucket { store: Arc::new(store), below })
}

#[cfg(test)]
mod tests;
