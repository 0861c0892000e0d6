//! Valid R4 resources of every type that is read, with members that are not read among those that are.

use super::json_text::{
    Json, Member, at_most_one_of, code, date, date_time, decimal, flag, id, instant, integer, like, many,
    object, one_of, optional, positive, required, some_of, text,
};

fn uri() -> Json {
    like("(http://[a-z]{1,8}\\.org/[A-Za-z0-9/-]{0,12}|urn:oid:[0-9]\\.[0-9]{1,8})")
}

fn coding() -> Json {
    some_of(vec![
        ("code", like("[A-Za-z0-9.-]{1,10}")),
        ("system", uri()),
        ("display", text()),
        ("version", text()),
        ("userSelected", flag()),
    ])
}

fn concept() -> Json {
    some_of(vec![("coding", many(coding())), ("text", text())])
}

fn quantity_of(comparator: Option<Json>) -> Json {
    let mut members = vec![("value", decimal()), ("unit", text()), ("system", uri()), ("code", text())];
    members.extend(comparator.map(|comparator| ("comparator", comparator)));
    some_of(members)
}

fn quantity() -> Json {
    quantity_of(Some(code(["<", "<=", ">=", ">"])))
}

fn simple_quantity() -> Json {
    quantity_of(None)
}

fn range() -> Json {
    some_of(vec![("low", simple_quantity()), ("high", simple_quantity())])
}

fn ratio() -> Json {
    some_of(vec![("numerator", quantity()), ("denominator", quantity())])
}

fn period() -> Json {
    some_of(vec![("start", date_time()), ("end", date_time())])
}

fn identifier() -> Json {
    some_of(vec![
        ("value", text()),
        ("system", uri()),
        ("use", code(["usual", "official"])),
        ("type", concept()),
    ])
}

fn reference() -> Json {
    some_of(vec![
        (
            "reference",
            like("(Patient/[a-z0-9]{1,6}|#[a-z0-9]{1,4}|urn:uuid:[0-9a-f]{8}|https://ehr\\.example/x/1)"),
        ),
        ("type", code(["Patient", "Organization"])),
        ("identifier", identifier()),
        ("display", text()),
    ])
}

fn annotation() -> Json {
    object(vec![required("text", text()), optional("time", date_time()), optional("authorString", text())])
}

fn extension() -> Json {
    let inner = object(vec![
        required("url", uri()),
        one_of([("valueCode", code(["x"])), ("valueDecimal", decimal())]),
    ]);
    object(vec![
        required("url", uri()),
        one_of([
            ("valueCodeableConcept", concept()),
            ("valueReference", reference()),
            ("valueBoolean", flag()),
            ("valueQuantity", quantity()),
            ("extension", many(inner)),
        ]),
    ])
}

fn reference_range() -> Json {
    some_of(vec![
        ("low", simple_quantity()),
        ("high", simple_quantity()),
        ("type", concept()),
        ("appliesTo", many(concept())),
        ("age", range()),
        ("text", text()),
    ])
}

fn timing() -> Json {
    let repeat = object(vec![
        optional("periodUnit", code(["d", "wk", "h"])),
        required("period", decimal()),
        optional("periodMax", decimal()),
        optional("frequency", positive()),
        optional("frequencyMax", positive()),
        optional("count", positive()),
        at_most_one_of([
            ("boundsPeriod", period()),
            ("boundsDuration", quantity()),
            ("boundsRange", range()),
        ]),
        optional("dayOfWeek", many(code(["mon", "tue"]))),
        optional("timeOfDay", many(code(["08:00:00", "20:00:00"]))),
        optional("when", many(code(["MORN", "CV"]))),
    ]);
    some_of(vec![("repeat", repeat), ("event", many(date_time())), ("code", concept())])
}

fn dosage() -> Json {
    let dose_and_rate = object(vec![
        optional("type", concept()),
        one_of([("doseQuantity", simple_quantity()), ("doseRange", range())]),
        at_most_one_of([("rateQuantity", simple_quantity()), ("rateRatio", ratio()), ("rateRange", range())]),
    ]);
    some_of(vec![
        ("doseAndRate", many(dose_and_rate)),
        ("text", text()),
        ("timing", timing()),
        ("route", concept()),
        ("maxDosePerPeriod", ratio()),
        ("sequence", positive()),
        ("asNeededBoolean", flag()),
        ("additionalInstruction", many(concept())),
    ])
}

