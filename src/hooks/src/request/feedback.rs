//! What users did with cards.

use std::borrow::Cow;

use serde_json::value::RawValue;

use super::{
    bad_request::{BadRequest, Fault, Faults, Problem},
    members::Members,
    text::text,
};

/// What a user did with one card. Clause: CDS Hooks "Feedback".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feedback<'a> {
    /// `card`: the uuid of the card.
    pub card: Cow<'a, str>,
    /// `outcome`.
    pub outcome: FeedbackOutcome<'a>,
    /// `outcomeTimestamp`, as it was sent.
    pub outcome_timestamp: Cow<'a, str>,
}

/// What was done with a card.
#[derive(Clone, PartialEq, Eq)]
pub enum FeedbackOutcome<'a> {
    /// `accepted`, with the ids of the suggestions that were taken.
    Accepted(Vec<Cow<'a, str>>),
    /// `overridden`.
    Overridden {
        /// Code and code system of `overrideReason.reason`; clients leave the system out.
        reason: Option<(Cow<'a, str>, Option<Cow<'a, str>>)>,
        /// `overrideReason.userComment`: free text, and so patient data.
        comment: Option<Cow<'a, str>>,
    },
}

/// Shows no comment.
impl std::fmt::Debug for FeedbackOutcome<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Accepted(_) => "Accepted(..)",
            Self::Overridden { .. } => "Overridden(..)",
        })
    }
}

/// Items that one body may hold.
const MOST: usize = 500;

/// The longest code and uuid that are taken: longer ones are none.
const LONGEST: usize = 200;

impl<'a> Feedback<'a> {
    /// Reads the body of `POST /cds-services/{id}/feedback`.
    ///
    /// # Errors
    /// Every member that is missing or not what CDS Hooks says it is. Unknown members are no error.
    pub fn read(body: &'a [u8]) -> Result<Vec<Self>, BadRequest> {
        let body = std::str::from_utf8(body).map_err(|_| Fault::new("$this", Problem::NotUtf8))?;
        let members: Members<'a> = serde_json::from_str(body).map_err(|error| no_object(&error))?;
        let items: Vec<&'a RawValue> = serde_json::from_str(members.required("", "feedback")?.get())
            .map_err(|_| Fault::new("feedback", Problem::MustBe("an array")))?;
        if items.len() > MOST {
            return Err(Fault::new("feedback", Problem::MustBe("an array of at most 500 items")).into());
        }
        let mut faults = Faults::default();
        let read =
            |(place, raw): (usize, &'a RawValue)| item(&format!("feedback[{place}]"), raw, &mut faults);
        let items: Vec<Option<Self>> = items.into_iter().enumerate().map(read).collect();
        faults.or(items.into_iter().collect())
    }
}

fn no_object(error: &serde_json::Error) -> Fault {
    if error.is_data() {
        return Fault::new("$this", Problem::MustBe("an object"));
    }
    Fault::new("$this", Problem::NotJson { line: error.line(), column: error.column() })
}

fn item<'a>(path: &str, raw: &'a RawValue, faults: &mut Faults) -> Option<Feedback<'a>> {
    let members = faults.of(object(path, raw))?;
    let card = faults.of(short(members.required_text(path, "card"), &format!("{path}.card")));
    let timestamp = faults.of(members.required_text(path, "outcomeTimestamp"));
    let outcome = faults.of(members.required_text(path, "outcome"));
    let outcome = match outcome.as_deref() {
        Some("accepted") => faults.of(accepted(path, &members)),
        Some("overridden") => faults.of(overridden(path, &members)),
        Some(_) => {
            let problem = Problem::MustBe("`accepted` or `overridden`");
            faults.of(Err(Fault::new(format!("{path}.outcome"), problem)))
        }
        None => None,
    };
    Some(Feedback { card: card?, outcome: outcome?, outcome_timestamp: timestamp? })
}

fn object<'a>(path: &str, raw: &'a RawValue) -> Result<Members<'a>, Fault> {
    serde_json::from_str(raw.get()).map_err(|_| Fault::new(path, Problem::MustBe("an object")))
}

/// cds-fb-2: what was accepted names the suggestions.
fn accepted<'a>(path: &str, members: &Members<'a>) -> Result<FeedbackOutcome<'a>, Fault> {
    let raw = members.required(path, "acceptedSuggestions")?;
    let path = format!("{path}.acceptedSuggestions");
    let items: Vec<&'a RawValue> = serde_json::from_str(raw.get())
        .map_err(|_| Fault::new(path.as_str(), Problem::MustBe("an array")))?;
    let id = |(place, raw): (usize, &'a RawValue)| {
        let path = format!("{path}[{place}]");
        short(object(&path, raw)?.required_text(&path, "id"), &format!("{path}.id"))
    };
    items.into_iter().enumerate().map(id).collect::<Result<_, _>>().map(FeedbackOutcome::Accepted)
}

/// cds-fb-3: a reason for overriding has a code or a comment. It may be absent.
fn overridden<'a>(path: &str, members: &Members<'a>) -> Result<FeedbackOutcome<'a>, Fault> {
    let Some(raw) = members.get(path, "overrideReason")? else {
        return Ok(FeedbackOutcome::Overridden { reason: None, comment: None });
    };
    let path = format!("{path}.overrideReason");
    let members = object(&path, raw)?;
    let comment = members.text(&path, "userComment")?;
    let reason =
        members.get(&path, "reason")?.map(|raw| coding(&format!("{path}.reason"), raw)).transpose()?;
    if reason.is_none() && comment.is_none() {
        return Err(Fault::new(path, Problem::MustBe("a `reason` or a `userComment`")));
    }
    Ok(FeedbackOutcome::Overridden { reason, comment })
}

type Code<'a> = (Cow<'a, str>, Option<Cow<'a, str>>);

fn coding<'a>(path: &str, raw: &'a RawValue) -> Result<Code<'a>, Fault> {
    let members = object(path, raw)?;
    let code = short(members.required_text(path, "code"), &format!("{path}.code"))?;
    let system = members.get(path, "system")?.and_then(text).filter(|system| system.len() <= LONGEST);
    Ok((code, system))
}

fn short<'a>(text: Result<Cow<'a, str>, Fault>, path: &str) -> Result<Cow<'a, str>, Fault> {
    let text = text?;
    if text.len() <= LONGEST { Ok(text) } else { Err(Fault::new(path, Problem::MustBe("a short text"))) }
}
