//! The HTTP face: routes, limits, CORS, and one place that knows status codes.

use std::sync::Arc;

use arc_swap::ArcSwap;
use axum::Router;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{DefaultBodyLimit, Extension, Path, Request, State};
use axum::http::header::{
    ACCEPT, AUTHORIZATION, CACHE_CONTROL, CONNECTION, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE,
};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use jiff::Timestamp;
use r4::{Issue, Severity};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::cors::{AllowOrigin, Any, CorsLayer};
use tracing::Instrument;

use crate::answer::{answered, answered_with, discovery};
use crate::content::Content;
use crate::ehr_access::EhrAccess;
use crate::operations::{Metrics, count_calls};
use crate::pages;
use crate::recording::Recording;
use crate::refusal::Refusal;
use crate::serving::{Bounds, Load, admit};
use crate::telemetry::{STEPS, knows_client, knows_decisions, traced};
use crate::trust::{Client, NotAdmitted, Trust};

/// What the routes share.
#[derive(Debug, Clone)]
pub struct App {
    live: Arc<ArcSwap<Live>>,
    clock: fn() -> Timestamp,
    bounds: Bounds,
    load: Load,
    metrics: Arc<Metrics>,
    origins: Vec<HeaderValue>,
}

/// Where a service is called.
pub(crate) const CALL: &str = "/cds-services/{id}";

/// What can be replaced while the service runs, as a whole: a request sees all of the old or all of the new.
#[derive(Debug, Clone)]
pub struct Live {
    /// What the service answers from.
    pub content: Arc<Content>,
    /// Access to EHRs' FHIR servers, for what requests do not bring.
    pub ehr: Option<EhrAccess>,
    /// Where decisions are written down.
    pub recording: Option<Recording>,
    /// Who may call. Without it the service is open.
    pub trust: Option<Arc<Trust>>,
}

impl App {
    /// An app that answers from this content, at the instants that the clock says, by what the requests bring.
    #[must_use]
    pub fn new(content: Content, clock: fn() -> Timestamp) -> Self {
        let live = Live { content: content.into(), ehr: None, trust: None, recording: None };
        Self::of(live, clock, Bounds::default())
    }

    /// The same, with access to EHRs' FHIR servers for what requests do not bring.
    #[must_use]
    pub fn with_ehr(self, ehr: EhrAccess) -> Self {
        let live = Live { ehr: Some(ehr), ..Live::clone(&self.live.load()) };
        Self { live: Arc::new(ArcSwap::from_pointee(live)), ..self }
    }

    /// The same, with decisions written down.
    #[must_use]
    pub fn with_recording(self, recording: Recording) -> Self {
        let live = Live::clone(&self.live.load());
        self.replace(Live { recording: Some(recording), ..live });
        self
    }

    /// The same for known clients only.
    #[must_use]
    pub fn with_trust(self, trust: Trust) -> Self {
        let live = Live { trust: Some(Arc::new(trust)), ..Live::clone(&self.live.load()) };
        Self { live: Arc::new(ArcSwap::from_pointee(live)), ..self }
    }

    /// The same for browsers of these origins. Without any, an open service answers browsers of all origins and one that
    /// knows its clients those of none.
    #[must_use]
    pub fn with_origins(self, origins: &[String]) -> Self {
        let origins = origins.iter().filter_map(|origin| HeaderValue::from_str(origin).ok()).collect();
        Self { origins, ..self }
    }

    /// An app with all that it needs.
    #[must_use]
    pub fn of(live: Live, clock: fn() -> Timestamp, bounds: Bounds) -> Self {
        let load = Load::new(&bounds);
        Self {
            live: Arc::new(ArcSwap::from_pointee(live)),
            clock,
            bounds,
            load,
            metrics: Arc::default(),
            origins: Vec::new(),
        }
    }

    /// Replaces what requests are answered from. Those that have begun end with what they began with.
    pub fn replace(&self, live: Live) {
        self.live.store(Arc::new(live));
    }

    /// What requests that begin now are answered from.
    #[must_use]
    pub fn live(&self) -> Arc<Live> {
        self.live.load_full()
    }

