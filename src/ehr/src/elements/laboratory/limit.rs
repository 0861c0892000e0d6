//! The upper limit of normal that a result brings with it.

use criteria::{Decimal, End, Interval};
use jiff::Timestamp;

use super::super::age;
use crate::fhir::{Concept, Observation, Patient, ReferenceRange};
use crate::quantity::{Measure, Recorded};

/// The patient, as far as a reference range may depend on it.
#[derive(Clone, Copy)]
pub(super) struct Person<'p> {
    pub(super) patient: Option<&'p Patient<'p>>,
    /// The time of the result.
    pub(super) at: &'p dyn Fn() -> Timestamp,
}

/// An upper limit with its unit.
#[derive(Debug, Clone)]
pub(super) struct Limit {
    pub(super) value: Decimal,
    pub(super) unit: Recorded,
    /// As it was recorded, for the eye.
    pub(super) shown: String,
}

/// The upper limits that a result brings for a patient.
#[derive(Debug, Clone, Default)]
pub(super) struct Limits {
    pub(super) all: Vec<Limit>,
    /// Each may be for somebody else, so that the patient's own may be another.
    pub(super) is_doubtful: bool,
}

/// The upper limits that may be this patient's: those made for the patient's sex and age, else all that may apply.
/// Numbers come first; text is read only where there is none.
pub(super) fn limits(observation: &Observation<'_>, person: Person<'_>) -> Limits {
    let ranges = observation.reference_range.read();
    let fits: Vec<_> = ranges
        .iter()
        .filter(|range| is_normal(range))
        .map(|range| (range, fit(range, person)))
        .filter(|(_, fit)| *fit != Fit::Other)
        .collect();
    let is_made = fits.iter().any(|(_, fit)| *fit == Fit::Made);
    let ranges: Vec<_> = fits.iter().filter(|(_, fit)| !is_made || *fit == Fit::Made).collect();
    let in_numbers = read(&ranges, in_numbers);
    let read = if in_numbers.is_empty() { read(&ranges, in_words) } else { in_numbers };
    let is_doubtful = !read.is_empty() && read.iter().all(|(_, fit)| *fit == Fit::Doubtful);
    Limits { all: read.into_iter().map(|(limit, _)| limit).collect(), is_doubtful }
}

