//! `[operations]`: where operators look.

use std::net::SocketAddr;

use super::parts::{address, secret_file};
use super::secret::Secret;
use super::section::Section;

/// The operators' listener.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operations {
    /// Where it listens. Health and metrics hold no patient data and ask nobody who they are, so that may be anywhere.
    pub listen: SocketAddr,
    /// Whether it shows the service's certificate. Probes rarely have a certificate of their own: none is asked for.
    pub tls: bool,
    /// What operators show for everything else; nothing else is served without.
    pub token: Option<Secret>,
}

/// The fewest characters of the operators' token: nobody guesses as many.
const SHORTEST_TOKEN: usize = 32;

pub(super) fn read(section: &Section<'_>, has_tls: bool) -> Option<Operations> {
    let listen = section.parsed("listen", address);
    let tls = section.boolean("tls").unwrap_or_default();
    let token = section.path("token_file").and_then(|path| {
        let token = secret_file(&path).and_then(|token| usable(&token).map(|()| token));
        token.map_err(|message| section.wrong("token_file", &message)).ok()
    });
    if section.is_there() {
        section.needs("listen", "the address for health and metrics");
    }
    if tls && !has_tls {
        section.wrong("tls", "needs the certificate of `[tls]`");
    }
    let listen = listen?;
    if section.has("token_file") && !tls && !listen.ip().is_loopback() {
        section.wrong(
            "token_file",
            "the token would cross the network in the clear: `tls = true`, or a `listen` on loopback",
        );
    }
    Some(Operations { listen, tls, token })
}

/// Whether a token can stand in a header, and is long enough.
fn usable(token: &Secret) -> Result<(), String> {
    let token = token.reveal();
    if token.len() < SHORTEST_TOKEN || !token.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(format!("must hold one token of at least {SHORTEST_TOKEN} characters without spaces"));
    }
    Ok(())
}
