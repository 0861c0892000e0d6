//! The envelope that all hooks share.

use std::{borrow::Cow, collections::HashSet, fmt};

use serde_json::value::RawValue;

use super::{
    authorization::FhirAuthorization,
    bad_request::{BadRequest, Fault, Faults, Problem},
    envelope::Envelope,
    members::Members,
    order_sign::OrderSignContext,
    prefetched::{Prefetched, Values},
};

/// A request of any hook; FHIR resources are unread and borrowed from the body. What was prefetched is `P`: unread too,
/// or read in the pass over the body.
///
/// `Debug` shows neither tokens nor resources nor ids.
#[derive(Clone)]
pub struct HookRequest<'a, P = &'a RawValue> {
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
    pub prefetch: Vec<(Cow<'a, str>, P)>,
    /// `extension`, if it is an object: vendors' and implementation guides' own members.
    pub extension: Option<&'a RawValue>,
    pub(super) context: Members<'a>,
}

impl<'a> HookRequest<'a> {
    /// Reads the body of a call, of whatever hook. Its syntax is checked once, in one pass; no resource is read.
    ///
    /// # Errors
    /// Every member that is missing or not what CDS Hooks says it is, the context's too. Unknown members are no error.
    pub fn read(body: &'a [u8]) -> Result<Self, BadRequest> {
        Self::read_with(body, None)
    }

    /// As [`HookRequest::read`], for a service that answers `hook`.
    ///
    /// # Errors
    /// As [`HookRequest::read`]; also if the request is for another hook.
    pub fn read_for(hook: &str, body: &'a [u8]) -> Result<Self, BadRequest> {
        Self::read_with(body, Some(hook))
    }
}

impl<'a, P: Prefetched<'a>> HookRequest<'a, P> {
    /// As [`HookRequest::read`], with what was prefetched read in the same pass; for a service that answers the hook
    /// `expected`, if one is named.
    ///
    /// # Errors
    /// As [`HookRequest::read`]; also if the request is for another hook than the expected one.
    pub fn read_with(body: &'a [u8], expected: Option<&str>) -> Result<Self, BadRequest> {
        let Envelope { members, context, prefetch: prefetched } = Envelope::read(body)?;
        let mut faults = Faults::default();
        let hook = faults.of(members.required_text("", "hook"));
        if hook.as_ref().zip(expected).is_some_and(|(hook, expected)| hook != expected) {
            faults.note(another_hook());
        }
        let hook_instance = faults.of(hook_instance(&members));
        let context = faults.of(context.unwrap_or_else(|| Err(Fault::new("context", Problem::Missing))));
        // A request that does not say its hook is read as one of the only hook there is.
        if hook.as_ref().is_none_or(|hook| hook == OrderSignContext::HOOK)
            && let Some(context) = &context
        {
            OrderSignContext::of(context, &mut faults);
        }
        let fhir_server = faults.of(members.text("", "fhirServer"));
        let fhir_authorization = fhir_authorization(&members, &mut faults);
        let prefetch = faults.of(prefetched.transpose()).map(|values| prefetch(values, &mut faults));
        let extension = members.get("", "extension").ok().flatten().filter(|raw| is_object(raw));
        let whole = || {
            Some(Self {
                hook: hook?,
                hook_instance: hook_instance?,
                fhir_server: fhir_server?,
                fhir_authorization,
                prefetch: prefetch?,
                extension,
                context: context?,
            })
        };
        faults.or(whole())
    }
}

impl<P> HookRequest<'_, P> {
    /// Checks that the request is for the hook that the addressed service answers.
    ///
    /// # Errors
    /// `hook` names another one.
    pub fn expect_hook(&self, hook: &'static str) -> Result<(), BadRequest> {
        if self.hook == hook { Ok(()) } else { Err(another_hook().into()) }
    }
}

fn another_hook() -> Fault {
    Fault::new("hook", Problem::MustBe("the hook of this service"))
}

fn is_object(raw: &RawValue) -> bool {
    raw.get().starts_with('{')
}

fn hook_instance<'a>(members: &Members<'a>) -> Result<Cow<'a, str>, Fault> {
    let sent = members.required_text("", "hookInstance")?;
    let uuid = match &sent {
        Cow::Borrowed(text) => Cow::Borrowed(without_urn(text)),
        Cow::Owned(text) => Cow::Owned(without_urn(text).to_owned()),
    };
    if is_uuid(&uuid) {
        return Ok(uuid);
    }
    Err(Fault::new("hookInstance", Problem::MustBe("a UUID")))
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
fn fhir_authorization<'a>(members: &Members<'a>, faults: &mut Faults) -> Option<FhirAuthorization<'a>> {
    let raw = faults.of(members.get("", "fhirAuthorization"))??;
    faults.of(members.required_text("", "fhirServer"));
    FhirAuthorization::read(raw, faults)
}

fn prefetch<'a, P: Prefetched<'a>>(
    values: Option<Values<'a, P>>,
    faults: &mut Faults,
) -> Vec<(Cow<'a, str>, P)> {
    let values = values.map(|values| values.0).unwrap_or_default();
    let mut keys = HashSet::with_capacity(values.len());
    for (key, value) in &values {
        // One of two answers would be lost, and nobody could tell which.
        if !keys.insert(key.as_ref()) {
            faults.note(Fault::new(prefetch_path(key), Problem::Repeated));
        } else if !value.is_resource_or_null() {
            faults.note(Fault::new(prefetch_path(key), Problem::MustBe("a resource or null")));
        }
    }
    drop(keys);
    values
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

impl<P> fmt::Debug for HookRequest<'_, P> {
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
