//! The context of `order-sign`.

use std::{borrow::Cow, fmt};

use serde_json::value::RawValue;

use super::{
    bad_request::{BadRequest, Fault, Faults, Problem},
    hook_request::HookRequest,
    members::Members,
    resource_type::resource_type,
};

const PATH: &str = "context";

/// What `order-sign` tells: who is about to sign which orders for whom.
///
/// Clause: CDS Hooks library, `order-sign` 1.x. `Debug` shows no ids and no orders.
#[derive(Clone)]
pub struct OrderSignContext<'a> {
    /// The user, as a relative reference: `Practitioner/…` or `PractitionerRole/…`.
    pub user_id: Cow<'a, str>,
    /// The patient's logical id, without a type.
    pub patient_id: Cow<'a, str>,
    /// The encounter's logical id, if the client has one in context.
    pub encounter_id: Option<Cow<'a, str>>,
    /// A Bundle of the orders to be signed, unread beyond its type.
    pub draft_orders: &'a RawValue,
}

impl<'a> OrderSignContext<'a> {
    /// The hook that this context belongs to.
    pub const HOOK: &'static str = "order-sign";

    /// Reads the context of a request.
    ///
    /// # Errors
    /// The request is for another hook, or every context member that is missing or of the wrong form. Context members
    /// that the hook does not define are no error.
    pub fn read<P>(request: &HookRequest<'a, P>) -> Result<Self, BadRequest> {
        request.expect_hook(Self::HOOK)?;
        let mut faults = Faults::default();
        let context = Self::of(&request.context, &mut faults);
        faults.or(context)
    }

    pub(super) fn of(context: &Members<'a>, faults: &mut Faults) -> Option<Self> {
        let user_id = faults.of(user_id(context));
        let patient_id = faults.of(patient_id(context));
        let encounter_id = faults.of(context.text(PATH, "encounterId"));
        let draft_orders = faults.of(draft_orders(context));
        Some(Self {
            user_id: user_id?,
            patient_id: patient_id?,
            encounter_id: encounter_id?,
            draft_orders: draft_orders?,
        })
    }
}

fn user_id<'a>(context: &Members<'a>) -> Result<Cow<'a, str>, Fault> {
    let reference = context.required_text(PATH, "userId")?;
    if is_relative_reference(&reference) {
        return Ok(reference);
    }
    Err(Fault::new("context.userId", Problem::MustBe("a relative reference, `Type/id`")))
}

/// The form that the hook library's invariant ord-1 gives: wider than a FHIR id, as EHRs' ids are.
fn is_relative_reference(text: &str) -> bool {
    let word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    text.split_once('/').is_some_and(|(kind, id)| {
        !kind.is_empty()
            && !id.is_empty()
            && kind.bytes().all(word)
            && id.bytes().all(|byte| word(byte) || matches!(byte, b'-' | b'.'))
    })
}

fn patient_id<'a>(context: &Members<'a>) -> Result<Cow<'a, str>, Fault> {
    let id = context.required_text(PATH, "patientId")?;
    if !id.contains('/') {
        return Ok(id);
    }
    Err(Fault::new("context.patientId", Problem::MustBe("a plain id, without a type")))
}

fn draft_orders<'a>(context: &Members<'a>) -> Result<&'a RawValue, Fault> {
    let raw = context.required(PATH, "draftOrders")?;
    if resource_type(raw).is_some_and(|kind| kind == "Bundle") {
        return Ok(raw);
    }
    Err(Fault::new("context.draftOrders", Problem::MustBe("a Bundle")))
}

impl fmt::Debug for OrderSignContext<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("OrderSignContext").finish_non_exhaustive()
    }
}
