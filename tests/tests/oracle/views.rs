//! Every view of `ehr::fhir`, member by member.
//!
//! The views are taken apart without `..`, so a member that is added to one of them does not compile until it is
//! compared here. The FHIR name of a member is worked out from its Rust name, or given where it is another.

use ehr::fhir::*;

use super::seen::{See, Seen};

macro_rules! see {
    ($($view:ident { $($member:ident $(as $name:literal)?),* })*) => {
        $(impl See for $view<'_> {
            fn see(&self) -> Seen {
                let $view { $($member),* } = self;
                Seen::Object(stringify!($view), vec![$((name(stringify!($member), &[$($name)?]), $member.see())),*])
            }
        })*

        /// Every member of every view, as `View.member`.
        pub fn members() -> Vec<String> {
            vec![$($(format!("{}.{}", stringify!($view), name(stringify!($member), &[$($name)?]))),*),*]
        }
    };
}

macro_rules! see_resources {
    ($($name:ident),*) => {
        /// What was read of a resource; nothing of a type that is not read.
        pub fn see(resource: &Resource<'_>) -> Option<Seen> {
            match resource {
                $(Resource::$name(view) => Some(view.see()),)*
                Resource::OperationOutcome | Resource::Other(_) => None,
            }
        }
    };
}

/// `value_quantity` is `valueQuantity`, `r#type` is `type`.
fn name(rust: &str, given: &[&str]) -> String {
    if let [given] = given {
        return (*given).to_owned();
    }
    let mut words = rust.trim_start_matches("r#").split('_');
    let first = words.next().unwrap().to_owned();
    words.fold(first, |name, word| {
        let (initial, rest) = word.split_at(1);
        name + &initial.to_uppercase() + rest
    })
}

see_resources!(
    AllergyIntolerance,
    CarePlan,
    CareTeam,
    Condition,
    Coverage,
    Encounter,
    Medication,
    MedicationAdministration,
    MedicationDispense,
    MedicationRequest,
    MedicationStatement,
    Observation,
    Organization,
    Patient,
    Practitioner,
    PractitionerRole,
    Procedure,
    ServiceRequest
);

see! {
    Coding { system, code, display }
    Concept { coding, text }
    Quantity { value, comparator, unit, system, code }
    Range { low, high }
    Ratio { numerator, denominator }
    Period { start, end }
    Identifier { system, value }
    Reference { reference, kind as "type", identifier, display }
    ReferenceRange { low, high, kind as "type", applies_to, age, text }
    Annotation { text }
    Extension { url, value_codeable_concept, value_reference, value_boolean, extension }
    Dosage { text, timing, route, dose_and_rate, max_dose_per_period, dose_quantity }
    DoseAndRate { dose_quantity, dose_range, rate_quantity, rate_ratio }
    Timing { event, repeat, code }
    Repeat {
        frequency, frequency_max, period, period_max, period_unit, count, day_of_week, time_of_day, when, bounds_period,
        bounds_duration
    }
    Patient { id, meta, identifier, birth_date, gender }
    Observation {
        id, meta, modifier_extension, status, code, subject, focus, effective_date_time, effective_period, effective_instant, issued, performer,
        value_quantity, value_codeable_concept, value_string, value_boolean, value_range, value_integer,
        data_absent_reason, interpretation, method, body_site, specimen, reference_range, component,
        has_member, contained
    }
    Component {
        code, value_quantity, value_codeable_concept, value_string, value_integer, data_absent_reason, interpretation,
        reference_range
    }
    Condition {
        id, meta, modifier_extension, clinical_status, verification_status, category, code, body_site, subject, onset_date_time, onset_period,
        abatement_date_time, abatement_period, abatement_string, abatement_age, abatement_range, abatement_boolean,
        recorded_date, stage, note, extension
    }
    Stage { summary, r#type, assessment }
    MedicationRequest {
        id, meta, modifier_extension, status, intent, do_not_perform, medication_codeable_concept, medication_reference, subject, encounter,
        supporting_information, authored_on, requester, reason_code, reason_reference, insurance, dosage_instruction,
        status_reason, dispense_request, identifier, based_on, prior_prescription, note, extension, contained
    }
    DispenseRequest { validity_period, expected_supply_duration, number_of_repeats_allowed }
    MedicationStatement {
        id, meta, modifier_extension, status, medication_codeable_concept, medication_reference, subject, effective_date_time, effective_period,
        date_asserted, dosage, status_reason, reason_code, information_source, based_on, note, extension, contained
    }
    MedicationAdministration {
        id, meta, modifier_extension, status, status_reason, medication_codeable_concept, medication_reference, subject, effective_date_time,
        effective_period, reason_code, reason_reference, note, extension, contained
    }
    MedicationDispense {
        id, meta, modifier_extension, status, medication_codeable_concept, medication_reference, subject, days_supply, when_prepared,
        when_handed_over, note, extension, contained
    }
    Procedure {
        id, meta, modifier_extension, status, status_reason, code, subject, performed_date_time, performed_period, reason_code, used_code, note,
        extension
    }
    CarePlan { id, meta, modifier_extension, status, intent, subject, period, activity, contained }
    CarePlanActivity { reference, detail }
    ActivityDetail {
        code, status, status_reason, do_not_perform, reason_code, scheduled_period, product_codeable_concept,
        product_reference, description
    }
    Medication { id, meta, code }
    AllergyIntolerance {
        id, meta, modifier_extension, clinical_status, verification_status, criticality, code, patient, onset_date_time, recorded_date, reaction
    }
    Reaction { substance, manifestation, severity }
    Coverage { id, meta, status, beneficiary, payor, period, contained }
    Organization { id, meta, identifier, name, alias }
    Practitioner { id, meta, qualification }
    Qualification { code, period }
    PractitionerRole { id, meta, modifier_extension, active, period, practitioner, code, specialty }
    CareTeam { id, meta, modifier_extension, status, subject, period, participant, contained }
    Participant { role, member, period, r#type, individual }
    Encounter { id, meta, modifier_extension, status, subject, participant, contained }
    ServiceRequest { id, meta, modifier_extension, status, intent, do_not_perform, code, subject, authored_on, performer_type, performer, contained }
}