/// A resource with what every resource has, none of which decides anything.
fn resource(kind: &'static str, members: Vec<Member>) -> Json {
    let meta = some_of(vec![("versionId", id()), ("lastUpdated", instant()), ("profile", many(uri()))]);
    let common = vec![
        required("resourceType", code([kind])),
        required("id", id()),
        optional("meta", meta),
        optional("language", code(["en", "de"])),
        optional("modifierExtension", many(extension())),
    ];
    object([common, members].concat())
}

/// What a domain resource may hold inside.
fn contained() -> Json {
    use proptest::prelude::*;
    let organization = resource("Organization", vec![required("name", text())]);
    let medication = resource("Medication", vec![required("code", concept())]);
    many(prop_oneof![organization, medication].boxed())
}

fn medication_choice() -> Member {
    one_of([("medicationCodeableConcept", concept()), ("medicationReference", reference())])
}

fn patient() -> Json {
    let name = some_of(vec![("family", text()), ("given", many(text()))]);
    resource(
        "Patient",
        vec![
            optional("identifier", many(identifier())),
            optional("birthDate", date()),
            optional("gender", code(["female", "male", "other", "unknown"])),
            optional("_gender", object(vec![required("extension", many(extension()))])),
            optional("name", many(name)),
            optional("extension", many(extension())),
            optional("deceasedBoolean", flag()),
        ],
    )
}

fn component() -> Json {
    object(vec![
        required("code", concept()),
        at_most_one_of([
            ("valueQuantity", quantity()),
            ("valueCodeableConcept", concept()),
            ("valueString", text()),
            ("valueInteger", integer()),
            ("valuePeriod", period()),
        ]),
        optional("dataAbsentReason", concept()),
        optional("interpretation", many(concept())),
        optional("referenceRange", many(reference_range())),
    ])
}

fn observation() -> Json {
    resource(
        "Observation",
        vec![
            required("status", code(["final", "amended", "preliminary"])),
            required("code", concept()),
            optional("category", many(concept())),
            optional("subject", reference()),
            optional("focus", many(reference())),
            at_most_one_of([
                ("effectiveDateTime", date_time()),
                ("effectivePeriod", period()),
                ("effectiveInstant", instant()),
            ]),
            optional("issued", instant()),
            optional("performer", many(reference())),
            observation_value(),
            optional("dataAbsentReason", concept()),
            optional("interpretation", many(concept())),
            optional("method", concept()),
            optional("bodySite", concept()),
            optional("specimen", reference()),
            optional("referenceRange", many(reference_range())),
            optional("component", many(component())),
            optional("hasMember", many(reference())),
            optional("note", many(annotation())),
            optional("contained", contained()),
            optional("extension", many(extension())),
        ],
    )
}

fn observation_value() -> Member {
    at_most_one_of([
        ("valueQuantity", quantity()),
        ("valueCodeableConcept", concept()),
        ("valueString", text()),
        ("valueBoolean", flag()),
        ("valueRange", range()),
        ("valueRatio", ratio()),
        ("valueInteger", integer()),
        ("valueDateTime", date_time()),
        ("valueTime", code(["12:30:00"])),
    ])
}

fn condition() -> Json {
    let stage = some_of(vec![("summary", concept()), ("assessment", many(reference())), ("type", concept())]);
    resource(
        "Condition",
        vec![
            optional("clinicalStatus", concept()),
            optional("verificationStatus", concept()),
            optional("category", many(concept())),
            optional("severity", concept()),
            optional("code", concept()),
            optional("bodySite", many(concept())),
            required("subject", reference()),
            at_most_one_of([
                ("onsetDateTime", date_time()),
                ("onsetPeriod", period()),
                ("onsetString", text()),
            ]),
            at_most_one_of([
                ("abatementDateTime", date_time()),
                ("abatementPeriod", period()),
                ("abatementString", text()),
                ("abatementAge", quantity()),
                ("abatementRange", range()),
            ]),
            optional("recordedDate", date_time()),
            optional("stage", many(stage)),
            optional("note", many(annotation())),
            optional("extension", many(extension())),
        ],
    )
}