    /// What is counted.
    #[must_use]
    pub fn metrics(&self) -> &Arc<Metrics> {
        &self.metrics
    }

    /// What the service carries.
    #[must_use]
    pub fn load(&self) -> &Load {
        &self.load
    }

    /// The instant at which a request that comes now is answered.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        (self.clock)()
    }

    /// The largest body that is read, in bytes.
    #[must_use]
    pub fn body_limit(&self) -> usize {
        self.bounds.body
    }

    /// The routes. Pages stand beside those of CDS Hooks, not under their layers; only an open service has all of them here.
    pub fn router(self) -> Router {
        let cors = self.cors();
        let is_open = self.live.load().trust.is_none();
        let pages = if is_open { pages::open(&self) } else { pages::public(&self) };
        self.guarded()
            .fallback(move |headers: HeaderMap| async move {
                if is_open && pages::is_for_people(&headers) {
                    pages::not_found()
                } else {
                    Refusal::unknown_path().into_response()
                }
            })
            .method_not_allowed_fallback(|| async { Refusal::wrong_method() })
            .layer(DefaultBodyLimit::max(self.bounds.body))
            .layer(CatchPanicLayer::custom(|_| {
                tracing::error!("a request made the service panic");
                Refusal::internal().into_response()
            }))
            .layer(from_fn_with_state(self.load.clone(), admit))
            .layer(from_fn_with_state(self.clone(), count_calls))
            .layer(from_fn_with_state(self.clone(), traced))
            .layer(cors)
            .merge(pages)
            .with_state(self)
    }

    /// Every route of CDS Hooks stands here: what is added is guarded with the rest.
    fn guarded(&self) -> Router<Self> {
        Router::new()
            .route("/cds-services", get(services))
            .route(CALL, post(call))
            .route("/cds-services/{id}/feedback", post(feedback))
            .route_layer(from_fn_with_state(self.clone(), admitted))
    }

    /// Browser-based clients call without cookies. A preflight is answered before anything else.
    fn cors(&self) -> CorsLayer {
        let is_for_all = self.live.load().trust.is_none() && self.origins.is_empty();
        let origins = if is_for_all { Any.into() } else { AllowOrigin::list(self.origins.iter().cloned()) };
        CorsLayer::new()
            .allow_origin(origins)
            .allow_methods([Method::GET, Method::POST, Method::OPTIONS])
            .allow_headers([ACCEPT, AUTHORIZATION, CONTENT_TYPE])
    }
}

/// Lets known clients in, before anything of the body is read, and gives a request what it is answered from: the clients
/// and the content of one moment.
async fn admitted(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let live = app.live();
    let mut caller = None;
    if let Some(trust) = &live.trust {
        match trust.admit(request.headers(), request.uri().path()).await {
            Ok(admitted) => {
                knows_client(&admitted.client().name);
                caller = Some(admitted);
            }
            Err(NotAdmitted { refusal, why }) => {
                app.metrics.refused(why);
                return refusal.into_response();
            }
        }
    }
    request.extensions_mut().insert(live);
    if let Some(caller) = &caller {
        request.extensions_mut().insert(Arc::clone(caller.client()));
    }
    // The caller's place among its client's calls is free again when it is answered.
    next.run(request).await
}

/// `GET /cds-services`. Clients read it again at least once a day (Da Vinci CRD found-16).
async fn services(Extension(live): Extension<Arc<Live>>) -> Result<Response, Refusal> {
    let mut response = json(StatusCode::OK, discovery(&live.content)?);
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("max-age=300"));
    Ok(response)
}

