//! What the page of a decision says, as far as the journal has kept it.

use askama::Template;
use criteria::formula::describe_needed;
use criteria::recorded;
use journal::Private;
use journal::record::{Assessment, Card, Decision, Evidence, Kind, Known, Missing};
use serde_json::value::RawValue;

use super::tree::{PartView, Tree};
use crate::content::Content;
use crate::pages::{Audience, Frame, assessed, words};

/// The page.
#[derive(Debug, Template)]
#[template(path = "decisions/show.html")]
pub(super) struct DecisionView {
    frame: Frame,
    id: String,
    drug: String,
    order: String,
    at: String,
    service: String,
    build: String,
    content: String,
    /// Whether the content that is in force is that of then.
    is_same_content: bool,
    /// What of the patient's data is kept in the record, in words.
    kept: &'static str,
    assessments: Vec<AssessmentView>,
    known: Vec<KnownView>,
    read: Vec<String>,
    cards: Vec<CardView>,
    steps: Vec<(String, String)>,
}

/// What a policy or the limits came to.
#[derive(Debug)]
struct AssessmentView {
    title: String,
    version: String,
    class: &'static str,
    determination: &'static str,
    /// What decides.
    deciding: Vec<Deciding>,
    /// Numbers and statements of what is open.
    open: Vec<(String, String)>,
    /// What was missing, and why.
    missing: Vec<String>,
    parts: Vec<PartView>,
    /// Whether the content still has this version.
    is_known: bool,
    is_limits: bool,
}

/// A criterion that decides: its number, its statement, and whether it is met or, of an exclusion, applies.
#[derive(Debug)]
struct Deciding {
    id: String,
    statement: String,
    class: &'static str,
    word: &'static str,
}

/// What was known of a data element.
#[derive(Debug)]
struct KnownView {
    id: String,
    title: String,
    value: String,
    /// Why it is not exactly known.
    gaps: Vec<String>,
    evidence: Vec<String>,
}

/// A card that was shown.
#[derive(Debug)]
struct CardView {
    indicator: String,
    about: String,
    /// Its summary, where it is kept.
    summary: String,
}

impl DecisionView {
    pub(super) fn of(content: &Content, decision: &Decision) -> Self {
        let known = decision.knowledge.iter();
        let steps = decision.steps.iter().map(|step| (step.name.clone(), words::micros(step.micros)));
        let drug = match decision.order.drug.as_str() {
            "" => "a drug that was not recognized".to_owned(),
            drug => drug.to_owned(),
        };
        Self {
            frame: Frame::new("How this was decided", Audience::Link, None),
            id: decision.id.to_string(),
            drug,
            order: decision.order.reference.clone(),
            at: decision.at.strftime("%Y-%m-%d %H:%M:%S UTC").to_string(),
            service: decision.service.clone(),
            build: decision.build.clone(),
            content: decision.content.chars().take(12).collect(),
            is_same_content: decision.content == content.hash,
            kept: kept(&decision.order.resource),
            assessments: decision.assessments.iter().map(|one| assessment(content, one)).collect(),
            known: known.map(|known| known_view(content, known)).collect(),
            read: decision.read.iter().map(|read| read.reference.clone()).collect(),
            cards: decision.cards.iter().map(|card| card_view(content, decision, card)).collect(),
            steps: steps.collect(),
        }
    }
}

/// The journal's level of then, in words: the order is kept as everything else is.
fn kept(order: &Private) -> &'static str {
    match order {
        Private::Withheld => {
            "The journal keeps no patient data: verdicts, the kinds of what was missing and references to the chart stand \
             here; values, dates and texts do not."
        }
        Private::Hashed(_) => {
            "The journal keeps patient data only as keyed hashes, which cannot be read: verdicts, the kinds of what was \
             missing and references to the chart stand here; values, dates and texts do not."
        }
        Private::Whole(_) => {
            "The journal keeps the patient data that the decision rests on: values, dates and texts stand here as they \
             were read then. Treat this page as a part of the chart."
        }
    }
}

