//! Access to the client's FHIR server, as granted with a request.

use std::{borrow::Cow, fmt};

use serde_json::value::RawValue;

use super::{
    bad_request::{Fault, Faults, Problem},
    members::Members,
};

const PATH: &str = "fhirAuthorization";

/// `fhirAuthorization`: CDS Hooks "Passing the Access Token to the CDS Service".
///
/// The token is short-lived and must never be stored or logged, so `Debug` leaves it out.
#[derive(Clone, PartialEq, Eq)]
pub struct FhirAuthorization<'a> {
    /// OAuth 2.0 bearer token for the client's FHIR server. Secret.
    pub access_token: Cow<'a, str>,
    /// Lifetime of the token in seconds.
    pub expires_in: u64,
    /// Scopes granted, SMART v1 (`patient/*.read`) or v2 (`patient/*.rs`), separated by spaces.
    pub scope: Cow<'a, str>,
    /// OAuth 2.0 client id of the service at the client's authorization server.
    pub subject: Cow<'a, str>,
    /// The patient that the token is restricted to, if it is; must be the patient of the context.
    pub patient: Option<Cow<'a, str>>,
}

impl<'a> FhirAuthorization<'a> {
    pub(super) fn read(raw: &'a RawValue, faults: &mut Faults) -> Option<Self> {
        let members: Result<Members<'a>, _> = serde_json::from_str(raw.get());
        let members = faults.of(members.map_err(|_| Fault::new(PATH, Problem::MustBe("an object"))))?;
        let access_token = faults.of(members.required_text(PATH, "access_token"));
        faults.of(bearer(&members));
        let expires_in = faults.of(members.required(PATH, "expires_in").and_then(seconds));
        let scope = faults.of(members.required_text(PATH, "scope"));
        let subject = faults.of(members.required_text(PATH, "subject"));
        let patient = faults.of(members.text(PATH, "patient"));
        Some(Self {
            access_token: access_token?,
            expires_in: expires_in?,
            scope: scope?,
            subject: subject?,
            patient: patient?,
        })
    }
}

fn bearer(members: &Members<'_>) -> Result<(), Fault> {
    if members.required_text(PATH, "token_type")? == "Bearer" {
        return Ok(());
    }
    Err(Fault::new("fhirAuthorization.token_type", Problem::MustBe("`Bearer`")))
}

fn seconds(raw: &RawValue) -> Result<u64, Fault> {
    serde_json::from_str(raw.get())
        .map_err(|_| Fault::new("fhirAuthorization.expires_in", Problem::MustBe("a whole number of seconds")))
}

impl fmt::Debug for FhirAuthorization<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("FhirAuthorization")
            .field("expires_in", &self.expires_in)
            .field("scope", &self.scope)
            .finish_non_exhaustive()
    }
}
