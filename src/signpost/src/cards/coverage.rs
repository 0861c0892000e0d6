//! Coverage cards: how a published policy reads against the record, why, and what would settle it.

use std::fmt::Write;

use criteria::formula::{Node, NodeKind, describe_needed};
use criteria::policy::{Mode, Reason};
use criteria::{Determination, Element, ElementIndex, Evaluation, Need, Verdict};
use hooks::{Card, Coding, Indicator, Link, Source, Summary};

use super::extension::{DETERMINATION, determination_json, extension};
use super::markdown::{Cell, Table, escaped};
use super::{Subject, words};
use crate::payers::Payers;

/// How many ways to settle it a card names.
const MOST_PATHS: usize = 4;

/// One card for each policy that is in force, uses cards, and speaks for the patient.
pub(super) fn cards(subject: &Subject<'_, '_, '_>) -> Vec<Card> {
    let shown =
        subject.decision.evaluations.iter().filter(|evaluation| evaluation.policy.mode == Mode::Advise);
    shown.map(|evaluation| card(subject, evaluation)).collect()
}

fn card(subject: &Subject<'_, '_, '_>, evaluation: &Evaluation<'_>) -> Card {
    let policy = evaluation.policy;
    let source = Source {
        label: source_label(subject, evaluation),
        url: policy.source.url.clone(),
        icon: None,
        topic: Some(Coding {
            code: "coverage-info".into(),
            system: "http://terminology.hl7.org/CodeSystem/cdshooks-card-type".into(),
            display: Some("Coverage Information".into()),
        }),
    };
    let mut card = Card::new(summary(subject, evaluation), indicator(evaluation.determination), source);
    card.detail = Some(detail(subject, evaluation));
    card.links = policy.source.url.iter().map(|url| Link::absolute(&policy.source.label, url)).collect();
    card.links.extend(subject.explanation.map(|url| Link::absolute("How this was decided", url)));
    let decision = subject.decision;
    let elements = &subject.content.record.elements;
    let json = determination_json(&decision.order.reference, evaluation, &decision.knowledge, elements);
    card.extension = extension(DETERMINATION, &json);
    subject.finish(card, &policy.id)
}

/// The payer that the patient knows, where it was recognized, and the policy.
fn source_label(subject: &Subject<'_, '_, '_>, evaluation: &Evaluation<'_>) -> String {
    let label = &evaluation.policy.source.label;
    match &subject.decision.payers {
        Payers::Recognized(titles, _) => format!("{}: {label}", titles.join(", ")),
        Payers::NotRecognized => label.clone(),
    }
}

fn indicator(determination: Determination) -> Indicator {
    match determination {
        Determination::MeetsCriteria | Determination::InformationNeeded => Indicator::Info,
        Determination::DoesNotMeetCriteria | Determination::ClinicalReview => Indicator::Warning,
    }
}

/// Drug and reason first, then the determination, which is never cut.
fn summary(subject: &Subject<'_, '_, '_>, evaluation: &Evaluation<'_>) -> Summary {
    let drug = &subject.decision.drug.file.name;
    let policy = &evaluation.policy.title;
    let says = match evaluation.determination {
        Determination::InformationNeeded => {
            let (titles, more) = needed(subject, evaluation);
            let says = format!("{more} needed to tell whether it meets {policy}");
            return Summary::ending(&format!("{drug}: {titles}"), &says);
        }
        Determination::MeetsCriteria => "appears to meet",
        Determination::DoesNotMeetCriteria => "appears not to meet",
        Determination::ClinicalReview => "needs clinical review under",
    };
    let (reason, id) = main_reason(evaluation);
    Summary::ending(&format!("{drug}: {reason}"), &format!("{id}; {says} {policy}"))
}

/// The titles of what is missing, as few as settle it, and how many more there are.
fn needed(subject: &Subject<'_, '_, '_>, evaluation: &Evaluation<'_>) -> (String, String) {
    let path = evaluation.shortest_paths.first().map(|path| path.iter().map(|need| need.element).collect());
    let elements: Vec<ElementIndex> = path.unwrap_or_else(|| evaluation.missing.clone());
    let titles: Vec<&str> = elements.iter().take(3).filter_map(|index| title(subject, *index)).collect();
    let more = if elements.len() > 3 { format!(" and {} more", elements.len() - 3) } else { String::new() };
    (titles.join(", "), more)
}

fn title<'s>(subject: &'s Subject<'_, '_, '_>, index: ElementIndex) -> Option<&'s str> {
    subject.content.record.elements.get(index).map(|element| element.title.as_str())
}

