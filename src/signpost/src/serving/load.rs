//! How many requests are answered at the same time. One too many is refused at once.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::Poll;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::header::{CONNECTION, HeaderValue};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::task::{JoinError, spawn_blocking};

use super::Bounds;
use crate::refusal::Refusal;

/// What the service carries at this moment.
#[derive(Debug, Clone)]
pub struct Load {
    /// Under which everything is counted that is turned away; without one, what it ran into is told apart.
    name: Option<&'static str>,
    requests: Arc<Semaphore>,
    turns: Arc<Semaphore>,
    request_time: Duration,
    is_stopping: Arc<AtomicBool>,
    most: (usize, usize),
    turned_away: Family<Bound, Counter>,
}

/// Which bound something ran into.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct Bound {
    bound: &'static str,
}

impl Load {
    /// Nothing yet, with these bounds.
    #[must_use]
    pub fn new(bounds: &Bounds) -> Self {
        Self {
            name: None,
            requests: Arc::new(Semaphore::new(bounds.requests)),
            turns: Arc::new(Semaphore::new(bounds.turns)),
            request_time: bounds.request_time,
            is_stopping: Arc::default(),
            most: (bounds.requests, bounds.turns),
            turned_away: Family::default(),
        }
    }

    /// Nothing yet, beside this load: it takes no place of it, and stops and is counted with it.
    #[must_use]
    pub fn beside(&self, name: &'static str, bounds: &Bounds) -> Self {
        Self {
            name: Some(name),
            is_stopping: Arc::clone(&self.is_stopping),
            turned_away: self.turned_away.clone(),
            ..Self::new(bounds)
        }
    }

    /// How many requests are being answered.
    #[must_use]
    pub fn under_way(&self) -> usize {
        self.most.0.saturating_sub(self.requests.available_permits())
    }

    /// How many requests have been read, and wait for a processor or have one.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.most.1.saturating_sub(self.turns.available_permits())
    }

    /// What was turned away, by the bound that it ran into.
    #[must_use]
    pub fn turned_away(&self) -> &Family<Bound, Counter> {
        &self.turned_away
    }

    /// Notes that something ran into a bound.
    pub(super) fn turn_away(&self, bound: &'static str) {
        self.turned_away.get_or_create(&Bound { bound: self.name.unwrap_or(bound) }).inc();
    }

    fn busy(&self, bound: &'static str) -> Refusal {
        self.turn_away(bound);
        Refusal::busy()
    }

    /// From now on every answer ends its connection, so that clients open the next elsewhere.
    pub fn stop(&self) {
        self.is_stopping.store(true, Ordering::Relaxed);
    }

    /// Whether the service is about to stop.
    #[must_use]
    pub fn is_stopping(&self) -> bool {
        self.is_stopping.load(Ordering::Relaxed)
    }

    /// A turn on a processor, for work that takes a good part of a millisecond and does not wait.
    ///
    /// Such work never gives way, so those who wait for a processor would be seen by nobody: giving way once, between
    /// taking the turn and the work, makes their number known, and the rest can be refused while that is still cheap.
    ///
    /// # Errors
    /// If too many wait already: status 503.
    pub async fn turn(&self) -> Result<Turn<'_>, Refusal> {
        let place = self.turns.try_acquire().map_err(|_| self.busy("turns"))?;
        tokio::task::yield_now().await;
        Ok(Turn { _place: place })
    }

    /// Does work that takes a good part of a millisecond on a thread that nothing else waits for, when it has a turn.
    ///
    /// The turn goes with the work, which goes on when nobody waits for it any more.
    ///
    /// # Errors
    /// If the work panics.
    pub async fn apart<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, JoinError> {
        // Nobody closes the semaphore.
        let turn = Arc::clone(&self.turns).acquire_owned().await.ok();
        spawn_blocking(move || {
            let _turn = turn;
            work()
        })
        .await
    }
}

/// A turn on a processor, until it is dropped.
#[derive(Debug)]
pub struct Turn<'l> {
    _place: SemaphorePermit<'l>,
}

impl Turn<'_> {
    /// Keeps the turn for as long as the work does not wait for anything, and then goes on without.
    pub async fn until_it_waits<T>(self, work: impl Future<Output = T>) -> T {
        let mut work = pin!(work);
        let first = poll_fn(|context| Poll::Ready(work.as_mut().poll(context))).await;
        drop(self);
        match first {
            Poll::Ready(done) => done,
            Poll::Pending => work.await,
        }
    }
}

/// Lets a request in if there is room, and gives it its time. Before anything of it is read beyond the head.
pub async fn admit(State(load): State<Load>, request: Request, next: Next) -> Response {
    let Ok(_place) = load.requests.try_acquire() else { return load.busy("requests").into_response() };
    let answered = tokio::time::timeout(load.request_time, next.run(request)).await;
    let mut response = answered.unwrap_or_else(|_| Refusal::too_slow().into_response());
    if load.is_stopping() {
        response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    }
    response
}
