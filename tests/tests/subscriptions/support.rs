//! A server as it is run, and clients that show every frame.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use courant_domain::access::Role;
use courant_persistence::{Dialect, Store};
use courant_server::{
    Config, Pressure, Service, Stopping,
    listen::{self, Patience},
};
use courant_tests::Portal;
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::{net::TcpStream, sync::Notify, time::timeout};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, client_async, connect_async,
    tungstenite::{Message, client::IntoClientRequest, handshake::client::Request, protocol::CloseFrame},
};

/// How long something may take to come; the machine may be busy.
pub(crate) const SOON: Duration = Duration::from_secs(20);

/// A server, with what it does by itself, beside a portal on the same database that changes are made through.
pub(crate) struct Served {
    pub(crate) portal: Portal,
    pub(crate) address: SocketAddr,
    pub(crate) stopping: Stopping,
    stop: Arc<Notify>,
}

impl Served {
    pub(crate) async fn start(dialect: Dialect) -> Self {
        let portal = Portal::with_samples(dialect).await;
        Self::over(portal, Portal::config()).await
    }

    pub(crate) async fn over(portal: Portal, config: Config) -> Self {
        let store = portal.store.clone();
        let (address, stopping, stop) = serve(store, config).await;
        Self { portal, address, stopping, stop }
    }

    /// Where another server is on the same database: a process of its own, where that is possible.
    pub(crate) async fn beside(&self) -> SocketAddr {
        let store = match self.portal.store.dialect() {
            Dialect::Sqlite => self.portal.store.clone(),
            Dialect::Postgres => self.portal.database.open().await,
        };
        serve(store, Portal::config()).await.0
    }

    pub(crate) fn stop(&self) {
        self.stop.notify_one();
    }
    /// A socket whose client says nothing yet.
    pub(crate) async fn socket(&self) -> Socket {
        self.socket_of("graphql-transport-ws", &[]).await
    }