fn read(
    ranges: &[&(&ReferenceRange<'_>, Fit)],
    read: impl Fn(&ReferenceRange<'_>) -> Option<Limit>,
) -> Vec<(Limit, Fit)> {
    ranges.iter().filter_map(|(range, fit)| Some((read(range)?, *fit))).collect()
}

/// `referenceRange.type` is `normal`, or not there: therapeutic and other ranges are no limits of normal.
fn is_normal(range: &ReferenceRange<'_>) -> bool {
    if range.text.get().is_some_and(is_of_another_kind) {
        return false;
    }
    range.kind.get().is_none_or(|kind| {
        let is_empty = kind.coding.is_empty() && kind.text.get().is_none();
        is_empty
            || kind.coding.iter().any(|coding| coding.code.is("normal"))
            || kind.text.get().is_some_and(is_normal_in_words)
    })
}

/// Some systems write the kind of a range into its words: a critical limit is no limit of normal.
fn is_of_another_kind(text: &str) -> bool {
    let text = text.to_lowercase();
    ["critical", "panic", "alert", "therapeutic", "toxic", "target"].iter().any(|kind| text.contains(kind))
}

/// By whole words: "abnormal" and "not normal" are other ranges.
fn is_normal_in_words(text: &str) -> bool {
    let text = text.to_lowercase();
    let mut words = text.split(|letter: char| !letter.is_alphanumeric());
    words.clone().any(|word| word == "normal") && !words.any(|word| matches!(word, "not" | "non" | "above"))
}

/// How a range stands to the patient.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fit {
    /// It says that it is for someone like this.
    Made,
    /// It may apply.
    Maybe,
    /// It says that it is for people of whom the patient may be none: neonates, the pregnant.
    Doubtful,
    /// It is for someone else.
    Other,
}

fn fit(range: &ReferenceRange<'_>, person: Person<'_>) -> Fit {
    match (fit_of_sex(range, person.patient), fit_of_age(range, person)) {
        (Fit::Other, _) | (_, Fit::Other) => Fit::Other,
        (Fit::Doubtful, _) | (_, Fit::Doubtful) => Fit::Doubtful,
        (Fit::Made, _) | (_, Fit::Made) => Fit::Made,
        _ => Fit::Maybe,
    }
}

fn fit_of_sex(range: &ReferenceRange<'_>, patient: Option<&Patient<'_>>) -> Fit {
    let is_female = |concept: &&Concept<'_>| says(concept, "female", "248152002");
    let is_male = |concept: &&Concept<'_>| says(concept, "male", "248153007");
    let for_female = range.applies_to.iter().any(|concept| is_female(&concept));
    let for_male = range.applies_to.iter().any(|concept| is_male(&concept));
    let is_sex = |concept: &Concept<'_>| {
        (is_female(&concept) || is_male(&concept)) && words(concept).all(|word| is_of_any_adult(&word))
    };
    let is_all_sexes = range.applies_to.iter().all(|concept| concept.shown().is_none() || is_sex(concept));
    match (patient.and_then(|patient| patient.gender.get()), for_female, for_male) {
        (Some("female"), false, true) | (Some("male"), true, false) => Fit::Other,
        _ if !is_all_sexes => Fit::Doubtful,
        (Some("female"), true, false) | (Some("male"), false, true) => Fit::Made,
        _ => Fit::Maybe,
    }
}

/// Whether a concept is a sex, by FHIR administrative gender, its first letter, its SNOMED CT code, or the word.
fn says(concept: &Concept<'_>, sex: &str, snomed: &str) -> bool {
    let is_word = |text: Option<&str>| {
        text.is_some_and(|text| {
            text.split(|c: char| !c.is_alphanumeric()).any(|word| word.eq_ignore_ascii_case(sex))
        })
    };
    let letter = sex.chars().next().unwrap_or_default();
    is_word(concept.text.get())
        || concept.coding.iter().any(|coding| {
            let code = coding.code.get().unwrap_or_default();
            let is_letter = code.len() == 1 && code.to_lowercase().starts_with(letter);
            code == snomed || code == sex || is_letter || is_word(coding.display.get())
        })
}

fn words(concept: &Concept<'_>) -> impl Iterator<Item = String> {
    let displays = concept.coding.iter().filter_map(|coding| coding.display.get());
    let texts = displays.chain(concept.text.get());
    let words = texts.flat_map(|text| text.split(|letter: char| !letter.is_alphanumeric()));
    words.filter(|word| !word.is_empty()).map(str::to_lowercase)
}

/// Whether a word beside a sex leaves the range to every adult of it ("Female (finding)").
fn is_of_any_adult(word: &str) -> bool {
    ["female", "male", "females", "males", "or", "and", "sex", "gender", "finding", "adult", "adults"]
        .contains(&word)
}

fn fit_of_age(range: &ReferenceRange<'_>, person: Person<'_>) -> Fit {
    let years = || age::years(person.patient, (person.at)());
    let Some(age) = range.age.get() else { return Fit::Maybe };
    let Some(years) = years() else { return Fit::Doubtful };
    let bounds = Measure::of_range(age).and_then(|measure| measure.in_unit("a", None).ok());
    match bounds {
        // A range up to 17 years holds until the 18th birthday.
        Some(bounds) => match Interval::new(bounds.low(), through_the_year(bounds.high())) {
            Some(bounds) if years.is_within(&bounds) => Fit::Made,
            Some(bounds) if years.meets(&bounds) => Fit::Doubtful,
            _ => Fit::Other,
        },
        None => Fit::Doubtful,
    }
}

fn through_the_year(high: End) -> End {
    match high {
        End::Closed(high) => high.checked_add(Decimal::ONE).map_or(End::Closed(high), End::Open),
        end => end,
    }
}

fn in_numbers(range: &ReferenceRange<'_>) -> Option<Limit> {
    let measure = Measure::of_quantity(range.high.get()?)?;
    positive(measure.interval.high().value()?, measure)
}

/// `0-40`, `<=1.2`, `<1.2`, `7 - 55 U/L`.
fn in_words(range: &ReferenceRange<'_>) -> Option<Limit> {
    let measure = Measure::of_text(range.text.get()?)?;
    // A number on its own is as likely a lower limit, and words beside it may say whom it is for.
    let is_understood = !matches!(measure.unit, Recorded::Unknown(_));
    let is_range = measure.interval.exact().is_none();
    positive(measure.interval.high().value().filter(|_| is_understood && is_range)?, measure)
}

fn positive(value: Decimal, measure: Measure) -> Option<Limit> {
    (value > Decimal::ZERO).then_some(Limit { value, unit: measure.unit, shown: measure.shown })
}
