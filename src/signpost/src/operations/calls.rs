//! Counting hook calls, whoever answers them: the service, or a bound that turns them away.

use std::sync::Arc;
use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;

use super::Metrics;
use crate::http::{App, CALL};

/// Counts a hook call and times it.
pub(crate) async fn count_calls(State(app): State<App>, request: Request, next: Next) -> Response {
    let is_call = request.extensions().get::<MatchedPath>().is_some_and(|path| path.as_str() == CALL);
    if !is_call {
        return next.run(request).await;
    }
    let mut call = Call::new(&app, request.uri().path());
    let response = next.run(request).await;
    call.is_answered = true;
    call.metrics.called(&call.service, response.status().as_u16(), call.start.elapsed());
    response
}

/// A call under way; dropped without an answer, its caller has hung up.
struct Call {
    metrics: Arc<Metrics>,
    service: String,
    start: Instant,
    is_answered: bool,
}

impl Call {
    fn new(app: &App, path: &str) -> Self {
        let id = path.rsplit('/').next().unwrap_or_default();
        // What is no service is the caller's own word, and stays out.
        let live = app.live();
        let service = live.content.service(id).map_or_else(String::new, |service| service.file.id.clone());
        Self { metrics: Arc::clone(app.metrics()), service, start: Instant::now(), is_answered: false }
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        if !self.is_answered {
            self.metrics.hung_up(&self.service);
        }
    }
}
