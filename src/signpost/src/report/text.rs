//! `signpost evaluate --format text`: the whole tree, as a person would read it.

use std::fmt::Write;

use criteria::formula::{Node, NodeKind, describe, describe_needed};
use criteria::limits::Checked;
use criteria::{ElementIndex, Evaluation, Evidence, Known, Need, Verdict};
use ehr::therapy::history::History;
use ehr::therapy::timeline::Row;
use jiff::Timestamp;

use crate::content::Content;
use crate::decision::{Decision, Decisions};
use crate::payers::Payers;

/// The explanation of all decisions of a request.
#[must_use]
pub fn text(content: &Content, decisions: &Decisions<'_, '_>, at: Timestamp) -> String {
    let mut out = format!("Evaluated at {at}\n");
    if decisions.orders.is_empty() {
        out.push_str("No draft order is for a drug that the service speaks about: no cards.\n");
    }
    for decision in &decisions.orders {
        let explained = Explained { content, decision };
        out.push_str(&explained.order());
    }
    out
}

#[derive(Clone, Copy)]
struct Explained<'e, 'c, 'a> {
    content: &'c Content,
    decision: &'e Decision<'c, 'a>,
}

// Writing to a String does not fail, so the results of `write!` are not looked at.
impl Explained<'_, '_, '_> {
    fn order(self) -> String {
        let order = &self.decision.order;
        let drug = order.drug.as_ref().and_then(|drug| drug.shown()).unwrap_or("drug not named");
        let mut out = format!("\n== {}: {} ==\n", order.reference, one_line(drug));
        out.push_str(&match &self.decision.payers {
            Payers::Recognized(titles, _) => format!("Payer: {}\n", titles.join(", ")),
            Payers::NotRecognized => "Payer: not recognized, so every policy is shown\n".into(),
        });
        for history in &self.decision.histories {
            out.push_str(&therapy(history));
        }
        out.push_str("\nSafety limits\n");
        for checked in &self.decision.limits {
            out.push_str(&self.limit(checked));
        }
        for evaluation in &self.decision.evaluations {
            out.push_str(&self.evaluation(evaluation));
        }
        out.push_str("\nData elements, and what they rest on\n");
        for index in &self.decision.drug.elements {
            out.push_str(&self.basis(*index));
        }
        out
    }

    fn limit(self, checked: &Checked<'_>) -> String {
        let mut out =
            format!("  {:8} {} ({})\n", limit_word(checked.verdict), checked.limit.title, checked.limit.id);
        if checked.verdict != Verdict::NotMet {
            for index in &checked.elements {
                let _ = writeln!(out, "             {}", self.element(*index));
            }
        }
        out
    }

    fn evaluation(self, evaluation: &Evaluation<'_>) -> String {
        let policy = evaluation.policy;
        let mut out = format!(
            "\n{} (version {}): {}\n",
            policy.title,
            policy.version,
            evaluation.determination.as_str().to_uppercase()
        );
        let parts = [
            ("Criteria", policy.criteria()),
            ("Exclusions (none may hold)", policy.exclusions()),
            ("A clinician reviews unless", policy.clinical_review_unless()),
        ];
        for (title, node) in parts {
            if let Some(node) = node {
                let _ = writeln!(out, "  {title}");
                self.tree(evaluation, node, 2, &mut out);
            }
        }
        if let Some(otherwise) = evaluation.otherwise {
            let _ = writeln!(out, "  Otherwise: {} {}", otherwise.id, otherwise.statement);
        }
        out.push_str(&self.ways_to_settle(evaluation));
        out
    }

    fn tree(self, evaluation: &Evaluation<'_>, node: &Node, depth: usize, out: &mut String) {
        let indent = "  ".repeat(depth);
        let verdict = word(evaluation.verdict(node));
        let deciding = if is_deciding(evaluation, node) { "  <- decides" } else { "" };
        let _ = writeln!(out, "{indent}[{verdict}] {}{deciding}", self.words(node));
        for part in node.parts() {
            self.tree(evaluation, part, depth + 1, out);
        }
    }

    fn words(self, node: &Node) -> String {
        let numbered = match (&node.id, &node.statement) {
            (Some(id), Some(statement)) => format!("{id} {statement}"),
            _ => String::new(),
        };
        let how = match &node.kind {
            NodeKind::All(_) => "all of:".into(),
            NodeKind::Any(_) => "any of:".into(),
            NodeKind::AtLeast(count, _) => format!("at least {count} of:"),
            NodeKind::Not(_) => "not:".into(),
            NodeKind::Test(test) => {
                let element = self.content.record.elements.get(test.element);
                let asked = element.map_or_else(String::new, |element| describe(element, &test.accepts));
                format!("{} | asked: {asked}", self.element(test.element))
            }
        };
        if numbered.is_empty() { how } else { format!("{numbered} ({how})") }
    }

    fn element(self, index: ElementIndex) -> String {
        let element = self.content.record.elements.get(index);
        let known = self.decision.knowledge.get(index);
        let Some((element, known)) = element.zip(known) else { return String::new() };
        format!("{}: {}{}", element.title, describe_needed(element, &[known.possible]), missing(known))
    }

    /// What an element rests on: how it was worked out, every piece of evidence, and what is missing.
    fn basis(self, index: ElementIndex) -> String {
        let element = self.content.record.elements.get(index);
        let known = self.decision.knowledge.get(index);
        let Some((element, known)) = element.zip(known) else { return String::new() };
        let values = describe_needed(element, &[known.possible]);
        let mut out = format!("  {}: {values} ({})\n", element.title, element.id);
        if let Some(account) = &known.account {
            let _ = writeln!(out, "    {}", one_line(account));
        }
        for evidence in &known.evidence {
            let _ = writeln!(out, "    - {}", one_line(&shown(evidence)));
        }
        for gap in &known.gaps {
            let _ = writeln!(out, "    ? {}: {}", gap.kind, one_line(&gap.detail));
        }
        out
    }

    fn ways_to_settle(self, evaluation: &Evaluation<'_>) -> String {
        let mut out = String::new();
        for path in &evaluation.shortest_paths {
            let needs: Vec<String> = path.iter().filter_map(|need| self.need(need)).collect();
            let _ = writeln!(out, "  Would meet the criteria: {}", needs.join(" and "));
        }
        for need in evaluation.ruled_out_by.iter().filter_map(|need| self.need(need)) {
            let _ = writeln!(out, "  Would rule it out: {need}");
        }
        out
    }

    fn need(self, need: &Need) -> Option<String> {
        let element = self.content.record.elements.get(need.element)?;
        Some(format!("{}: {}", element.title, describe_needed(element, &need.values)))
    }
}

