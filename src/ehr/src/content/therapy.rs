//! What can be wrong with therapy rules beyond their shape.

use std::collections::HashSet;

use criteria::{Document, Problem};

use crate::source::Sign;
use crate::therapy::rules::{Agent, LineRules, Reasons, TherapyRules};

/// Everything that is wrong in the files; a value set that is there and cannot be read is not missing.
pub(super) fn all(files: &[(Document, TherapyRules)], value_sets: &HashSet<&str>) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut seen = HashSet::new();
    for (document, rules) in files {
        let mut check = Check { document, value_sets, problems: &mut problems };
        if !seen.insert(rules.id.as_str()) {
            check.wrong("/id", "other therapy rules have the same id");
        }
        check.rules(rules);
    }
    problems
}

/// Looks at one file.
struct Check<'c> {
    document: &'c Document,
    value_sets: &'c HashSet<&'c str>,
    problems: &'c mut Vec<Problem>,
}

impl Check<'_> {
    fn wrong(&mut self, pointer: &str, message: impl Into<String>) {
        self.problems.push(self.document.problem(pointer, message));
    }

    fn rules(&mut self, rules: &TherapyRules) {
        for (pointer, text) in [("/id", &rules.id), ("/title", &rules.title), ("/source", &rules.source)] {
            if text.trim().is_empty() {
                self.wrong(pointer, "an empty text");
            }
        }
        self.agents(&rules.agents);
        self.value_set("/unplaced", &rules.unplaced);
        for (position, act) in rules.acts.iter().enumerate() {
            let pointer = format!("/acts/{position}");
            self.value_set(&format!("{pointer}/procedures"), &act.procedures);
            self.name(&format!("{pointer}/of"), &act.of, &names(&rules.agents));
        }
        rules.other.iter().for_each(|other| self.value_set("/other", other));
        self.value_set("/surgery", &rules.surgery);
        self.lines(&rules.lines, &names(&rules.agents));
        self.reasons(&rules.reasons);
        for (key, signs) in [
            ("/advanced", &rules.advanced),
            ("/progression", &rules.progression),
            ("/response", &rules.response),
            ("/stable", &rules.stable),
        ] {
            self.signs(key, signs);
        }
    }

    fn value_set(&mut self, pointer: &str, set: &str) {
        if !self.value_sets.contains(set) {
            self.wrong(pointer, format!("there is no value set `{set}`"));
        }
    }

    fn agents(&mut self, agents: &[Agent]) {
        if agents.is_empty() {
            self.wrong("/agents", "no agents: no therapy could be told");
        }
        let mut seen = HashSet::new();
        for (position, agent) in agents.iter().enumerate() {
            let pointer = format!("/agents/{position}");
            if !seen.insert(agent.id.as_str()) {
                self.wrong(&format!("{pointer}/id"), format!("another agent is `{}` too", agent.id));
            }
            if agents.iter().any(|other| other.classes.contains(&agent.id)) {
                self.wrong(&format!("{pointer}/id"), format!("`{}` is the name of a class too", agent.id));
            }
            if agent.classes.is_empty() {
                self.wrong(&format!("{pointer}/classes"), "an agent is in one class at least");
            }
            self.value_set(&format!("{pointer}/drugs"), &agent.drugs);
        }
    }

    fn lines(&mut self, lines: &LineRules, names: &HashSet<&str>) {
        for (key, length) in [
            ("regimen-window-days", lines.regimen_window_days),
            ("gap-days", lines.gap_days),
            ("during-therapy-days", lines.during_therapy_days),
            ("early-relapse-months", lines.early_relapse_months),
        ] {
            if length == 0 {
                self.wrong(&format!("/lines/{key}"), "a window of no length lets nothing count");
            }
        }
        for (position, name) in lines.never_counts.iter().enumerate() {
            self.name(&format!("/lines/never-counts/{position}"), name, names);
        }
        for (position, name) in lines.surely_counts.iter().enumerate() {
            self.name(&format!("/lines/surely-counts/{position}"), name, names);
        }
        for (position, group) in lines.substitutions.iter().enumerate() {
            let pointer = format!("/lines/substitutions/{position}");
            if group.len() < 2 {
                self.wrong(&pointer, "nothing takes the place of another in a group of less than two");
            }
            group.iter().for_each(|name| self.name(&pointer, name, names));
        }
        for (position, sequence) in lines.sequences.iter().enumerate() {
            let pointer = format!("/lines/sequences/{position}");
            if sequence.within_days == 0 {
                let inner = format!("{pointer}/within-days");
                self.wrong(&inner, "a window of no length lets nothing count");
            }
            [&sequence.first, &sequence.then].into_iter().for_each(|name| self.name(&pointer, name, names));
        }
        for (position, follows) in lines.maintenance.iter().enumerate() {
            let pointer = format!("/lines/maintenance/{position}");
            [&follows.after, &follows.with].into_iter().for_each(|name| self.name(&pointer, name, names));
        }
    }

    fn name(&mut self, pointer: &str, name: &str, names: &HashSet<&str>) {
        if !names.contains(name) {
            self.wrong(pointer, format!("no agent is or belongs to `{name}`"));
        }
    }

    fn reasons(&mut self, reasons: &Reasons) {
        let Reasons { no_response, not_tolerated, curative, neoadjuvant, adjuvant, palliative } = reasons;
        for (key, set) in [
            ("no-response", no_response),
            ("not-tolerated", not_tolerated),
            ("curative", curative),
            ("neoadjuvant", neoadjuvant),
            ("adjuvant", adjuvant),
            ("palliative", palliative),
        ] {
            self.value_set(&format!("/reasons/{key}"), set);
        }
    }

    fn signs(&mut self, key: &str, signs: &[Sign]) {
        if signs.is_empty() {
            self.wrong(key, "no signs: it could never be seen");
        }
        for (position, sign) in signs.iter().enumerate() {
            let pointer = format!("{key}/{position}");
            match sign {
                Sign::Condition { codes, clinical_status: _, at, not_at } => {
                    [Some(codes), at.as_ref(), not_at.as_ref()]
                        .into_iter()
                        .flatten()
                        .for_each(|set| self.value_set(&pointer, set));
                }
                Sign::ObservationFlag { codes, value: _ } => self.value_set(&pointer, codes),
                Sign::ConditionStage { codes, summary: other }
                | Sign::Observation { codes, values: other } => {
                    self.value_set(&pointer, codes);
                    self.value_set(&pointer, other);
                }
                Sign::ObservationBelow { .. } | Sign::Allergy { .. } | Sign::Medication { .. } => {
                    self.wrong(
                        &pointer,
                        "what happened to the disease is a condition, a stage or an observation",
                    );
                }
            }
        }
    }
}

/// Every name by which the rules may speak of agents.
fn names(agents: &[Agent]) -> HashSet<&str> {
    let classes = agents.iter().flat_map(|agent| &agent.classes).map(String::as_str);
    agents.iter().map(|agent| agent.id.as_str()).chain(classes).collect()
}
