//! How many connections are open at the same time.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum_server::accept::Accept;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tower::Service;

use super::Load;

/// Accepts as another does, up to so many connections; one more is closed at once.
#[derive(Debug, Clone)]
pub(super) struct Bounded<A> {
    inner: A,
    places: Arc<Semaphore>,
    load: Load,
}

impl<A> Bounded<A> {
    pub(super) fn new(inner: A, connections: usize, load: &Load) -> Self {
        Self { inner, places: Arc::new(Semaphore::new(connections)), load: load.clone() }
    }
}

impl<A, I, S> Accept<I, S> for Bounded<A>
where
    A: Accept<I, S>,
    A::Future: Send + 'static,
    S: Send + 'static,
    I: Send + 'static,
{
    type Stream = A::Stream;
    type Service = Placed<A::Service>;
    type Future = Pin<Box<dyn Future<Output = io::Result<(Self::Stream, Self::Service)>> + Send>>;

    fn accept(&self, stream: I, service: S) -> Self::Future {
        let place = Arc::clone(&self.places).try_acquire_owned();
        if place.is_err() {
            self.load.turn_away("connections");
        }
        let accepted = self.inner.accept(stream, service);
        Box::pin(async move {
            let place = place.map_err(|_| io::Error::other("too many connections"))?;
            let (stream, service) = accepted.await?;
            Ok((stream, Placed { service, _place: place.into() }))
        })
    }
}

/// The service of one connection, which keeps the connection's place until it is dropped with it.
#[derive(Debug, Clone)]
pub(super) struct Placed<S> {
    service: S,
    _place: Arc<OwnedSemaphorePermit>,
}

impl<S: Service<R>, R> Service<R> for Placed<S> {
    type Response = S::Response;
    type Error = S::Error;
    type Future = S::Future;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.service.poll_ready(context)
    }

    fn call(&mut self, request: R) -> Self::Future {
        self.service.call(request)
    }
}