fn medication_request() -> Json {
    let dispense_request = some_of(vec![
        ("validityPeriod", period()),
        ("expectedSupplyDuration", quantity()),
        ("numberOfRepeatsAllowed", positive()),
        ("dispenseInterval", quantity()),
    ]);
    resource(
        "MedicationRequest",
        vec![
            required("status", code(["draft", "active", "stopped"])),
            required("intent", code(["order", "plan"])),
            optional("doNotPerform", flag()),
            medication_choice(),
            required("subject", reference()),
            optional("encounter", reference()),
            optional("supportingInformation", many(reference())),
            optional("authoredOn", date_time()),
            optional("requester", reference()),
            optional("reasonCode", many(concept())),
            optional("reasonReference", many(reference())),
            optional("insurance", many(reference())),
            optional("dosageInstruction", many(dosage())),
            optional("statusReason", concept()),
            optional("dispenseRequest", dispense_request),
            optional("identifier", many(identifier())),
            optional("basedOn", many(reference())),
            optional("priorPrescription", reference()),
            optional("note", many(annotation())),
            optional("extension", many(extension())),
            optional("contained", contained()),
        ],
    )
}

fn medication_statement() -> Json {
    resource(
        "MedicationStatement",
        vec![
            required("status", code(["active", "completed", "not-taken"])),
            medication_choice(),
            required("subject", reference()),
            at_most_one_of([("effectiveDateTime", date_time()), ("effectivePeriod", period())]),
            optional("dateAsserted", date_time()),
            optional("dosage", many(dosage())),
            optional("statusReason", many(concept())),
            optional("reasonCode", many(concept())),
            optional("informationSource", reference()),
            optional("basedOn", many(reference())),
            optional("note", many(annotation())),
            optional("extension", many(extension())),
            optional("contained", contained()),
        ],
    )
}

fn medication_administration() -> Json {
    resource(
        "MedicationAdministration",
        vec![
            required("status", code(["in-progress", "completed", "not-done"])),
            optional("statusReason", many(concept())),
            medication_choice(),
            required("subject", reference()),
            one_of([("effectiveDateTime", date_time()), ("effectivePeriod", period())]),
            optional("reasonCode", many(concept())),
            optional("reasonReference", many(reference())),
            optional("request", reference()),
            optional("note", many(annotation())),
            optional("extension", many(extension())),
            optional("contained", contained()),
        ],
    )
}

fn medication_dispense() -> Json {
    resource(
        "MedicationDispense",
        vec![
            required("status", code(["completed", "cancelled"])),
            medication_choice(),
            optional("subject", reference()),
            optional("quantity", simple_quantity()),
            optional("daysSupply", simple_quantity()),
            optional("whenPrepared", date_time()),
            optional("whenHandedOver", date_time()),
            optional("note", many(annotation())),
            optional("extension", many(extension())),
            optional("contained", contained()),
        ],
    )
}

fn procedure() -> Json {
    resource(
        "Procedure",
        vec![
            required("status", code(["completed", "not-done"])),
            optional("statusReason", concept()),
            optional("category", concept()),
            optional("code", concept()),
            required("subject", reference()),
            at_most_one_of([
                ("performedDateTime", date_time()),
                ("performedPeriod", period()),
                ("performedString", text()),
            ]),
            optional("reasonCode", many(concept())),
            optional("usedCode", many(concept())),
            optional("note", many(annotation())),
            optional("extension", many(extension())),
        ],
    )
}

fn care_plan() -> Json {
    let detail = object(vec![
        optional("code", concept()),
        required("status", code(["scheduled", "completed"])),
        optional("statusReason", concept()),
        optional("doNotPerform", flag()),
        optional("reasonCode", many(concept())),
        at_most_one_of([("scheduledPeriod", period()), ("scheduledString", text())]),
        at_most_one_of([("productCodeableConcept", concept()), ("productReference", reference())]),
        optional("description", text()),
    ]);
    let activity = object(vec![one_of([("reference", reference()), ("detail", detail)])]);
    resource(
        "CarePlan",
        vec![
            required("status", code(["active", "completed"])),
            required("intent", code(["plan", "order"])),
            required("subject", reference()),
            optional("title", text()),
            optional("period", period()),
            optional("activity", many(activity)),
            optional("contained", contained()),
        ],
    )
}

