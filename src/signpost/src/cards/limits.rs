//! Cards for safety limits: what was measured, when, against which limit, and what to do.

use std::fmt::Write;

use criteria::limits::{Checked, Condition, Limits, Severity, Topic, WhileUnknown};
use criteria::{Kind, Verdict};
use hooks::{Card, Coding, Indicator, Source, Suggestion, Summary};

use super::extension::{LIMITS, extension, limit_json};
use super::markdown::{escaped, plain};
use super::{Subject, suggestions, words};

/// One card for each topic of which a limit applies, or is open and must be said to be.
pub(super) fn cards(subject: &Subject<'_, '_, '_>) -> Vec<Card> {
    let Some(limits) = subject.content.limits_of(subject.decision.drug) else { return Vec::new() };
    limits.topics.iter().filter_map(|topic| topic_card(subject, limits, topic)).collect()
}

fn topic_card(subject: &Subject<'_, '_, '_>, limits: &Limits, topic: &Topic) -> Option<Card> {
    let all = || subject.decision.limits.iter();
    let mut applies: Vec<&Checked<'_>> =
        all().filter(|checked| checked.verdict == Verdict::Met && checked.limit.topic == topic.id).collect();
    // The gravest first; the sort keeps the order of the file otherwise.
    applies.sort_by_key(|checked| std::cmp::Reverse(checked.limit.severity));
    let open = all().filter(|checked| checked.verdict == Verdict::Unknown);
    let open: Vec<&Checked<'_>> =
        open.filter(|checked| topic_while_open(limits, checked) == topic.id).collect();
    let must_be_said = |checked: &&Checked<'_>| checked.limit.while_unknown == WhileUnknown::Say;
    // What is open and may stay unsaid is named only where there is a card anyway.
    let is_shown = !applies.is_empty() || open.iter().any(must_be_said);
    is_shown.then(|| card(subject, limits, topic, &applies, &open))
}

/// An open limit is named on the card that says what is missing; where there is none, on its own topic's.
fn topic_while_open<'l>(limits: &'l Limits, checked: &Checked<'l>) -> &'l str {
    let says_missing = limits.list.iter().find(|limit| matches!(limit.condition, Condition::Missing(_)));
    &says_missing.unwrap_or(checked.limit).topic
}

fn card(
    subject: &Subject<'_, '_, '_>,
    limits: &Limits,
    topic: &Topic,
    applies: &[&Checked<'_>],
    open: &[&Checked<'_>],
) -> Card {
    let severity = applies.iter().map(|checked| checked.limit.severity).max().unwrap_or(Severity::Info);
    let source = Source {
        label: limits.source.label.clone(),
        url: limits.source.url.clone(),
        icon: None,
        topic: Some(Coding {
            code: topic.code.clone(),
            system: topic.system.clone(),
            display: Some(topic.display.clone()),
        }),
    };
    let mut card = Card::new(summary(subject, applies, open), indicator(severity), source);
    card.detail = Some(detail(subject, applies, open));
    card.suggestions = card_suggestions(subject, limits, applies);
    let named: Vec<_> =
        applies.iter().chain(open).map(|checked| limit_json(checked, &subject.decision.knowledge)).collect();
    card.extension = extension(LIMITS, &named);
    subject.finish(card, &topic.id)
}

fn indicator(severity: Severity) -> Indicator {
    match severity {
        Severity::Info => Indicator::Info,
        Severity::Warning => Indicator::Warning,
        Severity::Critical => Indicator::Critical,
    }
}

fn summary(subject: &Subject<'_, '_, '_>, applies: &[&Checked<'_>], open: &[&Checked<'_>]) -> Summary {
    let drug = &subject.decision.drug.file.name;
    match applies {
        [] => Summary::new(&format!("{drug}: {} could not be checked", counted(open.len(), "safety limit"))),
        [only] => Summary::new(&format!("{drug}: {}{}", only.limit.title, values(subject, only))),
        [first, others @ ..] => {
            let more = counted(others.len(), "more limit");
            Summary::new(&format!("{drug}: {}{} (and {more})", first.limit.title, values(subject, first)))
        }
    }
}

fn counted(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

/// What was measured, for a summary: which is plain text, not Markdown.
fn values(subject: &Subject<'_, '_, '_>, checked: &Checked<'_>) -> String {
    if let Condition::Missing(_) = checked.limit.condition {
        let titles: Vec<&str> =
            elements(subject, checked).map(|(element, _)| element.title.as_str()).collect();
        return format!(" ({})", titles.join(", "));
    }
    // What is ordered beside it is on the card; the line is for what was found in the patient.
    let found: Vec<_> =
        elements(subject, checked).filter(|(element, _)| !matches!(element.kind, Kind::Set { .. })).collect();
    let shown = found.iter().filter_map(|(element, known)| {
        let evidence = known.evidence.first()?;
        let name = if found.len() > 1 { format!("{} ", element.title) } else { String::new() };
        let date = evidence.date.as_deref().and_then(|date| date.get(..10));
        let date = date.map(|date| format!(", {}", plain(date))).unwrap_or_default();
        Some(format!("{name}{}{date}", plain(&evidence.value)))
    });
    let shown: Vec<String> = shown.take(2).collect();
    if shown.is_empty() { String::new() } else { format!(" ({})", shown.join("; ")) }
}

fn elements<'s>(
    subject: &'s Subject<'_, '_, '_>,
    checked: &'s Checked<'_>,
) -> impl Iterator<Item = (&'s criteria::Element, &'s criteria::Known)> {
    let content = subject.content;
    checked.elements.iter().filter_map(move |index| {
        Some((content.record.elements.get(*index)?, subject.decision.knowledge.get(*index)?))
    })
}

fn detail(subject: &Subject<'_, '_, '_>, applies: &[&Checked<'_>], open: &[&Checked<'_>]) -> String {
    let mut detail = subject.about();
    for checked in applies {
        // Writing to a String does not fail.
        let _ = writeln!(detail, "**{}**\n", escaped(&checked.limit.title));
        let _ = writeln!(detail, "{}", facts(subject, checked));
        let _ = writeln!(detail, "{}\n", checked.limit.advice.trim());
        let _ = writeln!(detail, "*{}*\n", escaped(&checked.limit.citation));
    }
    if !open.is_empty() {
        let _ = writeln!(detail, "**Could not be checked; this does not mean safe:**\n");
    }
    for checked in open {
        let _ = writeln!(detail, "- {}", escaped(&checked.limit.title));
        let _ = write!(detail, "{}", facts(subject, checked).replace("- ", "  - "));
    }
    detail
}

fn facts(subject: &Subject<'_, '_, '_>, checked: &Checked<'_>) -> String {
    let mut facts = String::new();
    for (element, known) in elements(subject, checked) {
        facts.push_str("- ");
        words::known(&mut facts, element, known);
        facts.push('\n');
    }
    facts
}

/// The changes that the limits offer, each once, the first recommended.
fn card_suggestions(
    subject: &Subject<'_, '_, '_>,
    limits: &Limits,
    applies: &[&Checked<'_>],
) -> Vec<Suggestion> {
    let mut offered: Vec<Suggestion> = Vec::new();
    let offers =
        applies.iter().flat_map(|checked| checked.suggest.iter().map(move |suggest| (checked, *suggest)));
    for (checked, suggest) in offers {
        for suggestion in suggestions::suggestions(subject, limits, checked, suggest) {
            if !offered.iter().any(|known| known.label == suggestion.label) {
                offered.push(suggestion);
            }
        }
    }
    if let Some(first) = offered.first_mut() {
        first.is_recommended = true;
    }
    offered
}
