//! A network between the journal and PostgreSQL that can go silent, or be slow.

use std::path::PathBuf;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, UnixStream};
use tokio::sync::watch;

/// Forwards to a socket while it is open.
#[derive(Debug)]
pub struct Proxy {
    pub port: u16,
    open: watch::Sender<bool>,
}

impl Proxy {
    pub async fn to(socket: PathBuf) -> Self {
        Self::after(socket, Duration::ZERO).await
    }

    /// The same; whatever passes, passes after this time.
    pub async fn after(socket: PathBuf, time: Duration) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (open, is_open) = watch::channel(true);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let server = UnixStream::connect(&socket).await.unwrap();
                let (from_client, to_client) = client.into_split();
                let (from_server, to_server) = server.into_split();
                tokio::spawn(forward(from_client, to_server, time, is_open.clone()));
                tokio::spawn(forward(from_server, to_client, time, is_open.clone()));
            }
        });
        Self { port, open }
    }

    /// Nothing passes any more, and nobody is told.
    pub fn silence(&self) {
        self.open.send_replace(false);
    }

    pub fn speak(&self) {
        self.open.send_replace(true);
    }
}

async fn forward(
    mut from: impl AsyncReadExt + Unpin,
    mut to: impl AsyncWriteExt + Unpin,
    after: Duration,
    mut is_open: watch::Receiver<bool>,
) {
    let mut bytes = [0; 16 * 1024];
    while let Ok(count @ 1..) = from.read(&mut bytes).await {
        if !after.is_zero() {
            tokio::time::sleep(after).await;
        }
        if is_open.wait_for(|open| *open).await.is_err() || to.write_all(&bytes[..count]).await.is_err() {
            return;
        }
    }
}
