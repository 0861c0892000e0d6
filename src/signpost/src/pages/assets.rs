//! Stylesheet, script and icon: inside the binary, served under names that change with their content.

use std::fmt::Write;
use std::sync::LazyLock;

use axum::extract::Path;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

use super::problem;

/// What pages load.
#[derive(Debug)]
struct Asset {
    name: &'static str,
    kind: &'static str,
    text: &'static str,
}

const ASSETS: [Asset; 3] = [
    Asset {
        name: "style.css",
        kind: "text/css; charset=utf-8",
        text: include_str!("../../assets/style.css"),
    },
    Asset {
        name: "workbench.js",
        kind: "text/javascript; charset=utf-8",
        text: include_str!("../../assets/workbench.js"),
    },
    Asset { name: "icon.svg", kind: "image/svg+xml", text: include_str!("../../assets/icon.svg") },
];

/// The paths of the assets, in their order: `/assets/<name>-<hash of the content>.<ending>`.
static PATHS: LazyLock<Vec<String>> = LazyLock::new(|| ASSETS.iter().map(Asset::path).collect());

impl Asset {
    fn path(&self) -> String {
        let hash = Sha256::digest(self.text.as_bytes());
        let short = hash.iter().take(6).fold(String::new(), |mut hex, byte| {
            // Writing to a String does not fail.
            let _ = write!(hex, "{byte:02x}");
            hex
        });
        let (stem, ending) = self.name.rsplit_once('.').unwrap_or((self.name, ""));
        format!("/assets/{stem}-{short}.{ending}")
    }
}

/// The path of an asset for templates. A name that is no asset's is a defect; its path leads nowhere.
#[must_use]
pub fn path(name: &str) -> &'static str {
    let place = ASSETS.iter().position(|asset| asset.name == name);
    place.and_then(|place| PATHS.get(place)).map_or("/assets/none", String::as_str)
}

/// `GET /assets/{file}`. What has this name never changes.
pub(super) async fn serve(Path(file): Path<String>) -> Response {
    let wanted = format!("/assets/{file}");
    let place = PATHS.iter().position(|path| *path == wanted);
    match place.and_then(|place| ASSETS.get(place)) {
        Some(asset) => {
            let mut response = asset.text.into_response();
            let headers = response.headers_mut();
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(asset.kind));
            let forever = HeaderValue::from_static("public, max-age=31536000, immutable");
            headers.insert(CACHE_CONTROL, forever);
            response
        }
        None => problem(StatusCode::NOT_FOUND, "Not here", "This file is not part of the service any more."),
    }
}