    pub(crate) async fn socket_of(&self, protocol: &str, headers: &[(&'static str, &str)]) -> Socket {
        connect(self.address, protocol, headers).await
    }

    /// A socket that may begin operations.
    pub(crate) async fn ready(&self) -> Socket {
        self.ready_at(self.address).await
    }

    /// The same at another server.
    pub(crate) async fn ready_at(&self, address: SocketAddr) -> Socket {
        let mut socket = connect(address, "graphql-transport-ws", &[]).await;
        socket.say(json!({ "type": "connection_init" })).await;
        assert_eq!(socket.hear().await, json!({ "type": "connection_ack" }));
        socket
    }

    /// The same of somebody who shows who they are.
    pub(crate) async fn ready_as(&self, token: &str) -> Socket {
        Self::began(self.socket().await, token).await
    }

    /// The same over a connection that takes little at once, so that what is not read waits at the server.
    pub(crate) async fn slow_as(&self, token: &str) -> Socket {
        let stream = slow_connection(self.address).await;
        let request = opening(self.address, "graphql-transport-ws", &[]);
        let (socket, _) = client_async(request, MaybeTlsStream::Plain(stream)).await.unwrap();
        Self::began(Socket { socket, protocol: None }, token).await
    }

    async fn began(mut socket: Socket, token: &str) -> Socket {
        let payload = json!({ "Authorization": format!("Bearer {token}") });
        socket.say(json!({ "type": "connection_init", "payload": payload })).await;
        assert_eq!(socket.hear().await, json!({ "type": "connection_ack" }));
        socket
    }

    /// Where the log ends now: who follows from there misses nothing, however long it takes until they do.
    pub(crate) async fn head(&self) -> String {
        let head = self.portal.query("{ changes(first: 0) { head } }").await;
        head.data()["changes"]["head"].as_str().unwrap().to_owned()
    }

    /// Begins to follow changes from now on.
    pub(crate) async fn follow(&self, socket: &mut Socket, id: &str, arguments: &str, selection: &str) {
        let head = self.head().await;
        let query = format!("subscription {{ publicationChanged(after: \"{head}\" {arguments}) {{ {selection} }} }}");
        socket.subscribe(id, &query).await;
    }

    /// Publishes an article in English; says which entry it is.
    pub(crate) async fn publish(&self, slug: &str, category: &str) -> String {
        let admin = self.portal.as_role(Role::Admin).await;
        let category = self.portal.store.reference().categories.by_path(category).unwrap().id.to_string();
        let content = json!({ "title": format!("About {slug}"), "slug": slug, "body": { "source": "Words." } });
        let input = json!({ "categoryId": category, "locale": "en", "content": content });
        let made = admin.mutate("createArticle", input, "entry { id } userErrors { code }").await;
        let entry = made.done()["entry"]["id"].as_str().unwrap().to_owned();
        admin.mutate("publishEntry", json!({ "entryId": entry, "locale": "en" }), "userErrors { code }").await.done();
        entry
    }

    /// Takes an article back.
    pub(crate) async fn withdraw(&self, entry: &str) {
        let admin = self.portal.as_role(Role::Admin).await;
        let input = json!({ "entryId": entry, "locale": "en", "ending": { "gone": true } });
        admin.mutate("unpublishEntry", input, "userErrors { code }").await.done();
    }
}

async fn serve(store: Store, config: Config) -> (SocketAddr, Stopping, Arc<Notify>) {
    let stopping = config.stopping.clone();
    let service = Service::start(store, config).await.unwrap();
    let listener = tokio::net::TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await.unwrap();
    let address = listener.local_addr().unwrap();
    let stop = Arc::new(Notify::new());
    let told = Arc::clone(&stop);
    let server = listen::Server {
        listener,
        router: service.router(),
        connections: 1_000,
        connections_per_peer: 1_000,
        proxies: Vec::new(),
        patience: Patience {
            head: Duration::from_secs(30),
            idle: Duration::from_secs(60),
            taking: Duration::from_secs(30),
            pressed: Duration::from_secs(2),
            fresh: Duration::from_secs(1),
        },
        stopping: stopping.clone(),
        pressure: Pressure::default(),
        parting: Duration::ZERO,
        drain: Duration::from_secs(10),
    };
    tokio::spawn(async move {
        server.run(move || Arc::clone(&told).notified_owned()).await;
        drop(service);
    });
    (address, stopping, stop)
}

/// A connection whose system takes a few kilobytes until somebody reads them.
pub(crate) async fn slow_connection(address: SocketAddr) -> TcpStream {
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4096).unwrap();
    socket.connect(address).await.unwrap()
}

async fn connect(address: SocketAddr, protocol: &str, headers: &[(&'static str, &str)]) -> Socket {
    let (socket, response) = connect_async(opening(address, protocol, headers)).await.unwrap();
    let protocol = response.headers().get("sec-websocket-protocol").map(|value| value.to_str().unwrap().to_owned());
    Socket { socket, protocol }
}

fn opening(address: SocketAddr, protocol: &str, headers: &[(&'static str, &str)]) -> Request {
    let mut request = format!("ws://{address}/graphql").into_client_request().unwrap();
    request.headers_mut().insert("sec-websocket-protocol", protocol.parse().unwrap());
    for (name, value) in headers {
        request.headers_mut().insert(*name, value.parse().unwrap());
    }
    request
}

/// A WebSocket.
pub(crate) struct Socket {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    /// Which protocol the server has taken.
    pub(crate) protocol: Option<String>,
}

impl Socket {
    pub(crate) async fn say(&mut self, message: Value) {
        self.send(Message::text(message.to_string())).await;
    }

    pub(crate) async fn send(&mut self, message: Message) {
        self.socket.send(message).await.unwrap();
    }

    /// Begins an operation.
    pub(crate) async fn subscribe(&mut self, id: &str, query: &str) {
        self.say(json!({ "id": id, "type": "subscribe", "payload": { "query": query } })).await;
    }

    /// The next message.
    pub(crate) async fn hear(&mut self) -> Value {
        match self.next().await {
            Message::Text(text) => serde_json::from_str(&text).unwrap(),
            other => panic!("{other:?}"),
        }
    }

    /// Sees that nothing is said for a while.
    pub(crate) async fn silent(&mut self) {
        let heard = timeout(Duration::from_millis(700), self.socket.next()).await;
        assert!(heard.is_err(), "{heard:?}");
    }

    /// Passes over what comes until nothing does for a while; says whether there was anything.
    pub(crate) async fn rest(&mut self) -> bool {
        let mut heard = false;
        while let Ok(message) = timeout(Duration::from_millis(1_500), self.socket.next()).await {
            heard |= matches!(message.unwrap().unwrap(), Message::Text(_));
        }
        heard
    }

    /// The data of the next event of an operation.
    pub(crate) async fn event(&mut self, id: &str) -> Value {
        let message = self.hear().await;
        assert_eq!((&message["type"], &message["id"]), (&json!("next"), &json!(id)), "{message}");
        assert!(message["payload"].get("errors").is_none(), "{message}");
        message["payload"]["data"].clone()
    }

    /// The code that the server closes with.
    pub(crate) async fn closed(&mut self) -> (u16, String) {
        loop {
            match self.next().await {
                Message::Close(Some(CloseFrame { code, reason })) => return (code.into(), reason.to_string()),
                Message::Close(None) => panic!("closed without a code"),
                _ => {}
            }
        }
    }

    async fn next(&mut self) -> Message {
        loop {
            let message = timeout(SOON, self.socket.next()).await.unwrap().unwrap().unwrap();
            if !matches!(message, Message::Ping(_) | Message::Pong(_)) {
                return message;
            }
        }
    }

    /// The answer to a ping of the WebSocket itself.
    pub(crate) async fn pong(&mut self) -> Vec<u8> {
        loop {
            if let Message::Pong(bytes) = timeout(SOON, self.socket.next()).await.unwrap().unwrap().unwrap() {
                return bytes.to_vec();
            }
        }
    }
}