fn assessment(content: &Content, assessment: &Assessment) -> AssessmentView {
    let tree = Tree::new(content, assessment);
    let told = |ids: &[String]| ids.iter().map(|id| (id.clone(), tree.statement(id))).collect();
    let deciding = |id: &String| {
        let (class, word) = tree.verdict(id);
        Deciding { id: id.clone(), statement: tree.statement(id), class, word }
    };
    let missing = |missing: &Missing| {
        format!("{} ({})", assessed::element(content, &missing.element), words::gap(&missing.gap))
    };
    AssessmentView {
        title: assessed::title(content, assessment.kind, &assessment.id),
        version: assessment.version.clone(),
        class: words::class(&assessment.determination),
        determination: words::determination(&assessment.determination),
        deciding: assessment.deciding.iter().map(deciding).collect(),
        open: told(&assessment.open),
        missing: assessment.missing.iter().map(missing).collect(),
        parts: tree.parts(),
        is_known: tree.is_known(),
        is_limits: assessment.kind == Kind::Limits,
    }
}

fn known_view(content: &Content, known: &Known) -> KnownView {
    let gaps = known.gaps.iter().map(|gap| match text(&gap.detail) {
        Some(detail) if !detail.is_empty() => format!("{}: {detail}", words::gap(&gap.kind)),
        _ => words::gap(&gap.kind).to_owned(),
    });
    KnownView {
        id: known.element.clone(),
        title: assessed::element(content, &known.element),
        value: value(content, known),
        gaps: gaps.collect(),
        evidence: text(&known.account).into_iter().chain(known.evidence.iter().map(evidence)).collect(),
    }
}

/// What was known: exactly where that is kept, else as far as the policies tell values apart.
fn value(content: &Content, known: &Known) -> String {
    let elements = &content.record.elements;
    let element = elements.find(&known.element).and_then(|index| elements.get(index));
    let exact = match &known.value {
        Private::Whole(json) => Some(json),
        Private::Withheld | Private::Hashed(_) => None,
    };
    let possible = |json: &RawValue| {
        let (element, written) = (element?, serde_json::from_str(json.get()).ok()?);
        let possible = recorded::read(element, &written)?;
        let is_unknown = possible == element.kind.domain();
        Some(if is_unknown { "not known".into() } else { describe_needed(element, &[possible]) })
    };
    let told = possible(exact.unwrap_or(&known.possible));
    told.unwrap_or_else(|| "recorded by a definition that the content no longer has".into())
}

fn evidence(evidence: &Evidence) -> String {
    let date = text(&evidence.date).map(|date| format!(", {}", words::instant(&date))).unwrap_or_default();
    let note = text(&evidence.note).map(|note| format!(" ({note})")).unwrap_or_default();
    let value = text(&evidence.value).map(|value| format!("{value}{date}{note}")).unwrap_or_default();
    let parts = [value.as_str(), &evidence.reference, &evidence.path];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
}

/// A text, where it is kept whole.
fn text(private: &Private) -> Option<String> {
    let Private::Whole(json) = private else { return None };
    serde_json::from_str(json.get()).ok()
}

fn card_view(content: &Content, decision: &Decision, card: &Card) -> CardView {
    let shown = decision.assessments.iter().find(|one| Some(&one.id) == card.assessment.as_ref());
    let about = shown.map(|one| assessed::title(content, one.kind, &one.id)).unwrap_or_default();
    CardView { indicator: card.indicator.clone(), about, summary: summary(&card.sent) }
}

#[derive(serde::Deserialize)]
struct Sent {
    summary: String,
}

fn summary(sent: &Private) -> String {
    let Private::Whole(json) = sent else { return String::new() };
    serde_json::from_str::<Sent>(json.get()).map(|sent| sent.summary).unwrap_or_default()
}