/// The deciding criterion that says most: its statement, and its number in brackets.
fn main_reason(evaluation: &Evaluation<'_>) -> (String, String) {
    let chosen = match evaluation.determination {
        Determination::ClinicalReview => deciding(evaluation, evaluation.policy.clinical_review_unless()),
        Determination::DoesNotMeetCriteria => {
            let excluding =
                evaluation.policy.exclusions().filter(|part| evaluation.verdict(part) == Verdict::Met);
            deciding(evaluation, excluding.or_else(|| evaluation.policy.criteria()))
        }
        _ => deciding(evaluation, evaluation.policy.criteria()),
    };
    let Some(node) = chosen else { return ("the criteria".into(), String::new()) };
    // An exclusion that denies holds; a criterion that denies does not.
    let not = if evaluation.verdict(node) == Verdict::NotMet { "not met: " } else { "" };
    let statement = node.statement.as_deref().unwrap_or_default();
    (format!("{not}{statement}"), format!(" ({})", node.id.as_deref().unwrap_or_default()))
}

/// The deciding criterion in a part of the policy that says most: the deepest that holds; of what fails, the one
/// that stands around the others.
fn deciding<'p>(evaluation: &Evaluation<'p>, part: Option<&'p Node>) -> Option<&'p Node> {
    let part = part?;
    let criteria =
        || evaluation.deciding.iter().filter_map(|reason| reason.criterion).filter(|node| part.holds(node));
    let numbered = || part.walk().filter(|node| node.id.is_some());
    if evaluation.verdict(part) == Verdict::Met {
        return criteria().max_by_key(|node| node.level);
    }
    let failing = |node: &&Node| {
        evaluation.verdict(node) == Verdict::NotMet && criteria().all(|deciding| node.holds(deciding))
    };
    numbered().filter(failing).last().or_else(|| criteria().next())
}

fn detail(subject: &Subject<'_, '_, '_>, evaluation: &Evaluation<'_>) -> String {
    // Long enough for most cards, so that the text is rarely moved.
    let mut detail = String::with_capacity(2048);
    detail.push_str(&subject.about());
    // Writing to a String does not fail.
    let (says, payer) = sentences(subject, evaluation);
    let _ = writeln!(detail, "{says}{payer}\n");
    criteria_table(&mut detail, subject, evaluation);
    write_accounts(&mut detail, subject, evaluation);
    if let Some(otherwise) = evaluation.otherwise {
        let _ = writeln!(detail, "{}: {}\n", escaped(&otherwise.id), escaped(&otherwise.statement));
    }
    detail.push_str(&ways_to_settle(subject, evaluation));
    let _ = writeln!(
        detail,
        "*{}, version {}. Advice on how the published policy reads against this record; the payer decides.*",
        escaped(&evaluation.policy.title),
        escaped(&evaluation.policy.version)
    );
    detail
}

/// What the determination says, and what is to be said of the payer.
fn sentences(subject: &Subject<'_, '_, '_>, evaluation: &Evaluation<'_>) -> (&'static str, &'static str) {
    let says = match evaluation.determination {
        Determination::MeetsCriteria => "**Appears to meet the criteria.**",
        Determination::DoesNotMeetCriteria => "**Appears not to meet the criteria.**",
        Determination::ClinicalReview => {
            "**Appears to meet the criteria, outside the limits that the policy decides by itself: a clinician of the payer reviews it.**"
        }
        Determination::InformationNeeded => "**The record leaves it open.**",
    };
    let payer = match &subject.decision.payers {
        Payers::Recognized(..) => "",
        Payers::NotRecognized => {
            " The payer was not recognized from the coverage that could be read: this policy is shown as one of all that are known."
        }
    };
    (says, payer)
}

fn criteria_table(detail: &mut String, subject: &Subject<'_, '_, '_>, evaluation: &Evaluation<'_>) {
    let mut table =
        Table::with_head(detail, "|  | Criterion | Reading | On record |\n| --- | --- | --- | --- |\n");
    let mut facts = String::new();
    let mut told = Vec::new();
    for reason in evaluation.deciding.iter().chain(&evaluation.open) {
        let (id, statement) = reason.criterion.map_or(("", ""), |node| {
            (node.id.as_deref().unwrap_or_default(), node.statement.as_deref().unwrap_or_default())
        });
        facts.clear();
        write_facts(&mut facts, &mut told, subject, evaluation, reason);
        let reading = reading(evaluation, reason);
        table.row(&[Cell::Text(id), Cell::Text(statement), Cell::Markdown(reading), Cell::Markdown(&facts)]);
    }
    table.end();
}

