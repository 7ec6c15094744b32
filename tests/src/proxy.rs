//! What can be between a server and its database: a network that is slow, silent, or broken off at the worst moment.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::watch,
};

/// What becomes of a connection at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Then {
    /// Nothing more comes through, and nobody is told.
    Silence,
    /// The same of all connections, those to come as well.
    SilenceForAll,
    /// What was said last reaches the database. Once it has answered, the connection is broken off, without the answer.
    CutBeforeAnswer,
    /// It is broken off at once, without what was said last.
    Cut,
}

/// A way to a server that a test can block.
pub struct Proxy {
    address: SocketAddr,
    rules: Arc<Rules>,
}

struct Rules {
    delay: watch::Sender<Duration>,
    /// Connections made before are cut when it changes.
    cuts: watch::Sender<u64>,
    is_silent: watch::Sender<bool>,
    /// What happens once, when somebody says this.
    trap: Mutex<Option<(&'static str, Then)>>,
    sprung: watch::Sender<u64>,
}

impl Proxy {
    /// A way to what listens at an address.
    pub async fn to(target: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let rules = Arc::new(Rules {
            delay: watch::Sender::new(Duration::ZERO),
            cuts: watch::Sender::new(0),
            is_silent: watch::Sender::new(false),
            trap: Mutex::new(None),
            sprung: watch::Sender::new(0),
        });
        let of_all = Arc::clone(&rules);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let (rules, target) = (Arc::clone(&of_all), target.clone());
                tokio::spawn(async move {
                    let Ok(server) = TcpStream::connect(target).await else { return };
                    client.set_nodelay(true).and_then(|()| server.set_nodelay(true)).unwrap();
                    pass(client, server, &rules).await;
                });
            }
        });
        Self { address, rules }
    }

    /// The URL of a database behind it.
    #[must_use]
    pub fn url(&self, database: &str) -> String {
        format!("postgres://postgres@{}/{database}", self.address)
    }

    /// How long everything takes to get through, either way.
    pub fn delay(&self, delay: Duration) {
        self.rules.delay.send_replace(delay);
    }

    /// Breaks off all connections that there are.
    pub fn cut(&self) {
        self.rules.cuts.send_modify(|cuts| *cuts += 1);
    }

    /// Lets nothing through any more, of connections old and new; or everything again, of new ones.
    pub fn silence(&self, silent: bool) {
        self.rules.is_silent.send_replace(silent);
    }

    /// Waits for somebody to say something, and does it once.
    pub fn when(&self, said: &'static str, then: Then) {
        *self.rules.trap.lock().unwrap_or_else(PoisonError::into_inner) = Some((said, then));
    }

    /// Waits until that has happened so often.
    pub async fn sprung(&self, times: u64) {
        self.rules.sprung.subscribe().wait_for(|sprung| *sprung >= times).await.unwrap();
    }
}

impl Rules {
    fn trap(&self, said: &[u8]) -> Option<Then> {
        let mut trap = self.trap.lock().unwrap_or_else(PoisonError::into_inner);
        let (_, then) = (*trap).filter(|(what, _)| said.windows(what.len()).any(|window| window == what.as_bytes()))?;
        *trap = None;
        self.sprung.send_modify(|sprung| *sprung += 1);
        Some(then)
    }
}

async fn pass(mut client: TcpStream, mut server: TcpStream, rules: &Rules) {
    let (mut asked, mut answered) = (vec![0; 65536], vec![0; 65536]);
    let (mut cuts, mut silence) = (rules.cuts.subscribe(), rules.is_silent.subscribe());
    let mut then = None;
    loop {
        if then == Some(Then::SilenceForAll) {
            rules.is_silent.send_replace(true);
        }
        if *silence.borrow_and_update() || then == Some(Then::Silence) {
            // The database may end it, of which nobody hears; who asks may go away, and the database does not hear of that.
            tokio::select! {
                _ = cuts.changed() => return,
                () = std::future::pending() => {}
            }
        }
        tokio::select! {
            _ = cuts.changed() => return,
            _ = silence.changed() => {}
            read = client.read(&mut asked) => {
                let Ok(size @ 1..) = read else { return };
                let delay = *rules.delay.borrow();
                tokio::time::sleep(delay).await;
                then = then.or_else(|| rules.trap(&asked[..size]));
                if then == Some(Then::Cut) || server.write_all(&asked[..size]).await.is_err() {
                    return;
                }
            }
            read = server.read(&mut answered) => {
                let Ok(size @ 1..) = read else { return };
                let delay = *rules.delay.borrow();
                tokio::time::sleep(delay).await;
                if then == Some(Then::CutBeforeAnswer) || client.write_all(&answered[..size]).await.is_err() {
                    return;
                }
            }
        }
    }
}
