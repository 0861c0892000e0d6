//! What a browser posted: names and values, as many of a name as there are.

use url::form_urlencoded;

use super::Unanswered;

/// How many fields are read: far more than any page of ours has.
pub(super) const MOST: usize = 2000;

/// The fields of a form, in their order.
#[derive(Debug, Clone, Default)]
pub(super) struct Fields(Vec<(String, String)>);

/// What a button asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Do {
    /// Change the request by the fields, and answer it.
    Change,
    /// Answer the request as it stands in the text, whatever the fields say.
    Take,
    /// Apply the suggestion with this id, and answer again.
    Apply(String),
    /// Take the draft order at this place away.
    Remove(usize),
    /// Take back everything that the workbench has attested.
    Reset,
}

impl Fields {
    /// What was posted.
    ///
    /// # Errors
    /// If it has too many fields: everything is looked for among all of them.
    pub(super) fn read(body: &[u8]) -> Result<Self, Unanswered> {
        let mut fields = form_urlencoded::parse(body);
        let read =
            fields.by_ref().take(MOST).map(|(name, value)| (name.into_owned(), value.into_owned())).collect();
        if fields.next().is_some() { Err(Unanswered::TooManyFields) } else { Ok(Self(read)) }
    }

    /// The first value of a name.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// All values of a name.
    pub(super) fn all<'f>(&'f self, name: &'f str) -> impl Iterator<Item = &'f str> {
        self.0.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// What is to be done; a button that is not known changes nothing more than the fields do.
    pub(super) fn asks(&self) -> Do {
        match self.get("do").unwrap_or_default().split_once(':') {
            Some(("apply", id)) => Do::Apply(id.to_owned()),
            Some(("remove", place)) => place.parse().map_or(Do::Change, Do::Remove),
            _ => match self.get("do") {
                Some("take") => Do::Take,
                Some("reset") => Do::Reset,
                _ => Do::Change,
            },
        }
    }
}
