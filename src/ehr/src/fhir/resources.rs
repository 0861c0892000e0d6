//! FHIR R4 resources, as far as they are read.

use serde::Deserialize;

use super::datatypes::{
    Annotation, Concept, Extension, Identifier, Period, Quantity, Range, Reference, ReferenceRange, stated,
};
use super::dosage::Dosage;
use super::lenient::{Flag, Later, Many, NumberText, One, Raw, Text, object_items};

/// Declares a view: every member defaults to absent, strings borrow, names are camelCase.
macro_rules! views {
    ($($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $kind:ty,)* })*) => {
        $($(#[$doc])*
        #[derive(Debug, Clone, Default, Deserialize)]
        #[serde(default, rename_all = "camelCase", bound(deserialize = "'de: 'a"))]
        pub struct $name<'a> {
            $($(#[$field_doc])* pub $field: $kind,)*
        })*
        object_items!($($name),*);
    };
}

views! {
    /// `Patient`.
    Patient {
        /// Logical id.
        id: Text<'a>,
        /// Version and the like, unread.
        meta: Raw<'a>,
        /// Numbers by which others know the patient.
        identifier: Many<Identifier<'a>>,
        /// Full or partial date.
        birth_date: Text<'a>,
        /// Administrative gender.
        gender: Text<'a>,
    }
    /// `Observation`.
    Observation {
        /// Logical id.
        id: Text<'a>,
        /// Version and the like, unread.
        meta: Raw<'a>,
        /// What changes its meaning, in ways that are not known here.
        modifier_extension: Many<Extension<'a>>,
        /// `final`, `amended`, `corrected` count.
        status: Text<'a>,
        /// What was observed.
        code: One<Concept<'a>>,
        /// Whom it is about.
        subject: One<Reference<'a>>,
        /// What it is about, where that is not the subject (a tumor, a metastasis).
        focus: Many<Reference<'a>>,
        /// Clinically relevant time.
        effective_date_time: Text<'a>,
        /// Clinically relevant time.
        effective_period: One<Period<'a>>,
        /// Clinically relevant time.
        effective_instant: Text<'a>,
        /// When it was made available; stands in where there is no effective time.
        issued: Text<'a>,
        /// Who made it.
        performer: Later<'a, Many<Reference<'a>>>,
        /// Result.
        value_quantity: One<Quantity<'a>>,
        /// Result.
        value_codeable_concept: One<Concept<'a>>,
        /// Result.
        value_string: Text<'a>,
        /// Result.
        value_boolean: Flag,
        /// Result.
        value_range: One<Box<Range<'a>>>,
        /// Result.
        value_integer: NumberText<'a>,
        /// Why there is no result.
        data_absent_reason: One<Concept<'a>>,
        /// High, low, positive ...
        interpretation: Later<'a, Many<Concept<'a>>>,
        /// How it was made.
        method: One<Concept<'a>>,
        /// Where in the body.
        body_site: One<Concept<'a>>,
        /// What was examined.
        specimen: One<Box<Reference<'a>>>,
        /// Limits of normal.
        reference_range: Later<'a, Many<ReferenceRange<'a>>>,
        /// Parts.
        component: Many<Component<'a>>,
        /// Panel members.
        has_member: Many<Reference<'a>>,
        /// Resources inside, unread.
        contained: Raw<'a>,
    }
    /// `Observation.component`.
    Component {
        /// What was observed.
        code: One<Concept<'a>>,
        /// Result.
        value_quantity: One<Quantity<'a>>,
        /// Result.
        value_codeable_concept: One<Concept<'a>>,
        /// Result.
        value_string: Text<'a>,
        /// Result.
        value_integer: NumberText<'a>,
        /// Why there is no result.
        data_absent_reason: One<Concept<'a>>,
        /// High, low, positive ...
        interpretation: Many<Concept<'a>>,
        /// Limits of normal.
        reference_range: Many<ReferenceRange<'a>>,
    }
    /// `Condition`.
    Condition {
        /// Logical id.
        id: Text<'a>,
        /// Version and the like, unread.
        meta: Raw<'a>,
        /// What changes its meaning, in ways that are not known here.
        modifier_extension: Many<Extension<'a>>,
        /// active, recurrence, relapse, inactive, remission, resolved.
        #[serde(borrow, deserialize_with = "stated")]
        clinical_status: One<Concept<'a>>,
        /// unconfirmed, provisional, differential, confirmed, refuted, entered-in-error.
        #[serde(borrow, deserialize_with = "stated")]
        verification_status: One<Concept<'a>>,
        /// Category (problem list item, encounter diagnosis).
        category: Many<Concept<'a>>,
        /// What it is.
        code: One<Concept<'a>>,
        /// Where in the body.
        body_site: Many<Concept<'a>>,
        /// Whom it is about.
        subject: One<Reference<'a>>,
        /// Estimated or actual start.
        onset_date_time: Text<'a>,
        /// Estimated or actual start.
        onset_period: One<Period<'a>>,
        /// When it ended.
        abatement_date_time: Text<'a>,
        /// When it ended.
        abatement_period: Later<'a, One<Period<'a>>>,
        /// When it ended.
        abatement_string: Text<'a>,
        /// When it ended.
        abatement_age: Later<'a, One<Quantity<'a>>>,
        /// When it ended.
        abatement_range: Later<'a, One<Range<'a>>>,
        /// Whether it ended (before R4).
        abatement_boolean: Flag,
        /// When it was written down.
        recorded_date: Text<'a>,
        /// Stage.
        stage: Many<Stage<'a>>,
        /// Comments.
        note: Many<Annotation<'a>>,
        /// Extensions (history, related condition).
        extension: Many<Extension<'a>>,
    }
    /// `Condition.stage`.
    Stage {
        /// The stage itself.
        summary: One<Concept<'a>>,
        /// Which staging system.
        r#type: One<Concept<'a>>,
        /// The observations it rests on.
        assessment: Many<Reference<'a>>,
    }
    /// `MedicationRequest`.
    MedicationRequest {
        /// Logical id.
        id: Text<'a>,
        /// Version and the like, unread.
        meta: Raw<'a>,
        /// What changes its meaning, in ways that are not known here.
        modifier_extension: Many<Extension<'a>>,
        /// active, on-hold, cancelled, completed, entered-in-error, stopped, draft, unknown.
        status: Text<'a>,
        /// proposal, plan, order, original-order, reflex-order, filler-order, instance-order, option.
        intent: Text<'a>,
        /// Whether it asks not to give.
        do_not_perform: Flag,
        /// The drug.
        medication_codeable_concept: One<Concept<'a>>,
        /// The drug.
        medication_reference: One<Reference<'a>>,
        /// Whom it is for.
        subject: One<Reference<'a>>,
        /// In which encounter.
        encounter: One<Reference<'a>>,
        /// Supporting information; attestations may be contained and pointed to here.
        supporting_information: Many<Reference<'a>>,
        /// When it was written.
        authored_on: Text<'a>,
        /// Who ordered it.
        requester: One<Reference<'a>>,
        /// Why.
        reason_code: Many<Concept<'a>>,
        /// Why.
        reason_reference: Many<Reference<'a>>,
        /// Who pays.
        insurance: Many<Reference<'a>>,
        /// How it is given.
        dosage_instruction: Many<Dosage<'a>>,
        /// Why it has the status that it has.
        status_reason: Later<'a, One<Concept<'a>>>,
        /// For how long it may be dispensed.
        dispense_request: Later<'a, One<DispenseRequest<'a>>>,
        /// Names by which senders know one order wherever they copy it.
        identifier: Later<'a, Many<Identifier<'a>>>,
        /// What it was made from (a plan, another order).
        based_on: Later<'a, Many<Reference<'a>>>,
        /// The order that it takes the place of.
        prior_prescription: Later<'a, One<Reference<'a>>>,
        /// Comments.
        note: Later<'a, Many<Annotation<'a>>>,
        /// Extensions (intent, why the therapy ended).
        extension: Later<'a, Many<Extension<'a>>>,
        /// Resources inside, unread.
        contained: Raw<'a>,
    }
    /// `MedicationRequest.dispenseRequest`.
    DispenseRequest {
        /// When it may be dispensed.
        validity_period: One<Period<'a>>,
        /// How long one dispense is to last.
        expected_supply_duration: One<Quantity<'a>>,
        /// How often it may be dispensed again.
        number_of_repeats_allowed: NumberText<'a>,
    }
    /// `MedicationStatement`.
    MedicationStatement {
        /// Logical id.
        id: Text<'a>,
        /// Version and the like, unread.
        meta: Raw<'a>,
        /// What changes its meaning, in ways that are not known here.
        modifier_extension: Many<Extension<'a>>,
        /// active, completed, entered-in-error, intended, stopped, on-hold, unknown, not-taken.
        status: Text<'a>,
        /// The drug.
        medication_codeable_concept: One<Concept<'a>>,
        /// The drug.
        medication_reference: One<Reference<'a>>,
        /// Whom it is about.
        subject: One<Reference<'a>>,
        /// When it was taken.
        effective_date_time: Text<'a>,
        /// When it was taken.
        effective_period: One<Period<'a>>,
        /// When it was stated.
        date_asserted: Text<'a>,
        /// How it is taken.
        dosage: Many<Dosage<'a>>,
        /// Why it has the status that it has.
        status_reason: Later<'a, Many<Concept<'a>>>,
        /// Why it is taken.
        reason_code: Later<'a, Many<Concept<'a>>>,
        /// Who says so.
        information_source: Later<'a, One<Reference<'a>>>,
        /// The orders that it speaks of.
        based_on: Later<'a, Many<Reference<'a>>>,
        /// Comments; therapy given elsewhere is often told here alone.
        note: Many<Annotation<'a>>,
        /// Extensions (intent, why the therapy ended).
        extension: Later<'a, Many<Extension<'a>>>,
        /// Resources inside, unread.
        contained: Raw<'a>,
    }
    /// `MedicationAdministration`.
    MedicationAdministration {
        /// Logical id.
        id: Text<'a>,
        /// Version and the like, unread.
        meta: Raw<'a>,
        /// What changes its meaning, in ways that are not known here.
        modifier_extension: Many<Extension<'a>>,
        /// in-progress, not-done, on-hold, completed, entered-in-error, stopped, unknown.
        status: Text<'a>,
        /// Why it has the status that it has.
        status_reason: Later<'a, Many<Concept<'a>>>,
        /// The drug.
        medication_codeable_concept: One<Concept<'a>>,
        /// The drug.
        medication_reference: One<Reference<'a>>,
        /// To whom it was given.
        subject: One<Reference<'a>>,
        /// When it was given.
        effective_date_time: Text<'a>,
        /// When it was given.
        effective_period: One<Period<'a>>,
        /// Why it was given.
        reason_code: Later<'a, Many<Concept<'a>>>,
        /// What it was given for.
        reason_reference: Later<'a, Many<Reference<'a>>>,
        /// Comments.
        note: Later<'a, Many<Annotation<'a>>>,
        /// Extensions (intent, why the therapy ended).
        extension: Later<'a, Many<Extension<'a>>>,
        /// Resources inside, unread.
        contained: Raw<'a>,
    }
    /// `MedicationDispense`.
    MedicationDispense {
        /// Logical id.
        id: Text<'a>,
        /// Version and the like, unread.
        meta: Raw<'a>,
        /// What changes its meaning, in ways that are not known here.
        modifier_extension: Many<Extension<'a>>,
        /// preparation, in-progress, cancelled, on-hold, completed, entered-in-error, stopped, declined, unknown.
        status: Text<'a>,
        /// The drug.
        medication_codeable_concept: One<Concept<'a>>,
        /// The drug.
        medication_reference: One<Reference<'a>>,
        /// For whom it is.
        subject: One<Reference<'a>>,
        /// How long it lasts.
        days_supply: One<Quantity<'a>>,
        /// When it was packed.
        when_prepared: Text<'a>,
        /// When it was handed out.
        when_handed_over: Text<'a>,
        /// Comments.
        note: Later<'a, Many<Annotation<'a>>>,
        /// Extensions (intent, why the therapy ended).
        extension: Later<'a, Many<Extension<'a>>>,
        /// Resources inside, unread.
        contained: Raw<'a>,
    }
    /// `Procedure`.
    Procedure {
        /// Logical id.
        id: Text<'a>,
        /// Version and the like, unread.
        meta: Raw<'a>,
        /// What changes its meaning, in ways that are not known here.
        modifier_extension: Many<Extension<'a>>,
        /// preparation, in-progress, not-done, on-hold, stopped, completed, entered-in-error, unknown.
        status: Text<'a>,
        /// Why it has the status that it has.
        status_reason: Later<'a, One<Concept<'a>>>,
        /// What was done.
        code: One<Concept<'a>>,
        /// To whom.
        subject: One<Reference<'a>>,
        /// When it was done.
        performed_date_time: Text<'a>,
        /// When it was done.
        performed_period: One<Period<'a>>,
        /// Why it was done.
        reason_code: Later<'a, Many<Concept<'a>>>,
        /// What was used for it (a drug).
        used_code: Many<Concept<'a>>,
        /// Comments.
        note: Later<'a, Many<Annotation<'a>>>,
        /// Extensions (intent).
        extension: Later<'a, Many<Extension<'a>>>,
    }
    /// `CarePlan`.
    CarePlan {
        /// Logical id.
        id: Text<'a>,
        /// Version and the like, unread.
        meta: Raw<'a>,
        /// What changes its meaning, in ways that are not known here.
        modifier_extension: Many<Extension<'a>>,
        /// draft, active, on-hold, revoked, completed, entered-in-error, unknown.
        status: Text<'a>,
        /// proposal, plan, order, option.
        intent: Text<'a>,
        /// Whom it is for.
        subject: One<Reference<'a>>,
        /// When it is in force.
        period: One<Period<'a>>,
        /// What is to be done, and what was.
        activity: Many<CarePlanActivity<'a>>,
        /// Resources inside, unread.
        contained: Raw<'a>,
    }
    /// `CarePlan.activity`.
    CarePlanActivity {
        /// The resource that says what is to be done.
        reference: One<Reference<'a>>,
        /// What is to be done, in place.
        detail: One<Box<ActivityDetail<'a>>>,
    }
    /// `CarePlan.activity.detail`.
    ActivityDetail {
        /// What is to be done.
        code: One<Concept<'a>>,
        /// not-started, scheduled, in-progress, on-hold, completed, cancelled, stopped, unknown, entered-in-error.
        status: Text<'a>,
        /// Why it has the status that it has.
        status_reason: One<Concept<'a>>,
        /// Whether it asks not to do it.
        do_not_perform: Flag,
        /// Why it is to be done.
        reason_code: Many<Concept<'a>>,
        /// When it is to be done.
        scheduled_period: One<Period<'a>>,
        /// The drug.
        product_codeable_concept: One<Concept<'a>>,
        /// The drug.
        product_reference: One<Reference<'a>>,
        /// What is to be done, in words.
        description: Text<'a>,
    }
    /// `Medication`.
    Medication {
        /// Logical id.
        id: Text<'a>,
        /// Version and the like, unread.
        meta: Raw<'a>,
        /// The drug.
        code: One<Concept<'a>>,
    }
    /// `AllergyIntolerance`.
    AllergyIntolerance {
        /// Logical id.
        id: Text<'a>,
        /// Version and the like, unread.
        meta: Raw<'a>,
        /// What changes its meaning, in ways that are not known here.
        modifier_extension: Many<Extension<'a>>,
        /// active, inactive, resolved.
        #[serde(borrow, deserialize_with = "stated")]
        clinical_status: One<Concept<'a>>,
        /// unconfirmed, confirmed, refuted, entered-in-error.
        #[serde(borrow, deserialize_with = "stated")]
        verification_status: One<Concept<'a>>,
        /// low, high, unable-to-assess.
        criticality: Text<'a>,
        /// The substance, or `no known allergy`.
        code: One<Concept<'a>>,
        /// Whose it is.
        patient: One<Reference<'a>>,
        /// Estimated or actual start.
        onset_date_time: Text<'a>,
        /// When it was written down.
        recorded_date: Text<'a>,
        /// What happened.
        reaction: Many<Reaction<'a>>,
    }
    /// `AllergyIntolerance.reaction`.
    Reaction {
        /// The substance of this reaction.
        substance: One<Concept<'a>>,
        /// What it looked like.
        manifestation: Many<Concept<'a>>,
        /// mild, moderate, severe.
        severity: Text<'a>,
    }
    /// `Coverage`.
    Coverage {
        /// Logical id.
        id: Text<'a>,
        /// Version and the like, unread.
        meta: Raw<'a>,
        /// active, cancelled, draft, entered-in-error.
        status: Text<'a>,
        /// Who is insured.
        beneficiary: One<Reference<'a>>,
        /// Who pays.
        payor: Many<Reference<'a>>,
        /// When it is in force.
        period: One<Period<'a>>,
        /// Resources inside, unread.
        contained: Raw<'a>,
    }
    /// `Organization`.
    Organization {
        /// Logical id.
        id: Text<'a>,
        /// Version and the like, unread.
        meta: Raw<'a>,
        /// Business identifiers.
        identifier: Many<Identifier<'a>>,
        /// Name.
        name: Text<'a>,
        /// Other names.
        alias: Many<Text<'a>>,
    }
    /// `Practitioner`.
    Practitioner {
        /// Logical id.
        id: Text<'a>,
        /// Version and the like, unread.
        meta: Raw<'a>,
        /// Degrees and certificates; some systems put the specialty here.
        qualification: Many<Qualification<'a>>,
    }
    /// `Practitioner.qualification`.
    Qualification {
        /// What it is.
        code: One<Concept<'a>>,
        /// While it is held.
        period: One<Period<'a>>,
    }
    /// `PractitionerRole`.
    PractitionerRole {
        /// Logical id.
        id: Text<'a>,
        /// Version and the like, unread.
        meta: Raw<'a>,
        /// What changes its meaning, in ways that are not known here.
        modifier_extension: Many<Extension<'a>>,
        /// Whether it is in use.
        active: Flag,
        /// While the role is held.
        period: One<Period<'a>>,
        /// Who.
        practitioner: One<Reference<'a>>,
        /// Role.
        code: Many<Concept<'a>>,
        /// Specialty.
        specialty: Many<Concept<'a>>,
    }
    /// `CareTeam`.
    CareTeam {
        /// Logical id.
        id: Text<'a>,
        /// Version and the like, unread.
        meta: Raw<'a>,
        /// What changes its meaning, in ways that are not known here.
        modifier_extension: Many<Extension<'a>>,
        /// proposed, active, suspended, inactive, entered-in-error.
        status: Text<'a>,
        /// Whom it cares for.
        subject: One<Reference<'a>>,
        /// While it is there.
        period: One<Period<'a>>,
        /// Who is in it.
        participant: Many<Participant<'a>>,
        /// Resources inside, unread.
        contained: Raw<'a>,
    }
    /// `CareTeam.participant` and `Encounter.participant`.
    Participant {
        /// What they do in the care team.
        role: Many<Concept<'a>>,
        /// Who (care team).
        member: One<Reference<'a>>,
        /// While they take part.
        period: One<Period<'a>>,
        /// What they do in the encounter.
        r#type: Many<Concept<'a>>,
        /// Who (encounter).
        individual: One<Reference<'a>>,
    }
    /// `Encounter`.
    Encounter {
        /// Logical id.
        id: Text<'a>,
        /// Version and the like, unread.
        meta: Raw<'a>,
        /// What changes its meaning, in ways that are not known here.
        modifier_extension: Many<Extension<'a>>,
        /// planned, arrived, triaged, in-progress, onleave, finished, cancelled, entered-in-error.
        status: Text<'a>,
        /// Whose.
        subject: One<Reference<'a>>,
        /// Who takes part.
        participant: Many<Participant<'a>>,
        /// Resources inside, unread.
        contained: Raw<'a>,
    }
    /// `ServiceRequest` (a referral or consultation).
    ServiceRequest {
        /// Logical id.
        id: Text<'a>,
        /// Version and the like, unread.
        meta: Raw<'a>,
        /// What changes its meaning, in ways that are not known here.
        modifier_extension: Many<Extension<'a>>,
        /// draft, active, on-hold, revoked, completed, entered-in-error.
        status: Text<'a>,
        /// proposal, plan, order ...
        intent: Text<'a>,
        /// Whether it asks not to do it.
        do_not_perform: Flag,
        /// What is asked for.
        code: One<Concept<'a>>,
        /// Whom it is for.
        subject: One<Reference<'a>>,
        /// When it was written.
        authored_on: Text<'a>,
        /// What kind of performer.
        performer_type: One<Concept<'a>>,
        /// Who performs.
        performer: Many<Reference<'a>>,
        /// Resources inside, unread.
        contained: Raw<'a>,
    }
}
