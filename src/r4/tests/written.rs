//! What is written is valid R4 (read back by fhirbolt in Strict mode) and nothing required is ever missing.
#![expect(clippy::unwrap_used, reason = "also outside the test functions, in what they share")]

use fhirbolt::{
    model::r4::resources::{OperationOutcome, OperationOutcomeIssue, ServiceRequest},
    serde::{DeserializationConfig, DeserializationMode},
};
use r4::{Coding, Issue, LabOrder, Severity, WriteError, operation_outcome, service_request};
use serde_json::{Value, json};

const STRICT: DeserializationConfig = DeserializationConfig { mode: DeserializationMode::Strict };

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

fn missing(written: Result<String, WriteError>) -> String {
    written.unwrap_err().to_string()
}

const ISSUE: Issue<'static> = Issue {
    severity: Severity::Error,
    code: "required",
    details_text: "`context.patientId` is required",
    diagnostics: None,
    expression: None,
};

const CODES: &[Coding<'static>] = &[
    Coding { system: "http://loinc.org", code: "57021-8", display: Some("CBC W Auto Differential panel") },
    Coding { system: "urn:example:tests", code: "CBCD", display: None },
];

const ORDER: LabOrder<'static> = LabOrder {
    code: CODES,
    text: "CBC with differential",
    subject: "Patient/p1",
    encounter: None,
    authored_on: "2026-03-02T09:30:00Z",
    reason_text: None,
    reason_reference: None,
};

#[test]
fn an_outcome_says_what_and_where() {
    let full = Issue { diagnostics: Some("line 2"), expression: Some("context.patientId"), ..ISSUE };
    let text = operation_outcome(&[ISSUE, full]).unwrap();
    let expected = json!({
        "resourceType": "OperationOutcome",
        "issue": [
            {
                "severity": "error",
                "code": "required",
                "details": { "text": "`context.patientId` is required" }
            },
            {
                "severity": "error",
                "code": "required",
                "details": { "text": "`context.patientId` is required" },
                "diagnostics": "line 2",
                "expression": ["context.patientId"]
            }
        ]
    });
    assert_eq!(json(&text), expected);
    let read: OperationOutcome = fhirbolt::json::from_str(&text, Some(STRICT)).unwrap();
    assert_eq!(read.issue.len(), 2);
}

#[test]
fn severities_have_the_codes_of_fhir() {
    let rows = [
        (Severity::Fatal, "fatal"),
        (Severity::Error, "error"),
        (Severity::Warning, "warning"),
        (Severity::Information, "information"),
    ];
    for (severity, code) in rows {
        let text = operation_outcome(&[Issue { severity, ..ISSUE }]).unwrap();
        assert_eq!(json(&text)["issue"][0]["severity"], code);
    }
}

#[test]
fn a_lab_order_is_a_draft_for_the_laboratory() {
    let text = service_request(&ORDER).unwrap();
    let expected = json!({
        "resourceType": "ServiceRequest",
        "status": "draft",
        "intent": "order",
        "category": [{ "coding": [{
            "system": "http://snomed.info/sct", "code": "108252007", "display": "Laboratory procedure"
        }] }],
        "code": {
            "coding": [
                { "system": "http://loinc.org", "code": "57021-8", "display": "CBC W Auto Differential panel" },
                { "system": "urn:example:tests", "code": "CBCD" }
            ],
            "text": "CBC with differential"
        },
        "subject": { "reference": "Patient/p1" },
        "authoredOn": "2026-03-02T09:30:00Z"
    });
    assert_eq!(json(&text), expected);
    let read: ServiceRequest = fhirbolt::json::from_str(&text, Some(STRICT)).unwrap();
    assert_eq!(read.subject.reference.unwrap().value.as_deref(), Some("Patient/p1"));
}

#[test]
fn an_order_tells_its_encounter_and_reason_where_there_is_one() {
    let order = LabOrder {
        encounter: Some("Encounter/e1"),
        reason_text: Some("neutrophils older than 14 days"),
        reason_reference: Some("Condition/c1"),
        ..ORDER
    };
    let text = service_request(&order).unwrap();
    let written = json(&text);
    assert_eq!(written["encounter"], json!({ "reference": "Encounter/e1" }));
    assert_eq!(written["reasonCode"], json!([{ "text": "neutrophils older than 14 days" }]));
    assert_eq!(written["reasonReference"], json!([{ "reference": "Condition/c1" }]));
    let _: ServiceRequest = fhirbolt::json::from_str(&text, Some(STRICT)).unwrap();
}

#[test]
fn blank_options_are_left_out() {
    let blank = Some(" ");
    let order = LabOrder { encounter: blank, reason_text: blank, reason_reference: blank, ..ORDER };
    assert_eq!(service_request(&order).unwrap(), service_request(&ORDER).unwrap());
    let issue = Issue { diagnostics: blank, expression: blank, ..ISSUE };
    assert_eq!(operation_outcome(&[issue]).unwrap(), operation_outcome(&[ISSUE]).unwrap());
}

#[test]
fn what_is_required_and_missing_is_an_error_where_the_resource_is_made() {
    let codeless = [Coding { code: "", ..CODES[0] }];
    let orders = [
        (LabOrder { code: &[], ..ORDER }, "ServiceRequest.code.coding"),
        (LabOrder { code: &codeless, ..ORDER }, "Coding.code"),
        (LabOrder { code: &[Coding { system: " ", ..CODES[0] }], ..ORDER }, "Coding.system"),
        (LabOrder { text: "", ..ORDER }, "ServiceRequest.code.text"),
        (LabOrder { subject: "", ..ORDER }, "ServiceRequest.subject"),
        (LabOrder { authored_on: "", ..ORDER }, "ServiceRequest.authoredOn"),
    ];
    for (order, path) in orders {
        assert_eq!(missing(service_request(&order)), format!("missing required field `{path}`"));
    }
    let outcomes: [(&[Issue<'_>], &str); 3] = [
        (&[], "OperationOutcome.issue"),
        (&[Issue { code: "", ..ISSUE }], "OperationOutcome.issue.code"),
        (&[ISSUE, Issue { details_text: "\n", ..ISSUE }], "OperationOutcome.issue.details.text"),
    ];
    for (issues, path) in outcomes {
        assert_eq!(missing(operation_outcome(issues)), format!("missing required field `{path}`"));
    }
}

/// What the crate relies on: fhirbolt's writer itself refuses an element that nobody set, when it writes.
#[test]
fn fhirbolt_refuses_to_write_what_was_never_set() {
    let request = ServiceRequest { status: "draft".into(), intent: "order".into(), ..Default::default() };
    let error = fhirbolt::json::to_string(&request, None).unwrap_err().to_string();
    assert!(error.contains("subject"), "{error}");
    let issue = OperationOutcomeIssue { severity: "error".into(), ..Default::default() };
    let outcome = OperationOutcome { issue: vec![issue], ..Default::default() };
    let error = fhirbolt::json::to_string(&outcome, None).unwrap_err().to_string();
    assert!(error.contains("code"), "{error}");
}
