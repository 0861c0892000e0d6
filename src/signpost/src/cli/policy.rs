//! `signpost policy`.

use std::path::PathBuf;

use criteria::formula::{Node, NodeKind, describe};
use criteria::{Elements, Policy as CoveragePolicy};

use super::{ContentOption, print};
use crate::content::Content;
use crate::report::schemas;

/// Check, test, show policies; print the JSON Schemas of content files.
#[derive(Debug, clap::Subcommand)]
pub(super) enum Policy {
    /// Check every content file and report every problem; only a syntax error hides the rest of its file.
    Check(ContentOption),
    /// Run the cases of every policy.
    Test(ContentOption),
    /// Show a policy: its criteria with numbers, statements and tests.
    Show {
        /// Id of the policy.
        id: String,
        #[command(flatten)]
        content: ContentOption,
    },
    /// Write the JSON Schemas of the content files.
    Schema {
        /// Folder to write them to; default: list them.
        #[arg(long, value_name = "DIR")]
        write: Option<PathBuf>,
    },
}

impl Policy {
    pub(super) fn run(&self) -> anyhow::Result<bool> {
        match self {
            Self::Check(content) => check(content),
            Self::Test(content) => test(content),
            Self::Show { id, content } => show(&content.load()?, id),
            Self::Schema { write } => schema(write.as_ref()),
        }
    }
}

fn check(content: &ContentOption) -> anyhow::Result<bool> {
    match Content::load(&content.files()?) {
        Ok(content) => {
            let repeated = |policy: &CoveragePolicy| policy.repeated_elements().count();
            let mut lines = String::new();
            for (policy, cases) in &content.policies {
                lines += &format!(
                    "{} {}: {} data elements ({} in several tests), {} cases\n",
                    policy.id,
                    policy.version,
                    policy.elements().count(),
                    repeated(policy),
                    cases.len()
                );
            }
            print(&(lines + "No problems.\n"))?;
            Ok(true)
        }
        Err(problems) => {
            let lines: String = problems.iter().map(|problem| format!("{problem}\n")).collect();
            print(&format!("{lines}{} problems.\n", problems.len()))?;
            Ok(false)
        }
    }
}

/// Failing cases are problems of the content, so what loads has passed; what does not is listed.
fn test(content: &ContentOption) -> anyhow::Result<bool> {
    if !check_quietly(content)? {
        return Ok(false);
    }
    let content = content.load()?;
    let mut passed = 0;
    for (policy, cases) in &content.policies {
        for case in cases {
            print(&format!("ok {} {}: {}\n", policy.id, case.id, case.note))?;
            passed += 1;
        }
    }
    print(&format!("{passed} cases passed.\n"))?;
    Ok(true)
}

fn check_quietly(content: &ContentOption) -> anyhow::Result<bool> {
    let Err(problems) = Content::load(&content.files()?) else { return Ok(true) };
    let lines: String = problems.iter().map(|problem| format!("{problem}\n")).collect();
    print(&format!("{lines}{} problems.\n", problems.len()))?;
    Ok(false)
}

fn show(content: &Content, id: &str) -> anyhow::Result<bool> {
    let versions: Vec<&CoveragePolicy> =
        content.policies.iter().map(|(policy, _)| policy).filter(|policy| policy.id == id).collect();
    if versions.is_empty() {
        let known: Vec<&str> = content.policies.iter().map(|(policy, _)| policy.id.as_str()).collect();
        anyhow::bail!("no policy is called `{id}`; there are: {}", known.join(", "));
    }
    for policy in versions {
        print(&shown(policy, &content.record.elements))?;
    }
    Ok(true)
}

fn shown(policy: &CoveragePolicy, elements: &Elements) -> String {
    let mut text = format!(
        "{} ({}, version {})\nSource: {}\n",
        policy.title, policy.id, policy.version, policy.source.label
    );
    let parts = [
        ("Criteria", policy.criteria()),
        ("Exclusions", policy.exclusions()),
        ("A clinician reviews unless", policy.clinical_review_unless()),
    ];
    for (title, node) in parts {
        if let Some(node) = node {
            text += &format!("\n{title}\n");
            tree(node, elements, 1, &mut text);
        }
    }
    if let Some(otherwise) = &policy.otherwise {
        text += &format!("\nOtherwise\n  {} {}\n", otherwise.id, otherwise.statement);
    }
    text
}

fn tree(node: &Node, elements: &Elements, depth: usize, text: &mut String) {
    let indent = "  ".repeat(depth);
    let id = node.id.as_deref().map(|id| format!("{id} ")).unwrap_or_default();
    let statement = node.statement.as_deref().map(|statement| format!("{statement}: ")).unwrap_or_default();
    let how = match &node.kind {
        NodeKind::All(_) => "all of".to_owned(),
        NodeKind::Any(_) => "any of".to_owned(),
        NodeKind::AtLeast(count, _) => format!("at least {count} of"),
        NodeKind::Not(_) => "not".to_owned(),
        NodeKind::Test(test) => elements.get(test.element).map_or_else(String::new, |element| {
            format!("{} {}", element.id, describe(element, &test.accepts))
        }),
    };
    *text += &format!("{indent}{id}{statement}{how}\n");
    for part in node.parts() {
        tree(part, elements, depth + 1, text);
    }
}

fn schema(write: Option<&PathBuf>) -> anyhow::Result<bool> {
    for (name, schema) in schemas() {
        match write {
            Some(folder) => std::fs::write(folder.join(name), schema)?,
            None => print(&schema)?,
        }
    }
    Ok(true)
}
