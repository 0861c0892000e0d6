//! `/`: what is here.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use super::{Audience, Frame, Place, apart, page};
use crate::content::Content;
use crate::http::App;

/// What the overview says.
#[derive(Debug, Template)]
#[template(path = "home.html")]
struct Home {
    frame: Frame,
    services: Vec<Service>,
    policies: Vec<Policy>,
}

/// A CDS service.
#[derive(Debug)]
struct Service {
    id: String,
    title: String,
    description: String,
    hook: &'static str,
    drugs: String,
    payers: String,
}

/// A policy version.
#[derive(Debug)]
struct Policy {
    /// Where its page is.
    page: String,
    title: String,
    version: String,
    source: String,
    url: Option<String>,
}

/// `GET /`.
pub(super) async fn show(State(app): State<App>) -> Response {
    let live = app.live();
    apart(&app, move || page(StatusCode::OK, &home(&live.content))).await
}

fn home(content: &Content) -> Home {
    let services = content.services.iter().map(|service| Service {
        id: service.file.id.clone(),
        title: service.file.title.clone(),
        description: service.file.description.clone(),
        hook: service.file.hook.as_str(),
        drugs: listed(service.drugs.iter().map(|drug| drug.file.name.as_str())),
        payers: listed(service.file.payers.iter().map(|payer| payer.title.as_str())),
    });
    let policies = content.policies.iter().map(|(policy, _)| Policy {
        page: super::policies::address(&policy.id),
        title: policy.title.clone(),
        version: policy.version.clone(),
        source: policy.source.label.clone(),
        url: policy.source.url.clone().filter(|url| url.starts_with("https://")),
    });
    let frame = Frame::new("Signpost", Audience::Open, Some(Place::Home));
    Home { frame, services: services.collect(), policies: policies.collect() }
}

fn listed<'t>(texts: impl Iterator<Item = &'t str>) -> String {
    texts.collect::<Vec<_>>().join(", ")
}
