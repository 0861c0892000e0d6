//! JSON values to a Rust type, checked against the type's own schema so that all errors come at once.

use jsonschema::error::ValidationErrorKind;
use jsonschema::{ValidationError, Validator};
use schemars::JsonSchema;
use serde::de::DeserializeOwned;

use super::{Document, Problem};

impl Document {
    /// Reads the file as a `T`.
    ///
    /// # Errors
    /// Every place where the file does not fit the JSON Schema of `T`, or the first where it fits but cannot be
    /// read (a number out of range).
    pub fn shape<T: DeserializeOwned + JsonSchema>(&self) -> Result<T, Vec<Problem>> {
        let schema = schemars::schema_for!(T);
        let validator = Validator::new(schema.as_value())
            .map_err(|error| vec![self.problem("", format!("its schema is broken: {error}"))])?;
        let mut problems = Vec::new();
        for error in validator.iter_errors(&self.value) {
            self.describe(&error, &mut problems);
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        serde_json::from_value(self.value.clone()).map_err(|error| vec![self.problem("", error.to_string())])
    }

    fn describe(&self, error: &ValidationError<'_>, problems: &mut Vec<Problem>) {
        match error.kind() {
            // The alternative that fits best says more than "none fits".
            ValidationErrorKind::AnyOf { context } | ValidationErrorKind::OneOfNotValid { context } => {
                match best_fit(context) {
                    Some(errors) => errors.iter().for_each(|error| self.describe(error, problems)),
                    None => {
                        problems.push(self.problem(error.instance_path().as_str(), "fits no known shape"))
                    }
                }
            }
            ValidationErrorKind::AdditionalProperties { unexpected } => {
                problems.extend(unexpected.iter().map(|key| {
                    let pointer = format!("{}/{key}", error.instance_path());
                    self.problem(&pointer, format!("unknown key `{key}`"))
                }));
            }
            ValidationErrorKind::Required { property } => {
                let key = property.as_str().unwrap_or_default();
                problems.push(self.problem(error.instance_path().as_str(), format!("`{key}` is missing")));
            }
            _ => problems.push(self.problem(error.instance_path().as_str(), error.to_string())),
        }
    }
}

/// The errors of the alternative that was followed deepest, if any was followed at all.
fn best_fit<'e>(context: &'e [Vec<ValidationError<'static>>]) -> Option<&'e [ValidationError<'static>]> {
    let depth = |errors: &[ValidationError<'_>]| {
        errors.iter().map(|error| error.instance_path().as_str().matches('/').count()).max()
    };
    let deepest = context.iter().filter_map(|errors| depth(errors)).max()?;
    let shallowest = context.iter().filter_map(|errors| depth(errors)).min()?;
    if deepest == shallowest && context.len() > 1 {
        return None;
    }
    context.iter().map(Vec::as_slice).find(|errors| depth(errors) == Some(deepest))
}