/// `POST /cds-services/{id}`.
async fn call(
    State(app): State<App>,
    Extension(live): Extension<Arc<Live>>,
    client: Option<Extension<Arc<Client>>>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Refusal> {
    let service = live.content.service(&id).ok_or_else(Refusal::unknown_service)?;
    if !is_json(&headers) {
        return Err(Refusal::not_json());
    }
    let body = whole(body, &app)?;
    let turn = app.load.turn().await?;
    let at = (app.clock)();
    // When the client hangs up, the server drops this future, and with it every request that is on its way to the EHR.
    let ehr = live.ehr.as_ref().map(|ehr| match &client {
        Some(Extension(client)) => ehr.for_client(&client.name, client.fhir_servers.clone()),
        None => ehr.clone(),
    });
    let name = client.as_ref().map(|client| &*client.name);
    let recorded = live.recording.as_ref().map(|recording| recording.of(name));
    let answer = match &ehr {
        Some(ehr) => {
            let answer = answered_with(ehr, &live.content, service, &body, at, recorded);
            turn.until_it_waits(answer).await?
        }
        None => answered(&live.content, service, &body, at, recorded)?,
    };
    if let Some(recording) = &live.recording {
        knows_decisions(&answer.records);
        let journal = tracing::info_span!(target: STEPS, "journal");
        recording.keep(answer.records, &app.metrics).instrument(journal).await?;
    }
    app.metrics.answered(&id, answer.tally);
    Ok(json(StatusCode::OK, answer.body))
}

/// `POST /cds-services/{id}/feedback`. CDS Hooks names no status for it; a card that nobody knows is no error.
async fn feedback(
    State(app): State<App>,
    Extension(live): Extension<Arc<Live>>,
    client: Option<Extension<Arc<Client>>>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Refusal> {
    let service = live.content.service(&id).ok_or_else(Refusal::unknown_service)?;
    let recording = live.recording.as_ref().ok_or_else(Refusal::no_feedback)?;
    if !is_json(&headers) {
        return Err(Refusal::not_json());
    }
    let items = crate::feedback::read(&whole(body, &app)?, &service.file.override_reasons)?;
    let client = client.as_ref().map(|client| &*client.name);
    let taken = recording.journal().feedback(client, &id, &items).await;
    let taken = taken.map_err(|failure| Recording::not_taken(&failure))?;
    app.metrics.told(items.iter().map(|item| &item.outcome), &taken);
    tracing::info!(stored = taken.stored, repeated = taken.repeated, unknown = taken.unknown, "feedback");
    Ok(json(StatusCode::OK, "{}"))
}

fn whole(body: Result<Bytes, BytesRejection>, app: &App) -> Result<Bytes, Refusal> {
    body.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Refusal::too_large(app.bounds.body),
        _ => Refusal::broken_off(),
    })
}

/// `application/json` or a JSON type with a suffix, with any parameters. A body without a type is taken as JSON.
fn is_json(headers: &HeaderMap) -> bool {
    let Some(value) = headers.get(CONTENT_TYPE) else { return true };
    let essence =
        value.to_str().unwrap_or_default().split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    essence == "application/json" || (essence.starts_with("application/") && essence.ends_with("+json"))
}

fn json(status: StatusCode, body: impl Into<axum::body::Body>) -> Response {
    (status, [(CONTENT_TYPE, "application/json")], body.into()).into_response()
}

/// What the client is told. A 4xx is the client's to mend, so it is no error in the operator's log.
impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let codes: Vec<&str> = self.issues.iter().map(|issue| issue.code).collect();
        tracing::info!(status = self.status, codes = codes.join(" "), text = %self, "refused");
        let issues: Vec<Issue<'_>> = self
            .issues
            .iter()
            .map(|issue| Issue {
                severity: Severity::Error,
                code: issue.code,
                details_text: &issue.text,
                diagnostics: None,
                expression: issue.expression.as_deref(),
            })
            .collect();
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = match r4::operation_outcome(&issues) {
            Ok(outcome) => (status, [(CONTENT_TYPE, "application/fhir+json")], outcome).into_response(),
            Err(_) => status.into_response(),
        };
        match status {
            StatusCode::UNAUTHORIZED => {
                response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
            }
            StatusCode::SERVICE_UNAVAILABLE => {
                response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("1"));
            }
            // What is left of the body would be taken for the next request.
            StatusCode::REQUEST_TIMEOUT => {
                response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
            }
            _ => {}
        }
        response
    }
}
