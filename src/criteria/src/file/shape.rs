//! JSON values to a Rust type, checked against the type's own schema so that all errors come at once.

use jsonschema::error::{TypeKind, ValidationErrorKind};
use jsonschema::{JsonType, ValidationError, Validator};
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::parts::{member, unescaped};
use super::{Document, Problem};

/// A place where a file does not fit its schema.
#[derive(Debug, Clone)]
pub(super) struct Misfit {
    /// The value at fault; of an unknown key, its own place.
    pub(super) pointer: String,
    /// Whether it is a key that the schema does not know.
    pub(super) is_unknown_key: bool,
    message: String,
}

impl Document {
    /// Checks the file against the JSON Schema of `T`: the file as it can be read further, and every problem so far.
    /// Unknown keys are taken out, so that what they stand in can be read all the same.
    #[must_use]
    pub fn checked<T: JsonSchema>(mut self) -> (Self, Vec<Problem>) {
        let schema = schemars::schema_for!(T);
        let validator = match Validator::new(schema.as_value()) {
            Ok(validator) => validator,
            Err(error) => {
                let problem = self.problem("", format!("its schema is broken: {error}"));
                return (self, vec![problem]);
            }
        };
        for error in validator.iter_errors(&self.value) {
            describe(&error, &mut self.misfits);
        }
        let mut problems = self.repeated_keys();
        let misfit = |misfit: &Misfit| self.problem(&misfit.pointer, misfit.message.as_str());
        problems.extend(self.misfits.iter().map(misfit));
        for misfit in self.misfits.iter().filter(|misfit| misfit.is_unknown_key) {
            remove(&mut self.value, &misfit.pointer);
        }
        (self, problems)
    }

    /// Reads the whole file as a `T`.
    ///
    /// # Errors
    /// Everything that [`Document::checked`] finds, or what fits the schema and still cannot be read.
    pub fn shape<T: DeserializeOwned + JsonSchema>(self) -> Result<T, Vec<Problem>> {
        let (document, mut problems) = self.checked::<T>();
        let file = document.part("", &mut problems);
        if problems.is_empty() { file.ok_or(problems) } else { Err(problems) }
    }

    fn repeated_keys(&self) -> Vec<Problem> {
        let problem = |(line, key): &(usize, String)| Problem {
            line: Some(*line),
            ..self.problem("", format!("key `{key}` stands twice"))
        };
        self.repeated.iter().map(problem).collect()
    }
}

fn remove(value: &mut Value, pointer: &str) {
    let Some((outer, key)) = pointer.rsplit_once('/') else { return };
    if let Some(object) = value.pointer_mut(outer).and_then(Value::as_object_mut) {
        object.shift_remove(&unescaped(key));
    }
}

fn describe(error: &ValidationError<'_>, misfits: &mut Vec<Misfit>) {
    let at = error.instance_path().to_string();
    match error.kind() {
        ValidationErrorKind::AnyOf { context } | ValidationErrorKind::OneOfNotValid { context } => {
            describe_alternatives(at, context, misfits);
        }
        ValidationErrorKind::AdditionalProperties { unexpected } => {
            misfits.extend(unexpected.iter().map(|key| Misfit {
                pointer: member(&at, key),
                is_unknown_key: true,
                message: format!("unknown key `{key}`"),
            }));
        }
        ValidationErrorKind::Required { property } => {
            let key = property.as_str().unwrap_or_default();
            misfits.push(Misfit::at(at, format!("`{key}` is missing")));
        }
        _ => misfits.push(Misfit::at(at, words(error))),
    }
}

/// The alternative that fits best says more than "none fits".
fn describe_alternatives(at: String, context: &[Vec<ValidationError<'static>>], misfits: &mut Vec<Misfit>) {
    // What may be left out may be null, which nobody has in mind.
    let alternatives: Vec<_> =
        context.iter().map(Vec::as_slice).filter(|errors| !wants_null(errors)).collect();
    match best_fit(&alternatives) {
        Some(errors) => errors.iter().for_each(|error| describe(error, misfits)),
        None => {
            let mut all: Vec<String> = alternatives.iter().copied().flatten().map(words).collect();
            all.dedup();
            misfits.push(Misfit::at(at, all.join("; or ")));
        }
    }
}

impl Misfit {
    fn at(pointer: String, message: String) -> Self {
        Self { pointer, is_unknown_key: false, message }
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
