//! `signpost evaluate` and `signpost example`.

use std::path::PathBuf;

use anyhow::Context;
use hooks::HookRequest;
use jiff::Timestamp;

use super::{ContentOption, print, read_file};
use crate::decision::decide;
use crate::{example, report};

/// Evaluate a hook request from a file, offline, and explain the answer.
#[derive(Debug, clap::Args)]
pub(super) struct Evaluate {
    /// An order-sign request as JSON, with prefetched data.
    #[arg(value_name = "REQUEST.json")]
    request: PathBuf,
    /// Instant of the evaluation, such as 2026-11-22T12:00:00Z: windows count back from it. Default: now.
    #[arg(long, value_name = "INSTANT")]
    at: Option<Timestamp>,
    /// A readable explanation with the whole criteria tree, or JSON for machines.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// Id of the service that the request is for; default: the first for its hook.
    #[arg(long, value_name = "ID")]
    service: Option<String>,
    #[command(flatten)]
    content: ContentOption,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Format {
    Text,
    Json,
}

impl Evaluate {
    pub(super) fn run(&self) -> anyhow::Result<bool> {
        let body = read_file(&self.request)?;
        let content = self.content.load()?;
        let at = self.at.unwrap_or_else(Timestamp::now);
        let request = HookRequest::read_with(&body, None)?;
        let wanted = |service: &&crate::content::Service| match &self.service {
            Some(id) => service.file.id == *id,
            None => service.file.hook.as_str() == request.hook,
        };
        let service = content.services.iter().find(wanted);
        let service =
            service.ok_or_else(|| anyhow::anyhow!("no service of the content answers this hook"))?;
        let decisions = decide(&content, service, request, at)?;
        let report = match self.format {
            Format::Text => report::text(&content, &decisions, at),
            Format::Json => report::json(&content, service, &decisions, at)?,
        };
        print(&report)?;
        Ok(true)
    }
}

/// Print a bundled order-sign request, its dates shifted so that it happens today.
#[derive(Debug, clap::Args)]
pub(super) struct Example {
    /// Which one; `--list` names them.
    #[arg(default_value = example::DEFAULT)]
    name: String,
    /// List the bundled requests.
    #[arg(long)]
    list: bool,
    /// Leave out what is prefetched, so that the service reads it from this FHIR server (see `signpost demo-ehr`).
    #[arg(long, value_name = "BASE")]
    fhir_server: Option<String>,
    /// The bearer token for that server.
    #[arg(long, value_name = "T", requires = "fhir_server")]
    token: Option<String>,
}

impl Example {
    pub(super) fn run(&self) -> anyhow::Result<bool> {
        if self.list {
            print(&(example::names().join("\n") + "\n"))?;
            return Ok(true);
        }
        let request = example::request(&self.name, Timestamp::now());
        let request = request.ok_or_else(|| {
            anyhow::anyhow!("no bundled request is called `{}`; see `signpost example --list`", self.name)
        })?;
        let request = match &self.fhir_server {
            Some(base) => example::to_be_fetched(&request, base, self.token.as_deref())
                .context("the bundled request is not JSON")?,
            None => request,
        };
        print(&(request + "\n"))?;
        Ok(true)
    }
}