fn reading(evaluation: &Evaluation<'_>, reason: &Reason<'_>) -> &'static str {
    match reason.criterion.map(|node| evaluation.verdict(node)) {
        Some(Verdict::Met) => "met",
        Some(Verdict::NotMet) => "not met",
        Some(Verdict::Unknown) | None => "open",
    }
}

/// What is on record for a reason; what the table already `told` is not told again.
fn write_facts(
    facts: &mut String,
    told: &mut Vec<(ElementIndex, bool)>,
    subject: &Subject<'_, '_, '_>,
    evaluation: &Evaluation<'_>,
    reason: &Reason<'_>,
) {
    let mut seen: Vec<ElementIndex> = Vec::new();
    note_tested(&mut seen, reason);
    // What leaves an element open matters only where the criterion is open.
    let is_open = is_open(evaluation, reason);
    for index in seen {
        let element = subject.content.record.elements.get(index);
        let Some((element, known)) = element.zip(subject.decision.knowledge.get(index)) else { continue };
        facts.push_str(if facts.is_empty() { "" } else { "<br>" });
        let is_told = told.iter().any(|(before, with_gaps)| *before == index && *with_gaps >= is_open);
        match (&known.account, is_told) {
            (Some(_), _) => words::in_short(facts, element, known, is_open),
            (None, true) => words::as_above(facts, element),
            (None, false) if is_open => words::known(facts, element, known),
            (None, false) => words::found(facts, element, known),
        }
        told.push((index, is_open));
    }
}

fn is_open(evaluation: &Evaluation<'_>, reason: &Reason<'_>) -> bool {
    reason.criterion.is_none_or(|node| !evaluation.verdict(node).is_decided())
}

/// The elements that the tests of a reason ask about, each once.
fn note_tested(seen: &mut Vec<ElementIndex>, reason: &Reason<'_>) {
    reason.tests.iter().for_each(|node| note_tested_by(seen, node));
}

fn note_tested_by(seen: &mut Vec<ElementIndex>, node: &Node) {
    if let NodeKind::Test(test) = &node.kind
        && !seen.contains(&test.element)
    {
        seen.push(test.element);
    }
    node.parts().iter().for_each(|part| note_tested_by(seen, part));
}

/// How what the determination rests on was worked out, where that is not plain: each element once.
fn write_accounts(detail: &mut String, subject: &Subject<'_, '_, '_>, evaluation: &Evaluation<'_>) {
    let (mut open, mut seen) = (Vec::new(), Vec::new());
    for reason in evaluation.deciding.iter().chain(&evaluation.open) {
        note_tested(if is_open(evaluation, reason) { &mut open } else { &mut seen }, reason);
    }
    seen.extend(open.iter().filter(|index| !seen.contains(index)).copied().collect::<Vec<_>>());
    for index in seen {
        let element = subject.content.record.elements.get(index);
        let Some((element, known)) = element.zip(subject.decision.knowledge.get(index)) else { continue };
        if let Some(account) = &known.account {
            words::account(detail, element, account, known, open.contains(&index));
        }
    }
}

/// What would settle it: the shortest ways, and single facts that would rule it out.
fn ways_to_settle(subject: &Subject<'_, '_, '_>, evaluation: &Evaluation<'_>) -> String {
    let mut ways = String::new();
    if !evaluation.shortest_paths.is_empty() {
        ways.push_str("**What would settle it** (criteria met with):\n\n");
    }
    for path in evaluation.shortest_paths.iter().take(MOST_PATHS) {
        let needs: Vec<String> = path.iter().filter_map(|need| words_of(subject, need)).collect();
        let _ = writeln!(ways, "- {}", needs.join(" **and** "));
    }
    if evaluation.shortest_paths.len() > MOST_PATHS {
        let _ = writeln!(ways, "- or {} other ways", evaluation.shortest_paths.len() - MOST_PATHS);
    }
    if !ways.is_empty() {
        ways.push('\n');
    }
    let against: Vec<String> =
        evaluation.ruled_out_by.iter().filter_map(|need| values_of(subject, need)).collect();
    if !against.is_empty() {
        let _ = writeln!(ways, "**Criteria would not be met with:** {}\n", against.join("; or "));
    }
    ways
}

fn words_of(subject: &Subject<'_, '_, '_>, need: &Need) -> Option<String> {
    let element: &Element = subject.content.record.elements.get(need.element)?;
    Some(format!("{} ({})", values_of(subject, need)?, escaped(&element.settle)))
}

/// An element with the values that matter.
fn values_of(subject: &Subject<'_, '_, '_>, need: &Need) -> Option<String> {
    let element: &Element = subject.content.record.elements.get(need.element)?;
    Some(format!("{}: {}", escaped(&element.title), escaped(&describe_needed(element, &need.values))))
}
