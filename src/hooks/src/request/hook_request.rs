//! The envelope that all hooks share.

use std::{borrow::Cow, collections::HashSet, fmt};

use serde_json::value::RawValue;

use super::{
    authorization::FhirAuthorization,
    bad_request::{BadRequest, Problem},
    envelope::Envelope,
    members::Members,
};

/// A request of any hook; FHIR resources are unread and borrowed from the body.
///
/// `Debug` shows neither tokens nor resources nor ids.
#[derive(Clone)]
pub struct HookRequest<'a> {
    /// The hook that fired, such as `order-sign`.
    pub hook: Cow<'a, str>,
    /// UUID of this firing of the hook, as sent, without `urn:uuid:`.
    pub hook_instance: Cow<'a, str>,
    /// Base URL of the client's FHIR server. Chosen by the caller: not to be trusted with anything.
    pub fhir_server: Option<Cow<'a, str>>,
    /// Access to that server.
    pub fhir_authorization: Option<FhirAuthorization<'a>>,
    /// What the client fetched in advance: key and resource, in document order. A `null` is kept as such: it
    /// says that the client looked and has nothing, whereas an absent key says nothing.
    pub prefetch: Vec<(Cow<'a, str>, &'a RawValue)>,
    /// `extension`, if it is an object: vendors' and implementation guides' own members.
    pub extension: Option<&'a RawValue>,
    pub(super) context: Members<'a>,
}

impl<'a> HookRequest<'a> {
    /// Reads the body of a call. Its syntax is checked once, in one pass; no resource is read.
    ///
    /// # Errors
    /// The first member that is missing or not what CDS Hooks says it is. Unknown members are no error.
    pub fn read(body: &'a [u8]) -> Result<Self, BadRequest> {
        let envelope = Envelope::read(body)?;
        let members = &envelope.members;
        Ok(Self {
            hook: members.required_text("", "hook")?,
            hook_instance: hook_instance(members)?,
            fhir_server: members.text("", "fhirServer")?,
            fhir_authorization: fhir_authorization(members)?,
            extension: members.get("", "extension").ok().flatten().filter(|raw| is_object(raw)),
            context: envelope.context.ok_or_else(|| BadRequest::new("context", Problem::Missing))?,
            prefetch: prefetch(envelope.prefetch.unwrap_or_default())?,
        })
    }

    /// Checks that the request is for the hook that the addressed service answers.
    ///
    /// # Errors
    /// `hook` names another one.
    pub fn expect_hook(&self, hook: &'static str) -> Result<(), BadRequest> {
        if self.hook == hook {
            return Ok(());
        }
        Err(BadRequest::new("hook", Problem::MustBe("the hook of this service")))
    }
}

fn is_object(raw: &RawValue) -> bool {
    raw.get().starts_with('{')
}

fn hook_instance<'a>(members: &Members<'a>) -> Result<Cow<'a, str>, BadRequest> {
    let sent = members.required_text("", "hookInstance")?;
    let uuid = match &sent {
        Cow::Borrowed(text) => Cow::Borrowed(without_urn(text)),
        Cow::Owned(text) => Cow::Owned(without_urn(text).to_owned()),
    };
    if is_uuid(&uuid) {
        return Ok(uuid);
    }
    Err(BadRequest::new("hookInstance", Problem::MustBe("a UUID")))
}

/// CDS Hooks 3.0 implies that the URN form is allowed.
fn without_urn(text: &str) -> &str {
    text.strip_prefix("urn:uuid:").unwrap_or(text)
}

fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

/// A token is of no use without the server it is for: CDS Hooks invariant cds-r-1.
fn fhir_authorization<'a>(members: &Members<'a>) -> Result<Option<FhirAuthorization<'a>>, BadRequest> {
    let Some(raw) = members.get("", "fhirAuthorization")? else { return Ok(None) };
    let authorization = FhirAuthorization::read(raw)?;
    members.required_text("", "fhirServer")?;
    Ok(Some(authorization))
}

fn prefetch<'a>(members: Members<'a>) -> Result<Vec<(Cow<'a, str>, &'a RawValue)>, BadRequest> {
    let mut keys = HashSet::with_capacity(members.0.len());
    for (key, value) in &members.0 {
        if !is_object(value) && value.get() != "null" {
            return Err(BadRequest::new(prefetch_path(key), Problem::MustBe("a resource or null")));
        }
        // One of two answers would be lost, and nobody could tell which.
        if !keys.insert(key.as_ref()) {
            return Err(BadRequest::new(prefetch_path(key), Problem::Repeated));
        }
    }
    drop(keys);
    Ok(members.0)
}

/// The path of a prefetch key. The client may send any key, so only a plain name is repeated to it.
fn prefetch_path(key: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    if key.is_empty() || key.len() > 64 || !key.bytes().all(plain) {
        return "prefetch".to_owned();
    }
    // FHIRPath delimits names that are not identifiers.
    if key.contains('-') || key.starts_with(|first: char| first.is_ascii_digit()) {
        return format!("prefetch.`{key}`");
    }
    format!("prefetch.{key}")
}

impl fmt::Debug for HookRequest<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("HookRequest")
            .field("hook", &self.hook)
            .field("hook_instance", &self.hook_instance)
            .field("fhir_server", &self.fhir_server)
            .field("fhir_authorization", &self.fhir_authorization)
            .field("prefetch", &self.prefetch.len())
            .finish_non_exhaustive()
    }
}