fn medication() -> Json {
    resource("Medication", vec![optional("code", concept()), optional("form", concept())])
}

fn allergy() -> Json {
    let reaction = object(vec![
        optional("substance", concept()),
        required("manifestation", many(concept())),
        optional("severity", code(["mild", "severe"])),
        optional("description", text()),
    ]);
    resource(
        "AllergyIntolerance",
        vec![
            optional("clinicalStatus", concept()),
            optional("verificationStatus", concept()),
            optional("category", many(code(["medication", "food"]))),
            optional("criticality", code(["low", "high"])),
            optional("code", concept()),
            required("patient", reference()),
            at_most_one_of([("onsetDateTime", date_time()), ("onsetString", text())]),
            optional("recordedDate", date_time()),
            optional("reaction", many(reaction)),
        ],
    )
}

fn coverage() -> Json {
    resource(
        "Coverage",
        vec![
            required("status", code(["active", "cancelled"])),
            required("beneficiary", reference()),
            required("payor", many(reference())),
            optional("period", period()),
            optional("order", positive()),
            optional("contained", contained()),
        ],
    )
}

fn organization() -> Json {
    resource(
        "Organization",
        vec![
            optional("identifier", many(identifier())),
            optional("name", text()),
            optional("alias", many(text())),
            optional("active", flag()),
        ],
    )
}

fn practitioner() -> Json {
    let qualification = object(vec![required("code", concept()), optional("period", period())]);
    resource("Practitioner", vec![optional("qualification", many(qualification)), optional("active", flag())])
}

fn practitioner_role() -> Json {
    resource(
        "PractitionerRole",
        vec![
            optional("active", flag()),
            optional("period", period()),
            optional("practitioner", reference()),
            optional("organization", reference()),
            optional("code", many(concept())),
            optional("specialty", many(concept())),
        ],
    )
}

fn care_team() -> Json {
    let participant =
        some_of(vec![("member", reference()), ("role", many(concept())), ("onBehalfOf", reference())]);
    resource(
        "CareTeam",
        vec![
            optional("status", code(["active", "inactive"])),
            optional("subject", reference()),
            optional("period", period()),
            optional("participant", many(participant)),
            optional("contained", contained()),
        ],
    )
}

fn encounter() -> Json {
    let participant =
        some_of(vec![("individual", reference()), ("type", many(concept())), ("period", period())]);
    resource(
        "Encounter",
        vec![
            required("status", code(["in-progress", "finished"])),
            required("class", coding()),
            optional("subject", reference()),
            optional("participant", many(participant)),
            optional("contained", contained()),
        ],
    )
}

fn service_request() -> Json {
    resource(
        "ServiceRequest",
        vec![
            required("status", code(["draft", "active"])),
            required("intent", code(["order"])),
            optional("doNotPerform", flag()),
            optional("code", concept()),
            required("subject", reference()),
            optional("authoredOn", date_time()),
            optional("performerType", concept()),
            optional("performer", many(reference())),
            optional("contained", contained()),
        ],
    )
}

/// A strategy for each type of resource that is read.
pub fn resources() -> Vec<(&'static str, Json)> {
    vec![
        ("AllergyIntolerance", allergy()),
        ("CarePlan", care_plan()),
        ("CareTeam", care_team()),
        ("Condition", condition()),
        ("Coverage", coverage()),
        ("Encounter", encounter()),
        ("Medication", medication()),
        ("MedicationAdministration", medication_administration()),
        ("MedicationDispense", medication_dispense()),
        ("MedicationRequest", medication_request()),
        ("MedicationStatement", medication_statement()),
        ("Observation", observation()),
        ("Organization", organization()),
        ("Patient", patient()),
        ("Practitioner", practitioner()),
        ("PractitionerRole", practitioner_role()),
        ("Procedure", procedure()),
        ("ServiceRequest", service_request()),
    ]
}