/// A history of therapy as it would be drawn: a row for each line, and for what happened to the disease.
fn therapy(history: &History) -> String {
    let rows = history.timeline();
    let width = |of: fn(&Row) -> &str| rows.iter().map(|row| of(row).chars().count()).max().unwrap_or(0);
    let (whens, labels) = (width(|row| &row.when), width(|row| &row.label));
    let mut out = format!("\nTherapy: {}\n", one_line(&history.sentence()));
    for row in &rows {
        let ended = row.ended.as_ref().map(|why| format!("; ended: {why}")).unwrap_or_default();
        let what = one_line(&format!("{}{ended}", row.what));
        let _ = writeln!(out, "  {:whens$}  {:labels$}  {what}", row.when, row.label);
        if !row.remark.is_empty() {
            let _ = writeln!(out, "  {:whens$}  {:labels$}    {}", "", "", one_line(&row.remark));
        }
    }
    out
}

/// The kinds of what is missing, in brackets; the details stand with the data elements.
fn missing(known: &Known) -> String {
    let mut kinds: Vec<String> = known.gaps.iter().map(|gap| gap.kind.to_string()).collect();
    kinds.dedup();
    if kinds.is_empty() { String::new() } else { format!(" [{}]", kinds.join(", ")) }
}

fn shown(evidence: &Evidence) -> String {
    let date = evidence.date.as_deref().map(|date| format!(" of {date}")).unwrap_or_default();
    let note = evidence.note.as_deref().map(|note| format!(", {note}")).unwrap_or_default();
    // That nothing was found is in no resource.
    let place =
        if evidence.reference.is_empty() { String::new() } else { format!(", {}", evidence.reference) };
    format!("{}{date}{note}{place}", evidence.value)
}

/// Text of a record on one line of a terminal, without control characters.
fn one_line(text: &str) -> String {
    text.chars().map(|char| if char.is_control() { ' ' } else { char }).collect()
}

fn is_deciding(evaluation: &Evaluation<'_>, node: &Node) -> bool {
    evaluation
        .deciding
        .iter()
        .filter_map(|reason| reason.criterion)
        .any(|known| known.position == node.position)
}

fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Met => "yes ",
        Verdict::NotMet => "no  ",
        Verdict::Unknown => "open",
    }
}

fn limit_word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Met => "APPLIES",
        Verdict::NotMet => "clear",
        Verdict::Unknown => "OPEN",
    }
}
