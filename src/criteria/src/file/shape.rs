//! JSON values to a Rust type, checked against the type's own schema so that all errors come at once.

use jsonschema::error::{TypeKind, ValidationErrorKind};
use jsonschema::{JsonType, ValidationError, Validator};
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

    /// Reads the file as a `T` and goes on with it. A misspelt key hides nothing else: what can be read without it is
    /// gone on with too, so that all problems are reported at once.
    ///
    /// # Errors
    /// As [`Document::shape`], and everything that `go_on` finds.
    pub fn shape_and<T, U>(&self, go_on: impl FnOnce(T) -> Result<U, Vec<Problem>>) -> Result<U, Vec<Problem>>
    where
        T: DeserializeOwned + JsonSchema,
    {
        let mut problems = match self.shape() {
            Ok(file) => return go_on(file),
            Err(problems) => problems,
        };
        if let Some(file) = self.without_unknown_keys() {
            problems.extend(go_on(file).err().into_iter().flatten());
        }
        Err(problems)
    }

    /// The file as a `T`, if unknown keys are all that is wrong with its shape.
    fn without_unknown_keys<T: DeserializeOwned + JsonSchema>(&self) -> Option<T> {
        let validator = Validator::new(schemars::schema_for!(T).as_value()).ok()?;
        let mut unknown = Vec::new();
        for error in validator.iter_errors(&self.value) {
            unknown_keys(&error, &mut unknown);
        }
        let mut value = self.value.clone();
        for (pointer, key) in unknown {
            value.pointer_mut(&pointer)?.as_object_mut()?.shift_remove(&key);
        }
        serde_json::from_value(value).ok()
    }

    fn describe(&self, error: &ValidationError<'_>, problems: &mut Vec<Problem>) {
        match error.kind() {
            ValidationErrorKind::AnyOf { context } | ValidationErrorKind::OneOfNotValid { context } => {
                self.describe_alternatives(error, context, problems);
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
            _ => problems.push(self.problem(error.instance_path().as_str(), words(error))),
        }
    }

    /// The alternative that fits best says more than "none fits".
    fn describe_alternatives(
        &self,
        error: &ValidationError<'_>,
        context: &[Vec<ValidationError<'static>>],
        problems: &mut Vec<Problem>,
    ) {
        // What may be left out may be null, which nobody has in mind.
        let alternatives: Vec<_> =
            context.iter().map(Vec::as_slice).filter(|errors| !wants_null(errors)).collect();
        match best_fit(&alternatives) {
            Some(errors) => errors.iter().for_each(|error| self.describe(error, problems)),
            None => {
                let mut all: Vec<String> = alternatives.iter().copied().flatten().map(words).collect();
                all.dedup();
                problems.push(self.problem(error.instance_path().as_str(), all.join("; or ")));
            }
        }
    }
}

/// Collects the keys that an error says are unknown, each with the place of its object.
fn unknown_keys(error: &ValidationError<'_>, keys: &mut Vec<(String, String)>) {
    match error.kind() {
        ValidationErrorKind::AdditionalProperties { unexpected } => {
            keys.extend(unexpected.iter().map(|key| (error.instance_path().to_string(), key.clone())));
        }
        ValidationErrorKind::AnyOf { context } | ValidationErrorKind::OneOfNotValid { context } => {
            context.iter().flatten().for_each(|error| unknown_keys(error, keys));
        }
        _ => {}
    }
}

/// What is wrong in words, with the value only where it is short.
fn words(error: &ValidationError<'_>) -> String {
    if error.instance().to_string().len() <= 40 { error.to_string() } else { error.masked().to_string() }
}

fn wants_null(errors: &[ValidationError<'_>]) -> bool {
    matches!(errors, [error] if matches!(
        error.kind(),
        ValidationErrorKind::Type { kind: TypeKind::Single(JsonType::Null) }
    ))
}

/// The errors of the alternative that was followed deepest; none where all were followed equally far.
fn best_fit<'e>(alternatives: &[&'e [ValidationError<'static>]]) -> Option<&'e [ValidationError<'static>]> {
    let depth = |errors: &[ValidationError<'_>]| {
        errors.iter().map(|error| error.instance_path().as_str().matches('/').count()).max()
    };
    let deepest = alternatives.iter().filter_map(|errors| depth(errors)).max()?;
    let shallowest = alternatives.iter().filter_map(|errors| depth(errors)).min()?;
    if deepest == shallowest && alternatives.len() > 1 {
        return None;
    }
    alternatives.iter().copied().find(|errors| depth(errors) == Some(deepest))
}
